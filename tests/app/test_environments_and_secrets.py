"""`environment-protection` and `required-secrets`, swept against a server that speaks as GitHub does."""

from collections.abc import Iterator
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

POLICIES = """
kind: environment-protection
id: approved
environment: production
reviewers: {superset_of: [user:octocat]}
branches: [main]
admin_bypass: forbidden
---
kind: required-secrets
id: needed
secrets: [DEPLOY_KEY]
only_in: environment
max_age: 90d
"""
WORKFLOW = """
on: push
jobs:
  deploy:
    environment: production
    runs-on: x
    steps: [{run: ./deploy, env: {DEPLOY_KEY: "${{ secrets.DEPLOY_KEY }}"}}]
"""
ADMIN, READER = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"
YOUNG = "2026-11-01T00:00:00Z"
AT = "2026-11-20T12:00:00+00:00"


def environment(name: str = "production", **keys: object) -> dict[str, object]:
    reviewer = {"type": "User", "reviewer": {"login": "octocat"}}
    rules = [{"id": 1, "type": "required_reviewers", "prevent_self_review": False, "reviewers": [reviewer]}]
    policy = {"protected_branches": False, "custom_branch_policies": True}
    own = {"id": 7, "name": name, "protection_rules": rules, "deployment_branch_policy": policy}
    return {**own, "can_admins_bypass": False, **keys}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read", "actions": "read"})
    repository = made.repository("octo/app")
    others = [environment(f"review-{number}") for number in range(40)]
    repository.answer(
        "environments", {"environments": [*others, environment()]}, permission="actions", key="environments"
    )
    for one in (*others, environment(), environment("staging")):
        below = f"environments/{one['name']}"
        named = {"branch_policies": [{"id": 1, "name": "main", "type": "branch"}]}
        repository.answer(f"{below}/deployment-branch-policies", named, permission="actions", key="branch_policies")
        rules: dict[str, object] = {"total_count": 0, "custom_deployment_protection_rules": []}
        repository.answer(f"{below}/deployment_protection_rules", rules, permission="actions")
        repository.answer(f"{below}/secrets", {"secrets": []}, permission="environments", key="secrets")
    own = {"secrets": [{"name": "DEPLOY_KEY", "created_at": YOUNG, "updated_at": YOUNG}]}
    repository.answer("environments/production/secrets", own, permission="environments", key="secrets")
    repository.answer("actions/secrets", {"secrets": []}, permission="secrets", key="secrets")
    repository.answer("actions/organization-secrets", {"secrets": []}, permission="secrets", key="secrets")
    repository.answer("branches", [{"name": "main", "protected": True}], permission="contents")
    return made


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, state: State) -> Iterator[Govcheck]:
    repository.commit_file("policies/main.yaml", POLICIES)
    repository.commit_file(".github/workflows/deploy.yml", WORKFLOW)
    with FakeGitHub(state) as github:

        def run(*arguments: str, token: str = ADMIN, **variables: str) -> Ran:
            environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token, **variables}
            options = ("--repository", "octo/app", "--format", "json", "--at", AT)
            return govcheck("sweep", *options, *arguments, **environment)

        yield run


def ours(ran: Ran, what: str = "findings") -> list[dict[str, Any]]:
    """What the two policies say; the repository has others."""
    return [one for one in ran.report[what] if one["policy"] in {"approved", "needed"}]


def found(ran: Ran) -> set[tuple[str, str]]:
    return {(finding["control"], finding["subject"]) for finding in ours(ran)}


def test_what_is_as_it_should_be_on_the_second_page(sweep: Govcheck):
    ran = sweep()
    assert (ran.code, ours(ran), ours(ran, "unknowns")) == (0, [], [])


def test_what_was_taken_away_is_told(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")
    bare = environment(protection_rules=[], deployment_branch_policy=None, can_admins_bypass=True)
    repository.answer("environments", {"environments": [bare]}, permission="actions", key="environments")
    everybodys = {"secrets": [{"name": "DEPLOY_KEY", "created_at": YOUNG, "updated_at": YOUNG}]}
    repository.answer("actions/secrets", everybodys, permission="secrets", key="secrets")
    ran = sweep()
    assert ran.code == 1
    assert found(ran) == {
        ("reviewers", "production"),
        ("branches", "production"),
        ("admin_bypass", "production"),
        ("only_in", "repository:DEPLOY_KEY"),
    }


def test_an_app_without_the_permission_makes_nothing_green(sweep: Govcheck):
    ran = sweep(token=READER)
    assert ran.code == 3
    outcomes = {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}
    assert (outcomes["approved"], outcomes["needed"]) == ("pass", "unknown")
    unknowns = {(one["subject"], one["permission"]) for one in ours(ran, "unknowns")}
    assert {("repository", "secrets:read"), ("environment:production", "environments:read")} <= unknowns
    assert all(one["control"] == "readable" for one in ours(ran, "unknowns"))


def test_environments_that_cannot_be_listed_are_unknown(sweep: Govcheck, state: State):
    state.token(READER, "app", permissions={"contents": "read", "secrets": "read"})
    ran = sweep(token=READER)
    assert (ran.code, found(ran)) == (3, set())
    assert {one["permission"] for one in ours(ran, "unknowns")} == {"actions:read"}


def test_a_plan_that_cannot_enforce_it_fails(sweep: Govcheck, state: State):
    state.repository("octo/app", private=True, owner_type="User")
    ran = sweep()
    (finding,) = ours(ran)
    assert (ran.code, finding["control"], finding["actual"]) == (1, "reviewers", [])
    assert finding["message"].endswith(
        "the plan of octo cannot enforce it: on a private repository that takes GitHub Enterprise"
    )


def test_what_changes_of_an_environment_is_drift(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")

    def answer(one: dict[str, object]) -> None:
        repository.answer("environments", {"environments": [one]}, permission="actions", key="environments")

    answer(environment())
    sweep("--phase", "startup")
    more = {"type": "User", "reviewer": {"login": "eve"}}
    octocat = {"type": "User", "reviewer": {"login": "octocat"}}
    rules = [{"type": "required_reviewers", "prevent_self_review": True, "reviewers": [octocat, more]}]
    answer(environment(protection_rules=rules, can_admins_bypass=True))
    entries = sweep("--phase", "shutdown").report["drift"]["entries"]
    told = {
        entry["name"].removeprefix("environment-protection/production/"): (entry["direction"], entry["title"])
        for entry in entries
        if entry["plane"] == "setting"
    }
    assert told == {
        "reviewers": ("weakened", "required reviewers of production"),
        "self_review": ("strengthened", "self-review of deployments of production"),
        "admin_bypass": ("weakened", "administrators' bypass of the rules of production"),
    }
    answer(environment(name="staging"))
    gone = sweep("--phase", "shutdown").report["drift"]["entries"]
    ways = {entry["name"]: (entry["change"], entry["direction"]) for entry in gone if not entry["told"]}
    assert ways["environment-protection/production/reviewers"] == ("gone", "weakened")
    assert ways["environment-protection/staging/reviewers"] == ("introduced", "strengthened")


def test_what_no_policy_asserts_of_an_environment_is_uncovered(sweep: Govcheck):
    names = sweep().report["coverage"]["uncovered"]
    assert "environment-protection/production/reviewers" not in names
    assert "environment-protection/production/self_review" in names
    assert "environment-protection/review-1/reviewers" in names


@pytest.mark.parametrize(
    ("plan", "code", "outcome"), [("enterprise", 0, "pass"), ("team", 1, "fail"), (None, 3, "unknown")]
)
def test_an_organisations_plan_decides_what_its_private_repository_enforces(
    sweep: Govcheck, state: State, plan: str | None, code: int, outcome: str
):
    state.repository("octo/app", private=True)
    state.organisation("octo", {"login": "octo", **({"plan": {"name": plan}} if plan else {})})
    ran = sweep()
    outcomes = {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}
    assert (ran.code, outcomes["approved"]) == (code, outcome)
    told = {(one["control"], one["permission"]) for one in ours(ran, "unknowns")}
    assert told == (set() if plan else {("reviewers", "organization_plan:read")})


@pytest.mark.parametrize("kind", ["error", "html", "truncated", "empty"])
def test_a_failing_api_is_unknown(sweep: Govcheck, state: State, kind: str):
    state.fault("/environments", kind)
    ran = sweep("--max-wait", "0")
    assert (ran.code, found(ran)) == (3, set())


def test_no_value_is_asked_for(sweep: Govcheck):
    assert "value" not in sweep().out.lower()
