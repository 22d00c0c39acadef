"""Branches and how far they are ahead, from a GitHub that is asked as little as can be."""

import pytest

from fake_github import FakeGitHub, State, Time
from govcheck.facts import Request
from govcheck.facts.open_work import LiveOpenWork
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.governor import Clock

ADMIN = "ghp_" + "admin" * 7
REQUEST = Request(LiveOpenWork)
SEEN = "2026-11-01T00:00:00Z"


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    repository = state.repository("octo/app")
    for name in ("main", "agent/qa/1", "pulled"):
        repository.tip(name, SEEN)
    own = {"ref": "pulled", "repo": {"full_name": "octo/app"}}
    drawn = {"number": 1, "draft": True, "body": "text", "created_at": SEEN, "head": own, "base": {"ref": "main"}}
    repository.answer("pulls", [drawn, drawn | {"draft": False, "number": 2}])
    repository.answer("branches", [])
    repository.answer("compare/main...agent/qa/1", {"ahead_by": 2, "status": "ahead", "commits": [{}]})
    return state


def asked(github):
    time = Time()
    configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
    clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
    with Client(configuration, clock=clock) as client:
        return gather(client, "octo/app", [REQUEST])[REQUEST]


def test_only_branches_without_a_pull_request_are_compared(state):
    with FakeGitHub(state) as github:
        found = asked(github)
        compared = [path for path in github.paths if "/compare/" in path]
    assert compared == ["/repos/octo/app/compare/main...agent%2Fqa%2F1"]
    assert [(name, answer.body) for name, answer in found.comparisons] == [
        ("agent/qa/1", {"ahead_by": 2, "status": "ahead"})
    ]
    assert [("body" in one) for one in found.branches.pulls.body] == [True, False]


def test_without_the_pull_requests_nothing_is_compared(state):
    state.fault("/pulls", "error", status=422, message="no")
    with FakeGitHub(state) as github:
        assert asked(github).comparisons == ()
        assert not [path for path in github.paths if "/compare/" in path]
