"""GitHub Actions is set as the policy says, by whatever the token at hand may see."""

import pytest

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.actions_settings import ActionsSettings, settings

ACTIONS = "repos/{owner}/{repo}/actions"
ANSWERS = {
    f"{ACTIONS}/permissions": {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": False},
    f"{ACTIONS}/permissions/selected-actions": {
        "github_owned_allowed": True,
        "verified_allowed": False,
        "patterns_allowed": ["docker/*", "monalisa/octocat@v2"],
    },
    f"{ACTIONS}/permissions/workflow": {
        "default_workflow_permissions": "write",
        "can_approve_pull_request_reviews": True,
    },
    f"{ACTIONS}/permissions/access": {"access_level": "organization"},
    f"{ACTIONS}/permissions/fork-pr-contributor-approval": {"approval_policy": "first_time_contributors"},
    f"{ACTIONS}/permissions/fork-pr-workflows-private-repos": {
        "run_workflows_from_fork_pull_requests": True,
        "send_write_tokens_to_workflows": True,
        "send_secrets_and_variables": False,
        "require_approval_for_fork_pr_workflows": False,
    },
    f"{ACTIONS}/permissions/artifact-and-log-retention": {"days": 30, "maximum_allowed_days": 400},
    f"{ACTIONS}/cache/retention-limit": {"max_cache_retention_days": 7},
    f"{ACTIONS}/cache/storage-limit": {"max_cache_size_gb": 10},
    f"{ACTIONS}/cache/usage": {"active_caches_size_in_bytes": 2_322_142},
    f"{ACTIONS}/oidc/customization/sub": {"use_default": False, "include_claim_keys": ["repo", "context"]},
    f"{ACTIONS}/workflows": {
        "workflows": [
            {"path": ".github/workflows/ci.yml", "state": "active"},
            {"path": ".github/workflows/nightly.yml", "state": "disabled_inactivity"},
            {"path": ".github/workflows/old.yml", "state": "disabled_manually"},
            {"path": ".github/workflows/gone.yml", "state": "deleted"},
        ]
    },
    f"{ACTIONS}/runners": {
        "runners": [
            {"name": "linux", "status": "online", "labels": [{"name": "self-hosted"}, {"name": "X64"}]},
            {"name": "mac", "status": "offline", "labels": [{"name": "self-hosted"}]},
        ]
    },
    "orgs/{org}/actions/permissions": {"enabled_repositories": "all", "allowed_actions": "all"},
}


def said(answers=None, visibility="private", **keys):
    owner = {"type": "Organization"}
    repository = Answer(endpoint="repos/o/r", status=200, message="", body={"visibility": visibility, "owner": owner})
    bodies = {**ANSWERS, **(answers or {})}
    found = {
        path: body if isinstance(body, Answer) else Answer(endpoint=path, status=200, message="", body=body)
        for path, body in bodies.items()
    }
    policy = ActionsSettings(id="actions", **keys)
    return [one for one in settings.judge(policy, LiveAnswers(repository, found)) if not isinstance(one, Judged)]


NONE = SetConstraint(subset_of=())


@pytest.mark.parametrize(
    ("keys", "message", "direction"),
    [
        ({"enabled": False}, "GitHub Actions: on, where the policy wants off", "changed"),
        ({"allowed_actions": "local_only"}, "the set of allowed actions: selected, where", "weakened"),
        ({"github_owned_actions": "forbidden"}, "use of actions that GitHub owns: allowed, where", "weakened"),
        ({"verified_creators": "allowed"}, "use of actions of verified creators: forbidden, where", "strengthened"),
        ({"allowed_patterns": SetConstraint(subset_of=("docker/*",))}, "docker/*, monalisa/octocat@v2", "weakened"),
        ({"sha_pinning": True}, "the demand to pin actions to full commits: off, where", "weakened"),
        ({"default_token": "read"}, "the default permissions of a workflow's token: write, where", "weakened"),
        ({"approving_pull_requests": "forbidden"}, "approval of pull requests by workflows: allowed", "weakened"),
        ({"access": "none"}, "access of other repositories to these actions and workflows: org", "weakened"),
        ({"fork_write_tokens": "forbidden"}, "tokens that write, for workflows from pull requests", "weakened"),
        ({"fork_workflows_need_approval": True}, "approval of workflows from pull requests of forks: off", "weakened"),
        ({"retention_days": NumberConstraint(min=90)}, "kept: 30, where the policy wants at least 90", "weakened"),
        ({"cache_limit_gb": NumberConstraint(max=5)}, "in GB: 10, where the policy wants at most 5", "changed"),
        ({"cache_usage_mb": NumberConstraint(max=2)}, "in MB: 3, where the policy wants at most 2", "changed"),
        ({"subject_claims": ("repo",)}, "own template: context, repo, where the policy wants exactly", "changed"),
        ({"disabled_workflows": NONE}, "nightly.yml, old.yml, where the policy wants nothing at all", "weakened"),
        ({"self_hosted_runners": NONE}, "the list of self-hosted runners: linux, mac, where", "weakened"),
        ({"runner_labels": ("X64",)}, "the labels of self-hosted runners: X64, self-hosted", "changed"),
        ({"offline_runners": NONE}, "the list of self-hosted runners that are offline: mac", "changed"),
        ({"organization_allowed_actions": "selected"}, "the organisation's set of allowed actions: all", "weakened"),
        ({"organization_allowed_patterns": NONE}, "the organisation's patterns of allowed actions: *", "weakened"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_what_is_not_as_wanted_is_a_finding(keys, message, direction):
    (found,) = said(**keys)
    assert isinstance(found, Finding)
    assert message in found.message
    assert (found.control, found.subject, found.direction) == (*keys, "repository", direction)


@pytest.mark.parametrize(
    "keys",
    [
        {"allowed_actions": "selected", "github_owned_actions": "allowed"},
        {"retention_days": NumberConstraint(max=30), "longest_retention_days": 400},
        {"fork_secrets": "forbidden", "fork_workflows": "allowed"},
        {"disabled_workflows": SetConstraint(subset_of=("nightly.yml", "old.yml", "x.yml"))},
        {"default_subject": False, "cache_retention_days": 7},
    ],
)
def test_what_is_as_wanted_is_silent(keys):
    assert said(**keys) == []


def test_in_a_public_repository_forks_are_as_they_are_in_every_public_one():
    wanted = {"fork_workflows": "allowed", "fork_write_tokens": "forbidden", "fork_secrets": "forbidden"}
    assert said(visibility="public", **wanted) == []
    (found,) = said(visibility="public", fork_workflows_need_approval=True)
    assert found.message.endswith(
        "not set, where the policy wants on; "
        "it applies only where visibility of the repository is private or internal, and it is public"
    )
    (access,) = said(visibility="public", access="organization")
    assert "everybody, where the policy wants organization" in access.message


def test_approval_of_outside_contributors_is_of_public_repositories():
    (found,) = said(visibility="public", fork_approval="all_external_contributors")
    assert (found.actual, found.direction) == ("first_time_contributors", "weakened")
    (private,) = said(fork_approval="first_time_contributors")
    assert isinstance(private, Finding)
    assert "it applies only where visibility of the repository is public, and it is private" in private.message


def test_a_number_without_limit_is_no_pass_where_there_is_no_such_setting():
    body = {"owner": {"type": "User"}, "visibility": "private"}
    repository = Answer(endpoint="repos/o/r", status=200, message="", body=body)
    policy = ActionsSettings(id="actions", organization_retention_days=NumberConstraint(min=90))
    _, found = settings.judge(policy, LiveAnswers(repository, {}))
    assert "it applies only where the owner's kind of account is organization, and it is user" in found.message


def refusal(path, status, message):
    answer = Answer(
        endpoint=path.replace("{owner}/{repo}", "o/r"),
        status=status,
        message=message,
        body=None,
        permission="administration:read",
    )
    return {path: answer}


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (403, "Resource not accessible by personal access token", Reason.PERMISSION),
        (403, "Must have admin rights to Repository.", Reason.PERMISSION),
        (404, "Not Found", Reason.PERMISSION),
        (409, "Conflict", Reason.API_ERROR),
        (422, "Validation Failed", Reason.API_ERROR),
        (502, "", Reason.API_ERROR),
        (429, "API rate limit exceeded for 1.2.3.4", Reason.RATE_LIMITED),
    ],
)
def test_a_refusal_is_unknown_and_names_what_it_takes(status, message, reason):
    (found,) = said(refusal(f"{ACTIONS}/permissions/workflow", status, message), default_token="read")
    assert isinstance(found, Undecided)
    assert (found.control, found.reason, found.status) == ("default_token", reason, status)
    assert (found.permission == "administration:read") is (reason is Reason.PERMISSION)


@pytest.mark.parametrize(
    ("path", "body", "keys"),
    [
        ("permissions/workflow", {}, {"default_token": "read"}),
        ("permissions/workflow", {"default_workflow_permissions": "admin"}, {"default_token": "read"}),
        ("permissions/workflow", [], {"default_token": "read"}),
        ("permissions", {"enabled": "yes"}, {"enabled": True}),
        ("permissions", {"enabled": True}, {"sha_pinning": True}),
        ("permissions", {"enabled": True, "allowed_actions": "some"}, {"allowed_actions": "all"}),
        ("permissions/artifact-and-log-retention", {"days": "90"}, {"retention_days": NumberConstraint(min=90)}),
        ("permissions/artifact-and-log-retention", {"days": True}, {"retention_days": NumberConstraint(min=1)}),
        ("cache/usage", {"active_caches_size_in_bytes": None}, {"cache_usage_mb": NumberConstraint(max=9)}),
        ("oidc/customization/sub", {"use_default": 1}, {"subject_claims": NONE}),
        ("oidc/customization/sub", {}, {"subject_claims": NONE}),
        ("workflows", {"workflows": [{"path": "a.yml"}]}, {"disabled_workflows": NONE}),
        ("workflows", {}, {"disabled_workflows": NONE}),
        ("runners", {"runners": [{"name": "a", "labels": 1}]}, {"runner_labels": NONE}),
    ],
)
def test_what_is_missing_or_of_another_shape_is_unknown(path, body, keys):
    (found,) = said({f"{ACTIONS}/{path}": body}, **keys)
    assert isinstance(found, Undecided)


def test_no_runner_and_no_disabled_workflow_hold():
    empty = {f"{ACTIONS}/runners": {"runners": []}, f"{ACTIONS}/workflows": {"workflows": []}}
    assert said(empty, self_hosted_runners=NONE, disabled_workflows=NONE, runner_labels=NONE) == []


def test_a_policy_asserts_something():
    assert [path for path, _ in ActionsSettings(id="empty").problems()] == [()]


PERMISSIONS = f"{ACTIONS}/permissions"
THEIRS = "orgs/{org}/actions/permissions"


@pytest.mark.parametrize(
    ("keys", "theirs", "own"),
    [
        ({"default_token": "read"}, {f"{THEIRS}/workflow": {"default_workflow_permissions": "read"}}, {}),
        (
            {"approving_pull_requests": "forbidden"},
            {f"{THEIRS}/workflow": {"can_approve_pull_request_reviews": False}},
            {},
        ),
        ({"allowed_actions": "local_only"}, {THEIRS: {"allowed_actions": "local_only"}}, {}),
        ({"sha_pinning": True}, {THEIRS: {"sha_pinning_required": True}}, {}),
        ({"retention_days": 7}, {f"{THEIRS}/artifact-and-log-retention": {"days": 7}}, {}),
        (
            {"fork_approval": "all_external_contributors"},
            {f"{THEIRS}/fork-pr-contributor-approval": {"approval_policy": "all_external_contributors"}},
            {"visibility": "public"},
        ),
        (
            {"allowed_patterns": ("mine/*",)},
            {
                PERMISSIONS: {"enabled": True, "allowed_actions": "all"},
                THEIRS: {"allowed_actions": "selected"},
                f"{THEIRS}/selected-actions": {"patterns_allowed": ["mine/*"]},
            },
            {},
        ),
    ],
)
def test_the_stricter_of_the_organisations_and_the_repositorys_counts(keys, theirs, own):
    assert said(theirs, **own, **keys) == []
    without = {path: body for path, body in theirs.items() if not path.startswith("orgs/")}
    assert said({**without, THEIRS: {"enabled_repositories": "all", "allowed_actions": "all"}}, **own, **keys)


def test_a_cap_that_is_weaker_changes_nothing_and_the_finding_names_both():
    (found,) = said({f"{THEIRS}/workflow": {"default_workflow_permissions": "write"}}, default_token="read")
    assert found.actual == "write"
    assert [one.text for one in found.evidence] == [
        f'GET {PERMISSIONS}/workflow answered 200, and `default_workflow_permissions` is "write"',
        f'GET {THEIRS}/workflow answered 200, and `default_workflow_permissions` is "write"',
    ]


def test_a_cap_that_is_not_as_wanted_either_is_told_with_the_repositorys_own():
    theirs = {THEIRS: {"enabled_repositories": "all", "allowed_actions": "selected"}}
    own = {PERMISSIONS: {"enabled": True, "allowed_actions": "all"}}
    (found,) = said({**own, **theirs}, allowed_actions="local_only")
    assert found.actual == "selected"
    assert found.message.endswith(
        "; the organisation's set of allowed actions is selected, where the repository's own is all"
    )


def test_a_cap_makes_retention_shorter():
    theirs = {f"{THEIRS}/artifact-and-log-retention": {"days": 10}}
    (found,) = said(theirs, retention_days=NumberConstraint(min=30))
    assert (found.actual, found.direction) == (10, "weakened")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_where_the_organisation_is_not_told_the_repositorys_own_value_counts(status):
    path = f"{THEIRS}/workflow"
    refused = {path: Answer(endpoint=path, status=status, message="Not Found", body=None)}
    assert said(refused, default_token="write") == []
    (found,) = said(refused, default_token="read")
    assert isinstance(found, Finding)
    assert found.evidence[-1].text == f"GET {path} answered {status}: Not Found"


def test_what_caps_is_asked_beside_and_makes_nothing_unknown():
    ((request,),) = settings.wants(ActionsSettings(id="p", default_token="read"))
    assert request.endpoints == (f"{PERMISSIONS}/workflow",)
    assert f"{THEIRS}/workflow" in request.beside


def test_a_number_that_a_plan_does_not_have_is_no_number_without_limit():
    path = f"{ACTIONS}/permissions/artifact-and-log-retention"
    upgrade = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    repository = Answer(endpoint="repos/o/r", status=200, message="", body={"visibility": "private"})
    policy = ActionsSettings(id="actions", retention_days=NumberConstraint(min=90))
    _, found = settings.judge(policy, LiveAnswers(repository, refusal(path, 403, upgrade)))
    assert isinstance(found, Finding)
    assert "this account's plan does not have it" in found.message
