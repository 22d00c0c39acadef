"""The registry's settings by name: what a snapshot keeps, which way each went, what nobody asserts."""

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.settings import endpoints as table
from govcheck.settings import registered, registry
from govcheck.settings.endpoints import (
    ACTIONS,
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENTS,
    PROTECTED_BRANCHES,
    REPOSITORY,
    Endpoint,
)
from govcheck.settings.environments import has_one_of_each
from govcheck.settings.registry import Setting
from govcheck.settings.strength import Strength

SECRETS = f"{REPOSITORY}/environments/{{environment_name}}"


def good(endpoint, body):
    return Answer(endpoint=endpoint, status=200, message="", body=body)


def test_every_setting_is_kept_with_its_value_or_why_it_is_unknown():
    answers = {path: good(path, None) for path in registered.endpoints() if path != REPOSITORY}
    found = registered.settings_of(LiveAnswers(good("repos/o/r", {"visibility": "private"}), answers))
    kept = {one.name for one in registry.settings() if registered.is_kept(one) and not has_one_of_each(one)}
    assert found.keys() == kept
    assert found["repository-settings/visibility"].value == "private"
    assert found["actions-settings/default_token"].trouble.message.endswith("the answer is not JSON")
    assert found["repository-settings/squash_merge"].trouble.permission == "contents:write"


def test_what_was_not_asked_is_not_kept():
    found = registered.settings_of(LiveAnswers(good("repos/o/r", {}), {}))
    assert "repository-settings/visibility" in found
    assert "actions-settings/default_token" not in found


def test_what_github_does_not_have_here_is_nothing_to_assert():
    body = {"visibility": "public", "owner": {"type": "User"}, "has_pages": False}
    answers = {path: good(path, {}) for path in registered.endpoints() if path != REPOSITORY}
    idle = registered.without_a_setting(LiveAnswers(good("repos/o/r", body), answers))
    assert {"actions-settings/fork_secrets", "repository-settings/pages_https"} <= idle
    assert "actions-settings/organization_default_token" in idle
    assert "actions-settings/fork_approval" not in idle


def test_what_moves_by_itself_is_not_kept():
    assert f"{ACTIONS}/cache/usage" not in registered.endpoints()
    answers = {f"{ACTIONS}/cache/usage": good("", {"active_caches_size_in_bytes": 1})}
    assert "actions-settings/cache_usage_mb" not in registered.settings_of(LiveAnswers(good("", {}), answers))


@pytest.mark.parametrize(
    ("name", "before", "after", "way"),
    [
        ("actions-settings/default_token", "read", "write", "weakened"),
        ("actions-settings/sha_pinning", False, True, "strengthened"),
        ("actions-settings/self_hosted_runners", [], ["mine"], "weakened"),
        ("actions-settings/allowed_patterns", ["*"], ["docker/*"], "changed"),
        ("repository-settings/visibility", "private", "public", "weakened"),
        ("repository-settings/wiki", True, False, "changed"),
        ("repository-settings/open_pull_requests_per_user", 5, None, "weakened"),
        ("repository-settings/wiki", True, True, None),
        ("branches/main/approvals", 2, 1, "weakened"),
        ("nobody/knows", 1, 2, "changed"),
    ],
)
def test_directions_by_name(name, before, after, way):
    assert registered.direction(name, before, after) == way


def test_titles_by_name():
    assert registered.describe("actions-settings/enabled") == "GitHub Actions"
    assert registered.describe("branches/main/approvals") == "required approvals on main"
    assert registered.describe("nobody/knows") == "nobody/knows"


PRODUCTION = {
    "name": "prod/eu",
    "can_admins_bypass": False,
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    "protection_rules": [
        {"type": "wait_timer", "wait_timer": 30},
        {
            "type": "required_reviewers",
            "prevent_self_review": True,
            "reviewers": [{"type": "User", "reviewer": {"login": "Mona"}}],
        },
    ],
}
BARE = {"name": "review", "protection_rules": [], "deployment_branch_policy": None}


def each(template):
    return template.replace("{environment_name}", "prod/eu")


def of_live_environments(*listed, **more):
    answers = {
        ENVIRONMENTS: {"environments": list(listed)},
        each(ENVIRONMENT_BRANCHES): {"branch_policies": [{"name": "main"}, {"name": "v*", "type": "tag"}]},
        each(ENVIRONMENT_RULES): {"custom_deployment_protection_rules": [{"enabled": True, "app": {"slug": "gate"}}]},
        PROTECTED_BRANCHES: [],
    }
    bodies = {path: good(path, body) for path, body in answers.items()}
    found = registered.settings_of(LiveAnswers(good("repos/o/r", {"private": True}), bodies | more))
    return {name: one for name, one in found.items() if name.startswith("environment-protection/")}


def test_every_setting_of_every_environment_is_kept_as_it_is_set():
    found = of_live_environments(PRODUCTION, BARE)
    assert {name: one.value for name, one in found.items() if one.trouble is None} == {
        "environment-protection/prod%2Feu/reviewers": ["user:mona"],
        "environment-protection/prod%2Feu/self_review": "forbidden",
        "environment-protection/prod%2Feu/wait": 30,
        "environment-protection/prod%2Feu/branches": ["main", "tag:v*"],
        "environment-protection/prod%2Feu/admin_bypass": "forbidden",
        "environment-protection/prod%2Feu/custom_rules": ["gate"],
        "environment-protection/review/reviewers": [],
        "environment-protection/review/self_review": "allowed",
        "environment-protection/review/wait": 0,
        "environment-protection/review/branches": None,
    }
    assert {name for name, one in found.items() if one.trouble is not None} == {
        "environment-protection/review/admin_bypass",
        "environment-protection/review/custom_rules",
    }


def test_of_environments_what_was_not_asked_is_not_kept():
    listed = LiveAnswers(good("", {}), {ENVIRONMENTS: good("", {"environments": [PRODUCTION]})})
    kept = {name.rpartition("/")[2] for name in registered.settings_of(listed) if name.startswith("environment-")}
    assert kept == {"reviewers", "self_review", "wait", "admin_bypass"}
    assert {ENVIRONMENTS, ENVIRONMENT_BRANCHES, ENVIRONMENT_RULES, PROTECTED_BRANCHES} <= set(registered.endpoints())


@pytest.mark.parametrize(
    ("key", "before", "after", "way"),
    [
        ("reviewers", [], ["user:mona"], "strengthened"),
        ("reviewers", ["user:mona"], [], "weakened"),
        ("reviewers", ["user:mona"], ["user:mona", "user:eve"], "weakened"),
        ("reviewers", ["user:mona"], ["user:eve"], "changed"),
        ("reviewers", None, ["user:mona"], "strengthened"),
        ("reviewers", ["user:mona"], None, "weakened"),
        ("reviewers", None, [], None),
        ("self_review", "forbidden", "allowed", "weakened"),
        ("self_review", None, "forbidden", "strengthened"),
        ("wait", 30, 10, "weakened"),
        ("wait", 30, None, "weakened"),
        ("branches", ["main"], ["main", "dev"], "weakened"),
        ("branches", None, ["main"], "strengthened"),
        ("branches", "protected", None, "weakened"),
        ("branches", None, "protected", "strengthened"),
        ("branches", "protected", ["main"], "changed"),
        ("branches", ["main"], [], "strengthened"),
        ("admin_bypass", "forbidden", "allowed", "weakened"),
        ("custom_rules", ["gate"], [], "weakened"),
    ],
)
def test_directions_of_environments(key, before, after, way):
    name = f"environment-protection/prod%2Feu/{key}"
    assert registered.direction(name, before, after) == way
    assert registered.describe(name).endswith(" of prod/eu")
    assert registered.tells_alone(name)


@pytest.fixture
def of_environments(monkeypatch):
    """A setting that each environment has, as another kind may register it."""
    one = Setting(
        kind="environment-protection",
        key="wait",
        title="the wait",
        endpoint=SECRETS,
        path="wait",
        strength=Strength.AT_LEAST,
        security=True,
    )
    monkeypatch.setattr(registered, "settings", lambda: (one,))
    monkeypatch.setattr(registered, "named", {one.name: one}.get)
    monkeypatch.setitem(table.ENDPOINTS, SECRETS, Endpoint(template=SECRETS, permission="actions:read"))


@pytest.mark.usefixtures("of_environments")
def test_settings_of_environments_are_named_after_them():
    environments = {"environments": [{"name": "production"}, {"name": "a/b"}, {"name": "unasked"}]}
    live = LiveAnswers(
        good("repos/o/r", {}),
        {
            ENVIRONMENTS: good(ENVIRONMENTS, environments),
            SECRETS.replace("{environment_name}", "production"): good("", {"wait": 5}),
            SECRETS.replace("{environment_name}", "a/b"): good("", {"wait": 0}),
        },
    )
    found = {name: one.value for name, one in registered.settings_of(live).items()}
    assert found == {"environment-protection/production/wait": 5, "environment-protection/a%2Fb/wait": 0}
    assert registered.endpoints() == (SECRETS, ENVIRONMENTS)
    name = "environment-protection/a%2Fb/wait"
    assert registered.describe(name) == "the wait of a/b"
    assert registered.direction(name, 5, 0) == "weakened"
    assert registered.bears_on_security(name)


@pytest.mark.usefixtures("of_environments")
def test_who_asserts_one_of_environments_asserts_it_of_each():
    known = ["environment-protection/production/wait", "repository-settings/wiki", "branches/main/approvals"]
    assert registered.uncovered(known, ["environment-protection/wait"]) == tuple(known[:0:-1])
    assert registered.uncovered(known, known[:1]) == tuple(known[:0:-1])


@pytest.mark.usefixtures("of_environments")
@pytest.mark.parametrize("body", [None, [], {}, {"environments": 1}, {"environments": [{"name": 1}]}], ids=str)
def test_environments_that_cannot_be_listed_have_no_settings(body):
    live = LiveAnswers(good("repos/o/r", {}), {ENVIRONMENTS: good(ENVIRONMENTS, body)})
    assert registered.settings_of(live) == {}


def test_of_a_branch_what_guards_it_bears_on_security():
    assert registered.bears_on_security("branches/main/force_pushes")
    assert not registered.bears_on_security("branches/main/merge_methods")
    assert not registered.bears_on_security("rulesets/1/name")
