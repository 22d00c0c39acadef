"""Access and stale branches through a sweep, against a server that speaks as GitHub does."""

from collections.abc import Callable, Iterator

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran, kept_by
from repositories import Repository

ADMIN, READER = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"
FINE_GRAINED = "github_pat_" + "ReaderOfTheRepository001"
POLICIES = """
kind: access
id: who
admins: [user:mona]
teams: { subset_of: [] }
deploy_keys: { write: forbidden }
webhooks: { secret: required }
two_factor: true
---
kind: stale-branches
id: old
older_than: 14d
keep: [main]
---
kind: gate-liveness
id: gates
families: [cannot-go-green]
"""
OURS = {"who", "old", "gates"}
AT = ("--at", "2026-11-27T12:00:00Z")
Sweep = Callable[..., Ran]


def person(login: str, role: str = "admin") -> dict[str, object]:
    return {"login": login, "role_name": role, "permissions": {"pull": True, "push": True, "admin": role == "admin"}}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    made.token(FINE_GRAINED, "fine-grained", permissions={"contents": "read", "pull_requests": "read"})
    repository = made.repository("octo/app")
    repository.answer("collaborators", [person("Mona")], permission="administration")
    repository.answer("teams", [], permission="administration")
    repository.answer("keys", [], permission="administration")
    repository.answer("hooks", [], permission="repository_hooks")
    repository.answer("branches", [], permission="contents")
    repository.answer("pulls", [], permission="pull_requests")
    made.organisation("octo", {"login": "octo", "two_factor_requirement_enabled": True})
    repository.tip("main", "2026-11-27T00:00:00Z")
    return made


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, state: State) -> Iterator[Sweep]:
    repository.commit_file("policies/policies.yaml", POLICIES)
    with FakeGitHub(state) as github:

        def run(token: str = ADMIN) -> Ran:
            environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token}
            options = ("--repository", "octo/app", "--format", "json", "--max-wait", "0", *AT)
            return govcheck("sweep", *options, **environment)

        yield run


def controls(ran: Ran, key: str = "findings") -> set[tuple[str, str, str]]:
    return {(one["policy"], one["control"], one["subject"]) for one in ran.report[key] if one["policy"] in OURS}


def test_an_admin_sees_that_all_is_as_it_should_be(sweep: Sweep):
    ran = sweep()
    assert (ran.code, controls(ran), controls(ran, "unknowns")) == (0, set(), set())


def test_an_admin_sees_what_is_not(sweep: Sweep, state: State, repository: Repository):
    live = state.repository("octo/app")
    live.answer("collaborators", [person("Mona"), *(person(f"p{number:03}") for number in range(150))])
    live.answer(
        "keys", [{"id": 1, "key": "k", "title": "ci", "read_only": False, "created_at": "2026-01-01T00:00:00Z"}]
    )
    secret = "https://ci.example.com/" + "t0ken-in-the-path"
    live.answer("hooks", [{"id": 9, "active": True, "config": {"url": secret}}])
    state.organisation("octo", {"login": "octo", "two_factor_requirement_enabled": False})
    for number in range(120):
        live.tip(f"old/{number:03}", "2026-09-01T00:00:00Z")
    ran = sweep()
    found = controls(ran)
    assert ran.code == 1
    assert len([one for one in found if one[1] == "admins"]) == 150
    assert len([one for one in found if one[1] == "stale"]) == 120
    assert {("who", "deploy_keys.write", "id-1"), ("who", "two_factor", "organisation")} <= found
    assert ("who", "webhooks.secret", "https://ci.example.com (9)") in found
    kept = kept_by(repository)
    assert "t0ken" not in ran.out + ran.err
    assert b"t0ken" not in kept


@pytest.mark.parametrize(
    ("token", "pulls"), [(READER, "pull_requests:read"), (FINE_GRAINED, None)], ids=["app", "fine-grained"]
)
def test_a_token_without_the_permission_makes_nothing_green(sweep: Sweep, state: State, token: str, pulls: str | None):
    state.repository("octo/app").tip("old", "2026-09-01T00:00:00Z")
    ran = sweep(token)
    needed = {(one["control"], one["permission"]) for one in ran.report["unknowns"]}
    assert ran.code == (3 if pulls else 1)
    assert {("teams", "administration:read"), ("deploy_keys", "administration:read")} <= needed
    assert ("webhooks", "repository_hooks:read") in needed
    assert (("stale", pulls) in needed) is (pulls is not None)


def test_a_plan_that_has_no_protection_guards_no_branch(sweep: Sweep, state: State):
    live = state.repository("octo/app", private=True, plan="free")
    live.tip("old", "2026-09-01T00:00:00Z")
    assert ("old", "stale", "old") in controls(sweep())


def test_two_approvals_and_one_person(sweep: Sweep, state: State):
    state.repository("octo/app").protect("main", approvals=2)
    assert ("gates", "cannot-go-green", "main:approvals") in controls(sweep())


def test_a_users_repository_has_no_teams_and_the_report_says_so(sweep: Sweep, state: State):
    state.repository("octo/app").set(owner={"login": "octo", "type": "User"})
    ran = sweep()
    assert ran.code == 0
    assert {one["control"] for one in ran.report["held"] if "not applicable" in one["message"]} == {
        "teams",
        "two_factor",
    }


@pytest.mark.parametrize("path", ["/collaborators", "/keys", "/hooks", "/branches?", "/orgs/octo"])
@pytest.mark.parametrize("kind", ["html", "error", "drop"])
def test_an_api_that_fails_is_unknown(sweep: Sweep, state: State, path: str, kind: str):
    state.repository("octo/app").tip("old", "2026-09-01T00:00:00Z")
    state.repository("octo/app").answer(
        "pulls", [{"head": {"ref": "old", "repo": {"full_name": "octo/app"}}, "base": {"ref": "main"}}]
    )
    fault = {"kind": "status", "status": 502} if kind == "error" else {"kind": kind}
    state.fault(path, **fault)
    ran = sweep()
    if path == "/branches?":  # a pull request keeps the branch, whatever guards it
        assert ran.code == 0
    else:
        assert ran.code == 3


def test_offline_a_clone_stands_in(repository: Repository, govcheck: Govcheck, tmp_path):
    repository.commit_file("policies/policies.yaml", POLICIES)
    repository.run("branch", "old")
    repository.run("clone", "--quiet", repository.path.as_uri(), str(tmp_path / "clone"))
    ran = govcheck("-C", str(tmp_path / "clone"), "check", "--format", "json", "--fail-on", "warning", *AT)
    assert ("old", "stale", "old") in controls(ran)
    assert {one["severity"] for one in ran.report["findings"] if one["policy"] == "old"} == {"warning"}
    assert any("remote-tracking" in one["message"] for one in ran.report["held"])
    alone = govcheck("check", "--format", "json", *AT)
    outcomes = {one["id"]: one["outcome"] for one in alone.report["policies"]}
    assert outcomes["old"] == "not-applicable"
