"""A pull request that changes the policies, judged in CI."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

POLICY = """
kind: policy-change
id: policies-have-owners
reviewers: [user:boss]
weakening: forbidden
"""
RUN_TOKEN = "ghs_" + "TokenOfTheWorkflowRun1"


@pytest.fixture
def state() -> State:
    made = State()
    made.token(RUN_TOKEN, "app", permissions={"contents": "read", "pull_requests": "read", "administration": "read"})
    made.repository("octo/app")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def branch(repository: Repository) -> Repository:
    repository.write("policies/change.yaml", POLICY)
    repository.write("CODEOWNERS", "* @boss\n")
    repository.stage()
    repository.commit()
    repository.checkout("feature", new=True)
    return repository


@pytest.fixture
def check(branch: Repository, govcheck: Govcheck, github: FakeGitHub, tmp_path: Path):
    def run(*arguments: str) -> Ran:
        pull = {
            "number": 7,
            "title": "Change",
            "body": None,
            "draft": False,
            "user": {"login": "author"},
            "labels": [],
            "base": {"ref": "main", "sha": "a" * 40, "repo": {"id": 7}},
            "head": {"ref": "feature", "sha": branch.head(), "repo": {"id": 7}},
        }
        event = tmp_path / "event.json"
        event.write_text(json.dumps({"pull_request": pull}))
        variables = {
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": "octo/app",
            "GITHUB_TOKEN": RUN_TOKEN,
        }
        return govcheck("check", "--base", "main", "--live", "--format", "json", *arguments, **variables)

    return run


def of(ran: Ran) -> list[tuple[str, str]]:
    findings = [one for one in ran.report["findings"] if one["policy"] == "policies-have-owners"]
    return [(one["control"], one["subject"]) for one in findings if not one["pre_existing"]]


def test_a_change_of_something_else_needs_no_review(branch: Repository, check):
    branch.commit_file("docs/b.md")
    ran = check()
    assert (ran.code, of(ran)) == (0, []), ran.out


def test_a_stronger_policy_needs_the_review_of_a_reviewer(branch: Repository, check, state: State):
    branch.commit_file("policies/more.yaml", "kind: allowed-paths\nid: more\nallow: ['**']\ndeny: ['*.env']\n")
    state.repository("octo/app").answer("pulls/7/reviews", [], permission="pull_requests")
    ran = check()
    assert (ran.code, of(ran)) == (1, [("reviewed", "pull/7")])
    approval = {"id": 1, "user": {"login": "boss"}, "state": "APPROVED", "commit_id": branch.head()}
    state.repository("octo/app").answer("pulls/7/reviews", [approval], permission="pull_requests")
    ran = check()
    assert (ran.code, of(ran)) == (0, [])


def test_no_review_lets_a_policy_be_weakened_or_the_rule_itself_be_removed(branch: Repository, check, state: State):
    branch.write("policies/docs.yaml", 'kind: allowed-paths\nid: docs-only\nallow: ["**"]\n')
    branch.delete("policies/change.yaml")
    branch.stage()
    approval = {"id": 1, "user": {"login": "boss"}, "state": "APPROVED", "commit_id": branch.commit()}
    state.repository("octo/app").answer("pulls/7/reviews", [approval], permission="pull_requests")
    ran = check()
    assert ran.code == 1
    assert [subject for control, subject in of(ran) if control == "weakening"] == ["policies-have-owners"]
    (unsure,) = [one for one in ran.report["unknowns"] if one["control"] == "weakening"]
    assert unsure["subject"] == "docs-only"


def test_reviews_that_cannot_be_read_are_unknown(branch: Repository, check, state: State):
    branch.commit_file("policies/more.yaml", "kind: allowed-paths\nid: more\nallow: ['**']\ndeny: ['*.env']\n")
    state.repository("octo/app").answer("pulls/7/reviews", {"message": "Server Error"}, status=500)
    ran = check("--max-wait", "0")
    assert (ran.code, of(ran)) == (3, [])
