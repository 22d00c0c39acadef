"""`history`, `show`, `drift`, `verify`, `prune`: over sweeps against a server that speaks as GitHub does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry

from fake_github import FakeGitHub, State
from govcheck.app import history_json
from govcheck.report import Phase
from govcheck.store.opening import open_store
from program import Govcheck, Ran
from repositories import Repository

POLICY = "kind: branch-protection\nid: main-protected\nbranch: main\napprovals: {min: 2}\n"
ROOT = Path(__file__).resolve().parents[2]
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


def flat(ran: Ran) -> str:
    """What was printed, without its lines' ends."""
    return " ".join(ran.out.split())


def approvals(state: State, count: int) -> None:
    rules = state.document["repositories"]["octo/app"]["rulesets"][0]["rules"]
    rules[0]["parameters"]["required_approving_review_count"] = count


def test_a_day_is_told_from_its_snapshots(run: Govcheck, state: State, store: dict[str, str]):
    assert run("history", **store).out.startswith("No sweep of octo/app is kept in")
    assert run("sweep", "--phase", "startup", **store).code == 0
    approvals(state, 1)
    assert run("sweep", "--phase", "shutdown", **store).code == 1

    told = json.loads(run("history", "--findings", "--format", "json", **store).out)
    sweeps = [(one["phase"], one["exit_code"], one["drift"]) for one in told["sweeps"]]
    assert sweeps == [("shutdown", 1, 2), ("startup", 0, None)]
    assert told["sweeps"][0]["findings"] == told["sweeps"][1]["findings"] + 1
    assert told["sweeps"][0]["previous"] == told["sweeps"][1]["hash"]
    seen = {finding["control"]: (finding["seen"], finding["is_there"]) for finding in told["findings"]}
    assert seen["approvals"] == (1, True)

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
    assert (whole.code, flat(whole).endswith("2 snapshots; the chain is whole.")) == (0, True)


def test_what_is_damaged_is_named_and_does_not_end_a_sweep(run: Govcheck, tmp_path: Path):
    store = {"GOVCHECK_STORE": str(tmp_path / "history")}
    for phase in ("startup", "shutdown"):
        assert run("sweep", "--phase", phase, **store).code == 0
    _, shutdown = sorted((tmp_path / "history" / "snapshots").iterdir())
    shutdown.write_bytes(shutdown.read_bytes()[:-40])
    (tmp_path / "history" / "snapshots" / "notes.txt").write_text("x")

    swept = run("sweep", "--phase", "startup", "--format", "json", **store)
    assert swept.code == 0
    assert swept.report["drift"]["since_phase"] == "startup"
    assert [note for note in swept.report["notes"] if str(shutdown) in note and "damaged" in note]
    assert [note for note in swept.report["notes"] if "notes.txt is no snapshot" in note]

    kept = open_store(store["GOVCHECK_STORE"], tmp_path)
    assert kept.latest({Phase.SHUTDOWN}, "octo/app") is None
    assert [str(shutdown) in one for one in kept.damaged({Phase.SHUTDOWN}, "octo/app")] == [True]

    verified = run("verify", **store)
    assert verified.code == 1
    assert str(shutdown) in flat(verified)
    assert "2 snapshots; 2 broken." in flat(verified)
    assert run("show", "shutdown", **store).code == 3
    assert run("show", "adhoc", **store).code == 2


def test_retention_prunes_with_each_sweep(run: Govcheck, repository: Repository, tmp_path: Path):
    store = {"GOVCHECK_STORE": str(tmp_path / "history")}
    repository.commit_file(".govcheck.yaml", "retention: 90 days\n")
    refused = run("sweep", **store)
    assert (refused.code, "`90 days` is no number of days: write it as `90d`" in refused.err) == (2, True)
    repository.commit_file(".govcheck.yaml", "retention: 90d\n")
    for _ in range(2):
        assert run("sweep", **store).code == 0
    assert run("prune", **store).out == "No snapshot is that old.\n"
    assert run("prune", "--older-than", "soon", **store).code == 2


SCHEMAS = {
    "history": "history",
    "show": "snapshot",
    "drift": "report",
    "verify": "verify",
    "prune": "prune",
}


def validated(ran: Ran, command: str) -> dict[str, Any]:
    """What a command told as JSON, which is as its schema in `schemas/` says; and the schema leaves nothing open."""
    written = json.loads((ROOT / f"schemas/{SCHEMAS[command]}.schema.json").read_bytes())
    Draft202012Validator.check_schema(written)
    told: dict[str, Any] = json.loads(ran.out)
    Draft202012Validator(written, registry=Registry(), format_checker=FormatChecker()).validate(told)
    assert set(told) == set(written["required"])
    return told


def test_what_is_told_as_json_is_as_the_schemas_say(
    run: Govcheck, state: State, store: dict[str, str], repository: Repository
):
    as_json = ("--format", "json")
    assert validated(run("history", *as_json, **store), "history")["sweeps"] == []
    for phase, count in (("startup", 2), ("shutdown", 1), ("adhoc", 2), ("adhoc", 1), ("startup", 1)):
        approvals(state, count)
        run("sweep", "--phase", phase, **store)
    told = validated(run("history", "--findings", *as_json, **store), "history")
    assert told["findings"]
    validated(run("show", *as_json, **store), "show")
    assert validated(run("drift", "adhoc", "shutdown", *as_json, **store), "drift")["drift"]["entries"] == []
    assert validated(run("verify", *as_json, **store), "verify")["is_whole"]
    assert validated(run("prune", "--older-than", "1d", *as_json, **store), "prune")["pruned"] == []
    kept = open_store(store.get("GOVCHECK_STORE"), repository.path / ".git" / "govcheck")
    taken = kept.prune("octo/app", datetime.now(UTC) + timedelta(days=1))
    assert len(taken) == 2
    assert len(validated(run("history", *as_json, **store), "history")["pruned"]) == 2
    validated(Ran(0, history_json.pruned(taken), ""), "prune")


def test_what_is_broken_and_from_all_repositories_is_as_the_schemas_say(run: Govcheck, tmp_path: Path):
    as_json, store = ("--format", "json"), {"GOVCHECK_STORE": str(tmp_path / "history")}
    for phase in ("startup", "shutdown"):
        run("sweep", "--phase", phase, **store)
    first, _ = sorted((tmp_path / "history" / "snapshots").iterdir())
    first.write_bytes(b"x")
    found = run("verify", *as_json, **store)
    assert (found.code, validated(found, "verify")["is_whole"]) == (1, False)
    assert len(validated(run("history", "--findings", *as_json, **store), "history")["sweeps"]) == 2
