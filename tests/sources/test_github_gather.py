"""The live facts, from a GitHub that is asked as little as can be."""

import json
from collections import Counter

import pytest

from fake_github import FakeGitHub, State, Time
from govcheck.errors import UsageError
from govcheck.facts import Request
from govcheck.facts.live import (
    CodeownersErrors,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveRepository,
    LiveRulesets,
    LiveRulesetsRequest,
    LiveWorkflows,
)
from govcheck.facts.tree import Tree
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.governor import Clock

ADMIN = "ghp_" + "admin" * 7
APP = "ghs_" + "app" * 12

REPOSITORY = Request(LiveRepository)
WORKFLOWS = Request(LiveWorkflows)
BYPASS = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}


def branch(name="main"):
    return LiveBranchRequest(LiveBranch, name)


def rulesets(*targets):
    return LiveRulesetsRequest(LiveRulesets, targets)


def head(name="main"):
    return HeadChecksRequest(HeadChecks, name)


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    state.token(APP, "app", permissions={"contents": "read", "checks": "read", "statuses": "read"})
    repository = state.repository("octo/app")
    repository.protect("main", approvals=2)
    repository.ruleset("first", [{"type": "deletion"}, {"type": "creation"}], bypass_actors=(BYPASS,))
    repository.ruleset("second", [{"type": "update"}], source_type="Organization", include=("~ALL",))
    repository.check_run("main", "build", "failure")
    repository.status("main", "ci/other")
    return state


@pytest.fixture
def github(state):
    with FakeGitHub(state) as github:
        yield github


@pytest.fixture
def facts(github):
    """Gathers as somebody with this environment would."""
    time = Time()

    def facts(*requests, repository="octo/app", url=None, **environment):
        configuration = from_environment({"GITHUB_API_URL": url or github.url, **environment})
        clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
        with Client(configuration, clock=clock) as client:
            found = gather(client, repository, requests)
        assert set(found) == set(requests)
        return found

    return facts


def test_everything_that_guards_a_branch(facts):
    found = facts(branch(), GH_TOKEN=ADMIN)[branch()]
    assert found.branch == "main"
    assert found.repository.body["full_name"] == "octo/app"
    assert found.summary.body["protected"] is True
    assert found.protection.body["required_pull_request_reviews"]["required_approving_review_count"] == 2
    assert [rule["type"] for rule in found.rules.body] == ["deletion", "creation", "update"]
    assert [ruleset.body["name"] for ruleset in found.rulesets] == ["first", "second"]
    assert found.rulesets[0].body["bypass_actors"] == [BYPASS]
    assert found.rulesets[1].body["source"] == "octo"
    assert found.protection.endpoint == "repos/octo/app/branches/main/protection"


def test_what_reported_on_the_head(facts, state):
    found = facts(head(), GH_TOKEN=ADMIN)[head()]
    assert found.commit == state.repository("octo/app").branch("main")["sha"]
    assert [run["conclusion"] for run in found.check_runs.body["check_runs"]] == ["failure"]
    assert [status["context"] for status in found.statuses.body["statuses"]] == ["ci/other"]


def test_the_workflows_that_github_knows(facts, state):
    for number in range(120):
        state.repository("octo/app").workflow(f"w{number}.yml", "disabled_manually" if number == 119 else "active")
    answer = facts(WORKFLOWS, GH_TOKEN=ADMIN)[WORKFLOWS].answer
    assert (answer.endpoint, answer.permission, answer.complete) == (
        "repos/octo/app/actions/workflows",
        "actions:read",
        True,
    )
    assert [one["state"] for one in answer.body["workflows"]].count("active") == 119
    refused = facts(WORKFLOWS, GH_TOKEN=APP)[WORKFLOWS].answer
    assert (refused.status, refused.message) == (403, "Resource not accessible by integration")


def test_each_endpoint_is_asked_once_and_only_read(facts, github):
    facts(REPOSITORY, branch(), branch("~DEFAULT_BRANCH"), head(), head("~DEFAULT_BRANCH"), GH_TOKEN=ADMIN)
    assert set(Counter(github.paths).values()) == {1}
    assert len(github.paths) == 8
    assert {request.method for request in github.requests} == {"GET"}
    paths = [request.path.partition("?") for request in github.requests]
    asked = {path.rpartition("/")[2]: query for path, _, query in paths}
    assert asked["check-runs"] == "filter=latest&per_page=100"
    assert asked["status"] == "per_page=100"
    assert asked["1000"] == "includes_parents=true"


def test_d17_every_page_of_rules_is_read_and_each_ruleset_once(facts, github, state):
    repository = state.repository("octo/app")
    for number in range(120):
        repository.ruleset(f"r{number}", [{"type": "deletion"}, {"type": "creation"}])
    found = facts(branch(), GH_TOKEN=ADMIN)[branch()]
    assert (len(found.rules.body), found.rules.complete) == (243, True)
    assert len(found.rulesets) == 122
    assert max(Counter(path for path in github.paths if "/rulesets/" in path).values()) == 1


def test_what_is_wrong_with_codeowners(facts, state, github):
    wanted = Request(CodeownersErrors)
    state.repository("octo/app").codeowners({"kind": "Unknown owner", "line": 1, "column": 3, "source": "* @octo/crew"})
    answer = facts(wanted, GH_TOKEN=APP)[wanted].answer
    assert [(error["kind"], error["line"]) for error in answer.body["errors"]] == [("Unknown owner", 1)]
    assert github.paths == ["/repos/octo/app", "/repos/octo/app/codeowners/errors"]


def test_a_default_branch_without_codeowners(facts):
    wanted = Request(CodeownersErrors)
    answer = facts(wanted, GH_TOKEN=ADMIN)[wanted].answer
    assert (answer.status, answer.message, answer.permission) == (404, "Not Found", "contents:read")


def test_nothing_asked_for_is_nothing_asked(facts, github):
    assert facts() == {}
    assert github.requests == []


def test_the_default_branch_has_its_own_name(facts, state):
    state.repository("octo/app", default_branch="trunk").protect("trunk", approvals=1)
    found = facts(branch("~DEFAULT_BRANCH"), head("~DEFAULT_BRANCH"), GH_TOKEN=ADMIN)
    assert found[branch("~DEFAULT_BRANCH")].branch == "trunk"
    assert found[branch("~DEFAULT_BRANCH")].protection.good
    assert found[head("~DEFAULT_BRANCH")].branch == "trunk"


def test_a_branch_with_a_slash(facts, state):
    state.repository("octo/app").protect("release/1", approvals=1)
    found = facts(branch("release/1"), head("release/1"), GH_TOKEN=ADMIN)
    assert found[branch("release/1")].protection.good
    assert found[head("release/1")].check_runs.good


def test_a_token_without_the_right_sees_no_protection_and_no_bypass(facts):
    found = facts(branch(), GH_TOKEN=APP)[branch()]
    assert (found.protection.status, found.protection.message) == (403, "Resource not accessible by integration")
    assert found.protection.permission == "administration:read"
    assert found.rules.good
    assert "bypass_actors" not in found.rulesets[0].body


def test_a_branch_that_is_not_there(facts):
    found = facts(branch("gone"), head("gone"), GH_TOKEN=ADMIN)
    assert found[branch("gone")].protection.message == "Branch not found"
    assert found[head("gone")].commit is None
    assert found[head("gone")].check_runs.message == "Branch not found"
    assert not found[head("gone")].statuses.good


def test_without_a_token_a_repository_may_be_private(facts):
    own = facts(REPOSITORY, repository="octo/none")[REPOSITORY].answer
    assert (own.status, own.failure) == (404, "no-repository")
    assert own.message == "octo/none is not there, or private: no token was given"


def test_a_repository_that_cannot_be_seen(facts, github):
    """It is told as such, and nothing below it is asked for: no permission would help."""
    asked = (REPOSITORY, branch(), branch("~DEFAULT_BRANCH"), head(), WORKFLOWS, rulesets("tag"))
    found = facts(*asked, repository="octo/none", GH_TOKEN=ADMIN)
    assert github.paths == ["/repos/octo/none"]
    own = found[REPOSITORY].answer
    assert (own.status, own.failure, own.permission) == (404, "no-repository", None)
    assert own.message == "octo/none is not there, or not this token's to see"
    hidden = found[branch("~DEFAULT_BRANCH")]
    assert hidden.branch == "~DEFAULT_BRANCH"
    assert hidden.protection.endpoint == "repos/octo/none"  # a branch whose name nobody knows has no path
    below = (hidden.summary, hidden.protection, hidden.rules, found[head()].check_runs, found[WORKFLOWS].answer)
    for answer in (*below, found[branch()].protection, found[rulesets("tag")].listed):
        assert (answer.status, answer.failure, answer.message, answer.good) == (None, own.failure, own.message, False)
    assert found[head()].commit is None


def test_rulesets_for_tags_and_pushes_are_read_whole_and_those_for_branches_once(facts, github, state):
    repository = state.repository("octo/app")
    repository.ruleset("tags", [{"type": "deletion"}], include=("refs/tags/v*",), target="tag")
    repository.ruleset("off", [{"type": "deletion"}], target="tag", enforcement="disabled")
    repository.ruleset("pushes", [{"type": "max_file_size", "parameters": {"max_file_size": 5}}], target="push")
    both = rulesets("tag", "push")
    found = facts(both, rulesets("branch"), branch(), GH_TOKEN=ADMIN)
    assert [one["name"] for one in found[both].listed.body] == ["first", "second", "tags", "off", "pushes"]
    assert [one.body["name"] for one in found[both].rulesets] == ["tags", "pushes"]
    assert [one.body["name"] for one in found[rulesets("branch")].rulesets] == ["first", "second"]
    assert set(Counter(github.paths).values()) == {1}


def test_a_pattern_is_no_branch_to_ask_for(facts, github, state):
    state.document["graphql"] = {"data": {"repository": None}}
    wanted = LiveBranchRequest(LiveBranch, "release/*", pattern=True)
    found = facts(wanted, GH_TOKEN=ADMIN)[wanted]
    assert not any("branches" in path for path in github.paths)
    assert [one.body["name"] for one in found.every.rulesets] == ["first", "second"]
    assert found.every.classic.body == {"data": {"repository": None}}
    assert (found.protection.failure, found.protection.endpoint) == (
        "not-asked",
        "repos/octo/app/branches/release%2F%2A/protection",
    )


def test_names_of_teams_are_asked_for_where_a_ruleset_has_one_by_its_number(facts, github, state):
    repository = state.repository("octo/app")
    repository.answer("teams", [{"id": 7, "slug": "crew"}], permission="administration")
    assert facts(branch(), GH_TOKEN=ADMIN)[branch()].teams is None
    repository.document["rulesets"][0]["bypass_actors"] = [{"actor_id": 7, "actor_type": "Team"}]
    found = facts(branch(), GH_TOKEN=ADMIN)[branch()]
    assert found.teams.body == [{"id": 7, "slug": "crew"}]
    assert github.paths.count("/repos/octo/app/teams") == 1


def test_what_only_graphql_tells_is_asked_only_where_it_is_wanted(facts, github, state):
    state.document["graphql"] = {"data": {"repository": {"viewerCanAdminister": True}, "rateLimit": {"cost": 1}}}
    wanted = LiveBranchRequest(LiveBranch, "main", beyond_rest=True)
    found = facts(branch(), wanted, LiveBranchRequest(LiveBranch, "~DEFAULT_BRANCH", beyond_rest=True), GH_TOKEN=ADMIN)
    assert found[branch()].beyond_rest is None
    assert found[wanted].beyond_rest.body["data"]["repository"]["viewerCanAdminister"] is True
    (asked,) = [request for request in github.requests if request.method == "POST"]
    variables = json.loads(asked.body)["variables"]
    assert variables == {"owner": "octo", "name": "app", "ref": "refs/heads/main", "branch": "main"}


def test_a_token_that_may_read_protection_is_asked_by_graphql_first(facts, github, state):
    """A workflow's own token could only be refused."""
    state.document["graphql"] = {"data": {"repository": {"viewerCanAdminister": True}}}
    wanted = LiveBranchRequest(LiveBranch, "release/*", pattern=True)
    facts(wanted, GITHUB_TOKEN=APP, GH_TOKEN=ADMIN, GITHUB_ACTIONS="true")
    (asked,) = [request for request in github.requests if request.method == "POST"]
    assert asked.authorization == f"Bearer {ADMIN}"


def test_a_token_that_is_not_valid_is_tried_once(facts, github):
    found = facts(REPOSITORY, branch(), branch("~DEFAULT_BRANCH"), head(), GH_TOKEN="ghp_" + "wrong" * 7)
    answers = (found[REPOSITORY].answer, found[branch()].protection, found[branch()].rules, found[head()].check_runs)
    assert [(answer.status, answer.message) for answer in answers] == [(401, "Bad credentials")] * 4
    assert len(github.requests) == 1


def test_no_network(facts, github):
    url = github.url
    github.close()
    found = facts(REPOSITORY, branch(), head(), url=url, GH_TOKEN=ADMIN)
    answers = (found[REPOSITORY].answer, found[branch()].protection, found[branch()].rules, found[head()].check_runs)
    assert [(answer.status, answer.failure) for answer in answers] == [(None, "network")] * 4


@pytest.mark.parametrize(
    "body", ["{}", "[]", '{"default_branch": 1}', '{"default_branch": ""}', '{"full_name": "../.."}']
)
def test_a_repository_that_does_not_say_what_it_should(facts, state, body):
    state.fault("/repos/octo/app", "raw", times=1, body=body)
    found = facts(branch("~DEFAULT_BRANCH"), branch(), GH_TOKEN=ADMIN)
    answer = found[branch("~DEFAULT_BRANCH")].protection
    assert (answer.status, answer.failure) == (None, "not-asked")
    assert found[branch()].protection.good


@pytest.mark.parametrize("commit", ["null", "{}", '{"sha": 1}', '{"sha": "../../x"}', '{"sha": ""}'])
def test_a_branch_that_names_no_commit(facts, state, commit):
    state.fault("/branches/main", "raw", body=f'{{"commit": {commit}}}')
    found = facts(head(), GH_TOKEN=ADMIN)[head()]
    assert found.commit is None
    assert (found.check_runs.status, found.check_runs.failure, found.statuses.failure) == (
        None,
        "not-asked",
        "not-asked",
    )


@pytest.mark.parametrize("identity", ["null", "true", '"1000/../../x"', "1.5", "[]"])
def test_a_rule_without_a_ruleset(facts, state, identity):
    state.fault("/rules/branches", "raw", body=f'[{{"type": "deletion", "ruleset_id": {identity}}}, 1, null]')
    found = facts(branch(), GH_TOKEN=ADMIN)[branch()]
    assert found.rules.good
    assert found.rulesets == ()


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_no_branch_has_is_answered_too(facts, name):
    found = facts(branch(name), head(name), GH_TOKEN=ADMIN)
    assert found[branch(name)].protection.failure == "not-asked"
    assert found[head(name)].commit is None


def test_a_renamed_repository_is_read_under_its_new_name(facts, state, github):
    state.document["renamed"]["octo/old"] = "octo/app"
    found = facts(REPOSITORY, branch(), repository="octo/old", GH_TOKEN=ADMIN)
    assert found[REPOSITORY].answer.endpoint == "repos/octo/old"
    assert found[REPOSITORY].answer.body["full_name"] == "octo/app"
    assert found[branch()].protection.good
    # The redirect is followed once, not for every endpoint.
    assert sum("octo/old" in path for path in github.paths) == 1


@pytest.mark.parametrize("name", ["", "octo", "octo/", "/app", "octo/app/x", "octo/..", "../app", "octo/a b", "o/r\n"])
def test_a_name_that_is_none(facts, name):
    with pytest.raises(UsageError):
        facts(REPOSITORY, repository=name)


def test_a_request_for_something_else(facts):
    with pytest.raises(ValueError, match="not a live fact"):
        facts(Request(Tree))


def test_the_same_world_gives_the_same_facts(facts):
    wanted = (REPOSITORY, branch(), head())
    assert facts(*wanted, GH_TOKEN=ADMIN) == facts(*wanted, GH_TOKEN=ADMIN)
