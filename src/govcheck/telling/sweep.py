"""A sweep as those read it who tell of it: from its JSON report, or from its snapshot."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from govcheck.findings import SEVERITIES, Severity
from govcheck.records import frozen, replace
from govcheck.snapshot import Snapshot

Status = Literal["fail", "unknown"]


@frozen(kw_only=True)
class Item:
    """One thing that is open: it fails, or nobody could tell."""

    fingerprint: str
    policy: str
    kind: str
    control: str
    subject: str
    status: Status
    severity: Severity
    message: str
    where: str
    """A path with its line, a setting or an address; empty where there is none."""

    fix: str
    since: datetime | None
    """When the first of an unbroken row of sweeps saw it; None where that is not known."""

    count: int = 1
    """How many findings have this fingerprint."""


@frozen(kw_only=True)
class Event:
    """A setting that got weaker and that no policy asserts: it is told once, and never closed."""

    name: str
    title: str
    before: str
    after: str
    by: str


@frozen(kw_only=True)
class JudgedPolicy:
    """One policy of the sweep."""

    id: str
    kind: str
    severity: Severity
    outcome: str
    has_unknowns: bool


@frozen(kw_only=True)
class Sweep:
    """What one sweep came to."""

    govcheck: str
    repository: str
    phase: str
    commit: str
    started_at: datetime
    finished_at: datetime
    items: tuple[Item, ...]
    """What is open, by weight."""

    waived: frozenset[str]
    """Fingerprints of what a waiver excuses, and nothing else of that name is open."""

    policies: tuple[JudgedPolicy, ...]
    unknown_reasons: Mapping[str, int]
    events: tuple[Event, ...]
    drift: Mapping[tuple[str, str, str], int] | None
    """Plane, change and direction to how many; None where nothing was compared."""

    cost: Mapping[str, int]
    """Requests, those of them that GitHub does not count, and GraphQL points."""

    uncovered: int
    uncovered_security: int
    exit_code: int


def of_report(document: Mapping[str, Any]) -> Sweep:
    """The sweep of a JSON report that its schema has seen.

    Raises:
        ValueError: where the report is not a sweep's, or does not say of which repository.
    """
    if document["phase"] is None:
        raise ValueError(f"it is the report of a check (stage {document['stage']}), and not of a sweep")
    drift = document["drift"]
    made = _sweep(document, drift["open_since"] if drift else {}, document["started_at"], document["finished_at"])
    if drift is None:
        return made
    entries = drift["entries"]
    counted = Counter((entry["plane"], entry["change"], entry["direction"] or "none") for entry in entries)
    return replace(made, drift=counted, events=(*_events(entries), *_meanwhile(drift["events"])))


def of_snapshot(snapshot: Snapshot) -> Sweep:
    """The sweep that a snapshot is of. It does not know what drifted: only a report compares.

    Raises:
        ValueError: where it does not say of which repository it is.
    """
    document = {
        "govcheck": snapshot.govcheck,
        "repository": snapshot.repository,
        "phase": snapshot.phase.value,
        "commit": snapshot.commit,
        "policies": snapshot.policies,
        "findings": snapshot.findings,
        "unknowns": snapshot.unknowns,
        "coverage": snapshot.coverage,
        "exit_code": snapshot.exit_code,
    }
    since = {name: moment.isoformat() for name, moment in snapshot.open_since.items()}
    return _sweep(document, since, snapshot.started_at.isoformat(), snapshot.finished_at.isoformat())


def _sweep(document: Mapping[str, Any], since: Mapping[str, str], started: str, finished: str) -> Sweep:
    if not document["repository"]:
        raise ValueError("it does not say of which repository it is")
    severities = {policy["id"]: policy["severity"] for policy in document["policies"]}
    findings, unknowns = document["findings"], document["unknowns"]
    open_findings = [one for one in findings if one["outcome"] == "fail" and not one["pre_existing"]]
    open_unknowns = [one for one in unknowns if one["waiver"] is None and not one["pre_existing"]]
    items = [_item(one, "fail", one["severity"], since) for one in open_findings]
    items += [_item(one, "unknown", severities.get(one["policy"], "error"), since) for one in open_unknowns]
    joined = _joined(items)
    known = {item.fingerprint for item in joined}
    waived = {one["fingerprint"] for one in (*findings, *unknowns) if one["waiver"] is not None}
    blind = {one["policy"] for one in open_unknowns}
    coverage = document["coverage"]
    return Sweep(
        govcheck=document["govcheck"],
        repository=document["repository"],
        phase=document["phase"],
        commit=document["commit"] or "",
        started_at=datetime.fromisoformat(started),
        finished_at=datetime.fromisoformat(finished),
        items=joined,
        waived=frozenset(waived - known),
        policies=tuple(
            JudgedPolicy(
                id=policy["id"],
                kind=policy["kind"],
                severity=policy["severity"],
                outcome=policy["outcome"],
                has_unknowns=policy["id"] in blind,
            )
            for policy in document["policies"]
        ),
        unknown_reasons=Counter(one["reason"] for one in open_unknowns),
        events=(),
        drift=None,
        cost={name: coverage[name] for name in ("requests", "not_modified", "graphql_points")},
        uncovered=len(coverage["uncovered"]),
        uncovered_security=len(coverage["uncovered_security"]),
        exit_code=document["exit_code"],
    )


def _item(entry: Mapping[str, Any], status: Status, severity: Severity, since: Mapping[str, str]) -> Item:
    first = since.get(entry["fingerprint"])
    fix = entry.get("fix")
    return Item(
        fingerprint=entry["fingerprint"],
        policy=entry["policy"],
        kind=entry["kind"],
        control=entry["control"],
        subject=entry["subject"],
        status=status,
        severity=severity,
        message=entry["message"] if status == "fail" else f"{entry['message']} ({entry['reason']})",
        where=_where(entry["location"]),
        fix=fix["text"] if fix else "",
        since=datetime.fromisoformat(first) if first else None,
    )


def _where(location: Mapping[str, Any] | None) -> str:
    if not location:
        return ""
    if "path" in location:
        return f"{location['path']}:{location['line']}" if location["line"] else str(location["path"])
    return str(location["setting"] or location["url"] or "")


def _joined(items: Iterable[Item]) -> tuple[Item, ...]:
    """One item for each fingerprint, the worst first: what fails speaks for what could not be told beside it."""
    by_name: dict[str, Item] = {}
    for item in items:
        before = by_name.get(item.fingerprint)
        by_name[item.fingerprint] = replace(before, count=before.count + 1) if before else item
    return tuple(sorted(by_name.values(), key=_weight))


def _weight(item: Item) -> tuple[bool, int, str, str, str]:
    return item.status == "unknown", SEVERITIES.index(item.severity), item.policy, item.control, item.subject


def _events(entries: Iterable[Mapping[str, Any]]) -> Iterable[Event]:
    for entry in entries:
        if entry["plane"] == "setting" and entry["direction"] == "weakened" and not entry["asserted"]:
            by = entry["by"] or {"actor": None, "note": ""}
            yield Event(
                name=entry["name"],
                title=entry["title"],
                before=_value(entry["before"]),
                after=_value(entry["after"]),
                by=by["actor"] or by["note"],
            )


def _meanwhile(happened: Iterable[Mapping[str, Any]]) -> Iterable[Event]:
    """What was weaker for a while: nothing is open of it, and still somebody has to know."""
    for one in happened:
        for step in one["changes"] or ():
            if step["direction"] == "weakened":
                yield Event(
                    name=f"{step['name']} at {one['at']}",
                    title=f"{step['title']} of {one['what']}, at {one['at']}",
                    before=_value(step["before"]),
                    after=_value(step["after"]),
                    by=one["actor"] or "somebody whom GitHub does not name",
                )


def _value(value: object) -> str:
    return "nothing" if value is None else str(value)
