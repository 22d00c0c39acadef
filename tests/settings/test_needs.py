"""Which endpoints and permissions a policy needs."""

import re
from dataclasses import fields

import pytest

from fake_github import FakeGitHub, State
from govcheck.app.offers import LIVE
from govcheck.facts import Request
from govcheck.facts.deployments import LiveDeployments, LiveDeploymentsRequest
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveRulesets,
    LiveRulesetsRequest,
)
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.run_logs import RunLogs, RunLogsRequest
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.rules.branch_protection import BranchProtection
from govcheck.rules.tag_protection import TagProtection
from govcheck.settings.endpoints import ENDPOINTS, ENVIRONMENT, ENVIRONMENTS, REPOSITORY
from govcheck.settings.needs import of_policy, of_request
from govcheck.settings.permissions import TITLES, fine_grained_can_hold, least, parts, title, workflow_can_hold
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.endpoints import permission_of
from govcheck.sources.github.gather import gather

ADMIN = "ghp_" + "AdminOfTheRepository01"

ASKED = [
    LiveBranchRequest(LiveBranch, DEFAULT_BRANCH),
    LiveBranchRequest(LiveBranch, DEFAULT_BRANCH, beyond_rest=True),
    LiveBranchRequest(LiveBranch, DEFAULT_BRANCH, pushes=True),
    LiveBranchRequest(LiveBranch, "release/*", pattern=True),
    HeadChecksRequest(HeadChecks, DEFAULT_BRANCH),
    WorkflowRunsRequest(WorkflowRuns, ("*.yml",)),
    WorkflowRunsRequest(WorkflowRuns, ("*.yml",), 30),
    LiveRulesetsRequest(LiveRulesets, ("branch", "tag", "push")),
    LiveAnswersRequest(LiveAnswers, tuple(ENDPOINTS)),
    LiveDeploymentsRequest(LiveDeployments, ("production",)),
    RunLogsRequest(RunLogs, ("*.yml",), 1, (), secrets=False),
    *map(Request, LIVE - {LiveBranch, HeadChecks, RunLogs, WorkflowRuns, LiveRulesets, LiveAnswers, LiveDeployments}),
]
"""A request for every live fact, and for each thing that one can be asked beside it."""

WITH_A_NUMBER = {"actor_type": "Team", "actor_id": 7, "bypass_mode": "always"}


@pytest.fixture
def asked() -> dict[Request, set[str]]:
    """What gathering asks, by the request, where everything is there that could be asked about."""
    state = State()
    state.token(ADMIN)
    repository = state.repository("octo/app")
    repository.protect("main")
    for target in ("branch", "push"):
        repository.ruleset("main", [{"type": "non_fast_forward"}], bypass_actors=(WITH_A_NUMBER,), target=target)
    repository.tip("main", "2026-01-01T00:00:00Z")
    repository.tip("feature", "2026-01-01T00:00:00Z")
    repository.answer("compare/main...feature", {"ahead_by": 1, "status": "ahead"})
    repository.answer("pulls", [])
    repository.answer("issues", [])
    repository.answer("issues/comments", [])
    repository.answer("deployments", [{"id": 1}])
    repository.answer("deployments/1/statuses", [])
    repository.workflow_run("ci.yml", "2026-01-05T10:00:00Z")["log"] = "gone"
    found = {}
    for request in ASKED:
        with FakeGitHub(state) as github:
            client = Client(from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN}))
            with client:
                gather(client, "octo/app", [request])
            found[request] = {path.removeprefix("/") for path in github.paths}
    return found


def fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template.partition("?")[0])), path) is not None


def test_every_switch_of_a_branchs_request_is_tried():
    """A new one has to be added to `ASKED`, or nobody holds what it needs."""
    switches = {one.name for one in fields(LiveBranchRequest) if one.default is False}
    of_branches = [request for request in ASKED if isinstance(request, LiveBranchRequest)]
    assert switches == {name for name in switches for request in of_branches if getattr(request, name)}
    assert {request.fact for request in ASKED} == LIVE


def test_what_every_live_fact_needs_is_known_and_is_what_gathering_it_asks(asked: dict[Request, set[str]]):
    for request, paths in asked.items():
        needs = of_request(request)
        for path in paths:
            assert any(fits(need.endpoint, path) for need in needs), (request, path)
        if request.fact is not LiveAnswers:
            assert {need.endpoint for need in needs} == {
                need.endpoint for need in needs if any(fits(need.endpoint, path) for path in paths)
            }, request


def test_both_tables_of_permissions_say_the_same(asked: dict[Request, set[str]]):
    for request, paths in asked.items():
        for path in paths:
            told = {need.permission for need in of_request(request) if fits(need.endpoint, path)}
            assert permission_of(path) in (*told, None), path


def test_environments_are_listed_before_they_are_asked(monkeypatch):
    template = f"{REPOSITORY}/environments/{ENVIRONMENT}/secrets"
    monkeypatch.setitem(ENDPOINTS, template, ENDPOINTS[ENVIRONMENTS])
    needs = of_request(LiveAnswersRequest(LiveAnswers, (template,)))
    assert [need.endpoint for need in needs] == [REPOSITORY, ENVIRONMENTS, template]


@pytest.mark.parametrize(
    ("keys", "more"),
    [
        ({"approvals": 2}, set()),
        ({"approvals": 2, "bypass": ()}, {("administration:write", ("bypass",))}),
        (
            {"approvals": 2, "bypass": (), "admins_included": True},
            {("administration:write", ("bypass", "admins_included"))},
        ),
        ({"merge_methods": ("squash",)}, {("contents:write", ("merge_methods",))}),
    ],
    ids=["none", "bypass", "both", "merge methods"],
)
def test_controls_that_need_more(keys, more):
    policy = BranchProtection(id="p", branch="main", **keys)
    needs = of_policy(policy, [LiveBranchRequest(LiveBranch, DEFAULT_BRANCH)])
    assert {(need.permission, need.controls) for need in needs if need.controls} == more


def test_who_may_go_around_a_tags_rules_is_shown_to_who_may_change_them():
    policy = TagProtection(id="p", tag="v*", updates="forbidden", bypass=())
    needs = of_policy(policy, [LiveRulesetsRequest(LiveRulesets, ("tag",))])
    assert ("administration:write", ("bypass",)) in [(need.permission, need.controls) for need in needs]


def test_the_permissions_of_the_endpoints_have_names():
    names = {name for endpoint in ENDPOINTS.values() for name, _ in parts(endpoint.permission)}
    assert names <= TITLES.keys()


def test_the_least_level_that_covers_all():
    wanted = ["contents:read", "administration:read", "administration:write", "secrets:read and environments:read"]
    assert least(wanted) == {"administration": "write", "contents": "read", "environments": "read", "secrets": "read"}


def test_what_kinds_of_token_can_hold():
    assert workflow_can_hold("actions:read")
    assert not workflow_can_hold("secrets:read and actions:read")
    assert workflow_can_hold("pull-requests:read")
    assert not fine_grained_can_hold("checks:read")
    assert title("brand_new") == "Brand new"
