"""The daily sweep, against a server that speaks as GitHub does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from fake_github import Repository as Fake
from govcheck.settings import registered, registry
from govcheck.settings.endpoints import ENDPOINTS
from govcheck.settings.environments import has_one_of_each
from program import Govcheck, Ran, kept_by
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
    kept = kept_by(repository)
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


UNKEPT = sum(ENDPOINTS[one].confidential for one in registered.endpoints() if one in ENDPOINTS)
"""Answers that may hold credentials are not in the store of bodies, so that they are asked for anew."""


def test_a_second_sweep_costs_nothing_of_the_quota(sweep: Govcheck, state: State):
    everything(state).unprotect("main")
    first = sweep().report["coverage"]
    second = sweep().report["coverage"]
    assert first["not_modified"] == 0
    # "Branch not protected" is a 404: GitHub gives it no tag, so it alone is asked for anew.
    assert second["requests"] == first["requests"]
    assert second["not_modified"] == second["requests"] - 1 - UNKEPT


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


SETTINGS = """
kind: repository-settings
id: merging
squash_merge: true
properties: {team: payments}
---
kind: actions-settings
id: least-privilege
default_token: read
allowed_patterns: {subset_of: ["docker/*"]}
disabled_workflows: {subset_of: []}
retention_days: {min: 90}
"""
FINE_GRAINED = "github_pat_" + "FineGrainedWithoutMuch0001"
GOOD_SETTINGS: dict[str, Any] = {
    "actions/permissions": {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": True},
    "actions/permissions/selected-actions": {
        "github_owned_allowed": True,
        "verified_allowed": False,
        "patterns_allowed": ["docker/*"],
    },
    "actions/permissions/workflow": {
        "default_workflow_permissions": "read",
        "can_approve_pull_request_reviews": False,
    },
    "actions/permissions/artifact-and-log-retention": {"days": 90, "maximum_allowed_days": 400},
}
MERGING = (
    "squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed autoMergeAllowed deleteBranchOnMerge allowUpdateBranch "
    "squashMergeCommitTitle squashMergeCommitMessage mergeCommitTitle mergeCommitMessage"
)


@pytest.fixture
def settings(repository: Repository, state: State) -> Fake:
    """A repository on GitHub whose settings are as two policies want them."""
    repository.commit_file("policies/settings.yaml", SETTINGS)
    state.token(FINE_GRAINED, "fine-grained", permissions={"contents": "read", "actions": "read"})
    made = state.repository("octo/app")
    made.set(custom_properties={"team": "payments"})
    for path, body in GOOD_SETTINGS.items():
        made.answer(path, body, permission="administration")
    return made


def outcomes(ran: Ran) -> dict[str, str]:
    return {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}


@pytest.mark.usefixtures("settings")
def test_settings_that_are_as_wanted_hold(sweep: Govcheck):
    ran = sweep()
    assert (outcomes(ran)["least-privilege"], outcomes(ran)["merging"]) == ("pass", "pass")
    assert not any(one["policy"] in {"least-privilege", "merging"} for one in ran.report["unknowns"])


def test_a_weakened_setting_is_a_finding_and_drift(sweep: Govcheck, settings: Fake):
    sweep("--phase", "startup")
    before = GOOD_SETTINGS["actions/permissions/workflow"]
    settings.answer("actions/permissions/workflow", {**before, "default_workflow_permissions": "write"})
    ran = sweep("--phase", "shutdown")
    assert ("least-privilege", "default_token") in {(one["policy"], one["control"]) for one in ran.report["findings"]}
    assert changes(ran) == {"actions-settings/default_token": ("read", "write", "weakened")}


def test_what_nobody_asserts_drifts_as_a_note(sweep: Govcheck, settings: Fake):
    first = sweep("--phase", "startup")
    assert "actions-settings/sha_pinning" in first.report["coverage"]["uncovered_security"]
    assert "actions-settings/default_token" not in first.report["coverage"]["uncovered"]
    settings.answer("actions/permissions", {**GOOD_SETTINGS["actions/permissions"], "sha_pinning_required": False})
    settings.set(has_wiki=False)
    ran = sweep("--phase", "shutdown")
    told = {
        entry["name"]: (entry["direction"], entry["asserted"])
        for entry in ran.report["drift"]["entries"]
        if entry["plane"] == "setting"
    }
    assert told == {
        "actions-settings/sha_pinning": ("weakened", False),
        "repository-settings/wiki": ("changed", False),
    }
    assert ran.code == 0


@pytest.mark.usefixtures("settings")
def test_a_token_without_the_permission_makes_settings_unknown(sweep: Govcheck):
    ran = sweep(token=FINE_GRAINED)
    unknown = {one["control"]: one["permission"] for one in ran.report["unknowns"]}
    assert ran.code == 3
    assert unknown["default_token"] == unknown["allowed_patterns"] == "administration:read"
    assert unknown["squash_merge"] == "contents:write"
    assert "disabled_workflows" not in unknown


@pytest.mark.usefixtures("settings")
def test_graphql_tells_who_may_not_write_how_is_merged(sweep: Govcheck, state: State, github: FakeGitHub):
    told = {"squashMergeAllowed": False, "mergeCommitTitle": "PR_TITLE"}
    state.document["graphql"] = {"data": {"repository": told, "rateLimit": {"cost": 1}}}
    ran = sweep(token=FINE_GRAINED)
    assert ("merging", "repository", False) in ran.subjects
    posted = [request for request in github.requests if request.method == "POST"]
    assert len(posted) == 1
    sent = json.loads(posted[0].body)
    assert sent["variables"] == {"owner": "octo", "name": "app"}
    assert all(field in sent["query"] for field in MERGING.split())
    assert sweep().report["coverage"]["graphql_points"] == 0


def test_the_plans_refusal_is_not_enforced_and_says_so(sweep: Govcheck, settings: Fake):
    message = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    settings.answer("actions/permissions/workflow", {"message": message}, status=403)
    ran = sweep()
    (found,) = [one for one in ran.report["findings"] if one["policy"] == "least-privilege"]
    assert found["message"].endswith("not set, where the policy wants read; this account's plan does not have it")


def test_a_workflow_that_is_off_is_found_on_any_page(sweep: Govcheck, settings: Fake):
    for number in range(130):
        settings.workflow(f"w{number:03}.yml")
    assert outcomes(sweep())["least-privilege"] == "pass"
    settings.workflow("w129.yml", "disabled_inactivity")
    (found,) = [one for one in sweep().report["findings"] if one["policy"] == "least-privilege"]
    assert (found["control"], found["actual"]) == ("disabled_workflows", ["w129.yml"])


def test_where_every_action_may_run_the_patterns_are_not_asked_for(sweep: Govcheck, settings: Fake, github: FakeGitHub):
    settings.answer("actions/permissions", {"enabled": True, "allowed_actions": "all", "sha_pinning_required": True})
    ran = sweep()
    assert ("least-privilege", "repository", False) in ran.subjects
    asked = [request.path for request in github.requests]
    assert not any("app/actions/permissions/selected-actions" in path for path in asked)
    assert not any("private-repos" in path or path.endswith("/pages") for path in asked)


def everything(state: State) -> Fake:
    """A repository in which every endpoint of the table has an answer."""
    made = state.repository("octo/app", private=True)
    made.set(has_pages=True)
    made.protect("main", approvals=2)
    for template, endpoint in ENDPOINTS.items():
        path = template.removeprefix("repos/{owner}/{repo}").strip("/").replace("{org}", "octo")
        if "{" not in path and path:
            body: Any = {endpoint.key: []} if endpoint.key else [] if endpoint.pages else {"enabled": True}
            made.answer(path, body, key=endpoint.key)
    selected = {"enabled": True, "enabled_repositories": "all", "allowed_actions": "selected"}
    made.answer("actions/permissions", selected)
    made.answer("orgs/octo/actions/permissions", selected)
    return made


def test_everything_costs_sixty_requests_at_most_and_nothing_when_nothing_changed(
    sweep: Govcheck, state: State, github: FakeGitHub
):
    everything(state)
    first = sweep().report["coverage"]
    assert first["requests"] - len(state.document["repositories"]["octo/app"]["rulesets"]) <= 60
    asked = [request.path for request in github.requests]
    assert len(asked) == len(set(asked)), "an endpoint was asked twice"
    of_public_ones = {name for name, one in ENDPOINTS.items() if one.only_where and "public" in one.only_where.values}
    for template, endpoint in ENDPOINTS.items():
        if "{environment_name}" not in template and template in {*registered.endpoints()} - of_public_ones:
            path = template.replace("{owner}/{repo}", "octo/app").replace("{org}", "octo")
            assert any(f"/{path}" in one for one in asked), endpoint
    second = sweep().report["coverage"]
    assert second["not_modified"] + UNKEPT == second["requests"] == first["requests"]


def test_a_snapshot_keeps_every_setting_or_why_it_is_unknown(sweep: Govcheck, state: State, tmp_path: Path):
    everything(state)
    state.fault("/actions/permissions/workflow", "status", status=502)
    written = tmp_path / "snapshot.json"
    sweep("--write", str(written), "--max-wait", "0")
    kept = json.loads(written.read_text())["settings"]
    kept_once = (one for one in registry.settings() if not has_one_of_each(one))
    plain = {one.name for one in kept_once if registered.is_kept(one)}
    assert plain <= kept.keys()
    assert kept["actions-settings/default_token"]["unknown"]
    assert kept["actions-settings/allowed_actions"] == {"value": "selected", "unknown": None, "sources": []}
