"""CI on a pull request, with what GitHub tells of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

POLICIES = """
kind: pull-request
id: requests
issue: {open: true}
allowed_paths: as-issue
---
kind: change-size
id: small
files: 0
exception: {approved: true}
---
kind: branch-name
id: names
names: ["topic/{slug}"]
---
kind: commit-message
id: style
conventional: true
"""
TOKEN = "ghs_ReaderOfTheRepository001"
BODY = "Fixes #7\n\nAllowed paths: docs/**\n\nWide change: everything is generated"


def event(body: str) -> dict[str, object]:
    repository = {"id": 1, "full_name": "octo/app", "default_branch": "main"}
    pull = {
        "number": 12,
        "title": "A change",
        "body": body,
        "draft": False,
        "user": {"login": "ada"},
        "labels": [],
        "base": {"ref": "main", "sha": "0" * 40, "repo": repository},
        "head": {"ref": "topic/tiles", "sha": "0" * 40, "repo": repository},
    }
    return {"pull_request": pull, "repository": repository}


def issue(number: int, body: str = "### Allowed paths (fnmatch)\n\ndocs/**", **keys: object) -> dict[str, object]:
    at = "https://api.github.com/repos/octo/app"
    return {"number": number, "state": "open", "body": body, "repository_url": at, **keys}


def review(login: str) -> dict[str, object]:
    return {"id": 1, "user": {"login": login}, "state": "APPROVED", "author_association": "COLLABORATOR"}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(TOKEN, "app", permissions={"issues": "read", "pull_requests": "read"})
    made.repository("octo/app").answer("issues/7", issue(7), permission="issues")
    made.repository("octo/app").answer("pulls/12/reviews", [review("mona")], permission="pull_requests")
    return made


@pytest.fixture
def check(repository: Repository, govcheck: Govcheck, state: State, tmp_path: Path) -> Iterator[Govcheck]:
    repository.commit_file("policies/requests.yaml", POLICIES)
    repository.checkout("work", new=True)
    repository.write("docs/b.md", "b")
    repository.stage("docs/b.md")
    repository.run("commit", "-qm", "docs: a page")
    repository.run("checkout", "-q", "--detach")
    with FakeGitHub(state) as github:

        def run(*arguments: str, body: str = BODY, command: tuple[str, ...] = ("check",)) -> Ran:
            (tmp_path / "event.json").write_text(json.dumps(event(body)))
            variables = {"GITHUB_API_URL": github.url, "GH_TOKEN": TOKEN}
            options = ("--base", "main", "--repository", "octo/app", "--format", "json")
            return govcheck(*command, *options, *arguments, GITHUB_EVENT_PATH=str(tmp_path / "event.json"), **variables)

        yield run


def found(ran: Ran) -> set[tuple[str, str]]:
    return {(one["policy"], one["control"]) for one in ran.report["findings"]}


def test_a_pull_request_that_is_as_it_should_be(check: Govcheck):
    ran = check("--live")
    assert (ran.code, found(ran), ran.report["unknowns"]) == (0, set(), [])


def test_offline_an_approval_cannot_be_told(check: Govcheck):
    ran = check()
    assert (ran.code, found(ran)) == (3, set())
    assert [(one["policy"], one["control"]) for one in ran.report["unknowns"]] == [("small", "files")]


def test_what_github_knows_better(check: Govcheck, state: State):
    repository = state.repository("octo/app")
    repository.answer("issues/7", issue(7, "Allowed paths: app/**", state="closed"), permission="issues")
    repository.answer("pulls/12/reviews", [review("ada")], permission="pull_requests")
    ran = check("--live")
    assert (ran.code, found(ran)) == (1, {("requests", "issue"), ("requests", "issue-paths"), ("small", "files")})


def test_an_issue_that_is_not_there_and_one_of_another_repository(check: Govcheck):
    ran = check("--live", body=BODY.replace("#7", "#8, fixes other/place#9"))
    assert (ran.code, found(ran)) == (1, {("requests", "issue-repository")})
    assert [(one["subject"], one["permission"]) for one in ran.report["unknowns"]] == [("octo/app#8", "issues:read")]


def test_a_recording_of_it_replays_the_same(check: Govcheck, govcheck: Govcheck, tmp_path: Path):
    kept = str(tmp_path / "run.json")
    first = check("--live", command=("record", kept, "check"))
    assert (first.code, first.report["unknowns"]) == (0, [])
    again = govcheck("check", "--replay", kept, "--format", "json")
    assert (again.code, again.report["findings"]) == (0, first.report["findings"])
