"""Regular expressions for paths whose wildcards are known: the part that all path dialects share.

No expression made here can run away. Within a segment a `*` is followed by text of a known length, and between
segments a `**` by a known number of segments; so the leftmost place where that text fits is always good enough, and
an atomic group holds it. The last such text has only one place where it can end. What remains is linear in the path
for each piece of the pattern.

Possessive groups (`(?:...)?+`) are avoided: before Python 3.11.5 they could miss a match (cpython issue 106052).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

STAR = "*"
"""The token of any run of characters. Every other token is a regular expression of exactly one character."""

ANY = "[^/]"
"""The token of one character within a segment."""

FLOATING = "(?>(?:.*/)?)"
"""Before a last segment that may stand at any depth: everything up to the last slash."""

FLAGS = re.DOTALL
"""A path can hold newlines, so `.` means every character; `$` is never used, as it would stop before one."""

_SEGMENT_END = "(?![^/])"
_SKIPPED_SEGMENTS = "(?:[^/]*+/)*?"

End = Literal["exact", "prefix"]
"""Whether the last segment is the path's own, or may be one of its folders as well."""


class GlobError(ValueError):
    """A pattern that is not valid in its dialect; the message says what to write."""


def segment(tokens: Sequence[str]) -> str:
    """One segment as a regular expression that matches up to the segment's end, in one way only."""
    return starred(tokens, ANY, _SEGMENT_END)


def starred(tokens: Sequence[str], within: str, end: str) -> str:
    """Tokens as a regular expression; `within` is what a star may cross, `end` an assertion of where they must end."""
    first, *rest = _runs(tokens)
    if not rest:
        return first
    *middle, last = rest
    leftmost = "".join(f"(?>{within}*?{run})" for run in middle if run)
    return f"{first}{leftmost}(?>{within}*{last}{end})" if last else f"{first}{leftmost}{within}*+"


def path(segments: Sequence[str | None], end: End = "exact") -> str:
    """A whole path. None stands for `**`: any number of whole segments, and at the end of a path at least one."""
    first, *rest = _blocks(segments)
    if not rest:
        return "/".join(first) + _tail(end)
    *middle, last = rest
    start = "".join(f"{part}/" for part in first)
    skipping = "".join(f"(?>{_SKIPPED_SEGMENTS}{'/'.join(block)}/)" for block in middle)
    return start + skipping + _last_block(last, end)


def union(expressions: Iterable[str]) -> re.Pattern[str]:
    """One regular expression that matches (`fullmatch`) what any of them matches; nothing, where there are none."""
    anchored: list[str] = []
    floating: list[str] = []
    for expression in dict.fromkeys(expressions):
        group = floating if expression.startswith(FLOATING) else anchored
        group.append(expression.removeprefix(FLOATING))
    if floating:
        anchored.append(f"{FLOATING}(?:{'|'.join(floating)})")
    return re.compile("|".join(anchored) if anchored else r"(?!)", FLAGS)


def _last_block(block: list[str], end: End) -> str:
    if not block:
        return ".+"
    if end == "prefix":
        return f"(?>{_SKIPPED_SEGMENTS}{'/'.join(block)}{_SEGMENT_END}){_tail(end)}"
    if len(block) == 1:
        return FLOATING + block[0]
    return rf"(?:.*/)?{'/'.join(block)}\Z"


def _tail(end: End) -> str:
    return "(?:/.+)?" if end == "prefix" else ""


def _runs(tokens: Sequence[str]) -> Iterator[str]:
    """What stands between the stars, as regular expressions of a fixed length."""
    run = ""
    for token in tokens:
        if token == STAR:
            yield run
            run = ""
        else:
            run += token
    yield run


def _blocks(segments: Sequence[str | None]) -> list[list[str]]:
    """What stands between the `**`, several of which in a row are one; empty at the start and the end of the path."""
    blocks: list[list[str]] = [[]]
    for number, part in enumerate(segments):
        if part is not None:
            blocks[-1].append(part)
        elif number == 0 or segments[number - 1] is not None:
            blocks.append([])
    return blocks
