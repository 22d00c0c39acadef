"""Tags are protected as the policy says, whichever pattern it means; and what cannot be told is never a pass."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck import registry
from govcheck.constraints import SetConstraint
from govcheck.facts.live import LiveRulesets, LiveRulesetsRequest
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.rules.tag_protection import TagProtection, controls
from govcheck.settings.controls import BYPASS, controls_of
from live_branches import ADMIN, PAGE, REPOSITORY, answer, refused, role, unread
from live_rulesets import every, tag_ruleset

NOBODY = SetConstraint(subset_of=())
DELETION, UPDATE, CREATION = ({"type": kind} for kind in ("deletion", "update", "creation"))
LIST = f"{REPOSITORY}/rulesets"


def said(live, tag="v*", **keys):
    policy = TagProtection(id="tags", tag=tag, **({"deletions": "forbidden"} | keys))
    return [one for one in controls.judge(policy, live) if not isinstance(one, Judged)]


def the(live, **keys):
    (one,) = said(live, **keys)
    return one


def test_a_ruleset_for_the_same_pattern_protects_it():
    assert said(every(tag_ruleset(1, DELETION, UPDATE)), updates="forbidden", bypass=NOBODY) == []


def test_tags_without_a_ruleset_are_not_protected():
    found = the(every())
    assert (found.control, found.subject, found.actual, found.direction) == ("deletions", "v*", "allowed", "weakened")
    assert found.message == "deletion on tags v*: allowed, where the policy wants forbidden"
    assert (found.location.setting, found.location.url) == ("tags/v%2A/deletions", f"{PAGE}/settings/rules")
    assert found.fix.text == (
        "In Settings → Rules → Rulesets, make a tag ruleset for tags v* and tick “Restrict deletions”"
    )


@pytest.mark.parametrize(
    ("tag", "include", "exclude", "witness"),
    [
        ("v*", ["~ALL"], [], None),
        ("v1.0", ["refs/tags/v*"], [], None),
        ("v[0-9]*", ["refs/tags/v*"], [], None),
        ("v*", ["refs/tags/v[0-9]*", "refs/tags/v[!0-9]*", "refs/tags/v"], [], None),
        ("release/*", ["refs/tags/**/*"], [], None),
        ("~ALL", ["~ALL"], [], None),
        ("~ALL", ["refs/tags/**/*"], [], None),
        ("v*", ["refs/tags/v[0-9]*"], [], "v"),
        ("v*", ["refs/tags/v*"], ["refs/tags/v*-rc"], "v-rc"),
        ("~ALL", ["refs/tags/*"], [], "x/x"),
        ("v*", ["refs/heads/v*"], [], ""),
        ("v*", ["v*"], [], ""),
        ("v*", [], [], ""),
        ("v1.0", ["refs/tags/v2*"], [], ""),
        ("v*", ["~ALL"], ["~ALL"], ""),
    ],
)
def test_every_tag_that_is_meant_must_be_protected(tag, include, exclude, witness):
    """Trap 33: exclude wins, an empty include protects nothing, a star does not cross a slash."""
    found = said(every(tag_ruleset(1, DELETION, include=include, exclude=exclude)), tag=tag)
    if witness is None:
        assert found == []
        return
    (one,) = found
    assert isinstance(one, Finding)
    assert (f"(such as {witness})" in one.message) is bool(witness)
    assert "such as" not in one.fix.text


def test_two_rulesets_that_do_it_together():
    halves = [tag_ruleset(1, DELETION, include=["refs/tags/v[0-9]*"]), tag_ruleset(2, DELETION, include=["~ALL"])]
    assert said(every(*halves)) == []
    assert said(every(halves[1], tag_ruleset(3, UPDATE)), updates="forbidden") == []


@pytest.mark.parametrize("off", [{"enforcement": "evaluate"}, {"enforcement": "disabled"}, {"target": "branch"}])
def test_a_ruleset_that_enforces_nothing_on_tags_does_not_count(off):
    assert isinstance(the(every(tag_ruleset(1, DELETION, **off))), Finding)


@pytest.mark.parametrize("source", ["Repository", "Organization", "Enterprise"])
def test_whoever_makes_the_ruleset(source):
    """Trap 5: rulesets of the organisation and the enterprise come in the same list."""
    own = tag_ruleset(1, DELETION, source_type=source, source="octo-org", bypass=[role(4)])
    found = the(every(own), bypass=NOBODY)
    assert (found.control, found.actual) == ("bypass", {"deletions": ["role:write"]})
    assert found.evidence[0].text == ('ruleset "main" (1) of octo-org: deletion: forbidden; role:write may bypass it')
    assert found.evidence[1].text == "for role:write there remains of deletion: allowed"


def test_who_may_go_around_one_ruleset_may_not_go_around_another():
    live = every(tag_ruleset(1, DELETION, bypass=[ADMIN]), tag_ruleset(2, DELETION, include=["~ALL"]))
    assert said(live, bypass=NOBODY) == []
    part = every(tag_ruleset(1, DELETION, bypass=[ADMIN]), tag_ruleset(2, DELETION, include=["refs/tags/v1*"]))
    found = the(part, bypass=NOBODY)
    assert found.message == ("role:admin can go around deletions on tags v* (such as v), where the policy lets nobody")


def test_bypass_actors_that_are_hidden_are_unknown():
    found = the(every(tag_ruleset(1, DELETION, bypass=None)), bypass=NOBODY)
    assert (type(found), found.control, found.reason) == (Undecided, "bypass", Reason.REDACTED)


@pytest.mark.parametrize(
    ("live", "reason", "permission"),
    [
        (every(listed=refused(LIST, 404, "Not Found", "metadata:read")), Reason.PERMISSION, "metadata:read"),
        (every(listed=unread(LIST)), Reason.API_ERROR, None),
        (every(listed=answer(LIST, {"message": "no list"})), Reason.UNPARSEABLE, None),
        (every(listed=answer(LIST, [], complete=False)), Reason.API_ERROR, None),
        (every(refused(f"{LIST}/1", 404, "Not Found", "metadata:read")), Reason.PERMISSION, "metadata:read"),
        (every(answer(f"{LIST}/1", [])), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, rules=None)), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, rules=[1])), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, conditions=None)), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, conditions={"ref_name": {"include": "v*"}})), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, target=1)), Reason.UNPARSEABLE, None),
        (every(tag_ruleset(1, DELETION, include=(), exclude=["refs/tags/w*"])), Reason.DYNAMIC, None),
    ],
)
def test_what_cannot_be_read_is_unknown(live, reason, permission):
    found = the(live)
    assert (type(found), found.control, found.reason, found.permission) == (Undecided, "deletions", reason, permission)


def test_what_the_readable_rulesets_do_passes_whatever_the_others_are():
    live = every(tag_ruleset(1, DELETION), refused(f"{LIST}/2", 403, "Resource not accessible by integration"))
    assert said(live) == []
    assert isinstance(the(live, deletions="allowed"), Finding)


def test_a_ruleset_for_something_else_that_cannot_be_read_does_not_matter():
    live = every(
        refused(f"{LIST}/2", 404, "Not Found"),
        listed=answer(LIST, [{"id": 2, "target": "push", "enforcement": "active"}]),
    )
    assert isinstance(the(live), Finding)


def test_a_plan_without_rulesets_protects_nothing():
    upgrade = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    found = the(every(listed=refused(LIST, 403, upgrade)))
    assert isinstance(found, Finding)
    assert found.message.endswith(f"this plan cannot enforce it ({upgrade})")


def test_patterns_that_cut_tags_into_too_many_parts_cannot_be_told():
    include = [f"refs/tags/*{'?' * number}a{'?' * (12 - number)}" for number in range(13)]
    found = said(every(tag_ruleset(1, DELETION, include=include)), tag="*", bypass=NOBODY)
    assert {(type(one), one.control, one.reason) for one in found} == {
        (Undecided, "deletions", Reason.DYNAMIC),
        (Undecided, "bypass", Reason.DYNAMIC),
    }


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"tag": "v*", "deletions": "forbidden"}, []),
        (
            {"tag": "", "deletions": "forbidden"},
            [(("tag",), "an empty name: write a tag's name, a pattern of names, or ~ALL")],
        ),
        (
            {"tag": "refs/tags/v*", "deletions": "forbidden"},
            [(("tag",), "a tag's name alone: write it without refs/tags/ before it")],
        ),
        (
            {"tag": "v*", "bypass": NOBODY},
            [(("bypass",), "says who may go around the controls that this policy gives, and it gives none")],
        ),
    ],
)
def test_problems(keys, expected):
    assert list(TagProtection(id="tags", **keys).problems()) == expected


def test_a_policy_that_asserts_nothing_is_refused():
    ((place, message),) = TagProtection(id="tags", tag="v*").problems()
    assert (place, message.startswith("asserts nothing: give at least one of status_checks, deployments")) == ((), True)
    assert "admins_included" not in message


def test_its_keys_are_the_controls_of_tags_and_what_it_asks_for():
    own = {field.name for field in fields(TagProtection)} - {field.name for field in fields(Policy)}
    assert own == {"tag", BYPASS, *controls_of("tag")}
    (check,) = registry.kind("tag-protection").checks
    policy = TagProtection(id="tags", tag="v*", deletions="forbidden")
    assert check.calls(policy) == [(LiveRulesetsRequest(LiveRulesets, ("tag",)),)]


RULESETS = st.lists(
    st.tuples(
        st.lists(st.sampled_from([DELETION, UPDATE, CREATION]), max_size=2),
        st.lists(st.sampled_from(["~ALL", "refs/tags/v*", "refs/tags/v[0-9]*", "refs/tags/*-rc"]), max_size=2),
        st.lists(st.sampled_from(["refs/tags/v2*", "refs/tags/*-rc"]), max_size=1),
        st.sampled_from([(), (ADMIN,), None]),
    ),
    max_size=3,
)
WANTED = {"deletions": "forbidden", "updates": "forbidden", "bypass": NOBODY}


def built(given_, hide=frozenset()):
    return every(
        *(
            refused(f"{LIST}/{number}", 404, "Not Found")
            if number in hide
            else tag_ruleset(number, *rules, include=include, exclude=exclude, bypass=bypass)
            for number, (rules, include, exclude, bypass) in enumerate(given_, 1)
        )
    )


@given(RULESETS, RULESETS, st.sampled_from(["v*", "v1", "~ALL"]))
def test_one_ruleset_more_never_turns_a_pass_into_a_failure(before, more, tag):
    if not said(built(before), tag=tag, **WANTED):
        assert not any(isinstance(one, Finding) for one in said(built([*before, *more]), tag=tag, **WANTED))


@given(RULESETS, st.sets(st.integers(1, 3)), st.sampled_from(["v*", "v1", "~ALL"]))
def test_hiding_a_ruleset_never_turns_a_failure_or_an_unknown_into_a_pass(given_, hide, tag):
    open_before = {one.control for one in said(built(given_), tag=tag, **WANTED)}
    open_after = {one.control for one in said(built(given_, hide), tag=tag, **WANTED)}
    assert open_before - {"bypass"} <= open_after
    if "bypass" in open_before and not open_after:
        raise AssertionError("a bypass that was found is passed")


@given(RULESETS, st.sampled_from(["v*", "v1"]), st.randoms())
def test_the_order_of_rulesets_patterns_and_rules_does_not_matter(given_, tag, random):
    shuffled = [tuple(random.sample(part, len(part)) if isinstance(part, list) else part for part in r) for r in given_]
    one, other = said(built(given_), tag=tag, **WANTED), said(built(shuffled), tag=tag, **WANTED)
    assert [(type(a), a.control) for a in one] == [(type(b), b.control) for b in other]
