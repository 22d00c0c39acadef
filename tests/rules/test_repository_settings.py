"""The repository is set as the policy says, by whatever the token at hand may see."""

import pytest

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.repository_settings import RepositorySettings, settings

BODY = {
    "full_name": "o/r",
    "html_url": "https://github.com/o/r",
    "owner": {"type": "Organization"},
    "visibility": "public",
    "archived": False,
    "default_branch": "main",
    "description": "  ",
    "homepage": "https://example.com",
    "license": {"spdx_id": "MIT"},
    "topics": ["api", "storefront"],
    "custom_properties": {"team": "payments", "tiers": ["gold", "silver"], "production": "true"},
    "has_issues": True,
    "has_pages": False,
    "allow_squash_merge": True,
    "squash_merge_commit_title": "PR_TITLE",
}
PAGES = "repos/{owner}/{repo}/pages"
CAP = "repos/{owner}/{repo}/interaction-limits/pulls/creation-cap"
LIMITS = "repos/{owner}/{repo}/interaction-limits"


def said(body, answers=None, **keys):
    answer = Answer(endpoint="repos/o/r", status=200, message="", body=body, permission="metadata:read")
    live = LiveAnswers(answer, {path: good(path, found) for path, found in (answers or {}).items()})
    policy = RepositorySettings(id="merging", **keys)
    return [one for one in settings.judge(policy, live) if not isinstance(one, Judged)]


def good(path, body):
    return Answer(endpoint=path, status=200, message="", body=body)


@pytest.mark.parametrize(
    "keys",
    [
        {"squash_merge": True},
        {"squash_title": "PR_TITLE"},
        {"visibility": "public"},
        {"owned_by": "organization"},
        {"web_commit_signoff": False},
        {"archived": False, "issues": True, "pages": False},
        {"default_branch": "main", "license": "MIT"},
        {"has_description": False, "has_homepage": True, "homepage": "https://example.com"},
        {"topics": SetConstraint(superset_of=("api",))},
        {"properties": {"team": "payments", "tiers": ("silver", "gold"), "production": True}},
        {"pages_https": True, "pages_public": False},
    ],
    ids="+".join,
)
def test_what_is_as_wanted_is_silent(keys):
    assert said(BODY, **keys) == []


@pytest.mark.parametrize(
    ("keys", "message", "direction"),
    [
        ({"squash_merge": False}, "squash merging: on, where the policy wants off", "changed"),
        (
            {"visibility": "private"},
            "visibility of the repository: public, where the policy wants private",
            "weakened",
        ),
        (
            {"web_commit_signoff": True},
            "sign-off of commits made on the web: off, where the policy wants on",
            "weakened",
        ),
    ],
)
def test_what_is_not_is_a_finding(keys, message, direction):
    (found,) = said(BODY, **keys)
    assert isinstance(found, Finding)
    assert (found.control, found.message, found.direction) == (*keys, message, direction)
    assert found.location.setting == f"repository-settings/{found.control}"


@pytest.mark.parametrize(
    ("keys", "answers", "message"),
    [
        ({"topics": ("api",)}, {}, "the topics: api, storefront, where the policy wants exactly api"),
        ({"default_branch": "trunk"}, {}, "the default branch: main, where the policy wants trunk"),
        ({"has_description": True}, {}, "presence of a description: off, where the policy wants on"),
        (
            {"pages_branch": "main"},
            {},
            "not set, where the policy wants main; it applies only where GitHub Pages is on, and it is off",
        ),
        ({"interaction_limit": "none"}, {LIMITS: {"limit": "contributors_only"}}, "contributors_only, where the"),
        ({"interaction_limit": "contributors_only"}, {LIMITS: {}}, "may interact: none, where the policy wants"),
        (
            {"open_pull_requests_per_user": NumberConstraint(max=5)},
            {CAP: {"enabled": False, "max_open_pull_requests": 1}},
            "may have open: not set, where the policy wants at most 5",
        ),
        (
            {"open_pull_requests_per_user": NumberConstraint(max=5)},
            {CAP: {"enabled": True, "max_open_pull_requests": 9}},
            "may have open: 9, where the policy wants at most 5",
        ),
    ],
    ids=["topics", "branch", "description", "pages", "limit", "no-limit", "cap-off", "cap"],
)
def test_messages_of_the_rest(keys, answers, message):
    (found,) = said(BODY, answers, **keys)
    assert isinstance(found, Finding)
    assert message in found.message


def test_a_property_is_a_subject_of_its_own():
    wanted = {"team": "orders", "tiers": ("gold",), "production": False, "owner": "x"}
    found = {one.subject: (one.control, one.expected, one.actual) for one in said(BODY, properties=wanted)}
    assert found == {
        "team": ("properties", "orders", "payments"),
        "tiers": ("properties", ["gold"], ["gold", "silver"]),
        "production": ("properties", "false", "true"),
        "owner": ("properties", "x", None),
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"owner": {"type": "User"}}, Finding),
        ({"owner": {"type": "Organization"}}, Undecided),
        ({"owner": {"type": "Organization"}, "custom_properties": []}, Undecided),
        ({}, Undecided),
    ],
    ids=["user", "hidden", "shape", "nothing"],
)
def test_properties_that_are_not_there(body, kind):
    (found,) = said(body, properties={"team": "payments"})
    assert isinstance(found, kind)


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("has_issues", "yes", {"issues": True}),
        ("has_issues", 1, {"issues": True}),
        ("default_branch", 7, {"default_branch": "7"}),
        ("topics", "api", {"topics": ("api",)}),
        ("topics", [1], {"topics": SetConstraint(subset_of=())}),
        ("license", "MIT", {"license": "MIT"}),
        ("squash_merge_commit_title", "NEW", {"squash_title": "PR_TITLE"}),
    ],
)
def test_a_value_of_another_type_is_unknown(key, value, wanted):
    (found,) = said({**BODY, key: value}, **wanted)
    assert isinstance(found, Undecided)
    assert found.reason is Reason.UNPARSEABLE


def test_a_key_that_is_kept_back_is_unknown():
    (found,) = said({"full_name": "o/r"}, squash_merge=True)
    assert isinstance(found, Undecided)
    assert (found.reason, found.status) == (Reason.PERMISSION, 200)
    assert "could not be told, where the policy wants on" in found.message
    assert found.permission == "contents:write"


def test_a_policy_asserts_something():
    assert [path for path, _ in RepositorySettings(id="empty").problems()] == [()]
    assert [path for path, _ in RepositorySettings(id="none", properties={}).problems()] == [("properties",)]
    unmet = RepositorySettings(id="unmet", open_pull_requests_per_user=NumberConstraint(min=3, max=2))
    assert list(unmet.problems()) == [(("open_pull_requests_per_user",), "no number is at least 3 and at most 2")]
