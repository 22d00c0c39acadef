"""Answers of single endpoints, each asked once, and those of every environment."""

import json
from urllib.parse import parse_qs

import pytest

from fake_github import FakeGitHub, State
from fake_github.alert_shapes import SECRET, dependabot_alert
from fake_github.answers import query_of
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.settings import endpoints
from govcheck.settings.endpoints import ENVIRONMENTS, REPOSITORY, Endpoint
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather

ADMIN = "ghp_AdminOfTheRepository0001"
SECRETS = f"{REPOSITORY}/environments/{{environment_name}}/secrets"


@pytest.fixture
def state(monkeypatch):
    own = Endpoint(template=SECRETS, permission="environments:read", key="secrets", pages=True)
    monkeypatch.setitem(endpoints.ENDPOINTS, SECRETS, own)
    state = State()
    state.token(ADMIN)
    repository = state.repository("octo/app")
    names = [{"name": "production"}, {"name": "a/b"}]
    repository.answer("environments", {"environments": names}, permission="actions", key="environments")
    repository.answer("environments/production/secrets", {"secrets": [{"name": "A"}] * 130}, key="secrets")
    return state


def ask(state, *templates, token=ADMIN):
    with FakeGitHub(state) as github:
        client = Client(from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": token, "NO_PROXY": "*"}))
        request = LiveAnswersRequest(LiveAnswers, templates)
        with client:
            return gather(client, "octo/app", [request])[request]


def test_every_environment_is_asked_for_its_own(state):
    found = ask(state, SECRETS)
    name = f"{REPOSITORY}/environments/production/secrets"
    assert found.answers.keys() == {name, f"{REPOSITORY}/environments/a/b/secrets"}
    assert len(found.answers[name].body["secrets"]) == 130
    assert found.answers[f"{REPOSITORY}/environments/a/b/secrets"].status == 404
    assert found.answers[f"{REPOSITORY}/environments/a/b/secrets"].endpoint.endswith("environments/a%2Fb/secrets")


def test_environments_that_cannot_be_listed_stand_in_the_way_of_all(state):
    state.document["repositories"]["octo/app"]["answers"].pop("environments")
    assert ask(state, SECRETS).answers[SECRETS].status == 404
    assert ask(state, ENVIRONMENTS).answers[ENVIRONMENTS].status == 404


def test_the_repository_itself_needs_no_further_question(state):
    found = ask(state, REPOSITORY)
    assert (found.repository.status, found.answers) == (200, {})


def test_a_token_that_is_not_valid_asks_nothing_more(state):
    found = ask(state, ENVIRONMENTS, token="ghp_NobodyKnowsThisTokenAtAll")
    assert found.answers[ENVIRONMENTS].status == 401


ALERT = {"number": 1, "state": "open", "secret_type": "x", "secret": SECRET, "resolution_comment": SECRET}


def test_secrets_are_neither_asked_for_nor_kept_where_they_come_all_the_same(state, tmp_path):
    state.repository("octo/app").answer("secret-scanning/alerts", [ALERT], permission="secret_scanning_alerts")
    state.fault("secret-scanning/alerts", "raw", body=json.dumps([ALERT, "odd", {"number": {"secret": SECRET}}]))
    with FakeGitHub(state) as github:
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN, "NO_PROXY": "*"}
        with Client(from_environment(environment, cache=tmp_path)) as client:
            request = LiveAnswersRequest(LiveAnswers, (endpoints.SECRET_ALERTS, endpoints.GENERIC_SECRET_ALERTS))
            found = gather(client, "octo/app", [request])[request]
        asked = [query_of(one.path.partition("?")[2]) for one in github.requests[1:]]
    listed = found.answers[endpoints.SECRET_ALERTS]
    assert listed.body == [{"number": 1, "state": "open", "secret_type": "x"}, None, {"number": None}]
    assert listed.endpoint == "repos/octo/app/secret-scanning/alerts?state=open"
    assert all((one["hide_secret"], one["state"]) == ("true", "open") for one in asked)
    assert {"rsa_private_key" in one.get("secret_type", "") for one in asked} == {True, False}
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept
    assert SECRET.encode() not in kept


def test_pages_that_only_cursors_name_are_followed_to_the_end(state):
    alerts = [dependabot_alert(number, "low", "2026-10-01T00:00:00Z") for number in range(250)]
    state.repository("octo/app").answer("dependabot/alerts", alerts, permission="vulnerability_alerts", cursor=True)
    found = ask(state, endpoints.DEPENDABOT_ALERTS).answers[endpoints.DEPENDABOT_ALERTS]
    assert ([alert["number"] for alert in found.body], found.complete) == ([*range(250)], True)
    assert found.body[0] == {
        "number": 0,
        "state": "open",
        "created_at": "2026-10-01T00:00:00Z",
        "html_url": "https://github.com/octo/app/security/dependabot/0",
        "dependency": {"package": {"name": "package-0"}, "manifest_path": "requirements.txt"},
        "security_vulnerability": {"severity": "low"},
    }


def test_analyses_are_asked_for_the_default_branch_alone(state):
    state.repository("octo/app", default_branch="release/2&3")
    with FakeGitHub(state) as github:
        client = Client(from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN, "NO_PROXY": "*"}))
        request = LiveAnswersRequest(LiveAnswers, (endpoints.CODE_SCANNING_ANALYSES,))
        with client:
            found = gather(client, "octo/app", [request])[request]
        (query,) = [one.path.partition("?")[2] for one in github.requests if "analyses" in one.path]
    assert parse_qs(query) == {"ref": ["refs/heads/release/2&3"]}
    assert found.answers[endpoints.CODE_SCANNING_ANALYSES].endpoint.startswith("repos/octo/app/code-scanning/analyses")
