"""Classes of characters: `[a-z]`, in the forms that the path dialects give them."""

import re
from collections.abc import Iterator

from govcheck.globs.segments import GlobError
from govcheck.records import frozen


@frozen(kw_only=True)
class ClassSyntax:
    """How a dialect writes a class."""

    negations: str
    """What may stand first to turn a class around."""

    refused: str = ""
    """What may not stand first, as other dialects read it in another way."""

    escapes: bool = True
    """Whether a backslash takes the next character's meaning away."""

    bracket_first: bool = False
    """Whether a `]` that stands first is a member and not the end."""

    named: bool = False
    """Whether `[:` is refused: a named class such as `[:alpha:]`, which only some tools know."""

    slash: bool = False
    """Whether a class can match a slash."""


def read_class(text: str, start: int, syntax: ClassSyntax) -> tuple[str, int]:
    """The regular expression of the class that begins at `start`, and the index after it. Raises GlobError."""
    place = start + 1
    if text[place : place + 1] and text[place] in syntax.refused:
        raise GlobError(f"`[{text[place]}` is not a class here: write `[!...]` for any other character")
    negated = bool(text[place : place + 1]) and text[place] in syntax.negations
    first = place + negated
    members, after = _members(text, first, syntax)
    if not members:
        raise GlobError("an empty class matches nothing: write `\\[` for a bracket in a name")
    shown = text[start:after]
    if syntax.named and "[:" in shown:
        raise GlobError(f"`{shown}` names a class: write its characters, as in `[a-zA-Z]`")
    return _expression(tuple(_ranges(members, shown)), negated=negated, slash=syntax.slash), after


def _members(text: str, place: int, syntax: ClassSyntax) -> tuple[list[tuple[str, bool]], int]:
    """Each member with whether it was escaped, and the index after the closing bracket."""
    members: list[tuple[str, bool]] = []
    while place < len(text):
        character = text[place]
        if character == "]" and (members or not syntax.bracket_first):
            return members, place + 1
        escaped = syntax.escapes and character == "\\"
        members.append((text[place + escaped : place + escaped + 1], escaped))
        place += 1 + escaped
    raise GlobError("a bracket is not closed within its segment: write `\\[` for a bracket in a name")


def _ranges(members: list[tuple[str, bool]], shown: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(members):
        low = members[place][0]
        if members[place + 1 : place + 2] == [("-", False)] and place + 2 < len(members):
            high = members[place + 2][0]
            if low > high:
                raise GlobError(f"`{low}-{high}` in `{shown}` runs backwards: write `{high}-{low}`")
            yield low, high
            place += 3
        else:
            yield low, low
            place += 1


def _expression(ranges: tuple[tuple[str, str], ...], *, negated: bool, slash: bool) -> str:
    body = "".join(re.escape(low) + (f"-{re.escape(high)}" if low != high else "") for low, high in ranges)
    if slash:
        return f"[^{body}]" if negated else f"[{body}]"
    if negated:
        return f"[^{body}/]"
    guard = "(?!/)" if any(low <= "/" <= high for low, high in ranges) else ""
    return f"{guard}[{body}]"
