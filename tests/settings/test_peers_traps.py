"""The traps of comparing settings (1-40) that other tools fell into: each shown not to catch us.

Those of settings that are not about the protection of refs are in `test_peers_traps_of_settings.py`; where a test of
another file holds one already, `ELSEWHERE` names it.
"""

import re
from pathlib import Path

import pytest

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.drift import compare, settings_of
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.branch_protection import BranchProtection, controls
from govcheck.settings.bypass import bypass
from govcheck.settings.flat import settings_of as flat_settings
from govcheck.settings.protection import effective_protection
from govcheck.settings.required import required_checks
from live_branches import (
    ADMIN,
    REPOSITORY,
    actors,
    answer,
    classic,
    hidden,
    live,
    not_protected,
    pull_request,
    refused,
    repository,
    reviews,
    role,
    ruleset,
    status_checks,
    summary,
)
from snapshots import snapshot

TESTS = Path(__file__).parents[1]
NOBODY = SetConstraint(subset_of=())
TWO = NumberConstraint(min=2)
RULES = f"{REPOSITORY}/rules/branches/main"
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."

ELSEWHERE = {
    5: "sources/test_github_gather.py::test_rulesets_for_tags_and_pushes_are_read_whole_and_those_for_branches_once",
    8: "rules/test_access.py::test_webhooks",
    9: "app/test_environments_and_secrets.py::test_what_is_as_it_should_be_on_the_second_page",
    10: "sources/test_github_client.py::test_tokens_do_not_share_answers",
    24: "rules/test_code_security.py::test_advanced_security_has_no_switch_in_public_and_no_default_elsewhere",
    33: "rules/test_tag_protection.py::test_every_tag_that_is_meant_must_be_protected",
    36: "actions/test_job_names.py::test_a_name",
    39: "sources/test_github_protocol.py::test_headers",
}
OF_SETTINGS = Path(__file__).with_name("test_peers_traps_of_settings.py")


def said(branch, **keys):
    policy = BranchProtection(id="p", branch="main", **keys)
    return [one for one in controls.judge(policy, branch) if not isinstance(one, Judged)]


def control(branch, key):
    return effective_protection(branch).controls[key]


def value(branch, key):
    return control(branch, key).json


def drifted(before, after):
    entries = compare(snapshot(settings=settings_of([before])), snapshot(settings=settings_of([after]))).entries
    return {entry.name: (entry.change, entry.direction) for entry in entries}


def test_trap_01_bypass_actors_that_are_not_there_are_not_nobody():
    mine = ruleset(1, pull_request(2), bypass=None, current_user_can_bypass="never")
    assert bypass(control(live(mine), "approvals")).others
    assert bypass(control(live(ruleset(1, pull_request(2), bypass=())), "approvals")).exact


@pytest.mark.parametrize(
    ("protection", "outcome"),
    [
        (not_protected(), Finding),
        (hidden(message="Not Found", status=404), Undecided),
        (hidden(message="Branch not found", status=404), Finding),
    ],
    ids=["not protected", "not found", "no branch"],
)
def test_trap_02_a_404_means_what_its_message_says(protection, outcome):
    gone = refused(f"{REPOSITORY}/branches/main", 404, "Branch not found")
    (found,) = said(
        live(protection=protection, summary=gone if "Branch not found" in protection.message else summary()),
        approvals=TWO,
    )
    assert isinstance(found, outcome)


def test_trap_02_a_branch_that_only_rulesets_protect_answers_404_too():
    assert said(live(ruleset(1, pull_request(2)), protection=not_protected()), approvals=TWO) == []


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (UPGRADE, None),
        ("Resource not accessible by integration", Reason.PERMISSION),
        ("API rate limit exceeded for installation ID 1.", Reason.RATE_LIMITED),
        ("You have exceeded a secondary rate limit. Please wait a few minutes", Reason.RATE_LIMITED),
    ],
)
def test_trap_03_a_403_means_what_its_message_says(message, reason):
    (found,) = said(live(protection=hidden(message=message), rules=refused(RULES, 403, message)), approvals=TWO)
    assert getattr(found, "reason", None) is reason


def test_trap_04_active_rules_alone_are_a_floor_and_not_the_whole():
    branch = live(ruleset(1, pull_request(2), bypass=None), protection=hidden(grantable=False))
    assert said(branch, approvals=TWO) == []
    assert [one.control for one in said(branch, approvals=2, bypass=NOBODY)] == ["approvals", "bypass"]


def test_trap_06_merge_settings_that_are_not_there_are_not_off():
    without = answer(REPOSITORY, {"full_name": "octocat/hello-world"})
    (found,) = said(live(repository=without), merge_methods=("squash",))
    assert (type(found), found.permission) == (Undecided, "contents:write")


def test_trap_11_a_404_that_passes_does_not_make_a_branch_go_away():
    branch = live(protection=hidden(message="Branch not found", status=404), summary=summary(protected=True))
    assert not effective_protection(branch).missing_branch


def test_trap_12_switches_are_wrapped_and_signatures_left_out_when_off():
    body = classic()
    del body["required_signatures"]
    assert value(live(protection=body), "signatures") is False
    assert value(live(protection=classic(required_signatures={"enabled": True})), "signatures") is True
    bare = control(live(protection=classic(required_linear_history=True)), "linear_history")
    assert not bare.exact


def test_trap_13_no_list_is_everybody_and_an_empty_one_nobody():
    assert value(live(protection=classic()), "push_restrictions") is None
    assert value(live(protection=classic(restrictions=actors())), "push_restrictions") == []
    assert drifted(live(protection=classic(restrictions=actors())), live(protection=classic())) == {
        "branches/main/push_restrictions": ("changed", "weakened"),
        "branches/main/bypass/push_restrictions": ("gone", "changed"),
    }


def test_trap_14_checks_that_are_off_and_checks_of_which_there_is_none():
    empty = {"strict": True, "contexts": [], "checks": []}
    for body in (classic(), classic(required_status_checks=None), classic(required_status_checks=empty)):
        assert value(live(protection=body), "status_checks") == []
        assert value(live(protection=body), "strict_status_checks") is False


def test_trap_16_presence_is_on_and_words_have_a_side():
    assert value(live(ruleset(1, {"type": "non_fast_forward"})), "force_pushes") == "forbidden"
    assert value(live(protection=classic(allow_force_pushes={"enabled": False})), "force_pushes") == "forbidden"
    assert value(live(protection=classic(allow_force_pushes={"enabled": True})), "force_pushes") == "allowed"


PAIRS = [
    ("dismiss_stale_reviews", {"dismiss_stale_reviews": True}, {"dismiss_stale_reviews_on_push": True}),
    ("code_owner_reviews", {"require_code_owner_reviews": True}, {"require_code_owner_review": True}),
    ("last_push_approval", {"require_last_push_approval": True}, {"require_last_push_approval": True}),
]


@pytest.mark.parametrize(("key", "old", "new"), PAIRS, ids=[key for key, _, _ in PAIRS])
def test_trap_17_two_vocabularies_say_one_thing(key, old, new):
    by_classic = live(protection=classic(required_pull_request_reviews=reviews(1, **old)))
    assert value(by_classic, key) is value(live(ruleset(1, pull_request(1, **new))), key) is True


def test_trap_17_conversations_and_strict_checks_too():
    old = classic(
        required_conversation_resolution={"enabled": True},
        required_status_checks={"strict": True, "contexts": ["a"], "checks": []},
    )
    new = ruleset(1, pull_request(0, required_review_thread_resolution=True), status_checks("a", strict=True))
    for key in ("conversation_resolution", "strict_status_checks", "status_checks"):
        assert value(live(protection=old), key) == value(live(new), key)


def test_trap_18_what_the_api_fills_in_is_listed_and_judged_by_nobody():
    filled = pull_request(2, automatic_copilot_code_review_enabled=False, required_reviewers=[])
    checks = status_checks("a")
    checks["parameters"]["do_not_enforce_on_create"] = False
    settings = flat_settings(live(ruleset(42, filled, checks)))
    assert settings["rulesets/42/pull_request/automatic_copilot_code_review_enabled"].value is False
    assert settings["rulesets/42/required_status_checks/do_not_enforce_on_create"].value is False
    assert settings["branches/main/required_reviewers"].value == []
    assert said(live(ruleset(42, filled, checks)), approvals=2, status_checks=("a",), bypass=()) == []


def test_trap_22_a_child_means_nothing_while_its_parent_is_off():
    assert value(live(protection=classic(block_creations={"enabled": True})), "creations") == "allowed"
    unlocked = classic(lock_branch={"enabled": False}, allow_fork_syncing={"enabled": False})
    assert value(live(protection=unlocked), "fork_syncing") == "allowed"
    locked = unlocked | {"lock_branch": {"enabled": True}}
    assert value(live(protection=locked), "fork_syncing") == "forbidden"


def test_trap_23_a_value_names_where_it_comes_from():
    theirs = ruleset(73, pull_request(2), name="all", source="octo-org")
    settings = flat_settings(live(theirs, protection=classic(required_pull_request_reviews=reviews(1))))
    assert settings["branches/main/approvals"].sources == ("classic protection", 'ruleset "all" (73) of octo-org')


def test_trap_27_logins_and_slugs_do_not_tell_cases_apart():
    body = classic(restrictions=actors(["OctoCat"], ["Release-Crew"]))
    allowed = SetConstraint(subset_of=("user:octocat", "team:Octocat/release-crew"))
    assert said(live(protection=body), push_restrictions=allowed) == []
    other = classic(restrictions=actors(["octocat"], ["release-crew"]))
    assert drifted(live(protection=body), live(protection=other)) == {}


@pytest.mark.parametrize("number", [None, 0, 1])
@pytest.mark.parametrize("kind", ["OrganizationAdmin", "EnterpriseOwner", "DeployKey"])
def test_trap_28_an_actor_of_which_there_is_one_has_no_number(kind, number):
    one = {"actor_type": kind, "actor_id": number, "bypass_mode": "always"}
    other = one | {"actor_id": 1}
    assert (
        drifted(live(ruleset(1, pull_request(2), bypass=[one])), live(ruleset(1, pull_request(2), bypass=[other])))
        == {}
    )


def test_trap_28_roles_by_number_and_types_that_nobody_knows():
    branch = live(
        ruleset(1, pull_request(2), bypass=[role(2), role(4), role(5), {"actor_type": "Robot", "actor_id": 9}])
    )
    assert bypass(control(branch, "approvals")).certain == {"role:maintain", "role:write", "role:admin", "robot:id-9"}


def test_trap_29_exempt_is_told_and_no_mode_is_always():
    exempt = live(ruleset(1, pull_request(2), bypass=[role(5, "exempt")]))
    (found,) = said(exempt, approvals=TWO, bypass=NOBODY)
    assert "role:admin (exempt: it leaves no audit entry) may bypass it" in found.evidence[0].text
    bare = live(ruleset(1, pull_request(2), bypass=[{"actor_type": "DeployKey"}]))
    assert bypass(control(bare, "pull_requests")).certain == {"deploy-key"}
    always = live(ruleset(1, pull_request(2), bypass=[{"actor_type": "DeployKey", "bypass_mode": "always"}]))
    assert drifted(bare, always) == {}


def test_trap_30_any_app_is_written_in_three_ways_and_a_context_may_come_twice():
    def contexts(**keys):
        body = {"strict": False, "contexts": ["build"], "checks": [{"context": "build"} | keys]}
        return live(protection=classic(required_status_checks=body))

    assert drifted(contexts(app_id=None), contexts()) == drifted(contexts(app_id=-1), contexts()) == {}
    assert [one.app_id for one in required_checks(contexts()).checks] == [None]
    twice = live(ruleset(1, status_checks(("build", 1), ("build", 2))))
    assert [one.app_id for one in required_checks(twice).checks] == [1, 2]
    assert "branches/main/status_check_sources" in drifted(contexts(app_id=15368), contexts())


def test_trap_31_lists_are_sets():
    one = live(
        ruleset(1, status_checks("a", "b"), pull_request(1), bypass=[ADMIN, role(4)]), ruleset(2, {"type": "deletion"})
    )
    other = live(
        ruleset(2, {"type": "deletion"}), ruleset(1, pull_request(1), status_checks("b", "a"), bypass=[role(4), ADMIN])
    )
    assert drifted(one, other) == {}


def test_trap_32_rules_of_one_type_add_up():
    twice = ruleset(1, pull_request(1, require_code_owner_review=True), pull_request(3))
    assert (value(live(twice), "approvals"), value(live(twice), "code_owner_reviews")) == (3, True)


def test_trap_34_a_ruleset_that_is_renamed_is_the_same_one():
    before, after = (live(ruleset(42, pull_request(2), name=name)) for name in ("main", "trunk"))
    assert drifted(before, after) == {"rulesets/42/name": ("renamed", "changed")}


def test_trap_35_two_rulesets_of_one_name_are_two():
    branch = live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, pull_request(1)))
    found = bypass(control(branch, "approvals"))
    assert (value(branch, "approvals"), found.certain) == (2, {"role:admin"})
    weaker = live(ruleset(1, pull_request(2), bypass=[ADMIN]))
    assert drifted(branch, weaker)["rulesets/2/enforcement"] == ("gone", "weakened")


def test_trap_37_a_slash_in_a_branchs_name_is_no_part_of_the_path():
    settings = flat_settings(live(ruleset(1, pull_request(2)), branch="feature/x"))
    assert settings["branches/feature%2Fx/approvals"].value == 2


def test_trap_38_addresses_and_dates_are_no_change_and_are_told_by_their_whole_name():
    noise = {
        "updated_at": "2026-01-01",
        "node_id": "x",
        "created_at": "y",
        "_links": {},
        "current_user_can_bypass": "never",
    }
    before = live(ruleset(1, pull_request(2)), protection=classic(url="https://one"))
    after = live(ruleset(1, pull_request(2), **noise), protection=classic(url="https://two"))
    assert drifted(before, after) == {}
    new = live(ruleset(1, pull_request(2), curl_allowed=True), protection=classic(url_rewriting={"enabled": True}))
    assert set(drifted(before, new)) == {"rulesets/1/curl_allowed", "branches/main/protection/url_rewriting"}


def test_trap_40_true_is_not_one():
    odd = control(live(ruleset(1, pull_request(True))), "approvals")  # noqa: FBT003 - what GitHub does not send
    assert (odd.value, odd.exact) == (0, False)
    before, after = ({"x": one} for one in (True, 1))
    told = compare(snapshot(settings=before), snapshot(settings=after)).entries
    assert [entry.name for entry in told] == ["x"]
    assert (
        said(live(repository=repository(allow_squash_merge=1)), merge_methods=("squash",))[0].reason
        is Reason.UNPARSEABLE
    )


def test_every_trap_has_its_test():
    texts = (file.read_text() for file in (Path(__file__), OF_SETTINGS))
    own = {int(number) for text in texts for number in re.findall(r"^def test_trap_(\d\d)_", text, re.MULTILINE)}
    assert own | ELSEWHERE.keys() == set(range(1, 41))
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(), place
