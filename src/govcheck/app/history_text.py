"""What the store tells, as text: the sweeps so far, what drifted between two, whether the chain is whole."""

from collections.abc import Sequence
from datetime import datetime

from govcheck.app.history import History
from govcheck.report import Phase, Report
from govcheck.reporters import text_drift
from govcheck.reporters.page import Page, Role
from govcheck.reporters.wording import counted, said, when
from govcheck.store.chain import Verdict
from govcheck.store.index import Lifetime, Row
from govcheck.store.shelf import Tombstone

_HASH_SHOWN = 12
_COMMIT_SHOWN = 7
_PHASE_WIDTH = max(map(len, Phase))


def history(told: History, *, colour: bool = False, width: int = 100) -> str:
    """One line for each sweep, the newest first; then, where it was asked for, one for each finding."""
    page = Page(colour=colour, width=width)
    of = f" of {said(told.repository)}" if told.repository else ""
    if not told.sweeps:
        page.paragraph(f"No sweep{of} is kept in {said(told.store)}.")
    for row in told.sweeps:
        page.line(_sweep(row, with_name=told.repository is None), role=_role(row))
    if told.pruned:
        span = f"{_moment(told.pruned[0].finished_at)} to {_moment(told.pruned[-1].finished_at)}"
        page.paragraph(f"{counted(len(told.pruned), 'sweep')} of {span}", label="pruned:", role="faint")
    if told.lifetimes:
        page.gap()
    for lifetime in told.lifetimes:
        page.line(_lifetime(lifetime), role="faint" if not lifetime.is_there else None)
    return page.text()


def drift(report: Report, *, colour: bool = False, width: int = 100, verbose: bool = False) -> str:
    """What drifted up to a sweep."""
    page = Page(colour=colour, width=width)
    phase = f" ({report.phase.value})" if report.phase else ""
    page.paragraph(f"Up to {when(report.finished_at)}{phase}, commit {_commit(report.commit)}")
    if report.drift is not None:
        text_drift.section(page, report.drift, verbose=verbose)
    return page.text().rstrip("\n") + "\n"


def verdict(store: str, found: Verdict, *, colour: bool = False, width: int = 100) -> str:
    """What is broken, what is worth a remark, and one line of figures."""
    page = Page(colour=colour, width=width)
    for one in found.broken:
        where = "" if one.where in one.what else f"{said(one.where)}: "
        page.paragraph(f"{where}{said(one.what)}", label="broken:", role="error")
    for one in found.remarks:
        page.paragraph(f"{said(one.where)}: {said(one.what)}", label="note:", role="note")
    parts = [counted(found.snapshots, "snapshot")]
    parts += [f"{found.pruned} pruned"] if found.pruned else []
    end = f"{len(found.broken)} broken" if found.broken else "the chain is whole"
    page.paragraph(f"{said(store)}: {', '.join(parts)}; {end}.", role="error" if found.broken else "good")
    return page.text()


def pruned(taken: Sequence[Tombstone]) -> str:
    """What was taken away."""
    page = Page(colour=False, width=100)
    for one in taken:
        page.line(f"{_moment(one.finished_at)}  {one.phase:<{_PHASE_WIDTH}}  {one.hash[:_HASH_SHOWN]}")
    page.paragraph(f"{counted(len(taken), 'snapshot')} pruned." if taken else "No snapshot is that old.")
    return page.text()


def _sweep(row: Row, *, with_name: bool) -> str:
    one = row.summary
    outcomes = ", ".join(f"{count} {said(outcome)}" for outcome, count in sorted(one.outcomes.items()))
    drift = "first" if one.drift is None else counted(one.drift, "change") if one.drift else "no change"
    parts = [
        _moment(one.finished_at),
        f"{one.phase:<{_PHASE_WIDTH}}",
        _commit(one.commit),
        one.hash[:_HASH_SHOWN],
        f"exit {one.exit_code}",
        f"{counted(one.findings, 'finding')}, {counted(one.unknowns, 'unknown')}",
        drift,
        f"policies: {outcomes or 'none'}",
    ]
    return "  ".join([*parts, *([said(one.repository or "unknown repository")] if with_name else [])])


def _lifetime(lifetime: Lifetime) -> str:
    until = "still there" if lifetime.is_there else f"last seen {_moment(lifetime.last_seen)}"
    seen = f"since {_moment(lifetime.first_seen)}, {until}, by {counted(lifetime.seen, 'sweep')}"
    name = f"{said(lifetime.policy)}: {said(lifetime.control)} of {said(lifetime.subject)}"
    return f"{lifetime.fingerprint}  {name}  {seen}"


def _role(row: Row) -> Role | None:
    if row.summary.exit_code == 0:
        return None
    return "error" if row.summary.exit_code == 1 else "unknown"


def _commit(commit: str | None) -> str:
    return said(commit)[:_COMMIT_SHOWN] if commit else "no commit"


def _moment(written: str) -> str:
    return when(datetime.fromisoformat(written))
