"""`history`, `show`, `drift`, `verify`, `prune`: over sweeps against a server that speaks as GitHub does."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

POLICY = "kind: branch-protection\nid: main-protected\nbranch: main\napprovals: {min: 2}\n"
ADMIN = "ghp_AdminOfTheRepository0001"


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    parameters = {"required_approving_review_count": 2}
    made.repository("octo/app").ruleset("main", [{"type": "pull_request", "parameters": parameters}])
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def run(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.commit_file("policies/main.yaml", POLICY)
    environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN}

    def run(*arguments: str, **variables: str) -> Ran:
        return govcheck("--repository", "octo/app", *arguments, **{**environment, **variables})

    return run


@pytest.fixture(params=["", "folder", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    if not request.param:
        return {}
    path = tmp_path / "history"
    return {"GOVCHECK_STORE": str(path) if request.param == "folder" else f"sqlite:///{path}.sqlite"}


def approvals(state: State, count: int) -> None:
    rules = state.document["repositories"]["octo/app"]["rulesets"][0]["rules"]
    rules[0]["parameters"]["required_approving_review_count"] = count


def test_a_day_is_told_from_its_snapshots(run: Govcheck, state: State, store: dict[str, str]):
    assert run("history", **store).out.startswith("No sweep of octo/app is kept in")
    assert run("sweep", "--phase", "startup", **store).code == 0
    approvals(state, 1)
    assert run("sweep", "--phase", "shutdown", **store).code == 1

    told = json.loads(run("history", "--findings", "--format", "json", **store).out)
    assert [(one["phase"], one["exit_code"], one["findings"], one["drift"]) for one in told["sweeps"]] == [
        ("shutdown", 1, 1, 3),
        ("startup", 0, 0, None),
    ]
    assert told["sweeps"][0]["previous"] == told["sweeps"][1]["hash"]
    (finding,) = told["findings"]
    assert (finding["policy"], finding["seen"], finding["is_there"]) == ("main-protected", 1, True)

    shown = run("show", "shutdown", **store)
    assert shown.code == 0
    assert "approvals" in shown.out
    assert run("show", told["sweeps"][1]["hash"][:8], **store).out == run("show", "startup", **store).out
    document = json.loads(run("show", "--format", "json", **store).out)
    assert document["hash"] == told["sweeps"][0]["hash"]

    drifted = run("drift", **store)
    assert drifted.code == 1
    assert "2 → 1" in drifted.out
    assert run("drift", "startup", "shutdown", **store).out == drifted.out
    assert run("drift", "latest", "latest", **store).code == 0
    assert json.loads(run("drift", "--format", "json", **store).out)["drift"]["entries"]

    whole = run("verify", **store)
    assert (whole.code, whole.out.endswith("2 snapshots; the chain is whole.\n")) == (0, True)
