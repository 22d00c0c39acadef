"""Reports for tests: one by hand, and any that can be."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from govcheck.findings import SEVERITIES, Evidence, Finding, Fix, Location, Outcome, Reason, Undecided
from govcheck.policy import LoadedPolicy, Policy
from govcheck.report import (
    Coverage,
    Drift,
    DriftEntry,
    Phase,
    PolicyResult,
    Report,
    ReportedFinding,
    ReportedUnknown,
    Stage,
)
from govcheck.waiver import Waiver

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 17, 2, tzinfo=UTC)


def policy(id_="docs", kind="allowed-paths", **keys):
    return LoadedPolicy(Policy(kind=kind, id=id_, **keys), f"policies/{id_}.yaml", 3)


def found(of=None, *, pre_existing=False, **keys):
    keys = {"control": "path", "subject": "a.md", "message": "a.md is stray", "plane": "repo", **keys}
    return ReportedFinding(policy=of or policy(), finding=Finding(**keys), pre_existing=pre_existing)


def unknown(of=None, *, pre_existing=False, **keys):
    keys = {"control": "approvals", "subject": "main", "reason": Reason.API_ERROR, "message": "no answer", **keys}
    return ReportedUnknown(policy=of or policy(), undecided=Undecided(**keys), pre_existing=pre_existing)


def result(*said, of=None, outcome=None, **keys):
    findings = tuple(one for one in said if isinstance(one, ReportedFinding))
    unknowns = tuple(one for one in said if isinstance(one, ReportedUnknown))
    outcome = outcome or (Outcome.FAIL if findings else Outcome.UNKNOWN if unknowns else Outcome.PASS)
    own = of or (said[0].policy if said else policy())
    return PolicyResult(policy=own, outcome=outcome, findings=findings, unknowns=unknowns, **{"subjects": 1, **keys})


def report(*results, **keys):
    given = {
        "repository": "o/r",
        "stage": Stage.TREE,
        "commit": "a" * 40,
        "policies_from": "policies/",
        "started_at": EVENING - timedelta(seconds=2),
        "finished_at": EVENING,
        "exit_code": 1 if any(one.findings for one in results) else 3 if any(one.unknowns for one in results) else 0,
    }
    return Report(results=results, **(given | keys))


hostile = st.text(max_size=30) | st.text(
    st.sampled_from(
        [
            "\n",
            "\r",
            "\x1b",
            "[",
            ":",
            ":",
            "#",
            "\u202e",
            "\udcff",
            "\ud800",
            "|",
            "<",
            "&",
            "`",
            "%",
            "\x9b",
            "\x00",
            "a",
            " ",
            "\\",
        ]
    ),
    max_size=30,
)
"""Text as nobody would write it, lone surrogates included."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile, inner, max_size=3),
    max_leaves=6,
)
"""JSON values, NaN and infinities included."""

instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis takes bounds without a zone

_numbers = st.none() | st.integers(1, 9)

locations = (
    st.builds(Location)
    | st.builds(Location, path=hostile, line=_numbers, column=_numbers)
    | st.builds(Location, setting=st.none() | hostile, url=st.none() | hostile)
)

policies = st.builds(
    LoadedPolicy,
    st.builds(
        Policy,
        kind=st.sampled_from(["allowed-paths", "required-checks"]),
        id=st.sampled_from(["docs", "checks", "main"]),
        severity=st.sampled_from(SEVERITIES),
        why=hostile,
        owner=hostile,
        links=st.lists(hostile, max_size=2).map(tuple),
    ),
    hostile,
    st.integers(0, 9),
)

findings = st.builds(
    Finding,
    control=hostile,
    subject=hostile,
    message=hostile,
    plane=st.sampled_from(["repo", "workflow", "live"]),
    location=locations,
    severity=st.none() | st.sampled_from(SEVERITIES),
    expected=json_values,
    actual=json_values,
    direction=st.sampled_from(["weakened", "strengthened", "changed", None]),
    fix=st.none() | st.builds(Fix, text=hostile, command=st.none() | hostile),
    evidence=st.lists(st.builds(Evidence, text=hostile, location=st.none() | locations), max_size=2).map(tuple),
)

undecided = st.builds(
    Undecided,
    control=hostile,
    subject=hostile,
    reason=st.sampled_from(Reason),
    message=hostile,
    permission=st.none() | hostile,
    endpoint=st.none() | hostile,
    status=st.none() | st.integers(100, 599),
    location=locations,
    grantable=st.booleans(),
)


waivers = st.builds(
    Waiver,
    policy=st.just("docs"),
    control=hostile,
    subject=hostile,
    reason=hostile,
    owner=hostile,
    approved_by=hostile,
    ticket=hostile,
    created=st.just("2026-11-01"),
    expires=st.sampled_from(["2026-12-01", "2026-12-01T08:00:00+01:00"]),
)


@st.composite
def results(draw):
    of = draw(policies)
    return PolicyResult(
        policy=of,
        outcome=draw(st.sampled_from(Outcome)),
        reason=draw(st.none() | hostile),
        subjects=draw(st.integers(0, 9)),
        duration_ms=draw(st.floats()),
        findings=tuple(
            draw(
                st.lists(
                    st.builds(
                        ReportedFinding,
                        policy=st.just(of),
                        finding=findings,
                        pre_existing=st.booleans(),
                        waiver=st.none() | waivers,
                    ),
                    max_size=3,
                )
            )
        ),
        unknowns=tuple(
            draw(
                st.lists(
                    st.builds(
                        ReportedUnknown,
                        policy=st.just(of),
                        undecided=undecided,
                        pre_existing=st.booleans(),
                        waiver=st.none() | waivers,
                    ),
                    max_size=2,
                )
            )
        ),
        not_offered=tuple(draw(st.lists(hostile, max_size=2))),
    )


_entries = st.builds(
    DriftEntry,
    plane=st.sampled_from(["setting", "finding", "unknown"]),
    name=hostile,
    change=st.sampled_from(["introduced", "fixed", "gone", "changed", "became-unknown", "became-known"]),
    title=hostile,
    direction=st.sampled_from(["weakened", "strengthened", "changed", None]),
    before=json_values,
    after=json_values,
    told=st.booleans(),
    asserted=st.booleans(),
)

drifts = st.builds(
    Drift,
    since=instants,
    since_phase=st.sampled_from(Phase),
    since_snapshot=st.just("0" * 64),
    entries=st.lists(_entries, max_size=3).map(tuple),
    unchanged_findings=st.integers(0, 9),
    told_at=st.none() | instants,
    told_phase=st.none() | st.sampled_from(Phase),
    told_snapshot=st.none() | st.just("1" * 64),
    open_since=st.dictionaries(st.text("0123456789abcdef", max_size=16), instants, max_size=2),
    notes=st.lists(hostile, max_size=2).map(tuple),
)

reports = st.builds(
    Report,
    repository=st.none() | hostile,
    stage=st.sampled_from(Stage),
    phase=st.none() | st.sampled_from(Phase),
    commit=st.none() | hostile,
    policies_from=hostile,
    started_at=instants,
    finished_at=instants,
    results=st.lists(results(), max_size=3).map(tuple),
    coverage=st.builds(
        Coverage,
        requests=st.integers(0, 9),
        uncovered=st.lists(hostile, max_size=2).map(tuple),
        uncovered_security=st.lists(hostile, max_size=7).map(tuple),
    ),
    drift=st.none() | drifts,
    notes=st.lists(hostile, max_size=2).map(tuple),
    exit_code=st.sampled_from([0, 1, 3]),
    sources=st.dictionaries(hostile, hostile, max_size=2),
)
