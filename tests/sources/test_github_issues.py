"""Open issues, from a GitHub that is asked."""

import pytest

from fake_github import FakeGitHub, State, Time
from govcheck.facts import Request
from govcheck.facts.issues import LiveIssues
from govcheck.settings.issues import comments, issues
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.governor import Clock

ADMIN = "ghp_" + "admin" * 7
APP = "ghs_" + "app" * 12
REQUEST = Request(LiveIssues)


def written(number, **keys):
    whole = {"number": number, "title": "T", "body": "x", "labels": [{"name": "task"}], "assignees": [{"login": "m"}]}
    return whole | {"created_at": "2026-11-01T00:00:00Z", "comments": 0, "user": {"login": "m"}} | keys


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    state.token(APP, "app", permissions={"contents": "read"})
    repository = state.repository("octo/app")
    pull = written(500, pull_request={"url": "x"}, body="a secret")
    repository.answer("issues", [*map(written, range(150)), pull], permission="issues")
    said = {"issue_url": "https://api.github.com/repos/octo/app/issues/7", "created_at": "2026-11-02T00:00:00Z"}
    repository.answer("issues/comments", [said | {"body": "a secret"}], permission="issues")
    return state


def asked(github, token=ADMIN):
    time = Time()
    configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": token})
    clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
    with Client(configuration, clock=clock) as client:
        return gather(client, "octo/app", [REQUEST])[REQUEST]


def test_every_page_comes_and_only_what_is_judged_is_kept(state):
    with FakeGitHub(state) as github:
        found = asked(github)
    told = issues(found)
    assert (told.trouble, len(told.found)) == (None, 151)
    assert (told.found[0].labels, told.found[0].assignees) == (frozenset({"task"}), frozenset({"m"}))
    assert (told.found[-1].is_pull_request, told.found[-1].body) == (True, "")
    assert list(comments(found).newest) == [7]
    assert "a secret" not in repr(found)


def test_without_the_permission_it_is_named(state):
    with FakeGitHub(state) as github:
        found = asked(github, APP)
    assert (issues(found).trouble.permission, comments(found).trouble.permission) == ("issues:read", "issues:read")


def test_a_later_page_that_does_not_come_is_told(state):
    state.fault("page=2", "error", status=422, message="Validation Failed")
    with FakeGitHub(state) as github:
        assert issues(asked(github)).trouble is not None


def test_a_repository_that_is_none_is_asked_nothing_more(state):
    with FakeGitHub(state) as github:
        assert issues(asked(github, "ghp_" + "nobody" * 6)).trouble is not None
        assert not [path for path in github.paths if "issues" in path]
