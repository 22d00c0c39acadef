"""What changed since another sweep, as text."""

from collections.abc import Sequence

from govcheck.report import Drift, DriftEntry
from govcheck.reporters.groups import FIRST
from govcheck.reporters.page import Page, Role
from govcheck.reporters.wording import change, counted, event, nobodys, said, when, whose

_SIGHT = ("became-unknown", "became-known")


def section(page: Page, drift: Drift, *, verbose: bool) -> None:
    """The news first, weakened before strengthened; then, in one line, what was told already."""
    page.gap()
    news = [entry for entry in drift.entries if not entry.told]
    page.paragraph(headline(drift), role="bold")
    if drift.suspect:
        page.paragraph(said(drift.suspect), indent=2, label="stop:", role="error")
    for note in drift.notes:
        page.paragraph(said(note), indent=2, label="note:", role="note")
    plain, blind, seen = (news, 0, 0) if verbose else _apart(news)
    shown = plain if verbose else plain[: 3 * FIRST]
    _entries(page, shown)
    if len(plain) > len(shown):
        page.line(f"… and {len(plain) - len(shown)} more (all with --verbose)", indent=2, role="faint")
    for label, number, told_of in (
        ("became-unknown", blind, "could be read then and not now"),
        ("became-known", seen, "can be read now and could not then"),
    ):
        if number:
            text = f"{counted(number, 'thing')} {told_of} (--verbose lists them)"
            page.paragraph(text, indent=2, label=label, role="unknown")
    happened = drift.events if verbose else drift.events[:FIRST]
    for one in happened:
        page.paragraph(event(one), indent=2, label="meanwhile", role="error" if one.weakens else "note")
    if len(drift.events) > len(happened):
        page.line(f"… and {len(drift.events) - len(happened)} more (all with --verbose)", indent=2, role="faint")
    told = [entry for entry in drift.entries if entry.told]
    if verbose and told:
        page.line(f"Told already, since {when(drift.since)} ({drift.since_phase.value}):")
        _entries(page, told)
    page.gap()


def headline(drift: Drift) -> str:
    """`Since 2026-11-23 09:00 UTC (startup): 2 changes`."""
    news = sum(not entry.told for entry in drift.entries)
    told = len(drift.entries) - news
    since, phase = drift.told_at or drift.since, drift.told_phase or drift.since_phase
    text = f"Since {when(since)} ({phase.value}): {counted(news, 'change') if news else 'nothing new'}"
    if not told:
        return text
    verb = "was" if told == 1 else "were"
    origin = f"{when(drift.since)} ({drift.since_phase.value})"
    return f"{text}; {counted(told, 'change')} since {origin} {verb} told already"


def _apart(news: Sequence[DriftEntry]) -> tuple[list[DriftEntry], int, int]:
    """What is told one by one, and how much became unreadable or readable together, as by one permission."""
    many = {change for change in _SIGHT if sum(entry.change == change for entry in news) > FIRST}
    blind, seen = (sum(entry.change == change for entry in news if change in many) for change in _SIGHT)
    return [entry for entry in news if entry.change not in many], blind, seen


def _entries(page: Page, entries: Sequence[DriftEntry]) -> None:
    for entry in entries:
        word, role = label(entry)
        page.paragraph(
            f"{said(entry.title)}: {change(entry)}{nobodys(entry)}{whose(entry)}", indent=2, label=word, role=role
        )


def label(entry: DriftEntry) -> tuple[str, Role]:
    """The word that an entry begins with, and its colour."""
    if entry.change in {"became-unknown", "became-known"}:
        return entry.change, "unknown"
    if entry.change in {"accepted", "renamed"}:
        return entry.change, "note"
    if entry.plane != "setting":
        return entry.change, "good" if entry.direction == "strengthened" else "error"
    if entry.direction == "weakened":
        return "weakened", "error" if entry.asserted else "note"
    return entry.direction or entry.change, "good" if entry.direction == "strengthened" else "note"
