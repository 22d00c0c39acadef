"""`doctor`, against a server that speaks as GitHub does."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import tokens_guide
from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository
from shop import checkout
from shop import state as shop

POLICIES = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
bypass: {subset_of: []}
---
kind: required-checks
id: main-checks
branch: main
checks: [build]
---
kind: repository-settings
id: merging
squash_merge: true
"""
ADMIN = "ghp_" + "AdminOfTheRepository01"
FINE = "github_pat_" + "ReaderOfTheRepository" * 2
ACTIONS = "ghs_" + "RunOfTheRepository" * 2


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", scopes="repo, read:org")
    reading = {"contents": "read", "administration": "read", "statuses": "read"}
    made.token(FINE, "fine-grained", permissions=reading)
    made.token(ACTIONS, "app", permissions={"contents": "read", "checks": "read", "statuses": "read"})
    repository = made.repository("octo/app", private=True)
    repository.protect("main", enforce_admins=True)
    approvals = {"required_approving_review_count": 2}
    repository.ruleset("main", [{"type": "non_fast_forward"}, {"type": "pull_request", "parameters": approvals}])
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def doctor(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.write("policies/live.yaml", POLICIES)

    def run(*arguments: str, **variables: str) -> Ran:
        given = {"GITHUB_API_URL": github.url, **variables}
        return govcheck("doctor", "--repository", "octo/app", "--format", "json", *arguments, **given)

    return run


def undecided(ran: Ran, token: int | None = None) -> dict[str, set[str]]:
    """Policy to the controls that a token, or all of them, could not decide."""
    policies = json.loads(ran.out)["policies"]
    reaches = {one["id"]: one["together"] if token is None else one["tokens"][token] for one in policies}
    return {name: {gap["control"] for gap in reach["undecided"]} for name, reach in reaches.items()}


def test_the_guide_shows_what_doctor_says_now(tmp_path: Path):
    text = tokens_guide.GUIDE.read_text()
    assert tokens_guide.written(text, tmp_path / "shop") == text, "run `python tests/tokens_guide.py`"


def test_an_administrators_token_decides_everything(doctor: Govcheck, github: FakeGitHub):
    ran = doctor(GH_TOKEN=ADMIN)
    assert (ran.code, undecided(ran)) == (0, {"main-protected": set(), "main-checks": set(), "merging": set()})
    said = json.loads(ran.out)
    (token,) = said["tokens"]
    assert (token["name"], token["scopes"]) == ("classic token of GH_TOKEN", ["repo", "read:org"])
    assert (said["repository"], said["api_versions"], said["policies_without_github"]) == (
        "octo/app",
        ["2022-11-28"],
        1,
    )
    assert len(github.paths) == len(set(github.paths))


def test_each_token_says_what_it_cannot_decide_and_all_say_it_together(doctor: Govcheck, github: FakeGitHub):
    ran = doctor(GOVCHECK_TOKEN=FINE, GITHUB_TOKEN=ACTIONS, GITHUB_ACTIONS="true")
    assert ran.code == 3
    assert undecided(ran, 0) == {"main-protected": {"bypass"}, "main-checks": {"green"}, "merging": {"squash_merge"}}
    assert undecided(ran, 1) == {"main-protected": {"bypass"}, "main-checks": set(), "merging": {"squash_merge"}}
    assert undecided(ran) == {"main-protected": {"bypass"}, "main-checks": set(), "merging": {"squash_merge"}}
    asked = [(request.path, request.authorization) for request in github.requests]
    assert len(asked) == len(set(asked))
    assert {(request.method, request.path == "/graphql") for request in github.requests} <= {
        ("GET", False),
        ("POST", True),
    }


def test_a_refusal_has_its_endpoint_its_status_and_what_github_would_accept(doctor: Govcheck):
    ran = doctor(GOVCHECK_TOKEN=FINE)
    (policy,) = [one for one in json.loads(ran.out)["policies"] if one["id"] == "main-checks"]
    (gap,) = policy["together"]["undecided"]
    assert (gap["permission"], gap["status"], gap["accepted_permissions"]) == ("checks:read", 403, "checks=read")
    assert gap["endpoint"].endswith("/check-runs")


def test_the_least_permissions_are_ready_for_each_kind_of_token(doctor: Govcheck):
    least = json.loads(doctor(GH_TOKEN=ADMIN).out)["least"]
    fine = {one["title"]: (one["level"], one["raised"]) for one in least["fine_grained_token"]["permissions"]}
    assert fine == {
        "Administration": ("read", "write"),
        "Contents": ("read", None),
        "Commit statuses": ("read", None),
        "Metadata": ("read", None),
    }
    (checks,) = least["fine_grained_token"]["never"]
    assert (checks["title"], checks["policies"]) == ("Checks", ["main-checks"])
    (administration,) = [one for one in least["fine_grained_token"]["permissions"] if one["title"] == "Administration"]
    assert administration["raised_for"] == ["bypass of main-protected"]
    assert least["github_app"]["permissions"]["checks"] == "read"
    query = parse_qs(urlsplit(least["github_app"]["registration_url"]).query)
    assert (query["administration"], query["webhook_active"]) == (["read"], ["false"])
    assert least["workflow"]["permissions"] == {"checks": "read", "contents": "read", "statuses": "read"}
    (never,) = least["workflow"]["never"]
    assert (never["name"], never["policies"]) == ("administration", ["main-protected", "main-checks"])


@pytest.mark.parametrize("section", ["classic", "fine-grained", "workflow", "together"])
def test_a_whole_set_of_policies_fits_on_a_screen(tmp_path: Path, section: str):
    checkout(tmp_path / "shop")
    with FakeGitHub(shop()) as github:
        lines = tokens_guide.doctor(tmp_path / "shop", github, section).out.splitlines()
    assert len(lines) < 70
    assert all(len(line) <= 100 for line in lines)
    permissions = [line.split()[0] for line in lines if " is missing for " in line]
    assert len(permissions) == len(set(permissions))


def test_no_token_is_ever_told(doctor: Govcheck, govcheck: Govcheck, github: FakeGitHub):
    variables = {"GOVCHECK_TOKEN": FINE, "GH_TOKEN": ADMIN, "GITHUB_TOKEN": ACTIONS, "GITHUB_API_URL": github.url}
    ran = doctor(**variables)
    text = govcheck("doctor", "--repository", "octo/app", **variables)
    assert all(token not in ran.out + ran.err + text.out + text.err for token in (FINE, ADMIN, ACTIONS))


def test_offline_nobody_is_asked(doctor: Govcheck, github: FakeGitHub):
    ran = doctor("--offline", GITHUB_TOKEN=ACTIONS, GITHUB_ACTIONS="true")
    assert (ran.code, github.requests) == (3, [])
    gaps = json.loads(ran.out)["policies"][0]["together"]["undecided"]
    assert {gap["permission"] for gap in gaps} == {"administration:read", "administration:write"}
    assert doctor("--offline", GH_TOKEN=ADMIN).code == 0
    without = doctor("--offline")
    assert (without.code, json.loads(without.out)["nothing_readable"].startswith("no token is at hand")) == (3, True)


@pytest.mark.parametrize(
    ("variables", "name", "why"),
    [
        ({"GH_TOKEN": "ghp_" + "NobodyKnowsThisTokenAtAll"}, "octo/app", "octo/app answered 401: Bad credentials"),
        ({}, "octo/app", "octo/app answered 404: octo/app is not there, or private: no token was given"),
        (
            {"GH_TOKEN": ADMIN},
            "octo/none",
            "octo/none answered 404: octo/none is not there, or not this token's to see",
        ),
    ],
    ids=["a token that is none", "no token", "no such repository"],
)
def test_where_nothing_can_be_read_one_line_says_so(doctor: Govcheck, variables: dict[str, str], name: str, why: str):
    ran = doctor("--repository", name, **variables)
    assert (ran.code, json.loads(ran.out)["nothing_readable"]) == (3, f"repos/{why}")
    text = " ".join(doctor("--repository", name, "--format", "text", **variables).out.split())
    assert f"everything: repos/{why}" in text
    assert "What they can decide" not in text


def test_a_404_where_the_permission_was_proven_is_not_called_a_missing_permission(
    repository: Repository, govcheck: Govcheck, github: FakeGitHub
):
    repository.write("policies/live.yaml", "kind: gate-liveness\nid: owners\nfamilies: [codeowners]\n")
    repository.write("CODEOWNERS", "* @octo/crew\n")
    repository.stage()
    ran = govcheck("doctor", "--repository", "octo/app", GITHUB_API_URL=github.url, GH_TOKEN=ADMIN)
    assert "codeowners/errors: answered 404, though a token has contents:read: it may not be there: owners" in " ".join(
        ran.out.split()
    )


def test_policies_that_read_nothing_from_github(govcheck: Govcheck, github: FakeGitHub):
    ran = govcheck("doctor", "--repository", "octo/app", GITHUB_API_URL=github.url, GH_TOKEN=ADMIN)
    assert (ran.code, github.requests) == (0, [])
    assert ran.out.endswith("exit 0: no policy reads from GitHub\n")


def test_nothing_names_the_repository(repository: Repository, govcheck: Govcheck):
    repository.write("policies/live.yaml", POLICIES)
    ran = govcheck("doctor", GH_TOKEN=ADMIN)
    assert (ran.code, "--repository OWNER/NAME" in ran.err) == (2, True)


SERVICES = """
kind: fly-app
id: apps
apps: [shop]
---
kind: service-level
id: uptime
query: avg_over_time(up[30d])
min: 0.999
---
kind: deploy-window
id: hours
timezone: UTC
allow: [{days: mon-fri}]
checks: [build]
approval: true
"""


def test_other_services_and_what_the_gate_asks_are_told(repository: Repository, doctor: Govcheck, govcheck: Govcheck):
    repository.write("policies/services.yaml", SERVICES)
    told = json.loads(doctor(GH_TOKEN=ADMIN, FLY_API_TOKEN="not-told").out)
    fly, prometheus = told["services"]
    assert (fly["name"], fly["found"], fly["policies"]) == ("Fly.io", "FLY_API_TOKEN", ["apps"])
    assert (prometheus["found"], prometheus["variables"]) == (None, ["PROMETHEUS_URL"])
    assert told["gate_deploy"] == [{"policy": "hours", "permissions": ["checks:read", "statuses:read", "actions:read"]}]
    text = govcheck("doctor", "--offline", FLY_API_TOKEN="not-told").out
    assert "Other services: Fly.io by FLY_API_TOKEN: apps\n" in text
    assert "Not asked, because no variable is set: Prometheus (PROMETHEUS_URL): uptime\n" in text
    assert "gate deploy: hours takes checks:read, statuses:read, actions:read where it runs\n" in text
    assert "not-told" not in text
