"""Findings as text: once at length, once in short."""

from collections.abc import Mapping
from datetime import datetime

from govcheck.findings import Evidence, Finding, Fix
from govcheck.report import ReportedFinding
from govcheck.reporters.excerpt import Excerpts
from govcheck.reporters.groups import FIRST, Group
from govcheck.reporters.page import Page
from govcheck.reporters.wording import compared, counted, place, said, said_path, when, written

_IN_SHORT = 3
_MANY = 5


def entry(page: Page, group: Group, excerpts: Excerpts, *, verbose: bool, again: bool = False) -> None:
    """A group at length: why it matters, each finding with place, evidence and fix; what all share once.

    Args:
        page: What it is written on.
        group: The findings.
        excerpts: Of the files that they are in.
        verbose: Whether all of them are shown.
        again: Whether an entry before this one told why the policy is there.
    """
    policy = group.policy.policy
    number = f": {counted(len(group.findings), 'finding')}" if len(group.findings) > 1 else ""
    page.paragraph(
        f"{said(group.control)}{number} ({said(policy.kind)}, {written(group.policy)})",
        label=f"{group.severity}[{said(policy.id)}]",
        role=group.severity,
    )
    about = (("why:", policy.why), ("owner:", policy.owner), *(("see:", link) for link in policy.links))
    for label, text in () if again else about:
        if text:
            page.paragraph(said(text.strip()), indent=2, label=label, role="faint")
    shown = group.findings if verbose else group.findings[:FIRST]
    if _alike(group) and not verbose:
        page.gap()
        for found in shown:
            page.paragraph(_sentence(found), indent=2)
    else:
        for found in shown:
            _finding(page, found.finding, group, excerpts)
            if verbose:
                page.line(f"= fingerprint {found.fingerprint}", indent=4, role="faint")
    hidden = len(group.findings) - len(shown)
    if hidden:
        page.gap()
        page.line(f"… and {hidden} more (all with --verbose or --format json)", indent=2, role="faint")
    if group.evidence or group.fix or group.compared:
        page.gap()
    if group.compared:
        page.paragraph(group.compared, indent=2, label="each:")
    _proof(page, group.evidence, indent=2)
    _fix(page, group.fix, indent=2, label="fix for each:")


def in_short(page: Page, group: Group, since: Mapping[str, datetime]) -> None:
    """A group in a few lines: what it is, since when, the first of its findings."""
    times = [since[found.fingerprint] for found in group.findings if found.fingerprint in since]
    head = f"{said(group.control)}: {counted(len(group.findings), 'finding')}"
    page.paragraph(
        head + (f", since {when(min(times))}" if times else ""),
        indent=2,
        label=f"{group.severity}[{said(group.policy.policy.id)}]",
        role=group.severity,
    )
    for found in group.findings[:_IN_SHORT]:
        page.paragraph(_sentence(found), indent=4)
    hidden = len(group.findings) - _IN_SHORT
    if hidden > 0:
        page.line(f"… and {hidden} more", indent=4, role="faint")


def _sentence(found: ReportedFinding) -> str:
    message = said(found.finding.message)
    where = place(found.finding.location)
    return f"{message} ({where})" if where and where not in message else message


def _finding(page: Page, finding: Finding, group: Group, excerpts: Excerpts) -> None:
    if group.findings[0].finding is finding or not _plain(finding, group):
        page.gap()
    page.paragraph(said(finding.message), indent=2, role="bold")
    _where(page, finding, excerpts)
    told = "" if group.compared else compared(finding)
    if told:
        page.paragraph(told, indent=4)
    shared = group.evidence
    _proof(page, tuple(evidence for evidence in finding.evidence if evidence not in shared), indent=4)
    _fix(page, None if group.fix else finding.fix, indent=4, label="fix:")


def _alike(group: Group) -> bool:
    """Whether there are many that differ in nothing but their place: an excerpt of each would only be longer."""
    return (
        len(group.findings) >= _MANY
        and group.fix is not None
        and not any(compared(found.finding) for found in group.findings)
        and all(len(found.finding.evidence) == len(group.evidence) for found in group.findings)
    )


def _plain(finding: Finding, group: Group) -> bool:
    """Whether the message alone says it all: such findings stand close together."""
    own_fix = finding.fix is not None and group.fix is None
    own_evidence = len(finding.evidence) > len(group.evidence)
    own_values = bool(compared(finding)) and not group.compared
    return not (own_fix or own_evidence or own_values or finding.location.line or finding.location.setting)


def _where(page: Page, finding: Finding, excerpts: Excerpts) -> None:
    location = finding.location
    where = place(location)
    if location.line is None and location.path is not None and said_path(location.path) in said(finding.message):
        return
    if where:
        page.line(f"--> {where}", indent=4, role="faint")
    if location.path is not None and location.line is not None and finding.quotable:
        for line in excerpts.lines(location.path, location.line, location.column, page.width - 4):
            page.line(line, indent=4)


def _proof(page: Page, evidence: tuple[Evidence, ...], indent: int) -> None:
    for observed in evidence[:FIRST]:
        where = place(observed.location) if observed.location else ""
        page.paragraph(f"{where}: {said(observed.text)}" if where else said(observed.text), indent=indent, label="=")
    if len(evidence) > FIRST:
        page.line(f"= … and {len(evidence) - FIRST} more", indent=indent, role="faint")


def _fix(page: Page, fix: Fix | None, indent: int, label: str) -> None:
    if fix is None:
        return
    told, *lines = fix.sentence.split("\n")
    page.paragraph(said(told), indent=indent, label=label, role="good")
    for line in lines:  # an edit is shown as it is to be written
        page.line(said(line), indent=indent + 4)
    if fix.command:
        page.line(f"$ {said(fix.command)}", indent=indent + 2)
