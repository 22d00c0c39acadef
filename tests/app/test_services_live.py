"""A sweep that asks a Prometheus, and a recording of it, by the real program."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository
from service_server import serving

POLICY = """
kind: service-level
id: is-up
query: up
min: 1
"""
ADMIN = "ghp_AdminOfTheRepository0001"
TOKEN = "a-token-of-prometheus-0123456789"


def up(value: str) -> dict[str, object]:
    result = [{"metric": {"app": TOKEN}, "value": [1, value]}]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    state = State()
    state.token(ADMIN, "classic", role="admin")
    state.repository("octo/app")
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def run(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.commit_file("policies/up.yaml", POLICY)

    def ask(*arguments: str, **variables: str) -> Ran:
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN, "PROMETHEUS_TOKEN": TOKEN, **variables}
        return govcheck(*arguments, "--repository", "octo/app", "--format", "json", **environment)

    return ask


def outcome(ran: Ran) -> str:
    (policy,) = [one for one in json.loads(ran.out)["policies"] if one["id"] == "is-up"]
    return policy["outcome"]


def test_without_its_variables_it_is_not_on_offer(run: Govcheck):
    assert outcome(run("sweep")) == "not-applicable"


@pytest.mark.parametrize(("value", "expected"), [("1", "pass"), ("0", "fail"), ("NaN", "unknown")])
def test_what_prometheus_says(run: Govcheck, value: str, expected: str):
    with serving({"/api/v1/query": (200, up(value))}) as service:
        assert outcome(run("sweep", PROMETHEUS_URL=service.url)) == expected


def test_check_live_asks_it_too(run: Govcheck):
    with serving({"/api/v1/query": (200, up("0"))}) as service:
        assert outcome(run("check", "--live", PROMETHEUS_URL=service.url)) == "fail"


def test_one_that_is_not_there_is_unknown(run: Govcheck):
    with serving({}) as service:
        url = service.url
    assert outcome(run("sweep", PROMETHEUS_URL=url)) == "unknown"


def test_a_recording_has_the_answer_and_not_the_token(run: Govcheck, govcheck: Govcheck, tmp_path: Path):
    file = tmp_path / "run.json"
    with serving({"/api/v1/query": (200, up("0"))}) as service:
        ran = run("record", str(file), "sweep", PROMETHEUS_URL=service.url)
    assert "PrometheusSeries" in file.read_text()
    assert TOKEN not in file.read_text() + ran.out + ran.err
    assert outcome(govcheck("sweep", "--replay", str(file), "--format", "json")) == "fail"
