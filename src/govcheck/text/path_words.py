"""Globs with placeholders in them: `feedback/<agent>/<YYYY-MM-DD>.md`."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

_DIGIT = "[0-9]"
_DATES: Mapping[str, str] = {
    "YYYY-MM-DD": f"{_DIGIT * 4}-[01]{_DIGIT}-[0-3]{_DIGIT}",
    "YYYYMMDD": f"{_DIGIT * 4}[01]{_DIGIT}[0-3]{_DIGIT}",
    "HHMM": f"[0-2]{_DIGIT}[0-5]{_DIGIT}",
}
_PLACEHOLDER = re.compile(r"<([^<>/]{1,100})>")
_MOST = 10_000
"""Globs that one may come to."""


def problem(pattern: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """What is wrong with the placeholders of a glob; None where nothing is."""
    count = 1
    for placeholder in _PLACEHOLDER.findall(pattern):
        unknown = next((name for name in placeholder.split("|") if name not in _DATES and name not in words), None)
        if unknown is not None:
            known = ", ".join(f"`<{name}>`" for name in (*_DATES, *words))
            return f"`<{unknown}>` is no placeholder: there are {known}; `words` may list more"
        count *= sum(len(words.get(name, ("",))) for name in placeholder.split("|"))
    return f"it comes to {count} globs, more than {_MOST}" if count > _MOST else None


def expanded(patterns: Sequence[str], words: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The globs without placeholders that these mean together."""
    return tuple(glob for pattern in patterns for glob in _one(pattern, words))


def _one(pattern: str, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if "<" not in pattern:
        yield pattern
        return
    parts = _PLACEHOLDER.split(pattern)  # text and placeholders by turns
    choices = [_choices(part, words) if place % 2 else [part] for place, part in enumerate(parts)]
    yield from map("".join, itertools.product(*choices))


def _choices(placeholder: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    return [choice for name in placeholder.split("|") for choice in ([_DATES[name]] if name in _DATES else words[name])]
