"""Spans of code within a line of Markdown, as CommonMark has them: between two runs of as many backticks.

https://spec.commonmark.org/0.31.2/#code-spans. Found in one pass, however many runs have no partner.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from govcheck.records import frozen

_RUN = re.compile("`+")


@frozen
class Span:
    """One span, and where in the line it begins and ends, with its backticks."""

    start: int
    end: int
    text: str
    """What stands between the backticks."""


def code_spans(raw: str) -> Iterator[Span]:
    """Every span, from left to right."""
    runs = [(found.start(), found.end()) for found in _RUN.finditer(raw)]
    places: dict[int, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(runs):
        places[end - start].append(number)
    number = 0
    while number < len(runs):
        start, inside = runs[number]
        alike = places[inside - start]
        after = bisect_right(alike, number)
        if after < len(alike):
            number = alike[after]
            yield Span(start, runs[number][1], raw[inside : runs[number][0]])
        number += 1


def without_code(raw: str) -> str:
    """The line without its spans."""
    parts, end = [], 0
    for span in code_spans(raw):
        parts.append(raw[end : span.start])
        end = span.end
    return "".join((*parts, raw[end:]))
