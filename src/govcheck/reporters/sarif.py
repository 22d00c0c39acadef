"""The report as SARIF 2.1.0, for code scanning and every other reader of that format.

The form: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json; what GitHub makes
of it, and its limits:
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
"""

from collections.abc import Mapping, Sequence

from govcheck import __version__
from govcheck.findings import Fix, Json
from govcheck.policy import LoadedPolicy
from govcheck.report import Report, ReportedFinding, ReportedUnknown, Stage
from govcheck.report_json import instant, maybe_text, plain, text
from govcheck.reporters.json import written
from govcheck.reporters.sarif_places import MOST_RELATED, SOURCE_ROOT, main_place, message, related
from govcheck.reporters.sarif_rules import home_of, repository_of, rule, rule_id
from govcheck.reporters.text_unknowns import tried
from govcheck.reporters.wording import compared, meaning

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results of one run that GitHub takes; it refuses a file with more."""

PUBLIC_SERVER = "https://github.com"

ERRORS = "govcheck-errors/"
"""The category of runs that judged nothing. GitHub closes the alerts of a category that its next upload does not have:
invalid policies must not close those of findings."""

_COMPARED = frozenset({Stage.CI, Stage.PRE_COMMIT})
"""Stages that hold a change against what it starts from."""


def render(report: Report, *, server: str = PUBLIC_SERVER) -> str:
    """The log: the run, and an empty one that says that policies and configuration are valid again.

    Args:
        report: What the run came to.
        server: The address of GitHub's pages, without a slash at its end.
    """
    valid: dict[str, Json] = {
        "tool": tool([]),
        "automationDetails": {"id": ERRORS},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [],
    }
    return written(log(_run(report, server), valid))


def log(*runs: dict[str, Json]) -> Json:
    """A document of these runs."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": list(runs)}


def tool(rules: Sequence[Json]) -> Json:
    """What made the log."""
    return {"driver": {"name": "govcheck", "semanticVersion": __version__, "rules": list(rules)}}


def _run(report: Report, server: str) -> dict[str, Json]:
    findings, unknowns = report.findings, report.unknowns
    kept = findings[:MOST_RESULTS]
    open_ = unknowns[: MOST_RESULTS - len(kept)]
    rules = _rules(kept, open_, home_of(report, server))
    order = {name: number for number, name in enumerate(rules)}
    results = [
        *(_of_finding(found, order, report) for found in kept),
        *(_of_unknown(unknown, order, report) for unknown in open_),
    ]
    run: dict[str, Json] = {
        "tool": tool(list(rules.values())),
        "automationDetails": {"id": "govcheck-sweep/" if report.stage is Stage.SWEEP else "govcheck/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {SOURCE_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, order, len(findings) + len(unknowns) - len(results))],
        "results": results,
    }
    address = repository_of(report, server)
    if address is not None:
        revision: dict[str, Json] = {"revisionId": text(report.commit)} if report.commit else {}
        run["versionControlProvenance"] = [
            {"repositoryUri": address, **revision, "mappedTo": {"uriBaseId": SOURCE_ROOT}}
        ]
    return run


def _rules(
    findings: Sequence[ReportedFinding], unknowns: Sequence[ReportedUnknown], home: str | None
) -> dict[str, Json]:
    """The rules that results name, in the order of their first result. No more than results, so within the limit."""
    named = [(found.policy, found.finding.control, found.severity) for found in findings]
    named += [(one.policy, one.undecided.control, one.policy.policy.severity) for one in unknowns]
    rules: dict[str, Json] = {}
    for policy, control, severity in named:
        name = rule_id(policy, control)
        if name not in rules:
            rules[name] = rule(policy, control, severity, home)
    return rules


def _of_finding(found: ReportedFinding, order: Mapping[str, int], report: Report) -> Json:
    finding = found.finding
    result: dict[str, Json] = {
        **_rule(found.policy, finding.control, order),
        "level": found.severity,
        "message": message(finding.message, *filter(None, [compared(finding)]), *_fix(finding.fix)),
        "locations": [main_place(finding.location, found.policy)],
        **_lasting(found, in_file=finding.location.path is not None and finding.location.line is not None),
        **_state(found, report),
        **_suppressions(found),
        "properties": {
            "policy": text(found.policy.policy.id),
            "kind": text(found.policy.policy.kind),
            "control": text(finding.control),
            "subject": text(finding.subject),
            "plane": finding.plane,
            "expected": plain(finding.expected),
            "actual": plain(finding.actual),
            "direction": finding.direction,
        },
    }
    if finding.evidence:
        result["relatedLocations"] = [
            related(number, evidence) for number, evidence in enumerate(finding.evidence[:MOST_RELATED])
        ]
    return result


def _of_unknown(unknown: ReportedUnknown, order: Mapping[str, int], report: Report) -> Json:
    """What could not be told is neither a failure nor a pass: the format calls that open."""
    undecided = unknown.undecided
    return {
        **_rule(unknown.policy, undecided.control, order),
        "kind": "open",
        "level": "none",
        "message": message(f"could not tell ({undecided.reason.value}): {tried(undecided)}"),
        "locations": [main_place(undecided.location, unknown.policy)],
        **_lasting(unknown, in_file=undecided.location.path is not None and undecided.location.line is not None),
        **_state(unknown, report),
        **_suppressions(unknown),
        "properties": {
            "policy": text(unknown.policy.policy.id),
            "kind": text(unknown.policy.policy.kind),
            "control": text(undecided.control),
            "subject": text(undecided.subject),
            "reason": undecided.reason.value,
            "permission": maybe_text(undecided.permission),
            "endpoint": maybe_text(undecided.endpoint),
            "status": undecided.status,
        },
    }


def _rule(policy: LoadedPolicy, control: str, order: Mapping[str, int]) -> dict[str, Json]:
    name = rule_id(policy, control)
    return {"ruleId": name, "ruleIndex": order[name]}


def _lasting(found: ReportedFinding | ReportedUnknown, *, in_file: bool) -> dict[str, Json]:
    """The lasting name. Where a result has no line of its own, also under the name that GitHub goes by.

    Its upload action fills that name with a hash of the line, by which all results at one policy would be one alert.
    """
    names: dict[str, Json] = {"govcheck/v1": found.fingerprint}
    if not in_file:
        names["primaryLocationLineHash"] = found.fingerprint
    return {"partialFingerprints": names}


def _state(found: ReportedFinding | ReportedUnknown, report: Report) -> dict[str, Json]:
    """Against what a change starts from; a run that compares with nothing says nothing."""
    if report.stage not in _COMPARED:
        return {}
    return {"baselineState": "unchanged" if found.pre_existing else "new"}


def _suppressions(found: ReportedFinding | ReportedUnknown) -> dict[str, Json]:
    """That a waiver excuses it: its reason, its owner and its last day."""
    waiver = found.waiver
    if waiver is None:
        return {}
    reason = message(f"{waiver.reason} ({waiver.owner}, until {waiver.expires})")["text"]
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": reason}]}


def _fix(fix: Fix | None) -> list[str]:
    if fix is None:
        return []
    return [f"Fix: {line}" if not number else line for number, line in enumerate(fix.sentence.split("\n"))] + (
        [f"$ {fix.command}"] if fix.command else []
    )


def _invocation(report: Report, order: Mapping[str, int], hidden: int) -> Json:
    """How the run ended: one that could not tell has not been successful, whatever else it found."""
    level = "error" if report.exit_code == 3 else "warning"  # noqa: PLR2004 - the exit code of an unknown
    notifications: list[Json] = [
        {
            "level": level,
            "descriptor": {"id": one.undecided.reason.value},
            "associatedRule": _associated(one, order),
            "message": message(tried(one.undecided)),
            "locations": [main_place(one.undecided.location, one.policy)],
        }
        for one in report.unknowns
        if not one.pre_existing
    ]
    notifications += [{"level": "note", "message": message(note)} for note in report.notes]
    if hidden:
        told = f"{hidden} more results are left out: GitHub takes {MOST_RESULTS} of one run"
        notifications.append({"level": "warning", "message": message(told)})
    return {
        "executionSuccessful": report.exit_code in {0, 1},
        "exitCode": report.exit_code,
        "exitCodeDescription": meaning(report),
        "startTimeUtc": instant(report.started_at),
        "endTimeUtc": instant(report.finished_at),
        "toolExecutionNotifications": notifications,
    }


def _associated(unknown: ReportedUnknown, order: Mapping[str, int]) -> Json:
    name = rule_id(unknown.policy, unknown.undecided.control)
    return {"id": name, "index": order[name]} if name in order else {"id": name}
