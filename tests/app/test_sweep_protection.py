"""Tags, pushes, patterns and what only GraphQL tells, in a sweep against a server that speaks as GitHub does."""

from collections.abc import Iterator
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from live_rulesets import FORBIDDEN, branch_rule, node, rules
from program import Govcheck, Ran
from repositories import Repository

TAGS = """
kind: tag-protection
id: releases
tag: "v*"
deletions: forbidden
bypass: {subset_of: []}
---
kind: push-rules
id: small
max_file_size: {max: 10}
"""
PATTERN = """
kind: branch-protection
id: release-branches
branch: release/*
approvals: {min: 1}
"""
STAGED = """
kind: branch-protection
id: staged
branch: main
deployments: [staging]
"""
ADMIN, READER = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"
DELETION: dict[str, Any] = {"type": "deletion"}
SIZE: dict[str, Any] = {"type": "max_file_size", "parameters": {"max_file_size": 5}}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    repository = made.repository("octo/app")
    repository.ruleset("tags", [DELETION], include=("refs/tags/v*",), target="tag")
    repository.ruleset("pushes", [SIZE], target="push", source_type="Organization")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    def run(policy: str, *arguments: str, token: str = ADMIN, name: str = "octo/app", **variables: str) -> Ran:
        repository.commit_file("live/p.yaml", policy)
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token, **variables}
        return govcheck(
            "sweep", "--policies", "live", "--repository", name, "--format", "json", *arguments, **environment
        )

    return run


def outcomes(ran: Ran) -> dict[str, str]:
    return {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}


def unknowns(ran: Ran) -> set[tuple[str, str, str | None]]:
    return {(one["control"], one["reason"], one["permission"]) for one in ran.report["unknowns"]}


def test_an_administrator_is_told_everything_of_tags_and_pushes(sweep: Govcheck, state: State):
    assert (ran := sweep(TAGS)).code == 0
    assert outcomes(ran) == {"releases": "pass", "small": "pass"}
    state.document["repositories"]["octo/app"]["rulesets"][0]["exclude"] = ["refs/tags/v0*"]
    ran = sweep(TAGS)
    assert (ran.code, ran.subjects) == (1, [("releases", "v*", False)])
    (finding,) = ran.report["findings"]
    assert finding["message"] == ("deletion on tags v* (such as v0): allowed, where the policy wants forbidden")


def test_a_token_that_may_not_change_rulesets_cannot_tell_who_goes_around(sweep: Govcheck):
    ran = sweep(TAGS, token=READER)
    assert (ran.code, outcomes(ran)) == (3, {"releases": "unknown", "small": "pass"})
    assert unknowns(ran) == {("bypass", "redacted", "administration:write")}


def test_a_plan_without_rulesets_fails_and_says_so(sweep: Govcheck, state: State):
    state.repository("octo/app", private=True, plan="free")
    ran = sweep(TAGS)
    assert (ran.code, set(outcomes(ran).values())) == (1, {"fail"})
    assert all("this plan cannot enforce it" in one["message"] for one in ran.report["findings"])


@pytest.mark.parametrize("kind", ["status", "html", "truncated", "empty", "short"])
def test_a_list_of_rulesets_that_fails_is_unknown(sweep: Govcheck, state: State, kind: str):
    state.fault("/repos/octo/app/rulesets?", kind, status=502 if kind == "status" else 200)
    ran = sweep(TAGS, "--max-wait", "0")
    assert (ran.code, set(outcomes(ran).values())) == (3, {"unknown"})


def test_rulesets_on_later_pages_count(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")
    document = state.document["repositories"]["octo/app"]["rulesets"]
    document.clear()
    for number in range(110):
        repository.ruleset(f"r{number}", [], enforcement="disabled")
    repository.ruleset("tags", [DELETION], include=("refs/tags/v*",), target="tag")
    repository.ruleset("pushes", [SIZE], target="push")
    assert sweep(TAGS).code == 0


def test_patterns_of_branches_by_graphql(sweep: Govcheck, state: State, github: FakeGitHub):
    protected = node("release/*", requiresApprovingReviews=True, requiredApprovingReviewCount=1)
    state.document["graphql"] = rules(protected).body
    ran = sweep(PATTERN)
    assert (ran.code, outcomes(ran)) == (0, {"release-branches": "pass"})
    assert [request.method for request in github.requests].count("POST") == 1
    assert ran.report["coverage"]["graphql_points"] == 1
    state.document["graphql"] = rules().body
    assert sweep(PATTERN).code == 1
    for blind in (FORBIDDEN.body, rules(admin=False).body, None):
        state.document["graphql"] = blind
        ran = sweep(PATTERN)
        assert (ran.code, outcomes(ran)) == (3, {"release-branches": "unknown"})
        assert unknowns(ran) == {("approvals", "permission", "administration:read")}


def test_what_rest_leaves_out_is_asked_only_where_a_policy_asserts_it(
    sweep: Govcheck, state: State, github: FakeGitHub
):
    state.repository("octo/app").protect("main", approvals=1)
    rule = node(requiresDeployments=True, requiredDeploymentEnvironments=["staging"])
    state.document["graphql"] = branch_rule(rule).body
    sweep(TAGS)
    assert "POST" not in {request.method for request in github.requests}
    assert sweep(STAGED).code == 0
    state.document["graphql"] = branch_rule(node()).body
    assert sweep(STAGED).code == 1
    state.document["graphql"] = branch_rule(None, admin=False).body
    ran = sweep(STAGED)
    assert (ran.code, unknowns(ran)) == (3, {("deployments", "permission", "administration:read")})


def test_a_repository_that_is_not_there_is_told_as_such(sweep: Govcheck, github: FakeGitHub):
    ran = sweep(TAGS + "---" + PATTERN + "---" + STAGED, name="octo/ap")
    assert ran.code == 3
    assert set(outcomes(ran).values()) == {"unknown"}
    assert {(reason, permission) for _, reason, permission in unknowns(ran)} == {("missing-object", None)}
    for one in ran.report["unknowns"]:
        assert one["message"].endswith("octo/ap is not there, or not this token's to see")
    assert github.paths == ["/repos/octo/ap"]
