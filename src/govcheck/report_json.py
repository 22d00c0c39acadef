"""The report as a JSON document: what `--format json` prints and what a snapshot keeps. Pure.

`govcheck.report_schema` describes it. Every key is always present; whatever the input was, the document is valid
UTF-8 JSON: no lone surrogates, no NaN, no number or nesting that a reader could choke on.
"""

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from govcheck import __version__, paths
from govcheck.findings import Evidence, Fix, Json, Location
from govcheck.policy import LoadedPolicy
from govcheck.report import (
    Attribution,
    Coverage,
    Drift,
    DriftEntry,
    DriftEvent,
    DriftStep,
    PolicyResult,
    Report,
    ReportedFinding,
    ReportedUnknown,
    Summary,
)

if TYPE_CHECKING:  # as in the report
    from govcheck.waiver import Waiver

REPORT_SCHEMA = "urn:govcheck:report:1"
"""The version of this form. A new key leaves it; a key that changes its meaning or goes makes it a 2."""

MAX_DEPTH = 64
"""Levels of nesting that are kept of a value that came from outside."""

_LONGEST_NUMBER = 2048
"""In bits. Python refuses to write far longer numbers in decimal; they become hexadecimal text."""


def as_json(report: Report) -> dict[str, Json]:
    """The whole report, without the sources that excerpts are made of."""
    return {
        "schema": REPORT_SCHEMA,
        "govcheck": __version__,
        "repository": maybe_text(report.repository),
        "stage": report.stage.value,
        "phase": report.phase.value if report.phase else None,
        "commit": maybe_text(report.commit),
        "policies_from": text(report.policies_from),
        "started_at": instant(report.started_at),
        "finished_at": instant(report.finished_at),
        "policies": [_policy(result) for result in report.results],
        "findings": [_finding(found) for found in report.findings],
        "unknowns": [_unknown(unknown) for unknown in report.unknowns],
        "held": [one for result in report.results for one in _held(result)],
        "coverage": _coverage(report.coverage),
        "drift": _drift(report.drift) if report.drift else None,
        "notes": [text(note) for note in report.notes],
        "summary": _summary(report.summary),
        "exit_code": report.exit_code,
    }


def instant(moment: datetime) -> str:
    """An aware instant as UTC text, to the millisecond: `2026-11-23T17:02:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text(value: str) -> str:
    r"""Text without lone surrogates: a byte that was not UTF-8 becomes `\xNN`, any other one `\uNNNN`."""
    if value.isascii():
        return value
    return "".join(_character(character) for character in value)


def maybe_text(value: str | None) -> str | None:
    """The same, where there may be none."""
    return None if value is None else text(value)


def plain(value: Json, depth: int = MAX_DEPTH) -> Json:
    """A JSON value that every reader can read, bounded in depth."""
    if isinstance(value, list | dict) and depth <= 0:
        return f"({len(value)} entries, nested too deep to be kept)"
    if isinstance(value, list):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {text(key): plain(item, depth - 1) for key, item in value.items()}
    return text(value) if isinstance(value, str) else _number(value)


def _number(value: bool | float | None) -> Json:  # noqa: FBT001 - any scalar of JSON but text
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return hex(value)
    return value


def _character(character: str) -> str:
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - Unicode's own range of surrogates
        shown = paths.display(character)
        return shown if shown != character else f"\\u{code:04x}"
    return character


def _policy(result: PolicyResult) -> Json:
    policy = result.policy.policy
    return {
        "id": text(policy.id),
        "kind": text(policy.kind),
        "severity": policy.severity,
        "file": text(paths.display(result.policy.path)),
        "line": result.policy.line,
        "outcome": result.outcome.value,
        "reason": maybe_text(result.reason),
        "subjects": result.subjects,
        "duration_ms": round(result.duration_ms, 3) if math.isfinite(result.duration_ms) else 0.0,
        "not_offered": [text(part) for part in result.not_offered],
    }


def _finding(found: ReportedFinding) -> Json:
    finding = found.finding
    return {
        "fingerprint": found.fingerprint,
        **_named(found.policy, finding.control, finding.subject),
        "severity": found.severity,
        "outcome": "fail" if found.waiver is None else "waived",
        "pre_existing": found.pre_existing,
        "message": text(finding.message),
        "plane": finding.plane,
        "location": _location(finding.location),
        "expected": plain(finding.expected),
        "actual": plain(finding.actual),
        "direction": finding.direction,
        "fix": _fix(finding.fix) if finding.fix else None,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "waiver": _waiver(found.waiver) if found.waiver else None,
    }


def _waiver(waiver: "Waiver") -> Json:
    keys = ("reason", "owner", "approved_by", "ticket", "created", "expires")
    return {key: text(getattr(waiver, key)) for key in keys}


def _held(result: PolicyResult) -> list[Json]:
    return [
        {
            **_named(result.policy, held.control, held.subject),
            "message": text(held.message),
            "location": _location(held.location),
        }
        for held in result.held
    ]


def _unknown(unknown: ReportedUnknown) -> Json:
    undecided = unknown.undecided
    return {
        "fingerprint": unknown.fingerprint,
        **_named(unknown.policy, undecided.control, undecided.subject),
        "reason": undecided.reason.value,
        "permission": maybe_text(undecided.permission),
        "endpoint": maybe_text(undecided.endpoint),
        "status": undecided.status,
        "message": text(undecided.message),
        "location": _location(undecided.location),
        "pre_existing": unknown.pre_existing,
        "waiver": _waiver(unknown.waiver) if unknown.waiver else None,
    }


def _named(policy: LoadedPolicy, control: str, subject: str) -> dict[str, Json]:
    return {
        "policy": text(policy.policy.id),
        "kind": text(policy.policy.kind),
        "control": text(control),
        "subject": text(subject),
    }


def _location(location: Location) -> Json:
    if location.path is not None:
        return {"path": text(paths.display(location.path)), "line": location.line, "column": location.column}
    if location.setting is not None or location.url is not None:
        return {"setting": maybe_text(location.setting), "url": maybe_text(location.url)}
    return None


def _fix(fix: Fix) -> Json:
    return {"text": text(fix.sentence), "command": maybe_text(fix.command)}


def _evidence(evidence: Evidence) -> Json:
    return {"text": text(evidence.text), "location": _location(evidence.location) if evidence.location else None}


def _coverage(coverage: Coverage) -> Json:
    return {
        "requests": coverage.requests,
        "not_modified": coverage.not_modified,
        "graphql_points": coverage.graphql_points,
        "uncovered": [text(name) for name in coverage.uncovered],
        "uncovered_security": [text(name) for name in coverage.uncovered_security],
    }


def _drift(drift: Drift) -> Json:
    return {
        "since": instant(drift.since),
        "since_phase": drift.since_phase.value,
        "since_snapshot": drift.since_snapshot,
        "entries": [_entry(entry) for entry in drift.entries],
        "events": [_event(event) for event in drift.events],
        "unchanged_findings": drift.unchanged_findings,
        "told_at": instant(drift.told_at) if drift.told_at else None,
        "told_phase": drift.told_phase.value if drift.told_phase else None,
        "told_snapshot": drift.told_snapshot,
        "open_since": {name: instant(since) for name, since in sorted(drift.open_since.items())},
        "suspect": maybe_text(drift.suspect),
        "notes": [text(note) for note in drift.notes],
    }


def _entry(entry: DriftEntry) -> Json:
    return {
        "plane": entry.plane,
        "name": text(entry.name),
        "change": entry.change,
        "title": text(entry.title),
        "direction": entry.direction,
        "before": plain(entry.before),
        "after": plain(entry.after),
        "told": entry.told,
        "asserted": entry.asserted,
        "times": entry.times,
        "complies": entry.complies,
        "since": instant(entry.since) if entry.since else None,
        "by": _attribution(entry.by) if entry.by else None,
    }


def _attribution(by: Attribution) -> Json:
    return {"actor": maybe_text(by.actor), "at": instant(by.at) if by.at else None, "note": text(by.note)}


def _event(event: DriftEvent) -> Json:
    return {
        "kind": event.kind,
        "at": instant(event.at),
        "actor": maybe_text(event.actor),
        "what": text(event.what),
        "changes": None if event.changes is None else [_step(step) for step in event.changes],
    }


def _step(step: DriftStep) -> Json:
    return {
        "name": text(step.name),
        "title": text(step.title),
        "direction": step.direction,
        "before": plain(step.before),
        "after": plain(step.after),
    }


def _summary(summary: Summary) -> Json:
    return {
        "policies": {outcome.value: count for outcome, count in summary.outcomes.items()},
        "findings": {severity: count for severity, count in summary.findings.items()},  # noqa: C416 - widened for the type
        "pre_existing": summary.pre_existing,
        "unknowns": summary.unknowns,
        "pre_existing_unknowns": summary.pre_existing_unknowns,
        "waived": summary.waived,
        "subjects": summary.subjects,
    }
