"""GitHub as a test gives it: its own answers, and for everything else a refusal or nothing."""

import json

import pytest

from govcheck.app.given_live import GivenAnswers
from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import GivenAnswer
from govcheck.sources.github.exchange import HttpRequest

ROOT = "https://api.github.com"
OURS = "repos/octo-org/octo-repo"


def asked(path, method="GET", otherwise="refused", **live):
    answers = {name: GivenAnswer(**answer) for name, answer in live.items()}
    transport = GivenAnswers(Given(live=answers, otherwise=otherwise))
    response = transport.send(HttpRequest(method=method, url=f"{ROOT}/{path}", headers={}))
    return response.status, json.loads(response.body or b"null")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("branches/main/protection", f"{OURS}/branches/main/protection"),
        ("/branches/main/protection/", f"{OURS}/branches/main/protection"),
        ("repos/{owner}/{repo}/branches/main/protection", f"{OURS}/branches/main/protection"),
        ("branches/release/1", f"{OURS}/branches/release%2F1"),
        ("orgs/{org}/members", "orgs/octo-org/members?per_page=100"),
        ("rulesets", f"{OURS}/rulesets?includes_parents=true&per_page=100"),
        ("alerts?state=open", f"{OURS}/alerts?state=open&per_page=100"),
    ],
)
def test_an_endpoint_may_be_written_as_people_write_it(name, path):
    assert asked(path, **{name: {"status": 418, "body": [1]}}) == (418, [1])


def test_a_query_tells_two_questions_apart():
    live = {"alerts": {"body": []}, "alerts?state=open": {"body": [1]}}
    assert asked(f"{OURS}/alerts?state=open", **live) == (200, [1])
    assert asked(f"{OURS}/alerts?state=closed", **live) == (200, [])


def test_what_is_not_given_is_refused_but_for_the_repository_itself():
    assert asked(f"{OURS}/rulesets")[0] == 403
    assert asked("graphql", method="POST")[0] == 403
    status, body = asked(OURS)
    assert (status, body["full_name"], body["default_branch"]) == (200, "octo-org/octo-repo", "main")
    assert asked("repos/octo-org/another")[0] == 403


def test_what_is_given_of_the_repository_completes_its_document():
    status, body = asked(OURS, **{OURS: {"body": {"default_branch": "trunk", "archived": True}}})
    assert (status, body["full_name"], body["default_branch"], body["archived"]) == (
        200,
        "octo-org/octo-repo",
        "trunk",
        True,
    )
    assert asked(OURS, **{OURS: {"status": 404, "body": {"message": "Not Found"}}}) == (404, {"message": "Not Found"})


def test_nothing_set_is_what_github_says_of_a_bare_repository():
    assert asked(f"{OURS}/branches/main/protection", otherwise="nothing-set")[0] == 404
    assert asked(f"{OURS}/rulesets", otherwise="nothing-set") == (200, [])
    assert asked(f"{OURS}/collaborators", otherwise="nothing-set") == (200, [])
    _, body = asked("graphql", method="POST", otherwise="nothing-set")
    assert body["data"]["repository"]["branchProtectionRules"]["totalCount"] == 0
