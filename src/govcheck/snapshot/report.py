"""The report of a sweep, made again from its snapshot. Pure."""

from collections.abc import Mapping
from typing import Any

from govcheck.findings import Evidence, Finding, Fix, Location, Outcome, Reason, Undecided
from govcheck.policy import LoadedPolicy, Policy
from govcheck.report import Coverage, PolicyResult, Report, ReportedFinding, ReportedUnknown, Stage
from govcheck.snapshot import Snapshot
from govcheck.waiver import Waiver


def report_of(snapshot: Snapshot) -> Report:
    """The report, but for what a snapshot does not keep: notes, drift, what held, excerpts, reasons of policies."""
    policies: dict[str, Mapping[str, Any]] = {str(entry["id"]): entry for entry in snapshot.policies}
    for entry in (*snapshot.findings, *snapshot.unknowns):
        policies.setdefault(str(entry["policy"]), _nobodys(entry))
    return Report(
        repository=snapshot.repository,
        stage=Stage.SWEEP,
        phase=snapshot.phase,
        commit=snapshot.commit,
        policies_from="a snapshot",
        started_at=snapshot.started_at,
        finished_at=snapshot.finished_at,
        results=tuple(_result(entry, snapshot) for entry in policies.values()),
        coverage=_coverage(snapshot.coverage),
        exit_code=snapshot.exit_code,
    )


def _nobodys(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A policy that findings name and that is none of the policies: govcheck's own."""
    return {
        "id": entry["policy"],
        "kind": entry["kind"],
        "severity": entry.get("severity", "error"),
        "file": "",
        "line": 0,
        "outcome": Outcome.FAIL.value if "outcome" in entry else Outcome.UNKNOWN.value,
        "reason": None,
        "subjects": 0,
        "not_offered": [],
    }


def _result(entry: Mapping[str, Any], snapshot: Snapshot) -> PolicyResult:
    policy = LoadedPolicy(
        Policy(kind=entry["kind"], id=entry["id"], severity=entry["severity"]), entry["file"], entry["line"]
    )
    return PolicyResult(
        policy=policy,
        outcome=Outcome(entry["outcome"]),
        reason=entry["reason"],
        subjects=entry["subjects"],
        not_offered=tuple(entry["not_offered"]),
        findings=tuple(_finding(one, policy) for one in snapshot.findings if one["policy"] == entry["id"]),
        unknowns=tuple(_unknown(one, policy) for one in snapshot.unknowns if one["policy"] == entry["id"]),
    )


def _finding(entry: Mapping[str, Any], policy: LoadedPolicy) -> ReportedFinding:
    fix = entry["fix"]
    finding = Finding(
        control=entry["control"],
        subject=entry["subject"],
        message=entry["message"],
        plane=entry["plane"],
        location=_location(entry["location"]),
        severity=entry["severity"],
        expected=entry["expected"],
        actual=entry["actual"],
        direction=entry["direction"],
        fix=Fix(text=fix["text"], command=fix["command"]) if fix else None,
        evidence=tuple(
            Evidence(text=one["text"], location=_location(one["location"]) if one["location"] else None)
            for one in entry["evidence"]
        ),
    )
    return ReportedFinding(
        policy=policy, finding=finding, pre_existing=entry["pre_existing"], waiver=_waiver(entry["waiver"])
    )


def _unknown(entry: Mapping[str, Any], policy: LoadedPolicy) -> ReportedUnknown:
    undecided = Undecided(
        control=entry["control"],
        subject=entry["subject"],
        reason=Reason(entry["reason"]),
        message=entry["message"],
        permission=entry["permission"],
        endpoint=entry["endpoint"],
        status=entry["status"],
        location=_location(entry["location"]),
    )
    return ReportedUnknown(
        policy=policy, undecided=undecided, pre_existing=entry["pre_existing"], waiver=_waiver(entry["waiver"])
    )


def _location(entry: Mapping[str, Any] | None) -> Location:
    return Location(**entry) if entry else Location()


def _waiver(entry: Mapping[str, Any] | None) -> Waiver | None:
    return Waiver(**entry) if entry else None


def _coverage(entry: Mapping[str, Any]) -> Coverage:
    return Coverage(
        requests=entry["requests"],
        not_modified=entry["not_modified"],
        graphql_points=entry["graphql_points"],
        uncovered=tuple(entry["uncovered"]),
        uncovered_security=tuple(entry["uncovered_security"]),
    )
