"""Whether the sweeps themselves ran."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.sweeps import KeptSweeps
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Finding, Held, Judged, Undecided
from govcheck.records import replace
from govcheck.rules.sweep_freshness import SweepFreshness, kept, ran
from govcheck.settings.heartbeats import Age

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOW = Now(MONDAY)
POLICY = SweepFreshness(id="fresh", startup="26h", shutdown="26h")
WEEKENDS = SweepFreshness(id="fresh", startup="26h", shutdown="26h", rest_days=("saturday", "sunday"))
LIVE = SweepFreshness(id="fresh", workflow="sweep.yml", workflow_within="26h")


def sweeps(phase="startup", startup=None, shutdown=None, adhoc=None):
    ago = {
        name: None if hours is None else MONDAY - timedelta(hours=hours)
        for name, hours in locals().items()
        if name != "phase"
    }
    return KeptSweeps(phase=phase, **ago)


DAMAGED = ("a.json.gz is damaged",)


def said(found, policy=POLICY):
    heard = [one for one in kept.judge(policy, found, NOW) if not isinstance(one, Judged)]
    return [(type(one), one.control) for one in heard]


@pytest.mark.parametrize(
    ("found", "policy", "expected"),
    [
        (sweeps(startup=24, shutdown=15), POLICY, [(Held, "startup"), (Held, "shutdown")]),
        (sweeps(startup=26, shutdown=27), POLICY, [(Held, "startup"), (Finding, "shutdown")]),
        (sweeps(startup=72, shutdown=62), WEEKENDS, [(Held, "startup"), (Held, "shutdown")]),
        (sweeps(startup=72, shutdown=62), POLICY, [(Finding, "startup"), (Finding, "shutdown")]),
        (sweeps(startup=96, shutdown=62), WEEKENDS, [(Finding, "startup"), (Held, "shutdown")]),
        (sweeps(), POLICY, [(Held, "startup"), (Held, "shutdown")]),
        (sweeps(shutdown=15), POLICY, [(Held, "shutdown")]),
        (sweeps("shutdown", shutdown=15), POLICY, [(Finding, "startup"), (Held, "shutdown")]),
        (sweeps("adhoc", adhoc=1), POLICY, [(Finding, "startup"), (Finding, "shutdown")]),
        (sweeps(startup=-1, shutdown=1), POLICY, [(Undecided, "startup"), (Held, "shutdown")]),
        (replace(sweeps(), unread=DAMAGED), POLICY, [(Undecided, "startup"), (Undecided, "shutdown")]),
        (replace(sweeps(shutdown=27), unread=DAMAGED), POLICY, [(Undecided, "startup"), (Finding, "shutdown")]),
        (replace(sweeps(adhoc=1), unread=DAMAGED), POLICY, [(Undecided, "startup"), (Undecided, "shutdown")]),
    ],
)
def test_by_the_store(found, policy, expected):
    assert said(found, policy) == expected


def test_what_is_said_of_a_missed_one():
    found = next(one for one in kept.judge(POLICY, sweeps(startup=72, shutdown=1), NOW) if isinstance(one, Finding))
    assert found.message == "the newest startup sweep is of 2026-11-20 09:00 UTC, 72h ago: no more than 26h is allowed"
    assert found.fix.command == "govcheck sweep --phase startup"


def answer(body, status=200, **keys):
    return Answer(endpoint="repos/o/r/actions/workflows", status=status, message="", body=body, **keys)


def runs(*ends, state="active", known=True, total=None):
    listed = [
        {
            "id": number,
            "conclusion": end,
            "created_at": (MONDAY - timedelta(hours=hours)).isoformat(),
            "html_url": "https://github.com/o/r/actions/runs/1",
        }
        for number, (end, hours) in enumerate(ends)
    ]
    page = answer({"total_count": len(listed) if total is None else total, "workflow_runs": listed})
    one = RunsOfWorkflow(path=".github/workflows/sweep.yml", state=state, runs=page, jobs=())
    return WorkflowRuns(listed=answer([]), workflows=(one,) if known else ())


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (runs(("success", 3)), [Held]),
        (runs(("failure", 3)), [Held]),
        (runs(("cancelled", 3), ("success", 27)), [Finding]),
        (runs(("cancelled", 3)), [Finding]),
        (runs(("cancelled", 3), total=99), [Undecided]),
        (runs(), [Finding]),
        (runs(("success", 3), state="disabled_inactivity"), [Finding]),
        (runs(known=False), [Finding]),
        (WorkflowRuns(listed=answer(None, 403), workflows=()), [Undecided]),
    ],
)
def test_by_the_runs_of_the_workflow(found, expected):
    heard = [one for one in ran.judge(LIVE, found, NOW) if not isinstance(one, Judged)]
    assert [type(one) for one in heard] == expected


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({}, ()),
        ({"startup": "soon"}, ("startup",)),
        ({"workflow": "sweep.yml", "startup": "1h"}, ()),
        ({"workflow": ".github/workflows/sweep.yml", "workflow_within": "1h"}, ("workflow",)),
        ({"startup": "1h", "timezone": "Mars/Olympus"}, ("timezone",)),
        ({"startup": "1h", "timezone": "../../etc/passwd"}, ("timezone",)),
        (
            {
                "startup": "1h",
                "rest_days": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            },
            ("rest_days",),
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(keys, place):
    assert [where for where, _ in SweepFreshness(id="fresh", **keys).problems()] == [place]


INSTANTS = st.integers(0, 525_600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)


@given(INSTANTS, INSTANTS, INSTANTS, ZONES, st.frozensets(st.integers(0, 6), max_size=6))
def test_hours_add_up(one, two, three, zone, rest):
    first, middle, last = sorted((one, two, three))

    def age(start, end):
        return Age(last=start, now=end, zone=zone, rest=rest).counted

    assert age(first, middle) + age(middle, last) == age(first, last)
    other = frozenset(range(7)) - rest
    if rest:
        assert age(first, last) + Age(last=first, now=last, zone=zone, rest=other).counted == last - first
