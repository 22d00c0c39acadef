"""The step summary of a workflow run, in GitHub's Markdown, within its limit of one mebibyte."""

from collections.abc import Iterable

from govcheck.report import Drift, DriftEntry, Report, ReportedFinding
from govcheck.reporters.escape import markdown
from govcheck.reporters.groups import FIRST, Group, by_reason, grouped, grouped_unknowns, open_findings, open_unknowns
from govcheck.reporters.text_drift import headline as drift_headline
from govcheck.reporters.text_unknowns import advice, headline, tried
from govcheck.reporters.text_waivers import waived
from govcheck.reporters.wording import (
    change,
    counted,
    event,
    figures,
    green,
    holds,
    meaning,
    nobodys,
    place,
    said,
    whose,
)

LIMIT = 1024 * 1024
"""Bytes; a longer summary is not shown at all."""

_RESERVE = 16 * 1024
"""Kept for the lines that close what is open and say how much is missing."""


class _Sheet:
    """Markdown that stays within the limit. What is structure is always written; rows only while there is room."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._size = 0

    def add(self, block: str) -> None:
        self._blocks.append(block)
        self._size += len(block.encode()) + 1

    def rows(self, rows: Iterable[str]) -> None:
        """Rows of a table; the last one says how many had no room."""
        hidden = 0
        for row in rows:
            if self._size + len(row.encode()) > LIMIT - _RESERVE:
                hidden += 1
            else:
                self.add(row)
        if hidden:
            self.add(f"| … and {hidden} more | | |")

    @property
    def full(self) -> bool:
        return self._size > LIMIT - 2 * _RESERVE

    def text(self) -> str:
        return "".join(f"{block}\n" for block in self._blocks)


def render(report: Report) -> str:
    """The whole summary."""
    sheet = _Sheet()
    sheet.add(f"### govcheck: {_verdict(report)}\n")
    ending = f"{holds(report)}. Nothing left open." if green(report) else f"{figures(report)}; {meaning(report)}"
    sheet.add(f"{markdown(ending)}\n")
    for note in report.notes:
        sheet.add(f"> note: {markdown(said(note))}\n")
    if report.drift:
        _drift(sheet, report.drift)
    _findings(sheet, open_findings(report))
    _unknowns(sheet, report)
    if report.waived:
        _table(sheet, f"Waived: {len(report.waived)}", [_row(line, "", "") for line in waived(report)])
    before = [found for found in report.findings if found.pre_existing and found.waiver is None]
    if before:
        _table(sheet, f"There before this change: {counted(len(before), 'finding')}", _finding_rows(before))
    _not_applicable(sheet, report)
    return sheet.text()


def _verdict(report: Report) -> str:
    verdicts = {0: "nothing fails", 1: "findings", 3: "could not tell"}
    return verdicts.get(report.exit_code, f"exit {report.exit_code}")


def _findings(sheet: _Sheet, findings: list[ReportedFinding]) -> None:
    groups = grouped(findings)
    for index, group in enumerate(groups):
        if sheet.full:
            rest = sum(len(other.findings) for other in groups[index:])
            sheet.add(f"… and {counted(rest, 'more finding')}, for which a step summary has no room\n")
            return
        _table(sheet, _title(group), _finding_rows(group.findings), opened=len(group.findings) <= FIRST)


def _title(group: Group) -> str:
    policy = group.policy.policy
    title = f"{group.severity}: {said(policy.id)}, {said(group.control)}: {counted(len(group.findings), 'finding')}"
    return f"{title}. {said(policy.why.strip())}" if policy.why else title


def _finding_rows(findings: Iterable[ReportedFinding]) -> Iterable[str]:
    for found in findings:
        finding = found.finding
        fix = "" if finding.fix is None else " $ ".join(filter(None, (finding.fix.sentence, finding.fix.command)))
        yield _row(said(finding.message), place(finding.location), said(" ".join(fix.split())))


def _unknowns(sheet: _Sheet, report: Report) -> None:
    for group in grouped_unknowns(open_unknowns(report)):
        if sheet.full:
            sheet.add("… and more that could not be told\n")
            return
        rows = [_row(said(policy), said(controls), "") for policy, controls in group.controls()]
        rows += [_row(tried(unknown.undecided), "", "") for unknown in group.messages()]
        rows += [_row(advice(group), "", "")] if group.permission else []
        _table(sheet, f"unknown ({group.reason.value}): {headline(group)}", rows, heads=("what", "controls", ""))


def _drift(sheet: _Sheet, drift: Drift) -> None:
    notes = [_row("stop", said(drift.suspect), "")] if drift.suspect else []
    notes += [_row("note", said(note), "") for note in drift.notes]
    rows = [
        _row(_word(entry), said(entry.title), f"{change(entry)}{nobodys(entry)}{whose(entry)}")
        for entry in drift.entries
        if not entry.told
    ]
    rows += [_row("meanwhile", event(one), "") for one in drift.events]
    _table(sheet, drift_headline(drift), [*notes, *rows], heads=("change", "what", "before → after"))


def _word(entry: DriftEntry) -> str:
    """What says more than a direction would comes first."""
    return entry.change if entry.change in {"returned", "accepted", "renamed"} else entry.direction or entry.change


def _not_applicable(sheet: _Sheet, report: Report) -> None:
    idle = [result for result in report.results if result.outcome.value == "not-applicable"]
    rows = [_row(", ".join(map(said, ids)), said(reason), "") for reason, ids in by_reason(idle).items()]
    rows += [
        _row(said(result.policy.policy.id), said(part), "in part")
        for result in report.results
        for part in result.not_offered
    ]
    if rows and not sheet.full:
        _table(sheet, f"Not judged at {report.stage.value}", rows, opened=False, heads=("policy", "why", ""))


def _table(
    sheet: _Sheet,
    title: str,
    rows: Iterable[str],
    *,
    opened: bool = True,
    heads: tuple[str, str, str] = ("what", "where", "fix"),
) -> None:
    sheet.add(f"<details{' open' if opened else ''}><summary>{markdown(title)}</summary>\n")
    listed = list(rows)
    if listed:
        sheet.add(f"| {' | '.join(heads)} |\n| --- | --- | --- |")
        sheet.rows(listed)
    sheet.add("\n</details>\n")


def _row(*cells: str) -> str:
    return f"| {' | '.join(markdown(cell) for cell in cells)} |"
