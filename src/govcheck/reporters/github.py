"""The report for a workflow run of GitHub Actions: annotations on standard output, and the step summary.

Limits and escaping: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Literal

from govcheck import paths
from govcheck.findings import Location, Severity
from govcheck.records import frozen
from govcheck.report import Report, ReportedFinding
from govcheck.reporters import github_summary
from govcheck.reporters.escape import cut, log_line, visible, without_prefix
from govcheck.reporters.groups import UnknownGroup, grouped, grouped_unknowns, open_findings, open_unknowns
from govcheck.reporters.standing import standing
from govcheck.reporters.text_unknowns import headline, tried
from govcheck.reporters.wording import figures, green, holds, meaning

Level = Literal["error", "warning", "notice"]

PER_LEVEL = 10
"""Annotations of one level that GitHub keeps of one step."""

LONGEST_MESSAGE = 4096
"""Characters of a message that GitHub keeps."""

_LONGEST_TITLE = 200

_LEVELS: dict[Severity, Level] = {"error": "error", "warning": "warning", "note": "notice"}

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


@frozen(kw_only=True)
class _Annotation:
    level: Level
    location: Location
    title: str
    message: str


def render(report: Report) -> str:
    """At most `PER_LEVEL` annotations of each level, then the line of figures."""
    room: dict[Level, int] = dict.fromkeys(_LEVELS.values(), PER_LEVEL)
    lines: list[str] = []
    hidden = 0
    for annotation in _annotations(report):
        if room[annotation.level]:
            room[annotation.level] -= 1
            lines.append(_command(annotation))
        else:
            hidden += 1
    lines.extend(map(log_line, _ending(report, hidden)))
    return "".join(f"{line}\n" for line in lines)


def summary(report: Report) -> str:
    """The step summary, in GitHub's Markdown: everything, within one mebibyte."""
    return github_summary.render(report)


def error_line(location: Location, title: str, message: str) -> str:
    """One annotation of an error, by itself."""
    return _command(_Annotation(level="error", location=location, title=title, message=visible(message)))


def _ending(report: Report, hidden: int) -> Iterator[str]:
    yield from (f"note: {visible(note)}" for note in report.notes)
    if hidden:
        yield f"{hidden} more in the step summary: GitHub shows {PER_LEVEL} annotations of a level for each step"
    if green(report):
        yield f"{holds(report)}. Nothing left open."
    else:
        yield f"{figures(report)} — {meaning(report)}"


def _annotations(report: Report) -> Iterator[_Annotation]:
    """Unknowns first among their own level: where they decide the exit code nothing must push them out."""
    unknowns = grouped_unknowns(open_unknowns(report))
    level: Level = "error" if report.exit_code == 3 else "warning"  # noqa: PLR2004 - the exit code of an unknown
    yield from (_of_unknowns(group, level) for group in unknowns)
    groups = grouped(open_findings(report))
    yield from map(_of_finding, _in_turn([group.findings for group in groups]))


def _in_turn(groups: list[tuple[ReportedFinding, ...]]) -> Iterator[ReportedFinding]:
    """The first of each group, then the second: many of one kind must not push all others out."""
    for rank in zip_longest(*groups):
        yield from (found for found in rank if found is not None)


def _of_finding(found: ReportedFinding) -> _Annotation:
    finding = found.finding
    parts = [finding.message]
    if finding.location.setting:
        parts.append(finding.location.setting)
    if finding.fix:
        parts.append(f"fix: {finding.fix.sentence}")
        parts += [f"$ {finding.fix.command}"] if finding.fix.command else []
    if found.policy.policy.why:
        parts.append(f"why: {found.policy.policy.why.strip()}")
    return _Annotation(
        level=_LEVELS[found.severity],
        location=standing(finding.location, found.policy),
        title=f"{found.policy.policy.id}: {finding.control}",
        message="\n".join(visible(part) for part in parts),
    )


def _of_unknowns(group: UnknownGroup, level: Level) -> _Annotation:
    first = group.unknowns[0]
    waiting = [f"{policy}: {controls}" for policy, controls in group.controls()]
    reasons = [tried(unknown.undecided) for unknown in group.messages()]
    return _Annotation(
        level=level,
        location=standing(first.undecided.location, first.policy),
        title=f"could not tell: {group.reason.value}",
        message="\n".join(visible(line) for line in [headline(group), *waiting, *reasons]),
    )


def _command(annotation: _Annotation) -> str:
    place = annotation.location
    properties: dict[str, object] = {}
    if place.path is not None:
        properties = {"file": visible(paths.display(place.path)), "line": place.line, "col": place.column}
    properties["title"] = cut(visible(annotation.title), _LONGEST_TITLE)
    written = ",".join(f"{key}={str(of).translate(_PROPERTY)}" for key, of in properties.items() if of is not None)
    message = cut(annotation.message, LONGEST_MESSAGE).translate(_DATA)
    return without_prefix(f"::{annotation.level} {written}::{message}")
