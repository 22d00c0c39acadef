"""A sweep that has another one to compare with, on one screen: what broke, what is still open, what nobody could check.

Most important first, and nothing twice: a setting that a finding speaks of is told with the finding. What has no room
is counted; `--verbose` has all of it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from govcheck.records import frozen
from govcheck.report import Drift, DriftEntry, Report, ReportedFinding
from govcheck.reporters import escape
from govcheck.reporters.groups import Group, UnknownGroup, grouped, grouped_unknowns, open_findings, open_unknowns
from govcheck.reporters.page import Page, Role
from govcheck.reporters.text_drift import headline, label
from govcheck.reporters.wording import change, counted, event, nobodys, place, said, when, whose

_SCREEN = 45
_FIGURES = 4
"""Lines at the end that are kept free for the figures."""

_LONGEST = 170
_NAMED = 3


@frozen(kw_only=True)
class _Room:
    """How many lines the entries of each section may take; the first entry has room always."""

    broke: int
    moved: int
    still: int
    untold: int
    few: int
    """Notes, and events."""


_ROOMS = (
    _Room(broke=16, moved=7, still=6, untold=6, few=3),
    _Room(broke=12, moved=5, still=5, untold=4, few=2),
    _Room(broke=8, moved=3, still=3, untold=3, few=1),
    _Room(broke=2, moved=2, still=2, untold=2, few=1),
)
"""The widest first: the one is taken with which everything fits on one screen."""

_CAME = frozenset({"introduced", "returned", "changed", "became-known"})
_SIGHT = frozenset({"became-unknown", "became-known"})


def sections(page: Page, report: Report, drift: Drift) -> None:
    """Everything but the figures."""
    start = page.height
    for room in _ROOMS:
        page.cut(start)
        _sections(page, report, drift, room)
        if page.height <= _SCREEN - _FIGURES:
            break


def _sections(page: Page, report: Report, drift: Drift, room: _Room) -> None:
    page.line(headline(drift), role="bold")
    if drift.suspect:
        page.paragraph(said(drift.suspect), label="stop:", role="error")
    notes = [*report.notes, *drift.notes]
    for note in notes[: room.few]:
        page.paragraph(_cut(note), label="note:", role="note")
    _rest(page, len(notes) - room.few)
    news = [entry for entry in drift.entries if not entry.told]
    current = open_findings(report)
    came = {entry.name: entry for entry in news if entry.plane == "finding" and entry.change in _CAME}
    broke = [found for found in current if found.fingerprint in came]
    _broke(page, broke, came, news, room.broke)
    _moved(page, news, broke, drift, room.moved)
    _mended(page, news)
    _meanwhile(page, drift, room.few)
    _still(page, [found for found in current if found.fingerprint not in came], drift, room.still)
    _untold(page, grouped_unknowns(open_unknowns(report)), room.untold)


def _broke(
    page: Page, broke: list[ReportedFinding], came: dict[str, DriftEntry], news: list[DriftEntry], most: int
) -> None:
    if not broke:
        return
    page.gap()
    page.line(f"Broke since then ({counted(len(broke), 'finding')})", role="bold")
    groups = grouped(broke)
    start, shown = page.height, 0
    for group in groups:
        if page.height - start >= most:
            break
        _group(page, group, came, news)
        shown += len(group.findings)
    _rest(page, len(broke) - shown)


def _group(page: Page, group: Group, came: dict[str, DriftEntry], news: list[DriftEntry]) -> None:
    first, *others = group.findings
    times = came[first.fingerprint].times
    back = f" (back again; fixed {counted(times, 'time')} before)" if times else ""
    setting = _moving(first, news)
    who = f"; {change(setting)}{whose(setting)}" if setting else ""
    page.paragraph(
        f"{_sentence(first)}{who}{back}",
        indent=2,
        label=f"{group.severity}[{said(group.policy.policy.id)}]",
        role=group.severity,
    )
    if others:
        named = ", ".join(said(found.finding.subject) for found in others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        page.paragraph(_cut(f"the same of {named}{more}"), indent=4, role="faint")
    fix = group.fix or first.finding.fix
    if fix is None:
        return
    if fix.command:
        page.line(f"$ {said(fix.command)}", indent=4)
    else:
        page.paragraph(_cut(fix.sentence.split("\n")[0]), indent=4, label="fix:", role="good")


def _moving(found: ReportedFinding, news: Iterable[DriftEntry]) -> DriftEntry | None:
    """The setting that a finding speaks of, where it is one of those that moved."""
    speaks = _settings_of(found)
    return next((entry for entry in news if entry.plane == "setting" and entry.name in speaks), None)


def _settings_of(found: ReportedFinding) -> frozenset[str]:
    """The settings by whose names a finding's control and subject may be kept in snapshots."""
    finding, kind = found.finding, found.policy.policy.kind
    names = {f"branches/{finding.subject}/{finding.control}", f"{kind}/{finding.control}"}
    return frozenset(names | {f"environments/{finding.subject}/{finding.control}"})


def _moved(page: Page, news: list[DriftEntry], broke: list[ReportedFinding], drift: Drift, most: int) -> None:
    """Settings that moved without a finding of their own."""
    spoken = frozenset(name for found in broke for name in _settings_of(found))
    moved = [entry for entry in news if entry.plane == "setting" and entry.name not in spoken]
    sight = [entry for entry in moved if entry.change in _SIGHT or (drift.suspect and entry.change == "gone")]
    if len(sight) <= _NAMED and not drift.suspect:
        sight = []
    plain = [entry for entry in moved if entry not in sight]
    if not moved:
        return
    page.gap()
    page.line(f"Settings that moved ({len(moved)})", role="bold")
    start, shown = page.height, 0
    for entry in plain:
        if page.height - start >= most:
            break
        word, role = label(entry)
        text = f"{said(entry.title)}: {change(entry)}{nobodys(entry)}{whose(entry)}"
        page.paragraph(_cut(text), indent=2, label=word, role=role)
        shown += 1
    _rest(page, len(plain) - shown)
    if sight:
        lost = sum(entry.change != "became-known" for entry in sight)
        parts = [f"{lost} could be read then and not now"] * bool(lost)
        parts += [f"{len(sight) - lost} can be read now and could not then"] * (lost < len(sight))
        page.paragraph(f"{', '.join(parts)} (--verbose lists them)", indent=2, role="unknown")


def _mended(page: Page, news: list[DriftEntry]) -> None:
    of = {
        "Mended": [entry for entry in news if entry.plane == "finding" and entry.change in {"fixed", "gone"}],
        "Accepted": [entry for entry in news if entry.change == "accepted"],
    }
    for word, entries in of.items():
        if entries:
            page.gap()
            named = "; ".join(said(entry.title) for entry in entries[:_NAMED])
            more = f"; and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
            role: Role = "good" if word == "Mended" else "note"
            page.paragraph(_cut(f"{named}{more}"), label=f"{word} ({len(entries)}):", role=role)


def _meanwhile(page: Page, drift: Drift, most: int) -> None:
    first = sorted(drift.events, key=lambda one: not one.weakens)[:most]
    for one in sorted(first, key=lambda one: one.at):
        page.paragraph(_cut(event(one)), label="meanwhile", role="error" if one.weakens else "note")
    _rest(page, len(drift.events) - most)


def _still(page: Page, still: list[ReportedFinding], drift: Drift, most: int) -> None:
    if not still:
        return
    page.gap()
    page.line(f"Still open ({counted(len(still), 'finding')})", role="bold")
    groups = grouped(still)
    start, shown = page.height, 0
    for group in groups:
        if page.height - start >= most:
            break
        times = [drift.open_since[one.fingerprint] for one in group.findings if one.fingerprint in drift.open_since]
        page.paragraph(
            _cut(f"{_since(times)}{_sentence(group.findings[0])}{_others(group)}"),
            indent=2,
            label=f"{group.severity}[{said(group.policy.policy.id)}]",
            role=group.severity,
        )
        shown += len(group.findings)
    _rest(page, len(still) - shown)


def _since(times: list[datetime]) -> str:
    return f"since {when(min(times))}: " if times else ""


def _others(group: Group) -> str:
    return f" (and {len(group.findings) - 1} more)" if len(group.findings) > 1 else ""


def _untold(page: Page, groups: list[UnknownGroup], most: int) -> None:
    if not groups:
        return
    number = sum(len(group.unknowns) for group in groups)
    page.gap()
    page.line(f"Could not be checked ({number})", role="bold")
    start, shown = page.height, 0
    for group in groups:
        if page.height - start >= most:
            break
        page.paragraph(_cut("; ".join(_what(group))), indent=2, label=f"{group.reason.value}:", role="unknown")
        shown += len(group.unknowns)
    _rest(page, number - shown)


def _what(group: UnknownGroup) -> Iterator[str]:
    if group.permission:
        yield f"the token lacks {said(group.permission)}"
    else:
        yield said(group.unknowns[0].undecided.message)
    yield ", ".join(f"{said(policy)}" for policy, _ in group.controls())


def _rest(page: Page, number: int) -> None:
    if number > 0:
        page.line(f"… and {number} more (--verbose)", indent=2, role="faint")


def _sentence(found: ReportedFinding) -> str:
    message, where = said(found.finding.message), place(found.finding.location)
    short = where if found.finding.location.path else said(found.finding.location.setting or "")
    return _cut(f"{message} ({short})" if short and short not in message else message)


def _cut(text: str) -> str:
    return escape.cut(said(text), _LONGEST)
