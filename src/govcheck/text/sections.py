"""Sections of a text: what stands below a heading, apart from what the template already had there."""

import re
from collections.abc import Collection, Iterator, Sequence

from govcheck.documents.markdown import Line

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_ENDS = " \t:.-*_#"


def named(heading: str) -> str:
    """What a heading is looked up by: without case, a remark in parentheses, and marks at its ends."""
    plain = _REMARK.sub("", heading.strip(_ENDS)).strip(_ENDS)
    return " ".join(plain.casefold().split()) or heading.casefold().strip()


def headings(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """The place of every heading among the lines, and what it is looked up by; quoted ones are nobody's own."""
    for place, line in enumerate(lines):
        if line.kind == "heading" and not line.quoted:
            yield place, named(line.text)


def section(lines: Sequence[Line], heading: str) -> tuple[Line, ...] | None:
    """The lines below a heading, with what stands below headings of a lower level; None where it is not there."""
    wanted = named(heading)
    place = next((place for place, name in headings(lines) if name == wanted), None)
    if place is None:
        return None
    level = lines[place].level
    below = lines[place + 1 :]
    ends = (number for number, line in enumerate(below) if line.kind == "heading" and line.level <= level)
    return tuple(below[: next(ends, len(below))])


def said(line: Line) -> str:
    """What a line is compared by."""
    return " ".join(line.text.casefold().split())


def own_words(lines: Sequence[Line], template: Collection[str]) -> bool:
    """Whether anything was written there: no heading, no open box, and nothing that the template said already."""
    return any(
        line.has_words
        and line.kind != "heading"
        and (line.ticked is True or (line.ticked is None and said(line) not in template))
        for line in lines
    )
