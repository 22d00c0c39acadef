"""What the runs of workflows came to."""

from datetime import UTC, datetime, timedelta

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.settings.exercises import exercises
from govcheck.settings.workflow_runs import history

FILE = ".github/workflows/rollback.yml"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def answer(body, **more):
    return Answer(endpoint="repos/o/r/actions/x", **{"status": 200, "message": "", "body": body, **more})


def fact(runs, jobs=(), state="active"):
    listed = answer({"total_count": 1, "workflows": []})
    return WorkflowRuns(listed=listed, workflows=(RunsOfWorkflow(path=FILE, state=state, runs=runs, jobs=jobs),))


def run(number=1, created="2026-10-01T10:00:00Z", conclusion="success"):
    return {"id": number, "created_at": created, "conclusion": conclusion, "html_url": "https://x.example"}


def job(name="rollback", conclusion="success", started="2026-10-01T10:00:00Z", completed="2026-10-01T10:02:00Z"):
    return {"name": name, "conclusion": conclusion, "started_at": started, "completed_at": completed}


def jobs(*entries, number=1):
    return (number, answer({"total_count": len(entries), "jobs": list(entries)}))


def runs(*entries, total=None):
    return answer({"total_count": len(entries) if total is None else total, "workflow_runs": list(entries)})


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"total_count": 1, "workflow_runs": {}},
        {"total_count": 1, "workflow_runs": [1]},
        {"total_count": 1, "workflow_runs": [{"id": 1}]},
        {"total_count": 1, "workflow_runs": [{"id": "1", "created_at": "2026-10-01T10:00:00Z"}]},
        {"total_count": 1, "workflow_runs": [{"id": 1, "created_at": "yesterday"}]},
        {"total_count": 1, "workflow_runs": [{"id": 1, "created_at": "2026-10-01T10:00:00"}]},
        {"total_count": "1", "workflow_runs": []},
    ],
)
def test_what_is_not_of_the_documented_shape_is_said(body):
    assert history(fact(answer(body)), FILE).trouble.reason.value == "unparseable"


def test_jobs_of_an_odd_shape_are_said():
    assert history(fact(runs(run()), ((1, answer({"jobs": 1})),)), FILE).trouble.reason.value == "unparseable"
    assert history(fact(runs(run()), ((1, answer([])),)), FILE).trouble.reason.value == "unparseable"


def test_a_refusal_is_trouble():
    refused = answer(None, status=403, message="Resource not accessible by integration", permission="actions:read")
    assert history(fact(refused), FILE).trouble.permission == "actions:read"


def test_skipped_jobs_take_no_time_and_the_whole_run_counts_from_first_to_last():
    late = job("notify", completed="2026-10-01T10:09:00Z", started="2026-10-01T10:03:00Z")
    skipped = job("x", conclusion="skipped", completed="2026-10-01T20:00:00Z")
    (found,) = history(fact(runs(run()), (jobs(job(), late, skipped),)), FILE).runs
    assert found.took == timedelta(minutes=9)


@pytest.mark.parametrize(
    ("given", "name", "whole", "last", "doubt"),
    [
        (fact(runs(run()), (jobs(job()),)), "rollback", True, True, False),
        (fact(runs(run()), (jobs(job("rollback (eu)")),)), "rollback", True, True, False),
        (fact(runs(run()), (jobs(job(conclusion="failure")),)), "rollback", True, False, False),
        (fact(runs(run()), (jobs(job("verify")),)), "rollback", True, False, False),
        (fact(runs(run()), ()), "rollback", True, False, True),
        (fact(runs(run(conclusion="failure")), (jobs(job()),)), "rollback", True, False, False),
        (fact(runs(run(conclusion="failure")), (jobs(job()),)), "rollback", False, True, False),
        (fact(runs(run(conclusion="failure")), ()), "rollback", True, False, False),
        (fact(runs(run(conclusion="failure")), ()), "rollback", False, False, True),
        (fact(runs(run(), total=90), (jobs(job("verify")),)), "rollback", True, False, True),
        (fact(runs(run(created="2025-01-01T00:00:00Z"), total=90), ()), "rollback", True, False, False),
        (fact(runs(), ()), "rollback", True, False, False),
        (fact(runs(run()), (jobs(job()),)), None, True, False, True),
        (fact(runs(run()), (jobs(job()),), state="disabled_manually"), "rollback", True, False, False),
    ],
)
def test_when_it_was_last_exercised_and_whether_there_may_be_more(given, name, whole, last, doubt):
    found = exercises(history(given, FILE), name, "rollback.yml:rollback", whole=whole)
    assert (found.last is not None) is last
    assert bool(found.doubt(NOW, timedelta(days=90))) is doubt


def test_a_workflow_that_github_does_not_list():
    found = exercises(history(fact(runs()), "other.yml"), "rollback", "x", whole=True)
    assert found.doubt(NOW, None) == "GitHub lists no such workflow among those that were asked for"


def test_a_job_of_a_run_takes_its_own_time():
    given = fact(runs(run()), (jobs(job(), job("x", completed="2026-10-01T11:00:00Z")),))
    assert exercises(history(given, FILE), "rollback", "x", whole=False).last.took == timedelta(minutes=2)
    assert exercises(history(given, FILE), "rollback", "x", whole=True).last.took == timedelta(hours=1)
