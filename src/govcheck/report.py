"""The report: what a run came to. Reporters turn it into text; a snapshot keeps it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from govcheck.findings import (
    SEVERITIES,
    Direction,
    Finding,
    Held,
    Json,
    Outcome,
    Reason,
    Severity,
    Undecided,
    fingerprint,
)
from govcheck.policy import LoadedPolicy
from govcheck.records import field, frozen

if TYPE_CHECKING:  # a run without waivers, as the hook's mostly is, needs none of it
    from govcheck.waiver import Waiver

FailOn = Severity | Literal["never"]
OnUnknown = Literal["fail", "warn"]


class Stage(StrEnum):
    """At which moment a run judges; it decides which facts are on offer."""

    PRE_COMMIT = "pre-commit"
    CI = "ci"
    TREE = "tree"
    SWEEP = "sweep"


class Phase(StrEnum):
    """Which sweep of the day."""

    STARTUP = "startup"
    SHUTDOWN = "shutdown"
    ADHOC = "adhoc"


@frozen(kw_only=True)
class ReportedFinding:
    """A finding with the policy that it belongs to."""

    policy: LoadedPolicy
    finding: Finding
    pre_existing: bool = False
    """True where the base (or, at pre-commit, HEAD) had it already: shown, and not held against the change."""

    waiver: "Waiver | None" = None
    """What excuses it."""

    @property
    def fingerprint(self) -> str:
        """The lasting name; see `findings.fingerprint`."""
        return fingerprint(self.policy.policy.id, self.finding.control, self.finding.subject)

    @property
    def severity(self) -> Severity:
        """The finding's own, or else its policy's."""
        return self.finding.severity or self.policy.policy.severity


@frozen(kw_only=True)
class ReportedUnknown:
    """Something undecided, with the policy that it belongs to."""

    policy: LoadedPolicy
    undecided: Undecided
    pre_existing: bool = False
    """True where the base could not be told either, for a reason that lies in its files (`dynamic`, `unparseable`)."""

    waiver: "Waiver | None" = None
    """What excuses it."""

    @property
    def fingerprint(self) -> str:
        """The lasting name; see `findings.fingerprint`."""
        return fingerprint(self.policy.policy.id, self.undecided.control, self.undecided.subject)


@frozen(kw_only=True)
class PolicyResult:
    """The one outcome of one policy, and everything its checks said."""

    policy: LoadedPolicy
    outcome: Outcome
    reason: str | None = None
    """For `not-applicable` and `unknown`: why, in words."""

    subjects: int = 0
    duration_ms: float = 0.0
    findings: tuple[ReportedFinding, ...] = ()
    unknowns: tuple[ReportedUnknown, ...] = ()
    not_offered: tuple[str, ...] = ()
    """Parts of the policy that this stage, or this class of token, can never judge: a sentence each."""

    settings: tuple[str, ...] = ()
    """Live settings that the policy asserts something of, by name."""

    held: tuple[Held, ...] = ()
    """What was shown to be as the policy says, and how."""


@frozen(kw_only=True)
class Coverage:
    """What the run cost, and what is live yet asserted by nobody."""

    requests: int = 0
    """Requests sent to the API, answered from its cache or not."""

    not_modified: int = 0
    """Those of them that were answered 304, which GitHub does not count."""

    graphql_points: int = 0
    uncovered: tuple[str, ...] = ()
    """Live settings that were read and that no policy asserts, by name."""

    uncovered_security: tuple[str, ...] = ()
    """Those of them that bear on security."""


DriftChange = Literal[
    "introduced", "returned", "accepted", "fixed", "gone", "changed", "renamed", "became-unknown", "became-known"
]
"""What happened to a thing. `fixed`: judged, and no longer there. `gone`: removed, or nobody asserts it any more.
`returned`: introduced, and fixed before. `accepted`: a finding that a waiver excuses now. `renamed`: the same thing, by
its id, under another name."""


@frozen(kw_only=True)
class Attribution:
    """Who changed something, and when."""

    actor: str | None
    """A login, or `User 12`; None where GitHub does not tell."""

    at: datetime | None
    note: str
    """By what that is known (`ruleset 42`), or why it is not."""


DriftEventKind = Literal["ruleset-changed", "rules-bypassed", "force-pushed", "branch-deleted"]


@frozen(kw_only=True)
class DriftStep:
    """What one change of a ruleset did to one of its settings."""

    name: str
    """The setting's name."""

    title: str
    """What it is, for people."""

    direction: Direction | None
    before: Json
    after: Json


@frozen(kw_only=True)
class DriftEvent:
    """One thing that happened between two sweeps, beside what they see of it."""

    kind: str
    """One of `DriftEventKind`."""

    at: datetime
    actor: str | None
    what: str
    """A branch, another ref, or a ruleset."""

    changes: tuple[DriftStep, ...] | None = None
    """Of a ruleset: what that change did, weakened first; None where GitHub does not tell."""

    @property
    def weakens(self) -> bool:
        """Whether something was weaker after it."""
        return any(step.direction == "weakened" for step in self.changes or ())


@frozen(kw_only=True)
class DriftEntry:
    """One difference between two snapshots."""

    plane: Literal["setting", "finding", "unknown"]
    name: str
    """A setting's name, or a finding's fingerprint."""

    change: DriftChange
    title: str
    """What it is, for people."""

    direction: Direction | None
    """For a finding: `weakened` where it came, `strengthened` where it went. None where it cannot be told."""

    before: Json
    """A setting's value, a finding's message, why something was unknown; None where there was nothing."""

    after: Json
    told: bool = False
    """True where a sweep in between has told it already; see `Drift.told_at`."""

    asserted: bool = True
    """False for a setting that no policy asserts: a note, under the reserved policy id `drift`."""

    times: int = 0
    """For a finding that returned: how often it was fixed before."""

    complies: bool = False
    """True for a setting that moved, and with which every policy that asserts it still passes."""

    since: datetime | None = None
    """Where the sweep that this is measured from could not see it: when the last one finished that could."""

    by: Attribution | None = None
    """For a setting that moved: who moved it, as far as GitHub tells; None where nobody was asked."""


@frozen(kw_only=True)
class Drift:
    """What changed since another sweep."""

    since: datetime
    """When that sweep finished."""

    since_phase: Phase
    since_snapshot: str
    """The content hash of its snapshot."""

    entries: tuple[DriftEntry, ...]
    unchanged_findings: int
    """Findings that both sweeps have."""

    told_at: datetime | None = None
    """When a later sweep told part of this already: entries that are not `told` are measured from it."""

    told_phase: Phase | None = None
    told_snapshot: str | None = None
    """The content hash of that sweep's snapshot."""

    open_since: Mapping[str, datetime] = field(default_factory=dict)
    """For each finding of this sweep, by fingerprint: when the first of an unbroken row of sweeps saw it."""

    events: tuple[DriftEvent, ...] = ()
    """What else happened in between, the oldest first; asked only where a setting moved."""

    suspect: str | None = None
    """Why the token or the network is to be suspected before the repository: almost everything vanished at once."""

    notes: tuple[str, ...] = ()
    """What casts doubt on the comparison: everything vanished at once, another token, another govcheck."""


@frozen(kw_only=True)
class Summary:
    """The report in figures."""

    outcomes: Mapping[Outcome, int]
    """How many policies came to each outcome; every outcome is there."""

    findings: Mapping[Severity, int]
    """Findings that count against this run, by severity; every severity is there."""

    pre_existing: int
    """Findings that the base had already."""

    unknowns: int
    """What could not be told; without the pre-existing."""

    pre_existing_unknowns: int
    waived: int
    """Findings and unknowns that a waiver excuses; in no other figure."""

    subjects: int
    """How many things were looked at."""


@frozen(kw_only=True)
class Report:
    """Everything a run has to say. `exit_code` is part of it, so that no reader computes its own."""

    repository: str | None
    """`owner/name`, where it is known."""

    stage: Stage
    phase: Phase | None = None
    commit: str | None
    """The commit that was judged; None before the first one."""

    policies_from: str
    """Where the policies came from, in words: `the base (a1b2c3d)`, `policies/`, `govcheck:starter`."""

    started_at: datetime
    finished_at: datetime
    results: tuple[PolicyResult, ...]
    coverage: Coverage = Coverage()
    drift: Drift | None = None
    """For a sweep that has another one to compare with."""

    notes: tuple[str, ...] = ()
    """What a reader must know about the run itself: bootstrap, policies from outside, no earlier sweep."""

    exit_code: int
    fail_on: FailOn = "error"
    """The least severity of a finding that fails the run; formats that know only red and green go by it."""

    on_unknown: OnUnknown = "fail"
    """Whether what could not be told fails the run."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """Text of files that findings point into, by path, for excerpts. No part of the JSON report."""

    @property
    def findings(self) -> tuple[ReportedFinding, ...]:
        """All findings, most severe first, then by policy and place."""
        found = (finding for result in self.results for finding in result.findings)
        return tuple(sorted(found, key=_weight))

    @property
    def unknowns(self) -> tuple[ReportedUnknown, ...]:
        """All that is undecided, in the policies' order."""
        return tuple(unknown for result in self.results for unknown in result.unknowns)

    @property
    def waived(self) -> tuple["ReportedFinding | ReportedUnknown", ...]:
        """All that a waiver excuses: findings, then unknowns."""
        findings = (found for found in self.findings if found.waiver is not None)
        return (*findings, *(unknown for unknown in self.unknowns if unknown.waiver is not None))

    @property
    def summary(self) -> Summary:
        """The figures, counted once for every format."""
        findings = [found for found in self.findings if found.waiver is None]
        undecided = [unknown for unknown in self.unknowns if unknown.waiver is None]
        counted = Counter(found.severity for found in findings if not found.pre_existing)
        outcomes = Counter(result.outcome for result in self.results)
        unknowns = sum(not unknown.pre_existing for unknown in undecided)
        return Summary(
            outcomes={outcome: outcomes[outcome] for outcome in Outcome},
            findings={severity: counted[severity] for severity in SEVERITIES},
            pre_existing=sum(found.pre_existing for found in findings),
            unknowns=unknowns,
            pre_existing_unknowns=len(undecided) - unknowns,
            waived=len(self.findings) - len(findings) + len(self.unknowns) - len(undecided),
            subjects=sum(result.subjects for result in self.results),
        )


def exit_code(
    results: tuple[PolicyResult, ...],
    stage: Stage,
    *,
    fail_on: FailOn = "error",
    unknown: OnUnknown = "fail",
) -> int:
    """The exit code of a run that judged: 0, 1 or 3 (DESIGN section 4, docs/exit-codes.md)."""
    findings = (finding for result in results for finding in result.findings)
    if any(fails(finding, fail_on) for finding in findings):
        return 1
    unknowns = (entry for result in results for entry in result.unknowns)
    undecided = (entry for entry in unknowns if not entry.pre_existing and entry.waiver is None)
    if unknown == "fail" and any(undecided):
        return 3
    if stage in {Stage.TREE, Stage.SWEEP} and nothing_judged(results):
        return 3
    return 0


def nothing_judged(results: tuple[PolicyResult, ...]) -> bool:
    """Whether no policy at all was applicable, or found anything that it speaks of."""
    return all(result.outcome is Outcome.NOT_APPLICABLE or _empty(result) for result in results)


def _empty(result: PolicyResult) -> bool:
    return not (result.subjects or result.findings or result.unknowns)


def fails(found: ReportedFinding, fail_on: FailOn) -> bool:
    """Whether a finding makes the exit code 1."""
    if fail_on == "never" or found.pre_existing or found.waiver is not None:
        return False
    return SEVERITIES.index(found.severity) <= SEVERITIES.index(fail_on)


def _weight(found: ReportedFinding) -> tuple[bool, int, str, str, int, str, str]:
    place = found.finding.location
    return (
        found.pre_existing,
        SEVERITIES.index(found.severity),
        found.policy.policy.id,
        place.path or place.setting or "",
        place.line or 0,
        found.finding.control,
        found.finding.subject,
    )


FILE_REASONS = frozenset({Reason.DYNAMIC, Reason.UNPARSEABLE})
"""Reasons of an unknown that lie in the files themselves: a base can have had them already."""
