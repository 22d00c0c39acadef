"""The report for a person at a terminal: what changed, what is wrong, what could not be told, one line of figures."""

from govcheck.findings import Outcome
from govcheck.report import Report, ReportedFinding, Stage
from govcheck.reporters import text_drift, text_findings, text_unknowns, text_waivers
from govcheck.reporters.excerpt import Excerpts
from govcheck.reporters.groups import by_reason, grouped, grouped_unknowns, open_findings, open_unknowns, told_before
from govcheck.reporters.page import Page
from govcheck.reporters.wording import (
    counted,
    figures,
    green,
    holds,
    meaning,
    place,
    said,
    set_advice,
    shared_set,
    uncovered,
)


def render(report: Report, *, colour: bool = False, width: int = 100, verbose: bool = False) -> str:
    """The whole report. `verbose` shows every finding, also where many are alike or were told before."""
    page = Page(colour=colour, width=width)
    if report.drift is not None and not verbose:
        from govcheck.reporters import text_morning  # noqa: PLC0415 - only sweeps tell what drifted

        text_morning.sections(page, report, report.drift)
        page.gap()
        page.paragraph(f"{figures(report, brief=True)} — {meaning(report)}")
        return page.text()
    for note in report.notes:
        page.paragraph(said(note), label="note:", role="note")
    if report.drift:
        text_drift.section(page, report.drift, verbose=verbose)
    _findings(page, report, verbose=verbose)
    page.gap()
    for group in grouped_unknowns(open_unknowns(report)):
        text_unknowns.entry(page, group, verbose=verbose)
        page.gap()
    if verbose:
        _held(page, report)
    _aside(page, report, verbose=verbose)
    _of_sets(page, report)
    _totals(page, report)
    return page.text()


def _findings(page: Page, report: Report, *, verbose: bool) -> None:
    known = frozenset[str]() if verbose else told_before(report)
    excerpts = Excerpts(report.sources)
    current = open_findings(report)
    old = [found for found in current if found.fingerprint in known] if known else []
    told = {id(found) for found in old}
    shown: set[str] = set()
    for group in grouped(found for found in current if id(found) not in told):
        page.gap()
        name = group.policy.policy.id
        text_findings.entry(page, group, excerpts, verbose=verbose, again=name in shown)
        shown.add(name)
    _in_short(page, f"Still open ({len(old)}; --verbose shows them whole)", old, report)
    before = [found for found in report.findings if found.pre_existing and found.waiver is None]
    text_waivers.section(page, report, verbose=verbose)
    _in_short(page, f"There before this change, and not held against it ({len(before)})", before, report)


def _in_short(page: Page, title: str, findings: list[ReportedFinding], report: Report) -> None:
    if not findings:
        return
    page.gap()
    page.line(title, role="bold")
    since = report.drift.open_since if report.drift else {}
    for group in grouped(findings):
        text_findings.in_short(page, group, since)


def _held(page: Page, report: Report) -> None:
    for result in report.results:
        for held in result.held:
            where = place(held.location)
            subject = said(held.subject) + (f" ({where})" if where else "")
            page.paragraph(f"{subject}: {said(held.message)}", label=f"holds[{said(held.control)}]:", role="faint")


def _aside(page: Page, report: Report, *, verbose: bool) -> None:
    """What was not asked at all, in as few lines as can be."""
    before = [unknown for unknown in report.unknowns if unknown.pre_existing and unknown.waiver is None]
    if before:
        known = "could not be told before this change either, and is not held against it"
        page.paragraph(f"{counted(len(before), 'thing')} {known}", role="faint")
    idle = [result for result in report.results if result.outcome is Outcome.NOT_APPLICABLE]
    if idle:
        reasons = (
            ", ".join(map(said, ids)) + (f" ({said(reason)})" if reason else "")
            for reason, ids in by_reason(idle).items()
        )
        page.paragraph("; ".join(reasons), label=f"not applicable at {report.stage.value}:", role="faint")
    partly = [result for result in report.results if result.not_offered]
    if partly and not verbose and report.stage is Stage.CI:  # elsewhere a change or a tree is not there by nature
        ids = ", ".join(said(result.policy.policy.id) for result in partly)
        page.paragraph(f"{ids} (--verbose says which)", label="judged in part here:", role="faint")
    for result in partly if verbose else []:
        for part in result.not_offered:
            page.paragraph(f"{said(result.policy.policy.id)}: {said(part)}", label="not judged here:", role="faint")


def _of_sets(page: Page, report: Report) -> None:
    """What to do about findings of policies that nobody can edit here."""
    policies = {found.policy.policy.id: found.policy for found in open_findings(report)}
    shared = [one for one in policies.values() if shared_set(one)]
    if shared:
        page.gap()
        page.paragraph(set_advice(shared), label="note:", role="note")


def _totals(page: Page, report: Report) -> None:
    if green(report):
        page.paragraph(f"{holds(report)}. {_end(report)}", role="good")
        return
    page.gap()
    page.paragraph(f"{figures(report)} — {meaning(report)}")


def _end(report: Report) -> str:
    open_ = uncovered(report)
    if report.stage is Stage.SWEEP and open_:
        return f"Nothing left open; {open_}."
    return "Nothing left open."
