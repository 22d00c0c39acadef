"""Names with placeholders: `agent/{agent}/{date}-{slug}`.

A name is followed through its template by the set of places where each part may end, so that no template takes long.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

LONGEST = 255
"""Characters of a name. Longer ones match nothing: file systems, on which refs lie, take no more."""

_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_TIME = r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_LETTERS = _SMALL | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_JOINTS = frozenset("._-")

Ends = Callable[[str, int], Iterator[int]]
"""From a name and where a part of it begins to everywhere that the part may end."""


def _fixed(expression: str) -> Ends:
    """A part of which every match from one place is of one length."""
    pattern = re.compile(expression, re.ASCII)

    def ends(name: str, start: int) -> Iterator[int]:
        found = pattern.match(name, start)
        if found:
            yield found.end()

    return ends


def _run(characters: frozenset[str], joints: frozenset[str] = frozenset()) -> Ends:
    """One or more of some characters, with single joints between them."""

    def ends(name: str, start: int) -> Iterator[int]:
        place = start
        while place < len(name):
            if name[place] in characters:
                yield place + 1
            elif place == start or name[place] not in joints or name[place - 1] in joints:
                return
            place += 1

    return ends


def _anything(*, folders: bool) -> Ends:
    def ends(name: str, start: int) -> Iterator[int]:
        last = len(name) if folders else name.find("/", start)
        yield from range(start, (last if last >= 0 else len(name)) + 1)

    return ends


def _one_of(words: Sequence[str]) -> Ends:
    def ends(name: str, start: int) -> Iterator[int]:
        yield from (start + len(word) for word in words if name.startswith(word, start))

    return ends


PLACEHOLDERS: Mapping[str, tuple[Ends, str]] = {
    "date": (_fixed(rf"[0-9]{{4}}-{_MONTH}-{_DAY}"), "2025-10-17"),
    "day": (_fixed(rf"[0-9]{{4}}{_MONTH}{_DAY}"), "20251017"),
    "timestamp": (_fixed(rf"[0-9]{{4}}{_MONTH}{_DAY}T{_TIME}Z"), "20251017T033137Z"),
    "number": (_run(_DIGITS), "117"),
    "slug": (_run(_SMALL, _JOINTS), "chatwoot-health"),
    "id": (_run(_LETTERS, _JOINTS), "M10401-stub"),
}
"""What each placeholder matches, with an example."""

_PART = re.compile(r"\{([^{}]*)\}|(\*\*)|(\*)|([^{}*]+)|([{}])")


class TemplateError(ValueError):
    """A template that means nothing: why, as a clause."""


def problem(template: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """What is wrong with a template; None where it is valid."""
    try:
        _compiled(template, _frozen(words))
    except TemplateError as error:
        return str(error)
    return None


def matches(name: str, template: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name is as a valid template has it.

    Args:
        name: The whole name.
        template: With the placeholders of `PLACEHOLDERS`, and those of `words`; `*` is anything within one part, `**`
            anything at all.
        words: More placeholders, each with the words that it stands for.
    """
    if len(name) > LONGEST:
        return False
    places = {0}
    for ends in _compiled(template, _frozen(words)):
        places = {end for start in places for end in ends(name, start)}
    return len(name) in places


def example(template: str, words: Mapping[str, Sequence[str]]) -> str:
    """A name that a template matches."""
    examples = {name: text for name, (_, text) in PLACEHOLDERS.items()}
    examples |= {name: given[0] for name, given in words.items() if given}
    return _PART.sub(
        lambda part: examples.get(part[1] or "", part[0] if not part[2] and not part[3] else "x"), template
    )


def _frozen(words: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(given)) for name, given in words.items())


@lru_cache(maxsize=256)
def _compiled(template: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Ends, ...]:
    if not template:
        raise TemplateError("an empty name matches nothing")
    if len(template) > LONGEST:
        raise TemplateError(f"it has {len(template)} characters, and no name has more than {LONGEST}")
    known = {name: ends for name, (ends, _) in PLACEHOLDERS.items()}
    known |= {name: _one_of(given) for name, given in words}
    return tuple(_ends(part, known) for part in _PART.finditer(template))


def _ends(part: re.Match[str], known: Mapping[str, Ends]) -> Ends:
    placeholder, _, within, text, brace = part.groups()
    if brace:
        raise TemplateError(f"`{brace}` stands alone: a placeholder is written like {{slug}}")
    if placeholder is None:
        return _one_of([text]) if text else _anything(folders=within is None)
    if placeholder not in known:
        raise TemplateError(
            f"`{{{placeholder}}}` is no placeholder: there are {', '.join(f'`{{{name}}}`' for name in known)}, "
            "and those that `words` lists"
        )
    return known[placeholder]
