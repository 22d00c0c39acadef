"""Sections of a text: what stands below a heading, apart from what the template already had there."""

from collections.abc import Collection, Iterator, Sequence

from govcheck.documents.headings import named
from govcheck.documents.markdown import Line, below


def headings(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """The place of every heading among the lines, and what it is looked up by; quoted ones are nobody's own."""
    for place, line in enumerate(lines):
        if line.kind == "heading" and not line.quoted:
            yield place, named(line.text)


def section(lines: Sequence[Line], heading: str) -> tuple[Line, ...] | None:
    """The lines below a heading, with what stands below headings of a lower level; None where it is not there."""
    wanted = named(heading)
    place = next((place for place, name in headings(lines) if name == wanted), None)
    return None if place is None else tuple(below(lines, place))


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
