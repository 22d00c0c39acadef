"""Who can go around a control: those who can go around every layer that holds it."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.settings.actors import implied
from govcheck.settings.bypass import admins_included, bypass
from govcheck.settings.judging import bypass_holds, enough
from govcheck.settings.protection import effective_protection
from live_branches import ADMIN, actors, answer, classic, hidden, live, pull_request, reviews, role, ruleset

TWO = partial(enough, wanted=NumberConstraint(min=2))
NOBODY = SetConstraint(subset_of=())
TEAM = {"actor_id": 12, "actor_type": "Team", "bypass_mode": "always"}
USER = {"actor_id": 3, "actor_type": "User", "bypass_mode": "always"}


def around(branch, key="approvals", suffices=TWO, permitted=frozenset()):
    return bypass(effective_protection(branch).controls[key], suffices, permitted)


def bound(**keys):
    return classic(required_pull_request_reviews=reviews(2), **keys)


def test_a_ruleset_without_bypass_actors_lets_nobody_around():
    found = around(live(ruleset(42, pull_request(2))))
    assert (found.certain, found.exact) == (frozenset(), True)
    assert bypass_holds(found, NOBODY) is True


def test_bypass_actors_that_github_leaves_out_are_not_nobody():
    """D7 and trap 1: the key is absent for tokens that may not write the ruleset."""
    found = around(live(ruleset(42, pull_request(2), bypass=None)))
    assert (found.others, found.exact) == (True, False)
    assert bypass_holds(found, NOBODY) is None
    assert found.unread[0].trouble.permission == "administration:write"


def test_one_ruleset_without_bypass_clears_only_what_it_gives():
    """D4 and D8: admins bypass the pull request ruleset; another one only blocks deletion."""
    branch = live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, {"type": "deletion"}))
    assert around(branch).certain == {"role:admin"}
    assert around(branch, "deletions", None).certain == frozenset()
    assert admins_included(effective_protection(branch)) is False


def test_an_actor_must_go_around_every_layer_that_does_what_is_asked():
    weak, strong = ruleset(1, pull_request(1), bypass=[ADMIN]), ruleset(2, pull_request(2))
    assert around(live(weak, strong)).certain == frozenset()
    low = partial(enough, wanted=NumberConstraint(min=1))
    admin_strong = ruleset(2, pull_request(2), bypass=[ADMIN])
    assert around(live(ruleset(1, pull_request(1)), admin_strong)).certain == {"role:admin"}
    assert around(live(ruleset(1, pull_request(1)), admin_strong), suffices=low).certain == frozenset()


def test_admins_go_around_classic_protection_that_does_not_include_them():
    assert around(live(protection=bound(enforce_admins={"enabled": False}))).certain == {"role:admin"}
    without = bound()
    del without["enforce_admins"]
    assert around(live(protection=without)).certain == {"role:admin"}
    assert around(live(protection=bound())).certain == frozenset()


def test_pull_request_allowances_lift_reviews_and_nothing_else():
    body = classic(
        required_pull_request_reviews=reviews(2, bypass_pull_request_allowances=actors(["octocat"], apps=["bot"])),
        required_linear_history={"enabled": True},
    )
    assert around(live(protection=body)).certain == {"user:octocat", "app:bot"}
    assert around(live(protection=body), "linear_history", None).certain == frozenset()


def test_who_may_force_push_in_spite_of_classic_protection_is_not_told():
    found = around(live(protection=classic()), "force_pushes", None)
    assert (found.others, bypass_holds(found, NOBODY)) == (True, None)
    by_ruleset = live(ruleset(1, {"type": "non_fast_forward"}), protection=classic())
    assert bypass_holds(around(by_ruleset, "force_pushes", None), NOBODY) is True


@pytest.mark.parametrize(
    ("key", "rule", "goes"),
    [
        ("approvals", pull_request(2), True),
        ("pull_requests", pull_request(2), False),
        ("force_pushes", {"type": "non_fast_forward"}, False),
        ("deletions", {"type": "deletion"}, False),
        ("linear_history", {"type": "required_linear_history"}, True),
    ],
)
def test_a_bypass_on_pull_requests_is_none_where_no_pull_request_is_involved(key, rule, goes):
    branch = live(ruleset(1, rule, bypass=[role(5, "pull_request")]))
    assert around(branch, key, None).certain == ({"role:admin"} if goes else frozenset())


def test_an_owner_of_the_organisation_is_an_admin_too():
    owner = {"actor_id": None, "actor_type": "OrganizationAdmin"}
    branch = live(ruleset(1, pull_request(2), bypass=[owner]), ruleset(2, pull_request(2), bypass=[ADMIN]))
    assert around(branch).certain == {"organization-admin"}


def test_one_person_may_be_several_actors():
    """Names do not tell whether a user is in a team: so "nobody" cannot be told either."""
    branch = live(ruleset(1, pull_request(2), bypass=[TEAM]), ruleset(2, pull_request(2), bypass=[USER]))
    found = around(branch)
    assert (found.certain, found.together) == (frozenset(), ("team:id-12", "user:id-3"))
    assert bypass_holds(found, NOBODY) is None
    allowed = SetConstraint(subset_of=("team:id-12",))
    assert bypass_holds(around(branch, permitted=frozenset({"team:id-12"})), allowed) is True


def test_two_users_are_never_one_person():
    other = USER | {"actor_id": 4}
    branch = live(ruleset(1, pull_request(2), bypass=[USER]), ruleset(2, pull_request(2), bypass=[other]))
    assert bypass_holds(around(branch), NOBODY) is True


def test_a_layer_that_nobody_bypasses_is_enough_whatever_is_hidden_elsewhere():
    branch = live(ruleset(1, pull_request(2)), ruleset(2, pull_request(2), bypass=None), protection=hidden())
    assert bypass_holds(around(branch), NOBODY) is True


def test_a_layer_that_could_not_be_read_may_stop_those_who_go_around_the_others():
    found = around(live(ruleset(1, pull_request(2), bypass=[ADMIN]), protection=hidden()))
    assert (found.certain, found.possible) == (frozenset(), {"role:admin"})
    assert bypass_holds(found, NOBODY) is None
    assert bypass_holds(found, SetConstraint(subset_of=("role:admin",))) is True
    assert bypass_holds(found, ("role:admin",)) is None


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (("role:admin",), True),
        ((), False),
        (SetConstraint(superset_of=("role:admin",)), True),
        (SetConstraint(superset_of=("deploy-key",)), False),
        (SetConstraint(subset_of=("role:admin", "deploy-key")), True),
    ],
)
def test_bypass_holds(wanted, held):
    assert bypass_holds(around(live(ruleset(1, pull_request(2), bypass=[ADMIN]))), wanted) is held


def test_a_control_that_is_off_already_is_judged_by_what_there_is():
    branch = live(ruleset(1, pull_request(1), bypass=[ADMIN]))
    assert around(branch).certain == {"role:admin"}


def test_where_too_little_is_asked_for_only_those_count_who_make_it_less():
    """Approvals are 1 where 2 are asked for: administrators change nothing about that."""
    branch = live(ruleset(1, pull_request(1)), ruleset(2, pull_request(1), bypass=[ADMIN]))
    assert around(branch).certain == frozenset()


def test_an_actor_who_must_be_able_to_go_around_may_be_among_those_not_shown():
    found = around(live(ruleset(42, pull_request(2), bypass=None)))
    assert bypass_holds(found, SetConstraint(superset_of=("role:admin",))) is None


def test_nothing_in_force_binds_nobody():
    assert admins_included(effective_protection(live())) is False


@pytest.mark.parametrize(
    ("branch", "included"),
    [
        (live(protection=bound()), True),
        (live(protection=bound(enforce_admins={"enabled": False})), False),
        (live(ruleset(1, pull_request(2))), True),
        (live(ruleset(1, pull_request(2), bypass=None)), None),
        (live(ruleset(1, pull_request(2)), protection=hidden()), None),
        (live(ruleset(1, pull_request(2), bypass=[role(4)])), False),
        (live(ruleset(1, pull_request(2), bypass=[role(5, "pull_request")])), False),
        (live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, pull_request(2))), True),
        (live(ruleset(1, pull_request(2), bypass=[TEAM])), True),
        (live(protection=bound(enforce_admins="yes")), None),
    ],
)
def test_admins_included(branch, included):
    assert admins_included(effective_protection(branch)) is included


ENTRIES = st.lists(
    st.sampled_from([ADMIN, role(4), TEAM, USER, role(5, "exempt"), role(5, "pull_request")]), max_size=3
)
LAYERS = st.lists(st.tuples(st.integers(0, 3), ENTRIES), max_size=4)


@given(LAYERS, st.sampled_from([None, TWO]))
def test_taking_the_list_away_never_clears_anybody(layers, suffices):
    """Redaction turns neither an unknown nor a failure into a pass."""
    told = live(*(ruleset(n, pull_request(count), bypass=actors_) for n, (count, actors_) in enumerate(layers, 1)))
    cut = live(*(ruleset(n, pull_request(count), bypass=None) for n, (count, _) in enumerate(layers, 1)))
    if bypass_holds(around(told, suffices=suffices), NOBODY) is not True and around(told, suffices=suffices).possible:
        assert bypass_holds(around(cut, suffices=suffices), NOBODY) is not True


ACTORS = st.frozensets(st.sampled_from(["role:admin", "role:write", "team:id-12", "user:id-3"]))


def many(layers):
    return live(*(ruleset(n, pull_request(count), bypass=entries) for n, (count, entries) in enumerate(layers, 1)))


@given(LAYERS, st.integers(0, 3), ENTRIES, ACTORS)
def test_one_layer_more_never_turns_a_good_bypass_into_a_bad_one(layers, count, entries, permitted):
    before, after = many(layers), many([*layers, (count, entries)])
    allowed = SetConstraint(subset_of=tuple(sorted(permitted)))
    satisfied = TWO(effective_protection(before).controls["approvals"].floors)
    if satisfied and bypass_holds(around(before, permitted=permitted), allowed) is True:
        assert bypass_holds(around(after, permitted=permitted), allowed) is True


@given(LAYERS, st.integers(0, 3), ENTRIES)
def test_one_layer_more_lets_nobody_around_who_could_not_before(layers, count, entries):
    before, after = many(layers), many([*layers, (count, entries)])
    if TWO(effective_protection(before).controls["approvals"].floors):
        could = around(before).certain
        assert all(implied(actor) & could for actor in around(after).certain)


@given(LAYERS, st.randoms())
def test_the_order_of_layers_does_not_matter(layers, random):
    branch = many(layers)
    rules, own = list(branch.rules.body), list(branch.rulesets)
    random.shuffle(rules)
    random.shuffle(own)
    shuffled = live(*(([], one) for one in own), rules=answer(branch.rules.endpoint, rules))
    assert around(shuffled) == around(branch)


def test_an_admin_is_no_news_beside_the_writers_whose_rights_he_has():
    """Whatever another layer, which does not matter here, says of administrators."""
    writers = ruleset(1, pull_request(2), bypass=[role(4)])
    beside = ruleset(2, pull_request(1), bypass=[ADMIN])
    assert around(live(writers, beside)).certain == {"role:write"}
    assert around(live(ruleset(1, pull_request(2), bypass=[role(4), ADMIN]))).certain == {"role:write", "role:admin"}


def test_an_admin_goes_around_what_writers_and_admins_may_each_pass():
    branch = live(ruleset(1, pull_request(2), bypass=[role(4)]), ruleset(2, pull_request(2), bypass=[ADMIN]))
    assert around(branch).certain == {"role:admin"}
    assert around(branch, permitted=frozenset({"role:write"})).certain == frozenset()
