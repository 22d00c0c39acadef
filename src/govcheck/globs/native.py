r"""govcheck's own dialect of globs: it fails closed.

Anchored at the repository's root, the whole path, case-sensitive. `*` and `?` stay within a segment, `**/` is any
number of whole segments, `/**` and a closing `/` everything below, `[a-z]` and `[!a]` one character that is no slash,
`\` takes a special character's meaning away. What another tool would read in another way is an error, not a guess.
"""

import re
from collections.abc import Iterator

from govcheck.globs.classes import ClassSyntax, read_class
from govcheck.globs.segments import ANY, STAR, GlobError, path, segment

_SPECIAL = "*?[]\\!^-{}"
_CLASS = ClassSyntax(negations="!", refused="^", named=True)
_ESCAPED_OR_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_EXPANSION = re.compile(r"(?<!\\)\{[^{},]*,[^{}]*\}")


def translate(pattern: str) -> str:
    """The regular expression of a pattern, for `fullmatch`. Raises GlobError where the pattern is not valid."""
    _refuse_habits(pattern)
    parts = pattern.removeprefix("/").split("/")
    if parts[-1] == "" and len(parts) > 1:
        parts[-1] = "**"
        if parts[-2] == "**":
            raise GlobError("`**/` at the end can be read in two ways: write `**` for everything below")
    return path([_segment(part) for part in parts])


def literal(name: str) -> str:
    """The pattern that matches this path and no other."""
    pattern = re.sub(r"[*?\[\]{\\]", r"\\\g<0>", name)
    return f"\\{pattern}" if pattern.startswith("!") else pattern


def bare_brackets(pattern: str, *, closing: bool = False) -> str:
    r"""The pattern with `\[` for each bracket that opens a class, and `\]` for the others where those count as well."""
    bare = "[]" if closing else "["
    return _ESCAPED_OR_BRACKET.sub(lambda found: f"\\{found[0]}" if found[0] in bare else found[0], pattern)


def _refuse_habits(pattern: str) -> None:
    """What other tools would understand, and what cannot be meant."""
    if not pattern.strip():
        raise GlobError("an empty pattern matches nothing: write a path, or `**` for everything")
    if pattern == "/":
        raise GlobError("`/` alone names no path: write `**` for everything")
    if pattern.startswith("!"):
        raise GlobError(
            "`!` takes nothing back in this dialect: use a list of its own, or write `\\!` for the character"
        )
    if "\0" in pattern:
        raise GlobError("no path holds a NUL character")
    if found := _EXPANSION.search(pattern):
        raise GlobError(f"`{found[0]}` is not expanded: write one pattern for each, or `\\{{` for the character")


def _segment(part: str) -> str | None:
    if part == "**":
        return None
    if part == "":
        raise GlobError("a path has no empty segments: write one `/` where there are two")
    if part in {".", ".."}:
        raise GlobError(f"`{part}` is no part of a tracked path: write the path from the repository's root")
    if "**" in part.replace("\\*", ""):
        raise GlobError(f"`**` stands for whole segments and `{part}` has more: write `**/` before it, or one `*`")
    return segment(list(_tokens(part)))


def _tokens(part: str) -> Iterator[str]:
    place = 0
    while place < len(part):
        character = part[place]
        if character == "[":
            token, place = read_class(part, place, _CLASS)
            yield token
            continue
        if character == "\\":
            place += 1
            yield re.escape(_escaped(part, place))
        else:
            yield STAR if character == "*" else ANY if character == "?" else re.escape(character)
        place += 1


def _escaped(part: str, place: int) -> str:
    character = part[place : place + 1]
    if not character:
        raise GlobError("a backslash at the end of a segment escapes nothing: remove it, or write `\\\\`")
    if character not in _SPECIAL:
        raise GlobError(f"`\\{character}` has no meaning: write `/` between folders, or `\\\\` for a backslash")
    return character
