"""What belongs together in a report that people read: findings of one control, unknowns with one cause."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from govcheck.findings import Evidence, Fix, Reason, Severity
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen, replace
from govcheck.report import Drift, DriftEntry, PolicyResult, Report, ReportedFinding, ReportedUnknown
from govcheck.reporters.wording import compared

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry")

_UNREACHED = re.compile(r"\S+ cannot be reached \([^()]*\)")

FIRST = 10
"""How many alike are shown before the rest is only counted."""


@frozen(kw_only=True)
class Group:
    """Findings of one policy, one control and one severity; never empty."""

    severity: Severity
    policy: LoadedPolicy
    control: str
    findings: tuple[ReportedFinding, ...]

    fix: Fix | None = None
    """The fix that all of several findings share."""

    compared: str = ""
    """What was expected and found, as far as all of several findings share it; else empty."""

    evidence: tuple[Evidence, ...] = ()
    """The evidence that all of several findings share."""


@frozen(kw_only=True)
class UnknownGroup:
    """Unknowns that one thing would settle; never empty."""

    reason: Reason
    permission: str | None
    unknowns: tuple[ReportedUnknown, ...]
    cause: str = ""
    """What stood in the way of all of them, where that is one thing: `api.github.com cannot be reached (...)`."""

    def controls(self) -> Iterator[tuple[str, str]]:
        """For each policy its controls, with their subjects: (`main-protected`, `approvals, bypass (main)`)."""
        for policy, unknowns in _by(self.unknowns, lambda unknown: unknown.policy.policy.id).items():
            subjects = _by(unknowns, lambda unknown: unknown.undecided.subject)
            yield policy, "; ".join(_controls(subject, alike) for subject, alike in subjects.items())

    def messages(self) -> tuple[ReportedUnknown, ...]:
        """One of those that say the same of the same place."""
        said = {
            (entry.undecided.message, entry.undecided.endpoint, entry.undecided.location): entry
            for entry in reversed(self.unknowns)
        }
        return tuple(reversed(said.values()))


def open_findings(report: Report) -> list[ReportedFinding]:
    """Findings that count: neither pre-existing nor waived."""
    return [found for found in report.findings if not found.pre_existing and found.waiver is None]


def open_unknowns(report: Report) -> list[ReportedUnknown]:
    """Unknowns that count, likewise."""
    return [unknown for unknown in report.unknowns if not unknown.pre_existing and unknown.waiver is None]


def grouped(findings: Iterable[ReportedFinding]) -> list[Group]:
    """Findings in groups, in the order in which the first of each came."""
    groups = _by(findings, lambda found: (found.severity, found.policy.policy.id, found.finding.control))
    return [
        _group(Group(severity=severity, policy=alike[0].policy, control=control, findings=tuple(alike)))
        for (severity, _, control), alike in groups.items()
    ]


def _group(group: Group) -> Group:
    """The same group with what its findings share."""
    findings = [found.finding for found in group.findings]
    if len(findings) == 1:
        return group
    fixes = {found.fix for found in findings}
    told = {compared(found) for found in findings}
    shared = set.intersection(*(set(found.evidence) for found in findings))
    return replace(
        group,
        fix=fixes.pop() if len(fixes) == 1 else None,
        compared=told.pop() if len(told) == 1 else "",
        evidence=tuple(evidence for evidence in findings[0].evidence if evidence in shared),
    )


def grouped_unknowns(unknowns: Iterable[ReportedUnknown]) -> list[UnknownGroup]:
    """Unknowns in groups: one for each permission that is missing and for each server that is not there.

    Others are grouped by reason, policy, and endpoint or control.
    """
    return [
        UnknownGroup(reason=key[0], permission=key[1], unknowns=tuple(alike), cause=_unreached(alike[0]))
        for key, alike in _by(unknowns, _cause).items()
    ]


def told_before(report: Report) -> frozenset[str]:
    """Fingerprints of findings that an earlier sweep told in the same words."""
    drift = report.drift
    if drift is None:
        return frozenset()
    news = {entry.name for entry in _news(drift)}
    return frozenset(found.fingerprint for found in report.findings) - news


def by_reason(results: Iterable[PolicyResult]) -> dict[str, list[str]]:
    """Policy ids by the reason of their outcome."""
    reasons: dict[str, list[str]] = {}
    for result in results:
        reasons.setdefault(result.reason or "", []).append(result.policy.policy.id)
    return reasons


def _news(drift: Drift) -> Iterator[DriftEntry]:
    return (entry for entry in drift.entries if entry.plane == "finding" and not entry.told)


def _cause(unknown: ReportedUnknown) -> tuple[Reason, str | None, str, str]:
    undecided = unknown.undecided
    if cause := _unreached(unknown):
        return undecided.reason, None, "", cause
    if undecided.permission:
        return undecided.reason, undecided.permission, "", ""
    return undecided.reason, None, unknown.policy.policy.id, undecided.endpoint or undecided.control


def _unreached(unknown: ReportedUnknown) -> str:
    """That a server is not there, in the words of whoever asked it; empty where it is something else."""
    undecided = unknown.undecided
    found = _UNREACHED.search(undecided.message) if undecided.reason is Reason.API_ERROR else None
    return found[0] if found else ""


def _controls(subject: str, unknowns: list[ReportedUnknown]) -> str:
    controls = ", ".join(dict.fromkeys(unknown.undecided.control for unknown in unknowns))
    return f"{controls} ({subject})" if subject else controls


def _by(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, list[Entry]]:
    groups: dict[Key, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups
