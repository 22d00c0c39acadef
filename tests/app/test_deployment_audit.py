"""Past deployments, by the program, over the fake GitHub and a log of the gate's own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fake_github import FakeGitHub, State
from govcheck.facts.decisions import Decision
from govcheck.store.decisions import append
from program import Govcheck, Ran
from repositories import Repository

TOKEN = "ghs_" + "TokenOfTheWorkflowRun1"
POLICY = """
kind: deployment-audit
id: audit
environments: [production]
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
log: governance/decisions.jsonl
"""
WINDOW = """
kind: deploy-window
id: hours
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
"""


@pytest.fixture
def state() -> State:
    made = State()
    made.token(TOKEN, "app", permissions={"contents": "read", "deployments": "read"})
    made.token(f"{TOKEN}x", "app", permissions={"contents": "read"})
    made.repository("octo/app")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def check(repository: Repository, govcheck: Govcheck, github: FakeGitHub):
    repository.write("policies/audit.yaml", POLICY)
    repository.write("policies/window.yaml", WINDOW)
    repository.write("policies/docs.yaml", "kind: allowed-paths\nid: docs\nallow: ['**']\ndeny: ['*.env']\n")
    repository.stage()
    repository.commit()

    def run(token: str = TOKEN) -> Ran:
        variables = {"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "octo/app", "GITHUB_TOKEN": token}
        at = ("--at", "2026-11-25T20:00:00Z")
        return govcheck("check", "--live", "--format", "json", *at, "--max-wait", "0", **variables)

    return run


def of(ran: Ran) -> list[tuple[str, str]]:
    return [(one["control"], one["subject"]) for one in ran.report["findings"] if one["policy"] == "audit"]


def deployed(state: State, number: int, at: str, commit: str) -> None:
    place = state.repository("octo/app")
    known = place.document["answers"].get("deployments?environment=production", {"body": []})["body"]
    entry = {"id": number, "sha": commit, "ref": "main", "creator": {"login": "octocat"}, "created_at": at}
    place.answer("deployments?environment=production", [entry, *known], permission="deployments")
    statuses = [{"id": 1, "state": "success", "created_at": at}]
    place.answer(f"deployments/{number}/statuses", statuses, permission="deployments")


def test_a_deployment_without_the_gate_is_told(repository: Repository, check, state: State):
    commit = repository.head()
    at = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    opened = Decision(
        time=at,
        judged_at=at,
        environment="production",
        commit=commit,
        actor="octocat",
        decision="open",
        why=(),
        policies=("hours",),
        policies_from="the default branch main",
    )
    append(repository.path / "governance" / "decisions.jsonl", opened)
    repository.stage()
    repository.commit()
    deployed(state, 1, "2026-11-23T18:05:00Z", commit)
    ran = check()
    assert of(ran) == [], ran.out
    deployed(state, 2, "2026-11-25T04:00:00Z", commit)
    ran = check()
    assert (ran.code, of(ran)) == (1, [("hours", "production/2"), ("recorded", "production/2")])


def test_what_cannot_be_read_is_unknown(check, state: State):
    state.repository("octo/app").answer("deployments?environment=production", [], permission="deployments")
    ran = check(f"{TOKEN}x")
    unknown = {(one["control"], one["permission"]) for one in ran.report["unknowns"] if one["policy"] == "audit"}
    assert ("deployments", "deployments:read") in unknown
    assert any("no tracked file" in one["message"] for one in ran.report["unknowns"])
