"""The newest runs of workflows, from a GitHub that is asked as little as can be."""

from datetime import UTC, datetime, timedelta

import pytest

from fake_github import FakeGitHub, State, Time
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.settings.run_windows import window
from govcheck.settings.workflow_runs import history
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.governor import Clock

ADMIN = "ghp_" + "admin" * 7
NEWEST = datetime(2026, 10, 1, 10, tzinfo=UTC)
APP = "ghs_" + "app" * 12
ROLLBACK = ".github/workflows/rollback.yml"
JOB = {"started_at": "2026-10-01T10:00:00Z", "completed_at": "2026-10-01T10:04:00Z"}
LATER = {"started_at": "2026-10-01T10:05:00Z", "completed_at": "2026-10-01T10:06:30Z"}


def wanted(*files):
    return WorkflowRunsRequest(WorkflowRuns, files)


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    state.token(APP, "app", permissions={"contents": "read"})
    repository = state.repository("octo/app")
    repository.workflow_run(ROLLBACK, "2026-10-01T10:00:00Z", rollback=JOB, verify=LATER)
    repository.workflow_run(ROLLBACK, "2026-09-01T10:00:00Z", "failure", rollback=JOB)
    repository.workflow(".github/workflows/ci.yml")
    repository.workflow("dynamic/pages/pages-build-deployment")
    return state


@pytest.fixture
def github(state):
    with FakeGitHub(state) as github:
        yield github


@pytest.fixture
def facts(github):
    time = Time()

    def facts(*requests, token=ADMIN):
        configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": token})
        clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
        with Client(configuration, clock=clock) as client:
            return gather(client, "octo/app", requests)

    return facts


def test_the_runs_of_the_workflows_that_are_asked_for_with_their_jobs(facts, github):
    request = wanted("rollback*.yml")
    found = history(facts(request)[request], ROLLBACK)
    assert found.whole
    assert found.trouble is None
    assert [(run.conclusion, run.created) for run in found.runs] == [
        ("success", datetime(2026, 10, 1, 10, tzinfo=UTC)),
        ("failure", datetime(2026, 9, 1, 10, tzinfo=UTC)),
    ]
    assert found.runs[0].took == timedelta(minutes=6, seconds=30)
    assert [job.name for job in found.runs[0].jobs] == ["rollback", "verify"]
    assert sorted(path.partition("/actions/")[2] for path in github.paths if "/actions/" in path) == [
        "runs/5000/jobs",
        "runs/5001/jobs",
        "workflows",
        "workflows/rollback.yml/runs",
    ]


def test_two_requests_share_what_they_ask(facts, github):
    first, second = wanted("*.yml"), wanted("rollback.yml", "none.yml")
    found = facts(first, second)
    assert [one.path for one in found[first].workflows] == [ROLLBACK, ".github/workflows/ci.yml"]
    assert [one.path for one in found[second].workflows] == [ROLLBACK]
    assert len(github.paths) == len(set(github.paths))


def test_only_the_newest_runs_of_each_end_are_looked_into(facts, state):
    repository = state.repository("octo/app")
    for day in range(28, 20, -1):
        repository.workflow_run(ROLLBACK, f"2026-08-{day}T10:00:00Z", rollback=JOB)
    request = wanted("rollback.yml")
    found = history(facts(request)[request], ROLLBACK)
    assert [run.jobs is not None for run in found.runs] == [True] * 6 + [False] * 4


def test_without_the_permission_it_is_named(facts):
    request = wanted("rollback.yml")
    found = facts(request, token=APP)[request]
    assert found.workflows == ()
    trouble = history(found, ROLLBACK).trouble
    assert (trouble.reason.value, trouble.permission) == ("permission", "actions=read".replace("=", ":"))


def test_a_token_that_is_none_is_told_once(facts, github):
    request = wanted("rollback.yml")
    found = facts(request, token="ghp_" + "nobody" * 6)[request]
    assert found.listed.status == 401
    assert not any("/actions/" in path for path in github.paths)


def test_a_workflow_that_github_does_not_know(facts):
    request = wanted("rollback.yml")
    assert history(facts(request)[request], ".github/workflows/other.yml") is None


def test_the_runs_of_some_days_are_read_page_by_page_until_they_are_old_enough(facts, github, state):
    repository = state.repository("octo/app")
    for number in range(450):
        day = NEWEST - timedelta(hours=6 * number)
        repository.workflow_run("nightly.yml", day.isoformat().replace("+00:00", "Z"))
    request = WorkflowRunsRequest(WorkflowRuns, ("nightly.yml",), 30)
    (found,) = facts(request)[request].workflows
    assert (len(found.runs.body["workflow_runs"]), found.runs.body["total_count"]) == (200, 450)
    assert [path for path in github.paths if path.endswith("/nightly.yml/runs")] == [
        "/repos/octo/app/actions/workflows/nightly.yml/runs"
    ] * 2
    told = window(found, NEWEST - timedelta(days=30))
    assert (told.whole, len(told.runs)) == (True, 121)


def test_a_later_page_that_does_not_come_leaves_the_runs_unknown(facts, state):
    repository = state.repository("octo/app")
    for number in range(150):
        repository.workflow_run("nightly.yml", "2026-10-01T10:00:00Z", **({"a": JOB} if number > 200 else {}))
    state.fault("page=2", "error", status=422, message="Validation Failed")
    request = WorkflowRunsRequest(WorkflowRuns, ("nightly.yml",), 30)
    (found,) = facts(request)[request].workflows
    assert window(found, NEWEST).trouble is not None
