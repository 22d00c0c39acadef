"""Answers of single endpoints, each asked once, and those of every environment."""

import pytest

from fake_github import FakeGitHub, State
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
