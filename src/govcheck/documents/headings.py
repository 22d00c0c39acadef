"""Whether a document has the headings that it should have, in their order, with something below each."""

import re
from collections.abc import Collection, Iterator, Sequence

from govcheck.documents.markdown import Line, below
from govcheck.records import frozen

_PLACEHOLDER = re.compile(r"<[^<>]+>")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_ENDS = " \t:.-*_#"


@frozen(kw_only=True)
class Fault:
    """One thing that is wrong with the headings."""

    control: str
    heading: str
    message: str
    """What the document does, beginning with a verb."""

    mend: str
    line: Line | None = None


def named(heading: str) -> str:
    """What a heading is looked up by: without case, a remark in parentheses, and marks at its ends."""
    plain = _REMARK.sub("", heading.strip(_ENDS)).strip(_ENDS)
    return " ".join(plain.casefold().split()) or heading.casefold().strip()


def wanted_of(template: Sequence[Line]) -> tuple[str, ...]:
    """The headings of a template below its title; its placeholders stay in them."""
    found = [line.raw for line in template if line.kind == "heading" and line.level > 1]
    return tuple(dict.fromkeys(found))


def faults(lines: Sequence[Line], wanted: Sequence[str], *, others: bool, levels: Collection[int]) -> Iterator[Fault]:
    """What is wrong with the headings of a document.

    Args:
        lines: The document.
        wanted: The headings, in their order; `<...>` in one stands for anything.
        others: Whether there may be others.
        levels: The levels at which others count.
    """
    own = [(place, line) for place, line in enumerate(lines) if line.kind == "heading" and not line.quoted]
    found = _found(own, wanted)
    for heading in wanted:
        if heading not in found:
            message = f"has no heading `{heading}`"
            yield Fault(control="heading", heading=heading, message=message, mend=f"Add the heading `{heading}`")
    yield from _disordered(lines, found)
    for heading, place in found.items():
        if not any(line.has_words and line.kind != "heading" for line in below(lines, place)):
            message = f"has nothing below its heading `{heading}`"
            mend = "Write what belongs there, or that there is nothing"
            yield Fault(control="section", heading=heading, message=message, mend=mend, line=lines[place])
    if not others:
        known = [_form(heading) for heading in wanted]
        for _, line in own:
            if line.level in levels and not any(form.fullmatch(named(line.raw)) for form in known):
                message = f"has a heading `{line.text}`, which its form does not have"
                mend = "Put it below one that the form has"
                yield Fault(control="other-heading", heading=line.text, message=message, mend=mend, line=line)


def _found(own: Sequence[tuple[int, Line]], wanted: Sequence[str]) -> dict[str, int]:
    """Where each heading stands that is there: those with words first, and what is left to those that are anything."""
    places: dict[str, int] = {}
    for heading in sorted(wanted, key=lambda one: not named(_PLACEHOLDER.sub("", one))):
        free = [(place, line) for place, line in own if place not in places.values()]
        before = max((places[one] for one in wanted[: wanted.index(heading)] if one in places), default=-1)
        form = _form(heading)
        fitting = [place for place, line in free if form.fullmatch(named(line.raw)) and not _is_title(line, heading)]
        if fitting:
            places[heading] = next((place for place in fitting if place > before), fitting[0])
    return {heading: places[heading] for heading in wanted if heading in places}


def _is_title(line: Line, heading: str) -> bool:
    """Whether it is a document's title, which is no heading that is anything."""
    return line.level == 1 and "<" in heading


def _form(heading: str) -> re.Pattern[str]:
    parts = [re.escape(named(part)) for part in _PLACEHOLDER.split(heading)]
    return re.compile(r"\W*.+?\W*".join(parts)) if len(parts) > 1 else re.compile(re.escape(named(heading)))


def _disordered(lines: Sequence[Line], found: dict[str, int]) -> Iterator[Fault]:
    """The fewest headings that have to be moved for the others to be in order."""
    names, chains = list(found), list[list[str]]()
    for name in names:
        before = [chain for chain in chains if found[chain[-1]] < found[name]]
        chains.append([*max(before, key=len, default=[]), name])
    in_order = max(chains, key=len, default=[])
    for number, name in enumerate(names):
        if name not in in_order:
            behind = next((one for one in reversed(names[:number]) if one in in_order), "")
            where = f"behind `{behind}`" if behind else f"before `{in_order[0]}`"
            message = f"has `{name}` in another place than {where}"
            yield Fault(control="order", heading=name, message=message, mend=f"Put it {where}", line=lines[found[name]])
