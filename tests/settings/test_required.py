"""Which checks a branch requires, by every mechanism that was readable."""

import pytest

from govcheck.settings.required import RequiredCheck, required_checks
from live_branches import REPOSITORY, answer, classic, hidden, live, refused, ruleset, status_checks, summary

RULES = f"{REPOSITORY}/rules/branches/main"
CHECKS = {
    "strict": False,
    "contexts": ["build", "danger", "old"],
    "checks": [{"context": "build", "app_id": 15368}, {"context": "danger", "app_id": None}],
}
MAIN = 'ruleset "main" (42) of octocat/hello-world'


def found(branch):
    return [(one.context, one.app_id, one.source) for one in required_checks(branch).checks]


def test_each_layer_tells_its_contexts_and_their_apps():
    """Trap 30: null, -1 and an absent key all mean any source."""
    branch = live(
        ruleset(42, status_checks("build", ("lint", 15368), ("any", -1))),
        protection=classic(required_status_checks=CHECKS),
    )
    assert found(branch) == [
        ("any", None, MAIN),
        ("build", None, MAIN),
        ("build", 15368, "classic protection"),
        ("danger", None, "classic protection"),
        ("lint", 15368, MAIN),
        ("old", None, "classic protection"),
    ]
    assert required_checks(branch).unreadable == ()


def test_a_branch_without_protection_requires_none():
    assert required_checks(live()).checks == required_checks(live()).unreadable == ()


def test_what_could_not_be_read_is_named():
    branch = live(protection=hidden(), rules=refused(RULES, 404, "Not Found"))
    assert required_checks(branch).unreadable == (branch.protection, branch.rules)


def test_the_branch_tells_classic_checks_to_those_who_cannot_read_the_protection():
    told = {"enabled": True, "required_status_checks": {"enforcement_level": "everyone"} | CHECKS}
    branch = live(protection=hidden(), summary=summary(protection=told))
    assert ("build", 15368, "classic protection") in found(branch)
    assert required_checks(branch).unreadable == ()


def test_checks_that_are_off_are_not_required():
    off = {"enforcement_level": "off", "contexts": [], "checks": []}
    branch = live(protection=hidden(), summary=summary(protection={"enabled": True, "required_status_checks": off}))
    assert required_checks(branch).checks == required_checks(branch).unreadable == ()


@pytest.mark.parametrize("checks", [[{"app_id": 1}], [1], {"context": "build"}])
def test_classic_checks_of_an_odd_shape_are_unreadable(checks):
    branch = live(protection=classic(required_status_checks={"contexts": [], "checks": checks}))
    assert required_checks(branch).unreadable == (branch.protection,)


@pytest.mark.parametrize("parameters", [None, [], {"required_status_checks": [{"integration_id": 1}]}])
def test_a_rule_of_an_odd_shape_is_unreadable_and_the_others_are_read(parameters):
    odd = {"type": "required_status_checks", "ruleset_id": 1, "parameters": parameters}
    branch = live(rules=answer(RULES, [odd]), protection=classic(required_status_checks=CHECKS))
    assert required_checks(branch).unreadable == (branch.rules,)
    assert RequiredCheck(context="build", app_id=15368, source="classic protection") in required_checks(branch).checks


def test_a_ruleset_that_only_evaluates_requires_nothing():
    assert found(live(ruleset(42, status_checks("build"), enforcement="evaluate"))) == []
