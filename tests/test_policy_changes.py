"""What a change of a policy does to its demands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.constraints import NumberConstraint, SetConstraint, holds, implies
from govcheck.policy_changes import compare, overall
from govcheck.rules.allowed_paths import AllowedPaths
from govcheck.rules.branch_protection import BranchProtection
from govcheck.rules.deploy_window import AllowedHours, Denied, DeployWindow

PROTECTED = BranchProtection(id="main", branch="main", approvals=NumberConstraint(min=2), force_pushes="forbidden")
WINDOW = DeployWindow(id="hours", timezone="UTC", allow=(AllowedHours(days="mon-fri"),))
PATHS = AllowedPaths(id="docs", allow=("docs/**",), deny=("secret/**",))


def changed(policy, **keys):
    values = {name: getattr(policy, name) for name in type(policy).__record__}
    return type(policy)(**(values | keys))


@pytest.mark.parametrize(
    ("policy", "keys", "direction"),
    [
        (PROTECTED, {"approvals": NumberConstraint(min=1)}, "weakened"),
        (PROTECTED, {"approvals": NumberConstraint(min=3)}, "strengthened"),
        (PROTECTED, {"approvals": 1}, "changed"),
        (PROTECTED, {"approvals": None}, "weakened"),
        (PROTECTED, {"force_pushes": "allowed"}, "weakened"),
        (PROTECTED, {"bypass": SetConstraint(subset_of=())}, "strengthened"),
        (PROTECTED, {"severity": "warning"}, "weakened"),
        (WINDOW, {"overridable": True}, "weakened"),
        (WINDOW, {"allow": ()}, "weakened"),
        (WINDOW, {"allow": (*WINDOW.allow, AllowedHours(days="sat"))}, "weakened"),
        (WINDOW, {"deny": (Denied(days="fri"),)}, "strengthened"),
        (WINDOW, {"approval": True}, "strengthened"),
        (WINDOW, {"checks": ("build",)}, "strengthened"),
        (PROTECTED, {"waivable": False}, "strengthened"),
        (PROTECTED, {"waivable_for": "30d"}, "strengthened"),
        (PROTECTED, {"branch": "dev"}, "changed"),
        (PROTECTED, {"why": "because"}, None),
        (PATHS, {"allow": ("docs/**", "app/**")}, "weakened"),
        (PATHS, {"allow": ()}, "strengthened"),
        (PATHS, {"deny": ()}, "weakened"),
        (PATHS, {"deny": ("secret/**", "keys/**")}, "strengthened"),
        (PATHS, {"allow": ("app/**",)}, "changed"),
        (PATHS, {"allow": ("docs/**", "app/**"), "deny": ("secret/**", "x")}, "weakened"),
    ],
)
def test_which_way_a_policy_went(policy, keys, direction):
    assert overall(compare(policy, changed(policy, **keys))) == direction


def test_another_kind_is_a_change():
    assert overall(compare(PROTECTED, PATHS)) == "changed"


numbers = st.builds(NumberConstraint, min=st.none() | st.integers(0, 5), max=st.none() | st.integers(0, 5))
members = st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple)
sets = st.builds(SetConstraint, superset_of=st.none() | members, subset_of=st.none() | members)


@given(numbers | st.integers(0, 5), numbers | st.integers(0, 5), st.integers(0, 7))
def test_what_implies_a_bound_is_within_it(one, other, value):
    if implies(one, other) and holds(one, value):
        assert holds(other, value)


@given(sets | members, sets | members, st.frozensets(st.sampled_from("abcd")))
def test_what_implies_a_bound_of_lists_is_within_it(one, other, value):
    if implies(one, other) and holds(one, value):
        assert holds(other, value)
