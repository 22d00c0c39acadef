"""The daily sweep, against a server that speaks as GitHub does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

POLICY = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
force_pushes: forbidden
"""
ADMIN, READER = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read", "checks": "read"})
    parameters = {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": True}
    rules = [{"type": "pull_request", "parameters": parameters}, {"type": "non_fast_forward"}]
    made.repository("octo/app").ruleset("main", rules)
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.commit_file("policies/main.yaml", POLICY)

    def run(*arguments: str, token: str = ADMIN, **variables: str) -> Ran:
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token, **variables}
        return govcheck("sweep", "--repository", "octo/app", "--format", "json", *arguments, **environment)

    return run


def weaken(state: State) -> None:
    """Approvals 2 to 1, and somebody who may go around the rules."""
    ruleset = state.document["repositories"]["octo/app"]["rulesets"][0]
    ruleset["rules"][0]["parameters"]["required_approving_review_count"] = 1
    ruleset["bypass_actors"] = [{"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}]


def changes(ran: Ran) -> dict[str, tuple[Any, Any, Any]]:
    """Setting to before, after and direction, of what is news."""
    entries = ran.report["drift"]["entries"]
    return {
        entry["name"]: (entry["before"], entry["after"], entry["direction"])
        for entry in entries
        if entry["plane"] == "setting" and not entry["told"]
    }


def test_a_weakening_between_startup_and_shutdown_is_told_once(sweep: Govcheck, state: State):
    first = sweep("--phase", "startup")
    assert (first.code, first.report["drift"]) == (0, None)
    weaken(state)
    second = sweep("--phase", "shutdown")
    assert second.code == 1
    told = changes(second)
    assert told["branches/main/approvals"] == (2, 1, "weakened")
    assert ([], ["role:admin (always)"], "weakened") in told.values()
    third = sweep("--phase", "shutdown")
    assert (third.code, changes(third)) == (1, {})


def test_nothing_but_get_is_sent_and_no_token_is_told(sweep: Govcheck, github: FakeGitHub, repository: Repository):
    ran = sweep("--phase", "startup")
    assert {request.method for request in github.requests} == {"GET"}
    kept = b"".join(path.read_bytes() for path in (repository.path / ".git" / "govcheck").rglob("*") if path.is_file())
    assert ADMIN not in ran.out + ran.err
    assert ADMIN.encode() not in kept


def test_a_token_that_cannot_read_protection_makes_nothing_green(sweep: Govcheck, state: State):
    state.repository("octo/app").protect("main", approvals=2)
    state.document["repositories"]["octo/app"]["rulesets"] = []
    ran = sweep(token=READER)
    assert ran.code == 3
    assert {unknown["permission"] for unknown in ran.report["unknowns"]} == {"administration:read"}
    outcomes = {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}
    assert outcomes["main-protected"] == "unknown"


def test_what_became_unreadable_is_not_gone(sweep: Govcheck):
    sweep("--phase", "startup")
    ran = sweep("--phase", "shutdown", token=READER)
    known = {entry["change"] for entry in ran.report["drift"]["entries"] if entry["plane"] == "setting"}
    assert known <= {"became-unknown"}


def test_a_second_sweep_costs_nothing_of_the_quota(sweep: Govcheck):
    first = sweep().report["coverage"]
    second = sweep().report["coverage"]
    assert first["not_modified"] == 0
    # "Branch not protected" is a 404: GitHub gives it no tag, so it alone is asked for anew.
    assert second["requests"] == first["requests"]
    assert second["not_modified"] == second["requests"] - 1


def test_a_snapshot_travels_as_a_file(sweep: Govcheck, state: State, tmp_path: Path, repository: Repository):
    carried = tmp_path / "carried.json"
    assert sweep("--phase", "startup", "--write", str(carried)).code == 0
    for path in (repository.path / ".git" / "govcheck" / "snapshots").iterdir():
        path.unlink()
    weaken(state)
    ran = sweep("--phase", "shutdown", "--since", str(carried))
    assert changes(ran)["branches/main/approvals"] == (2, 1, "weakened")


def test_a_snapshot_that_somebody_edited_is_refused(sweep: Govcheck, tmp_path: Path):
    carried = tmp_path / "carried.json"
    sweep("--write", str(carried))
    document = json.loads(carried.read_text())
    document["exit_code"] = 1
    carried.write_text(json.dumps(document))
    ran = sweep("--since", str(carried))
    assert (ran.code, "leave --since out" in ran.err) == (2, True)
    assert sweep("--since", str(tmp_path / "nowhere.json")).code == 2


@pytest.mark.parametrize(
    ("kind", "code"), [("error", 3), ("html", 3), ("truncated", 3), ("empty", 3)], ids=["5xx", "html", "cut", "empty"]
)
def test_a_failing_api_is_unknown(sweep: Govcheck, state: State, kind: str, code: int):
    state.fault("/repos/octo/app/rules/branches/main", kind)
    state.fault("/repos/octo/app/branches/main/protection", kind)
    assert sweep("--max-wait", "0").code == code


def test_no_network_is_unknown(sweep: Govcheck):
    ran = sweep("--max-wait", "0", GITHUB_API_URL="http://127.0.0.1:9")
    assert ran.code == 3
    assert {unknown["reason"] for unknown in ran.report["unknowns"]} == {"api-error"}


def test_a_repository_without_a_commit_has_nothing_to_sweep(tmp_path: Path, govcheck: Govcheck):
    fresh = Repository(tmp_path / "fresh")
    ran = govcheck("-C", str(fresh.path), "sweep", "--repository", "octo/app")
    assert (ran.code, "no commit yet" in ran.err) == (2, True)


def test_a_name_that_nobody_gives_is_asked_for(repository: Repository, govcheck: Govcheck):
    ran = govcheck("sweep")
    assert (ran.code, "--repository OWNER/NAME" in ran.err) == (2, True)
    repository.run("remote", "add", "origin", "git@github.com:octo/app.git")
    disagreeing = govcheck("sweep", GITHUB_REPOSITORY="octo/other")
    assert (disagreeing.code, "octo/other" in disagreeing.err) == (2, True)


def test_in_ci_what_a_workflows_token_can_never_read_is_not_on_offer(
    repository: Repository, govcheck: Govcheck, github: FakeGitHub, state: State
):
    state.repository("octo/app").protect("main", approvals=2)
    repository.commit_file("policies/main.yaml", POLICY.replace("approvals: {min: 2}", "approvals: {min: 3}"))
    repository.checkout("feature", new=True)
    repository.commit_file("docs/b.md", "b")
    environment = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": READER, "GITHUB_ACTIONS": "true"}
    options = ("--repository", "octo/app", "--live", "--format", "json")
    ran = govcheck("check", "--base", "main", *options, **environment)
    (result,) = [policy for policy in ran.report["policies"] if policy["id"] == "main-protected"]
    assert any(part.startswith("approvals of main") for part in result["not_offered"])
    assert (ran.code, ran.report["unknowns"]) == (0, [])
    swept = govcheck("sweep", "--repository", "octo/app", "--format", "json", **environment)
    assert swept.code == 3


def test_owners_that_github_does_not_know_and_need_not_be_asked(sweep: Govcheck, repository: Repository, state: State):
    repository.write("policies/gates.yaml", "kind: gate-liveness\nid: gates\nfamilies: [codeowners]\n")
    repository.write(".github/CODEOWNERS", "* @octo/crew\n")
    repository.stage()
    repository.commit()
    error = {"kind": "Unknown owner", "line": 1, "column": 3, "source": "* @octo/crew"}
    state.repository("octo/app").codeowners(error)
    told = {found["subject"]: found["severity"] for found in sweep().report["findings"] if found["policy"] == "gates"}
    assert told == {".github/CODEOWNERS:*:@octo/crew": "error", "main:code_owner_reviews": "note"}
    state.repository("octo/app").codeowners()
    rules = state.document["repositories"]["octo/app"]["rulesets"][0]["rules"]
    rules[0]["parameters"]["require_code_owner_review"] = True
    assert not any(found["policy"] == "gates" for found in sweep().report["findings"])


ENABLED = """
kind: required-workflows
id: nightly-is-on
workflows: [{file: nightly.yml, enabled: true}]
"""


def test_a_workflow_that_was_switched_off_is_told_by_whoever_may_read_it(
    sweep: Govcheck, repository: Repository, state: State
):
    repository.commit_file("policies/nightly.yaml", ENABLED)
    repository.commit_file(".github/workflows/nightly.yml", "on: push\njobs: {a: {runs-on: x}}\n")
    known = state.repository("octo/app").workflow("nightly.yml")
    assert sweep().code == 0
    known["state"] = "disabled_inactivity"
    ran = sweep()
    assert ran.code == 1
    assert ("nightly-is-on", ".github/workflows/nightly.yml", False) in ran.subjects
    unknowns = sweep(token=READER).report["unknowns"]
    (unknown,) = [one for one in unknowns if one["policy"] == "nightly-is-on"]
    assert (unknown["reason"], unknown["permission"]) == ("permission", "actions:read")
    state.document["repositories"]["octo/app"]["workflows"].clear()
    (finding,) = [one for one in sweep().report["findings"] if one["policy"] == "nightly-is-on"]
    assert finding["message"] == "GitHub knows no workflow nightly.yml: it lists those of the default branch"
