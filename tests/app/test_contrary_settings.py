"""Whatever a policy wants of a registered setting, the worst world has it otherwise, and the good world just so."""

import pytest

from govcheck.app.audit import audit
from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.policy import LoadedPolicy
from govcheck.policy_keys import keys, literals, members, value
from govcheck.registry import kind
from govcheck.settings.registry import settings

KINDS = {"actions-settings", "repository-settings"}
NOT_MADE = {
    "cache_usage_mb",
    "disabled_workflows",
    "offline_runners",
    "open_pull_requests_per_user",
    "properties",
    "runner_labels",
    "self_hosted_runners",
    "subject_claims",
}
"""Values that are made of lists of objects, or of several keys: a good world for them is for a test to give."""

NUMBERS = (NumberConstraint(min=5), NumberConstraint(max=5), 5)
LISTS = (SetConstraint(subset_of=()), SetConstraint(superset_of=("a",)), ("a",))


def wanted(model, key):
    """Things that a policy may want under this key, of each sort."""
    (found,) = (one for one in keys(model) if one.field == key)
    if literals(found.type):
        return literals(found.type)
    if value(found.type):
        return [{"team": "x"}]
    types = members(found.type)
    return (False, True) if bool in types else NUMBERS if int in types else ("x",) if str in types else LISTS


CASES = [(one, asked) for one in settings() if one.kind in KINDS for asked in wanted(kind(one.kind).model, one.key)]


@pytest.mark.parametrize(("setting", "asked"), CASES, ids=[f"{one.name}={asked}" for one, asked in CASES])
def test_it_can_fail_and_pass(setting, asked):
    policy = kind(setting.kind).model(id="a", **{setting.key: asked})
    audited = audit(LoadedPolicy(policy, "policies/a.yaml", 1))
    assert audited.finding is not None, audited.why
    assert audited.finding.finding.control == setting.key
    assert audited.passes or (setting.key in NOT_MADE and audited.why_not), audited.why_not
