"""The report as JUnit XML, for every CI system that shows test results.

One suite for the run. A case is a finding, something that could not be told, or a policy of which neither was said.
`failures` and `errors` are what fails the run; `skipped` is what was not held against it: waived, there before, not
applicable. A finding that is too slight to fail the run passes, and the suite's output has it.
The form is what Ant's schema and Jenkins' have in common:
https://github.com/windyroad/JUnit-Schema/blob/master/JUnit.xsd and
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

from govcheck.findings import Outcome
from govcheck.records import frozen
from govcheck.report import PolicyResult, Report, ReportedFinding, ReportedUnknown, fails
from govcheck.reporters.escape import visible
from govcheck.reporters.text_unknowns import tried
from govcheck.reporters.wording import compared, figures, meaning, place, said, written

Said = Literal["failure", "error", "skipped"]

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@frozen(kw_only=True)
class Case:
    """One test case."""

    group: str
    """What Jenkins takes for a class: kind and policy."""

    name: str
    said: Said | None = None
    """None: it holds."""

    type: str = ""
    message: str = ""
    details: tuple[str, ...] = ()
    seconds: float = 0.0


def render(report: Report) -> str:
    """The whole document."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    return document(
        [case for result in report.results for case in _cases(result, report)] + list(_whole_run(report)),
        started=report.started_at,
        seconds=max(seconds, 0.0),
        properties={
            "repository": report.repository or "",
            "commit": report.commit or "",
            "stage": report.stage.value,
            "policies": report.policies_from,
            "exit_code": str(report.exit_code),
        },
        out=[f"note: {note}" for note in report.notes] + [*_slight(report), figures(report), meaning(report)],
    )


def document(
    cases: Iterable[Case], *, started: datetime, seconds: float, properties: dict[str, str], out: Iterable[str]
) -> str:
    """A document of one suite.

    Args:
        cases: What was tested.
        started: When.
        seconds: How long it took.
        properties: What is known of the run; names are fit for XML as they are.
        out: Lines that the run had to say.
    """
    every = list(cases)
    counts = {said: sum(case.said == said for case in every) for said in ("failure", "error", "skipped")}
    suite = {
        "name": "govcheck",
        "package": "govcheck",
        "id": "0",
        "hostname": "localhost",
        "timestamp": started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "tests": str(len(every)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
        "time": f"{seconds:.3f}",
    }
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        f"<testsuite{_attributes(suite)}>",
        "<properties>",
        *(f"<property{_attributes({'name': name, 'value': value})}/>" for name, value in properties.items()),
        "</properties>",
        *(line for case in every for line in _element(case)),
        f"<system-out>{_lines(out)}</system-out>",
        "<system-err></system-err>",
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _element(case: Case) -> Iterator[str]:
    name = _token(case.name) or "(no name)"
    own = _attributes({"classname": _token(case.group), "name": name, "time": f"{case.seconds:.3f}"})
    if case.said is None:
        yield f"<testcase{own}/>"
        return
    kind = {} if case.said == "skipped" else {"type": case.type}  # Ant's schema knows no type of what is skipped
    told = _attributes({**kind, "message": case.message})
    yield f"<testcase{own}>"
    yield f"<{case.said}{told}>{_lines(case.details)}</{case.said}>"
    yield "</testcase>"


def _cases(result: PolicyResult, report: Report) -> Iterator[Case]:
    policy = result.policy.policy
    group = f"{policy.kind}.{policy.id}"
    seconds = result.duration_ms / 1000 if 0 <= result.duration_ms < 1e9 else 0.0  # noqa: PLR2004 - no run takes longer
    if result.outcome is Outcome.NOT_APPLICABLE:
        reason = result.reason or "nothing that this run reads"
        yield Case(group=group, name=policy.id, said="skipped", type="not-applicable", message=reason, seconds=seconds)
    elif not result.findings and not result.unknowns:
        yield _of_policy(result, group, seconds)
    for found in result.findings:
        yield _of_finding(found, group, report)
    for unknown in result.unknowns:
        yield _of_unknown(unknown, group, report)


def _of_policy(result: PolicyResult, group: str, seconds: float) -> Case:
    """A policy of which nothing in particular is said: it holds, unless its outcome says otherwise."""
    holds = result.outcome in {Outcome.PASS, Outcome.WAIVED}
    return Case(
        group=group,
        name=result.policy.policy.id,
        said=None if holds else "error",
        type=result.outcome.value,
        message="" if holds else result.reason or f"{result.outcome.value}, and nothing says why",
        seconds=seconds,
    )


def _is_slight(found: ReportedFinding, report: Report) -> bool:
    return not fails(found, report.fail_on) and not _excuse(found)


def _slight(report: Report) -> Iterator[str]:
    """Findings that do not fail the run, one to a line: their cases have no room for them."""
    for found in report.findings:
        if _is_slight(found, report):
            where = place(found.finding.location)
            yield f"{found.severity}[{found.policy.policy.id}]: {found.finding.message}" + (
                f" ({where})" if where else ""
            )


def _of_finding(found: ReportedFinding, group: str, report: Report) -> Case:
    finding = found.finding
    policy = found.policy.policy
    excuse = _excuse(found)
    lines = [
        finding.message,
        compared(finding),
        place(finding.location),
        f"Fix: {finding.fix.sentence}" if finding.fix else "",
        f"$ {finding.fix.command}" if finding.fix and finding.fix.command else "",
        f"Why: {policy.why.strip()}" if policy.why.strip() else "",
        f"Policy: {written(found.policy)}",
        f"Fingerprint: {found.fingerprint}",
    ]
    return Case(
        group=group,
        name=f"{finding.control}: {finding.subject}",
        said="skipped" if excuse else None if _is_slight(found, report) else "failure",
        type=finding.control,
        message=f"{excuse}{finding.message}",
        details=tuple(filter(None, lines)),
    )


def _of_unknown(unknown: ReportedUnknown, group: str, report: Report) -> Case:
    undecided = unknown.undecided
    lenient = "could not tell, and --unknown warn lets it pass: " if report.on_unknown == "warn" else ""
    excuse = _excuse(unknown) or lenient
    return Case(
        group=group,
        name=f"{undecided.control}: {undecided.subject}",
        said="skipped" if excuse else "error",
        type=undecided.reason.value,
        message=f"{excuse}{undecided.message}",
        details=(tried(undecided), f"Policy: {written(unknown.policy)}", f"Fingerprint: {unknown.fingerprint}"),
    )


def _excuse(found: ReportedFinding | ReportedUnknown) -> str:
    """Why something does not count; empty where it does."""
    waiver = found.waiver
    if waiver is not None:
        return f"waived until {waiver.expires} by {waiver.owner} ({waiver.reason}): "
    return "there before this change: " if found.pre_existing else ""


def _whole_run(report: Report) -> Iterator[Case]:
    """A run in which nothing was judged is no success."""
    if report.exit_code == 3 and not any(not one.pre_existing for one in report.unknowns):  # noqa: PLR2004 - the exit code of an unknown
        yield Case(group="govcheck", name="judged", said="error", type="nothing-judged", message=meaning(report))


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{_text(value)}"' for name, value in values.items())


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(_text(line) for line in lines)


def _text(value: str) -> str:
    """Text that is one line of XML: a character that XML cannot have is shown as an escape, as every unseen one is."""
    return said(value).translate(_MARKUP)


def _token(value: str) -> str:
    return " ".join(visible(value).split())
