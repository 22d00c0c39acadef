"""How well runs are, by what GitHub answers of them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.live import Answer, LiveRepository
from govcheck.facts.now import Now
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.ci_health import CiHealth, RunDurations, machines, measured
from govcheck.settings.run_figures import FAILURES, SUCCESS, Red, green_share, percentile, reds
from govcheck.settings.workflow_runs import WorkflowRun
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.workflow_files import read_workflows

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FILE = ".github/workflows/ci.yml"
OLD = timedelta(days=200)


def at(instant):
    return instant.isoformat().replace("+00:00", "Z")


def run(ago, *, took=timedelta(minutes=2), conclusion="success", **keys):
    began = NOW - ago
    return {
        "id": keys.pop("id", int(began.timestamp())),
        "event": "push",
        "status": "completed",
        "conclusion": conclusion,
        "head_branch": "main",
        "head_repository": {"full_name": "o/r"},
        "run_attempt": 1,
        "created_at": at(began),
        "run_started_at": at(began),
        "updated_at": at(began + took),
        "html_url": "https://github.com/o/r/actions/runs/1",
        **keys,
    }


def answer(body, status=200, **keys):
    return Answer(endpoint="repos/o/r/actions/x", status=status, message="", body=body, **keys)


def fact(*runs, total=None, jobs=(), state="active", paths=(FILE,), answered=None):
    listed = answer({"total_count": 1, "workflows": [{"path": path, "state": state} for path in paths]})
    body = {"total_count": len(runs) if total is None else total, "workflow_runs": list(runs)}
    one = RunsOfWorkflow(path=FILE, state=state, runs=answered or answer(body), jobs=tuple(jobs))
    return WorkflowRuns(listed=listed, workflows=(one,))


def said(found, body=None, **keys):
    policy = CiHealth(id="ci", workflows=("ci.yml",), **keys)
    body = {"default_branch": "main", "full_name": "o/r"} if body is None else body
    return [
        one
        for one in measured.judge(policy, found, LiveRepository(answer(body)), Now(NOW))
        if not isinstance(one, Judged)
    ]


def told(found, **keys):
    return [(type(one).__name__, one.control) for one in said(found, **keys)]


DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SLOW = run(DAY, took=9 * MINUTE)


@pytest.mark.parametrize(
    ("found", "duration", "expected"),
    [
        (fact(run(DAY), run(2 * DAY), SLOW), RunDurations(p50="5m", max="10m"), []),
        (fact(run(DAY), run(2 * DAY), SLOW), RunDurations(p95="5m"), [("Finding", "duration.p95")]),
        (fact(run(DAY), run(2 * DAY), SLOW), RunDurations(max="5m"), [("Finding", "duration.max")]),
        (fact(run(DAY), run(40 * DAY, took=HOUR)), RunDurations(max="5m"), []),
        (fact(run(DAY, conclusion="cancelled", took=HOUR)), RunDurations(max="5m"), []),
        (fact(run(DAY, run_started_at=None)), RunDurations(max="5m"), [("Undecided", "duration")]),
        (fact(run(DAY), total=2000), RunDurations(max="5m"), [("Undecided", "duration.max")]),
        (
            fact(SLOW, total=2000),
            RunDurations(max="5m", p95="5m"),
            [("Undecided", "duration.p95"), ("Finding", "duration.max")],
        ),
        (fact(SLOW, run(31 * DAY), total=2000), RunDurations(p95="5m"), [("Finding", "duration.p95")]),
        (fact(), RunDurations(max="5m"), []),
    ],
    ids=["fast", "p95", "max", "older", "cancelled", "untold", "cut", "cut-and-slow", "reaches", "none"],
)
def test_how_long_runs_take(found, duration, expected):
    assert told(found, duration=duration) == expected


def test_what_is_said_of_a_slow_workflow():
    (found,) = said(fact(run(DAY), run(2 * DAY), SLOW), duration=RunDurations(max="5m"))
    assert found.message == "ci.yml takes too long: of 3 runs in 30d, p50 2m, p95 9m, max 9m"
    assert (found.expected, found.actual, found.subject) == ("5m", "9m", FILE)


def fails(ago, **keys):
    return run(ago, conclusion="failure", **keys)


@pytest.mark.parametrize(
    ("found", "keys", "expected"),
    [
        (fact(run(DAY, run_attempt=3)), {"attempts": 3}, []),
        (fact(run(DAY, run_attempt=4)), {"attempts": 3}, [("Finding", "attempts")]),
        (fact(run(DAY, run_attempt=4), total=999), {"attempts": 3}, [("Finding", "attempts")]),
        (fact(run(DAY), total=999), {"attempts": 3}, [("Undecided", "attempts")]),
        (fact(*(run(DAY, id=number) for number in range(19)), fails(2 * DAY)), {"success_rate": 95}, []),
        (
            fact(*(run(DAY, id=number) for number in range(18)), fails(2 * DAY)),
            {"success_rate": 95},
            [("Finding", "success_rate")],
        ),
        (fact(run(DAY, conclusion="cancelled")), {"success_rate": 95}, []),
        (fact(run(DAY), total=999), {"success_rate": 95}, [("Undecided", "success_rate")]),
        (fact(run(DAY), fails(2 * DAY)), {"green": 100}, [("Finding", "green")]),
        (fact(run(DAY), fails(2 * DAY)), {"green": 90}, []),
        (fact(run(DAY), fails(2 * DAY, event="pull_request")), {"green": 100}, []),
        (fact(run(DAY), fails(2 * DAY, head_branch="feature")), {"green": 100}, []),
        (fact(run(DAY), fails(2 * DAY, head_repository={"full_name": "stranger/r"})), {"green": 100}, []),
        (fact(run(DAY), fails(40 * DAY)), {"green": 100}, [("Finding", "green")]),
        (fact(run(DAY), run(40 * DAY, head_branch="x"), total=99), {"green": 100}, [("Undecided", "green")]),
        (fact(run(DAY), total=99), {"green": 100}, [("Undecided", "green")]),
        (fact(fails(2 * DAY), run(3 * DAY)), {"red_for": "1d"}, [("Finding", "red_for")]),
        (fact(fails(HOUR), run(3 * DAY)), {"red_for": "1d"}, []),
        (fact(run(HOUR), fails(2 * DAY)), {"red_for": "1d"}, []),
        (fact(fails(HOUR), fails(2 * HOUR), run(DAY)), {"consecutive_failures": 2}, []),
        (fact(fails(HOUR), fails(2 * HOUR)), {"consecutive_failures": 1}, [("Finding", "consecutive_failures")]),
    ],
)
def test_attempts_successes_and_the_default_branch(found, keys, expected):
    assert told(found, **keys) == expected


def queued(ago):
    return run(ago, conclusion=None, status="queued")


def no_steps(*jobs):
    return ((int((NOW - DAY).timestamp()), answer({"total_count": len(jobs), "jobs": list(jobs)})),)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (fact(queued(2 * HOUR)), "it has been queued since 2026-11-27 10:00 UTC"),
        (fact(queued(MINUTE)), ""),
        (fact(run(DAY, conclusion="startup_failure")), "GitHub could not start it (startup_failure)"),
        (
            fact(fails(DAY), jobs=no_steps({"name": "a", "conclusion": "failure", "steps": []})),
            "it failed, and none of its jobs had a single step",
        ),
        (fact(fails(DAY), jobs=no_steps({"name": "a", "conclusion": "failure", "steps": [{"name": "x"}]})), ""),
        (fact(fails(DAY), jobs=no_steps({"name": "a", "conclusion": "failure"})), ""),
    ],
)
def test_runs_that_never_start(found, expected):
    messages = [one.message for one in said(found, starts_within="1h")]
    assert messages == ([f"a run of ci.yml never started: of the newest one, {expected}"] if expected else [])


def test_what_cannot_be_told_is_never_well():
    refused = answer(None, 403, permission="actions:read")
    (found,) = said(fact(answered=refused), attempts=1)
    assert (found.control, found.permission) == ("runs", "actions:read")
    assert told(fact(run(DAY), paths=("x.yml",)), attempts=1) == [("Undecided", "workflows")]
    left = fact(run(DAY), paths=(FILE, ".github/workflows/sub-ci.yml"))
    policy = CiHealth(id="ci", attempts=1)
    found = [
        one for one in measured.judge(policy, left, LiveRepository(answer({})), Now(NOW)) if isinstance(one, Undecided)
    ]
    assert [(one.control, one.subject) for one in found] == [("workflows", "unread")]
    (found,) = said(fact(run(DAY)), body={}, green=100)
    assert (found.control, found.reason) == ("green", Reason.MISSING_OBJECT)


def test_a_workflow_that_is_off_has_nothing_to_answer_for():
    assert said(fact(answered=answer(None, 500), state="disabled_manually"), attempts=1) == []


def test_machines_that_cost_more():
    files = {
        FILE: b"""
on: push
jobs:
  a: {runs-on: ubuntu-latest}
  b: {runs-on: ubuntu-latest-16-cores}
  c: {runs-on: '${{ inputs.x }}'}
"""
    }
    found = [
        one
        for one in machines.judge(CiHealth(id="ci", runners=("Ubuntu-latest",)), read_workflows(files))
        if not isinstance(one, Judged)
    ]
    assert [(type(one), one.subject) for one in found] == [(Finding, f"{FILE}:b"), (Undecided, f"{FILE}:c")]


@pytest.mark.parametrize(
    "key",
    [
        "over: 1h",
        "over: 91d",
        "duration: {max: soon}",
        "green: 101",
        "attempts: 0",
        "starts_within: 5",
        "workflows: [a**b]",
    ],
)
def test_what_is_refused(key):
    with pytest.raises(Exception, match=key.partition(":")[0]):
        load_policies([PolicySource("p.yaml", f"kind: ci-health\nid: a\n{key}".encode())])


LENGTHS = st.lists(st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)), min_size=1)


@given(LENGTHS, st.integers(1, 100))
def test_a_percentile_is_one_of_them_and_so_many_do_not_exceed_it(lengths, share):
    found = percentile(lengths, share)
    assert found in lengths
    assert sum(length <= found for length in lengths) * 100 >= share * len(lengths)
    assert sum(length < found for length in lengths) * 100 < share * len(lengths)


RUNS = st.lists(
    st.tuples(st.integers(0, 1000), st.sampled_from([SUCCESS, "cancelled", *sorted(FAILURES)])),
    unique_by=lambda pair: pair[0],
).map(
    lambda pairs: [
        WorkflowRun(id=number, conclusion=end, created=NOW + timedelta(minutes=number), url=None, jobs=None)
        for number, end in pairs
    ]
)


@given(RUNS, st.integers(0, 1000), st.integers(0, 1000))
def test_red_times_are_apart_and_their_share_is_one(runs, since, length):
    found = reds(runs)
    start = NOW + timedelta(minutes=since)
    assert 0 <= green_share(found, start, start + timedelta(minutes=length)) <= 100
    assert all(isinstance(one, Red) and one.until is not None for one in found[:-1])
    assert all(one.until <= other.since for one, other in pairwise(found))
    ends = [run.conclusion for run in sorted(runs, key=lambda run: run.id) if run.conclusion != "cancelled"]
    assert (bool(found) and found[-1].until is None) == (bool(ends) and ends[-1] in FAILURES)


@pytest.mark.parametrize(
    ("runs", "keys", "expected"),
    [
        ([run(timedelta(days=1), took=timedelta(minutes=60))], {}, "fail"),
        ([run(timedelta(days=1), took=timedelta(minutes=30, seconds=1))], {"minutes_per_week": 8}, None),
        ([run(timedelta(days=1), took=timedelta(seconds=1))] * 35, {"minutes_per_week": 8}, None),
        ([run(timedelta(days=1), took=timedelta(seconds=1))] * 40, {"minutes_per_week": 8}, "fail"),
        ([run(timedelta(days=40), took=timedelta(hours=9))], {}, None),
        ([run(timedelta(days=1), conclusion=None, took=timedelta(hours=9))], {}, None),
    ],
)
def test_minutes_of_a_week(runs, keys, expected):
    found = said(fact(*runs), **{"over": "30d", "minutes_per_week": 8, **keys})
    assert [one.control for one in found] == (["minutes_per_week"] if expected else [])


def test_minutes_that_were_not_all_read_can_fail_and_not_pass():
    (unknown,) = said(fact(run(timedelta(days=1)), total=9999), minutes_per_week=100)
    assert isinstance(unknown, Undecided)
    (finding,) = said(fact(run(timedelta(days=1), took=timedelta(days=1)), total=9999), minutes_per_week=100)
    assert isinstance(finding, Finding)
