"""Code security is set up as the policy says, and whoever holds it in place is named."""

from copy import deepcopy
from dataclasses import fields

import pytest

from govcheck.constraints import SetConstraint
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import replace
from govcheck.rules.code_security import CodeSecurity, settings
from govcheck.settings.endpoints import ENDPOINTS, REPOSITORY
from govcheck.settings.registry import of_kind

ON, OFF = {"status": "enabled"}, {"status": "disabled"}
ANALYSIS = {
    "secret_scanning": ON,
    "secret_scanning_push_protection": OFF,
    "secret_scanning_validity_checks": OFF,
    "secret_scanning_delegated_bypass": ON,
    "secret_scanning_delegated_bypass_options": {
        "reviewers": [{"reviewer_id": 12, "reviewer_type": "TEAM"}, {"reviewer_id": 5, "reviewer_type": "ROLE"}]
    },
}
PUBLIC = {"html_url": "https://github.com/o/r", "visibility": "public"}
SETUP = {"state": "configured", "languages": ["python", "go"], "query_suite": "default", "schedule": "weekly"}
CONFIGURATION = {
    "status": "enforced",
    "configuration": {
        "name": "high risk",
        "target_type": "organization",
        "enforcement": "enforced",
        "html_url": "https://github.com/organizations/o/settings/security_products/configurations/edit/1",
        "secret_scanning": "enabled",
        "secret_scanning_push_protection": "disabled",
        "secret_scanning_validity_checks": "not_set",
        "dependency_graph": "enabled",
    },
}
REFUSED = (403, {"message": "Resource not accessible by personal access token"})
NOT_FOUND = (404, {"message": "Not Found"})
PATTERNS = [
    {"name": "one", "state": "published", "push_protection_enabled": True},
    {"name": "two", "state": "published", "push_protection_enabled": False},
    {"name": "three", "state": "unpublished", "push_protection_enabled": True},
]


def answer(template, status, body, **more):
    message = body.get("message", "") if isinstance(body, dict) and status >= 400 else ""
    endpoint = template.replace(REPOSITORY, "repos/o/r")
    permission = ENDPOINTS[template].permission
    return Answer(endpoint=endpoint, status=status, message=message, body=body, permission=permission, **more)


def said(keys, *, analysis=ANALYSIS, repository=PUBLIC, grantable=True, **answers):
    """What is said, with the answers of endpoints given by their last words."""
    policy = CodeSecurity(id="watched", **keys)
    ((request,),) = settings.calls(policy)
    body = repository if analysis is None else {**repository, "security_and_analysis": analysis}
    found = {}
    for template in request.endpoints:
        given = answers.get(template.rpartition("/")[2].replace("-", "_"), NOT_FOUND)
        status, document = given if isinstance(given, tuple) else (200, given)
        found[template] = answer(template, status, document, grantable=grantable)
    live = LiveAnswers(answer(REPOSITORY, 200, body), found)
    return [one for one in settings.judge(policy, live) if not isinstance(one, Judged)]


def one_finding(keys, **world):
    (found,) = said(keys, **world)
    assert isinstance(found, Finding), found
    return found


def one_unknown(keys, **world):
    (found,) = said(keys, **world)
    assert isinstance(found, Undecided), found
    return found


def test_every_setting_is_a_key_and_every_key_a_setting():
    own = {field.name for field in fields(CodeSecurity)} - {field.name for field in fields(Policy)}
    assert own == {setting.key for setting in of_kind("code-security")}


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        ({"secret_scanning": True, "push_protection": False}, {}),
        ({"bypass_reviewers": SetConstraint(subset_of=("team:id-12", "role:id-5", "team:id-1"))}, {}),
        ({"dependabot_alerts": True}, {"vulnerability_alerts": (204, None)}),
        (
            {"dependabot_alerts": False},
            {"vulnerability_alerts": (404, {"message": "Vulnerability alerts are disabled."})},
        ),
        ({"dependabot_security_updates": True}, {"automated_security_fixes": {"enabled": True, "paused": False}}),
        ({"private_vulnerability_reporting": True}, {"private_vulnerability_reporting": {"enabled": True}}),
        ({"code_scanning_default_setup": True, "code_scanning_schedule": "weekly"}, {"default_setup": SETUP}),
        ({"code_scanning_languages": SetConstraint(superset_of=("go",))}, {"default_setup": SETUP}),
        ({"advanced_security": True}, {}),
        (
            {"configuration": "high risk", "configuration_status": "enforced"},
            {"code_security_configuration": CONFIGURATION},
        ),
        ({"custom_patterns": ("two", "one"), "push_protected_patterns": ("one",)}, {"custom_patterns": PATTERNS}),
        ({"code_quality": True, "code_quality_languages": ("python",)}, {"setup": {**SETUP, "languages": ["python"]}}),
    ],
    ids="-".join,
)
def test_what_is_as_wanted_is_silent(keys, answers):
    assert said(keys, **answers) == []


@pytest.mark.parametrize(
    ("keys", "answers", "message"),
    [
        ({"push_protection": True}, {}, "push protection: off, where the policy wants on"),
        (
            {"ai_detection": True},
            {},
            "secret scanning for passwords by AI: off, where the policy wants on; this account's plan does not have it",
        ),
        (
            {"bypass_reviewers": ("role:id-5",)},
            {},
            "who may let secrets past push protection: role:id-5, team:id-12, where the policy wants exactly role:id-5",
        ),
        (
            {"dependabot_alerts": True},
            {"vulnerability_alerts": (404, {"message": "Vulnerability alerts are disabled."})},
            "Dependabot alerts: off, where the policy wants on",
        ),
        (
            {"dependabot_security_updates": True},
            {"automated_security_fixes": {"enabled": True, "paused": True}},
            "Dependabot security updates: off, where the policy wants on; `paused` is true",
        ),
        (
            {"code_scanning_default_setup": True},
            {"default_setup": (403, {"message": "Code scanning is not enabled for this repository. Please enable it"})},
            "the default setup of code scanning: off, where the policy wants on",
        ),
        (
            {"code_scanning_languages": ("go",)},
            {"default_setup": {**SETUP, "state": "not-configured"}},
            "languages that code scanning analyses: none, where the policy wants exactly go; `state` is not-configured",
        ),
        (
            {"code_scanning_query_suite": "extended"},
            {"default_setup": SETUP},
            "the query suite of code scanning: default, where the policy wants extended",
        ),
        (
            {"code_scanning_default_setup": True},
            {"default_setup": (403, {"message": "Code Security must be enabled for this repository to use it."})},
            "the default setup of code scanning: off, where the policy wants on; this account's plan does not have it",
        ),
        (
            {"configuration": "high risk"},
            {"code_security_configuration": (204, None)},
            "the code security configuration: not set, where the policy wants high risk",
        ),
        (
            {"configuration": "high risk"},
            {"code_security_configuration": {**CONFIGURATION, "status": "failed"}},
            "the code security configuration: not set, where the policy wants high risk; `status` is failed",
        ),
        (
            {"push_protected_patterns": SetConstraint(superset_of=("one", "two", "three"))},
            {"custom_patterns": PATTERNS},
            "custom patterns that push protection blocks: one, where the policy wants at least one, two, three",
        ),
        (
            {"custom_patterns": SetConstraint(superset_of=("one",))},
            {"custom_patterns": (404, {"message": "Secret scanning is disabled on this repository."})},
            "custom patterns of secret scanning: none, where the policy wants at least one",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_is_not_is_a_finding(keys, answers, message):
    found = one_finding(keys, **answers)
    assert (found.control, found.subject, found.message) == (next(iter(keys)), "repository", message)
    assert found.location.setting == f"code-security/{found.control}"
    assert found.location.url == "https://github.com/o/r/settings/security_analysis"
    assert found.fix.text.startswith("Get a plan that has" if "plan" in message else "Set")


def test_that_everybody_may_bypass_is_no_empty_list_of_reviewers():
    off = {**ANALYSIS, "secret_scanning_delegated_bypass": OFF}
    found = one_finding({"bypass_reviewers": SetConstraint(subset_of=("team:id-12",))}, analysis=off)
    assert found.message.endswith("`security_and_analysis.secret_scanning_delegated_bypass.status` is disabled")
    assert found.direction == "weakened"


@pytest.mark.parametrize("grantable", [True, False])
def test_an_absent_object_is_unknown_never_off(grantable):
    found = one_unknown({"secret_scanning": False}, analysis=None, grantable=grantable)
    assert (found.reason, found.permission, found.grantable) == (Reason.PERMISSION, "administration:read", grantable)
    assert "could not be told, where the policy wants off" in found.message


def test_advanced_security_has_no_switch_in_public_and_no_default_elsewhere():
    private = {**PUBLIC, "visibility": "private"}
    assert (
        "this account's plan does not have it" in one_finding({"advanced_security": True}, repository=private).message
    )
    assert one_unknown({"advanced_security": True}, analysis=None).reason is Reason.PERMISSION


@pytest.mark.parametrize(
    ("keys", "answers", "reason"),
    [
        ({"dependabot_alerts": False}, {}, Reason.PERMISSION),
        ({"dependabot_security_updates": False}, {"automated_security_fixes": REFUSED}, Reason.PERMISSION),
        ({"dependabot_security_updates": False}, {}, Reason.PERMISSION),
        ({"dependabot_security_updates": True}, {"automated_security_fixes": {"enabled": "yes"}}, Reason.UNPARSEABLE),
        ({"private_vulnerability_reporting": True}, {"private_vulnerability_reporting": {}}, Reason.PERMISSION),
        ({"code_scanning_default_setup": True}, {"default_setup": {"state": "half"}}, Reason.UNPARSEABLE),
        ({"code_scanning_default_setup": True}, {"default_setup": (503, None)}, Reason.API_ERROR),
        ({"code_scanning_languages": ("go",)}, {"default_setup": {**SETUP, "languages": "go"}}, Reason.UNPARSEABLE),
        ({"custom_patterns": ()}, {"custom_patterns": [{"name": "one", "state": "new"}]}, Reason.UNPARSEABLE),
        ({"custom_patterns": ()}, {"custom_patterns": {"name": "one"}}, Reason.UNPARSEABLE),
        ({"code_quality": True}, {"setup": REFUSED}, Reason.PERMISSION),
        ({"configuration": "x"}, {"code_security_configuration": []}, Reason.UNPARSEABLE),
    ],
)
def test_what_cannot_be_told_is_unknown(keys, answers, reason):
    found = one_unknown(keys, **answers)
    assert (found.reason, found.message.endswith(", where the policy wants on")) == (
        reason,
        reason is Reason.PERMISSION and True in keys.values(),
    )


@pytest.mark.parametrize(
    "status", [{"status": "paused"}, {"status": ["enabled"]}, "enabled"], ids=["new", "list", "no object"]
)
def test_a_value_that_nobody_knows_is_unknown(status):
    found = one_unknown({"secret_scanning": True}, analysis={"secret_scanning": status})
    assert found.reason is Reason.UNPARSEABLE


def test_a_list_that_is_not_whole_is_unknown():
    policy = CodeSecurity(id="watched", custom_patterns=("one", "two"))
    template = f"{REPOSITORY}/secret-scanning/custom-patterns"
    whole = answer(template, 200, PATTERNS)
    live = LiveAnswers(answer(REPOSITORY, 200, PUBLIC), {template: replace(whole, complete=False)})
    (_, found) = settings.judge(policy, live)
    assert isinstance(found, Undecided)


def test_who_holds_a_setting_down_is_named_and_is_where_to_change_it():
    found = one_finding({"push_protection": True}, code_security_configuration=CONFIGURATION)
    (evidence,) = (one for one in found.evidence if "configuration" in one.text)
    assert (
        evidence.text == 'the code security configuration "high risk" of the organisation disables it, and is enforced'
    )
    assert evidence.location.url.startswith("https://github.com/organizations/o/")
    assert found.fix.text.startswith('Change the code security configuration "high risk" of the organisation, which')
    (other,) = said({"validity_checks": True}, code_security_configuration=CONFIGURATION)
    assert not any("configuration" in one.text for one in other.evidence)
    loose = {**CONFIGURATION, "configuration": {**CONFIGURATION["configuration"], "enforcement": "unenforced"}}
    found = one_finding({"push_protection": True}, code_security_configuration=loose)
    assert any(one.text.endswith("is not enforced") for one in found.evidence)
    assert found.fix.text == "Set push protection to on, or change the policy"


def test_what_is_enforced_as_wanted_is_told_with_its_source():
    (held,) = said({"secret_scanning": True}, code_security_configuration=CONFIGURATION)
    assert isinstance(held, Held)
    assert held.message == 'enforced by the code security configuration "high risk" of the organisation'


@pytest.mark.parametrize("odd", [[], {"status": "attached", "configuration": {"name": 1}}, {"configuration": None}])
def test_a_configuration_that_cannot_be_read_changes_nothing(odd):
    assert said({"secret_scanning": True}, code_security_configuration=odd) == []


def test_the_dependency_graph_is_told_by_what_needs_it_or_enforces_it():
    disabled = (404, {"message": "Vulnerability alerts are disabled."})
    graph = {"dependency_graph": True}
    assert said(graph, vulnerability_alerts=(204, None)) == []
    (held,) = said(graph, vulnerability_alerts=disabled, code_security_configuration=CONFIGURATION)
    assert isinstance(held, Held)
    untold = one_unknown(graph, vulnerability_alerts=disabled)
    assert untold.reason is Reason.MISSING_OBJECT
    assert untold.message.endswith("shows only where Dependabot alerts are on, or a configuration enforces it")
    assert one_unknown(graph).permission == "administration:read"
    off = {**CONFIGURATION, "configuration": {**CONFIGURATION["configuration"], "dependency_graph": "disabled"}}
    found = one_finding(graph, vulnerability_alerts=disabled, code_security_configuration=off)
    assert found.message.endswith('set by the code security configuration "high risk"')


def test_a_policy_asserts_something_that_can_be():
    assert [path for path, _ in CodeSecurity(id="empty").problems()] == [()]
    impossible = CodeSecurity(id="x", custom_patterns=SetConstraint(superset_of=("a",), subset_of=()))
    assert [path for path, _ in impossible.problems()] == [("custom_patterns",)]


WANTED = {
    "push_protection": True,
    "bypass_reviewers": ("team:id-99",),
    "dependabot_security_updates": True,
    "private_vulnerability_reporting": True,
    "code_scanning_default_setup": True,
    "code_scanning_languages": SetConstraint(superset_of=("rust",)),
    "code_scanning_query_suite": "extended",
    "configuration": "all",
    "configuration_enforcement": "enforced",
    "custom_patterns": SetConstraint(superset_of=("four",)),
    "code_quality": True,
}
WORLD = {
    "analysis": ANALYSIS,
    "automated_security_fixes": {"enabled": False, "paused": True},
    "private_vulnerability_reporting": {"enabled": False},
    "default_setup": {**SETUP, "state": "not-configured"},
    "code_security_configuration": {"status": "attached", "configuration": {"name": "x", "enforcement": "unenforced"}},
    "custom_patterns": PATTERNS,
    "setup": {"state": "not-configured"},
}


def places(node, path=()):
    """Everything that could be hidden in a document."""
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("path", list(places(WORLD)), ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("instead", [None, "absent", 7, {}, []], ids=["null", "absent", "number", "object", "list"])
def test_whatever_is_hidden_or_odd_makes_nothing_pass(path, instead):
    world = deepcopy(WORLD)
    *above, last = path
    place = world
    for key in above:
        place = place[key]
    if instead == "absent" and above:
        del place[last]
    else:
        place[last] = instead
    assert {one.control for one in said(WANTED, **world) if not isinstance(one, Held)} == set(WANTED)


@pytest.mark.parametrize("where", [name for name, body in WORLD.items() if isinstance(body, dict)])
def test_what_nobody_knows_changes_nothing(where):
    world = {**WORLD, where: {**WORLD[where], "new": {"status": "enabled"}}}
    assert said(WANTED, **world) == said(WANTED, **WORLD)
