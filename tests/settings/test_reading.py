"""What a setting is by the answers: where it applies, where REST keeps it back, where a list is short."""

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Reason
from govcheck.settings.endpoints import ACTIONS, GRAPHQL, PLAN
from govcheck.settings.reading import keeps_back, read, ruled_out, with_deciding
from govcheck.settings.registry import named

PERMISSIONS = f"{ACTIONS}/permissions"
SELECTED = f"{ACTIONS}/permissions/selected-actions"
ORGANISATION = "orgs/{org}/actions/permissions"


def good(endpoint, body, **more):
    return Answer(endpoint=endpoint, status=200, message="", body=body, **more)


def live(repository=None, **answers):
    known = {PERMISSIONS: answers.pop("permissions", None), SELECTED: answers.pop("selected", None)}
    found = {template: good(template, body) for template, body in known.items() if body is not None}
    return LiveAnswers(good("repos/o/r", repository or {}), found | answers.pop("more", {}))


def test_what_decides_is_asked_too():
    assert with_deciding([SELECTED]) == (SELECTED, PERMISSIONS)
    assert with_deciding([f"{ORGANISATION}/selected-actions"])[1:] == (ORGANISATION, "repos/{owner}/{repo}")


@pytest.mark.parametrize(
    ("permissions", "patterns", "verified"),
    [
        ({"enabled": True, "allowed_actions": "all"}, ["*"], "allowed"),
        ({"enabled": True, "allowed_actions": "local_only"}, [], "forbidden"),
        ({"enabled": False}, [], "forbidden"),
    ],
    ids=["all", "local", "off"],
)
def test_where_nothing_is_selected_it_follows_what_may_run(permissions, patterns, verified):
    found = live(permissions=permissions)
    assert read(named("actions-settings/allowed_patterns"), found).value == patterns
    assert read(named("actions-settings/verified_creators"), found).value == verified


def test_where_actions_are_selected_they_are_read():
    found = live(
        permissions={"enabled": True, "allowed_actions": "selected"},
        selected={"patterns_allowed": ["docker/*"], "verified_allowed": False},
    )
    assert read(named("actions-settings/allowed_patterns"), found).value == ["docker/*"]
    assert read(named("actions-settings/verified_creators"), found).value == "forbidden"
    hidden = read(named("actions-settings/github_owned_actions"), found).trouble
    assert hidden.reason is Reason.PERMISSION


def test_what_cannot_be_told_to_apply_is_read_all_the_same():
    refused = Answer(endpoint=SELECTED, status=409, message="Conflict", body=None)
    found = live(more={SELECTED: refused, PERMISSIONS: good(PERMISSIONS, {"enabled": True})})
    assert ruled_out(SELECTED, found) is None
    assert read(named("actions-settings/allowed_patterns"), found).trouble.status == 409


def test_limits_of_an_organisation_of_which_there_is_none():
    found = live({"owner": {"type": "User"}})
    for key in ("organization_allowed_actions", "organization_allowed_patterns"):
        reading = read(named(f"actions-settings/{key}"), found)
        assert (reading.value, reading.trouble) == (None, None)
    assert reading.inapplicable == "it applies only where the organisation's set of allowed actions is selected"


def test_a_list_whose_pages_are_missing_is_unknown():
    answer = good(f"{ACTIONS}/runners", {"runners": []}, complete=False, failure="timeout")
    found = read(named("actions-settings/self_hosted_runners"), live(more={f"{ACTIONS}/runners": answer}))
    assert found.trouble.reason is Reason.API_ERROR


@pytest.mark.parametrize(
    "body",
    [{}, {"runners": None}, {"runners": {}}, {"runners": [1]}, {"runners": [{"name": 1}]}, {"runners": [{}]}, []],
    ids=str,
)
def test_a_list_of_another_shape_is_unknown(body):
    answer = good(f"{ACTIONS}/runners", body)
    found = read(named("actions-settings/self_hosted_runners"), live(more={f"{ACTIONS}/runners": answer}))
    assert found.trouble.reason is Reason.UNPARSEABLE


def test_a_word_that_is_new_is_unknown():
    found = read(named("repository-settings/visibility"), live({"visibility": "secret"}))
    assert found.trouble.reason is Reason.UNPARSEABLE
    assert "'secret', which this govcheck does not know" in found.trouble.message
    number = read(named("actions-settings/verified_creators"), live(selected={"verified_allowed": 1}))
    assert number.trouble.reason is Reason.UNPARSEABLE


SQUASH = named("repository-settings/squash_merge")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"repository": {"squashMergeAllowed": False}}, False),
        ({"repository": {"squashMergeAllowed": None}}, None),
        ({"repository": None}, None),
        ({"repository": "?"}, None),
        (None, None),
    ],
    ids=str,
)
def test_what_rest_keeps_back_graphql_may_tell(data, value):
    found = read(SQUASH, live({"id": 1}, more={GRAPHQL: good(GRAPHQL, {"data": data})}))
    assert found.value is value
    assert (found.trouble is None) is (value is not None)
    if found.trouble:
        assert found.trouble.permission == "contents:write"


def test_graphql_with_errors_tells_nothing():
    answer = good(GRAPHQL, {"data": {"repository": {"squashMergeAllowed": True}}}, complete=False)
    assert read(SQUASH, live({"id": 1}, more={GRAPHQL: answer})).trouble


def test_rest_goes_before_graphql():
    answer = good(GRAPHQL, {"data": {"repository": {"squashMergeAllowed": True}}})
    assert read(SQUASH, live({"allow_squash_merge": False}, more={GRAPHQL: answer})).value is False
    assert keeps_back(good("", {"id": 1}), ["allow_squash_merge", "allow_update_branch"])
    assert not keeps_back(good("", {"allow_squash_merge": None}), ["allow_squash_merge", "allow_update_branch"])
    assert not keeps_back(Answer(endpoint="", status=404, message="", body=None), ["allow_squash_merge"])


@pytest.mark.parametrize(
    ("repository", "asked"),
    [
        ({"visibility": "public", "owner": {"login": "o", "type": "Organization"}}, False),
        ({"visibility": "private", "owner": {"login": "o", "type": "Organization"}}, True),
        ({"visibility": "private", "owner": {"login": "o", "type": "User"}}, False),
        ({"owner": {"login": "o", "type": "Organization"}}, True),
    ],
)
def test_a_plan_is_asked_for_where_it_decides_something(repository, asked):
    assert (ruled_out(PLAN, live(repository)) is None) is asked


@pytest.mark.parametrize("beside", [None, {}])
def test_an_object_with_nothing_in_it_is_kept_back_and_not_a_plan(beside):
    found = read(
        named("code-security/secret_scanning"), LiveAnswers(good("repos/o/r", {"security_and_analysis": beside}), {})
    )
    assert found.trouble.reason is Reason.PERMISSION
