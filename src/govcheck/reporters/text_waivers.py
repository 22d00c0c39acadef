"""What is waived, as text: one line for each waiver, so that nothing is excused in silence."""

from govcheck.report import Report, ReportedFinding, ReportedUnknown
from govcheck.reporters.groups import FIRST
from govcheck.reporters.page import Page
from govcheck.reporters.wording import said


def section(page: Page, report: Report, *, verbose: bool) -> None:
    """All that is waived, by what it is."""
    lines = waived(report)
    if not lines:
        return
    page.gap()
    page.line(f"Waived ({len(report.waived)})", role="bold")
    shown = lines if verbose else lines[:FIRST]
    for line in shown:
        page.paragraph(line, indent=2)
    if len(lines) > len(shown):
        page.line(f"… and {len(lines) - len(shown)} more (all with --verbose)", indent=2, role="faint")


def waived(report: Report) -> list[str]:
    """Each thing that is excused, with its terms: a sentence each, without a full stop."""
    return list(dict.fromkeys(map(_sentence, report.waived)))


def _sentence(found: ReportedFinding | ReportedUnknown) -> str:
    waiver = found.waiver
    of = found.finding if isinstance(found, ReportedFinding) else found.undecided
    name = f"{said(found.policy.policy.id)} {said(of.control)} ({said(of.subject)})"
    if waiver is None:
        return name
    approved = f", approved by {said(waiver.approved_by)}" if waiver.approved_by else ""
    ticket = f", {said(waiver.ticket)}" if waiver.ticket else ""
    return f"{name}: {said(waiver.reason)} (until {waiver.expires}, {said(waiver.owner)}{approved}{ticket})"
