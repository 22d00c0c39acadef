"""A line of source with a caret below it, as compilers show a place."""

import unicodedata
from collections.abc import Iterator, Mapping

from govcheck.reporters.escape import visible

_TAB = "    "
_BEFORE = 20
"""Columns that are kept before the caret where a long line is cut."""


class Excerpts:
    """Excerpts of the files that findings point into."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Takes the text of each file, by path."""
        self._sources = sources
        self._lines: dict[str, list[str]] = {}

    def lines(self, path: str, line: int, column: int | None, width: int) -> Iterator[str]:
        """The excerpt, within `width` columns: a rule, the line, the caret. Nothing where the place is not known.

        What looks like a credential is shown as `x`, so that logs hold none.
        """
        source = self._line(path, line)
        if source is None:
            return
        number = str(line)
        margin = " " * len(number)
        shown, offset = _window(source, column, width - len(number) - 3)
        yield f"{margin} |"
        yield f"{number} | {shown}".rstrip()
        if column is not None:
            yield f"{margin} | {' ' * offset}^"

    def _line(self, path: str, line: int) -> str | None:
        if path not in self._sources:
            return None
        if path not in self._lines:
            from govcheck.recording.masks import mask  # noqa: PLC0415 - only where something is shown, which the hook seldom does

            # The whole text at once: of a private key no single line looks like one.
            self._lines[path] = mask()(self._sources[path]).split("\n")
        lines = self._lines[path]
        return lines[line - 1].removesuffix("\r") if 1 <= line <= len(lines) else None


def columns(text: str) -> int:
    """How many columns a terminal gives to a text without control characters."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _window(source: str, column: int | None, width: int) -> tuple[str, int]:
    """The part of a line that is shown, and how many columns stand before the caret."""
    at = min(max((column or 1) - 1, 0), len(source))
    whole = columns(_shown(source)) <= width
    start = 0 if whole else max(at - _BEFORE, 0)
    before = _shown(source[start:at])
    while not whole and columns(before) > _BEFORE:  # tabs and wide characters take more than one column
        start, before = start + 1, _shown(source[start + 1 : at])
    after = _shown(source[at : at + width])
    ahead = "…" if start else ""
    room = width - columns(ahead) - columns(before)
    fits = _fit(after, room)
    cut = len(fits) < len(after) or at + width < len(source)
    return f"{ahead}{before}{_fit(after, room - 1)}…" if cut else ahead + before + fits, columns(ahead + before)


def _fit(text: str, room: int) -> str:
    if columns(text) <= room:
        return text
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > room:
            return text[:index]
    return text


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
