"""A branch's settings as a snapshot keeps them, and which way each went."""

import pytest

from govcheck.findings import Reason
from govcheck.settings.flat import describe, direction, settings_of
from live_branches import ADMIN, classic, hidden, live, pull_request, reviews, role, ruleset, status_checks

MAIN = 'ruleset "main" (42) of octocat/hello-world'


def changes(before, after):
    """Every setting that differs, with its direction."""
    old, new = settings_of(before), settings_of(after)
    told = {
        name: direction(name, old[name].value if name in old else None, new[name].value if name in new else None)
        for name in {*old, *new}
    }
    return {name: way for name, way in told.items() if way}


def test_settings_are_named_with_their_values_and_layers():
    settings = settings_of(live(ruleset(42, pull_request(2), status_checks("build", ("lint", 15368)), bypass=[ADMIN])))
    assert settings["branches/main/approvals"].value == 2
    assert settings["branches/main/approvals"].sources == (MAIN,)
    assert settings["branches/main/force_pushes"].value == "allowed"
    assert settings["branches/main/push_restrictions"].value is None
    assert settings["branches/main/bypass/approvals"].value == ["role:admin"]
    assert settings["branches/main/admins_included"].value is False
    assert settings["branches/main/status_check_sources"].value == {"build": ["any"], "lint": ["app:github-actions"]}
    assert settings["rulesets/42/name"].value == "main"
    assert settings["rulesets/42/enforcement"].value == "active"
    assert settings["rulesets/42/bypass_actors"].value == ["role:admin (always)"]
    assert "branches/main/bypass/signatures" not in settings
    assert all(one.trouble is None for one in settings.values())


def test_approvals_that_fall_are_weakened_and_a_bypass_actor_that_comes_too():
    before = live(ruleset(42, pull_request(2)))
    after = live(ruleset(42, pull_request(1), bypass=[ADMIN]))
    assert changes(before, after) == {
        "branches/main/approvals": "weakened",
        "branches/main/admins_included": "weakened",
        "rulesets/42/bypass_actors": "weakened",
        "rulesets/42/controls/approvals": "weakened",
    } | {f"branches/main/bypass/{key}": "weakened" for key in ("approvals", "dismiss_stale_reviews", "pull_requests")}
    assert set(changes(after, before).values()) == {"strengthened"}


def test_nothing_changes_where_only_the_order_does():
    one, other = ruleset(1, status_checks("a", "b"), bypass=[ADMIN, role(4)]), ruleset(2, pull_request(1))
    same = ruleset(1, status_checks("b", "a"), bypass=[role(4), ADMIN])
    assert changes(live(one, other), live(other, same)) == {}


def test_the_mode_of_a_bypass_is_seen_to_change():
    before, after = (live(ruleset(42, pull_request(2), bypass=[role(5, mode)])) for mode in ("always", "exempt"))
    assert changes(before, after) == {"rulesets/42/bypass_actors": "changed"}


def test_what_no_control_reads_is_kept_as_github_has_it():
    """Unknown keys appear before any description has them."""
    rule = pull_request(2, require_extra_approval_for_unattributed_changes=True)
    body = classic(required_pull_request_reviews=reviews(2, something_new=1), brand_new={"enabled": True})
    settings = settings_of(live(ruleset(42, rule, {"type": "from_the_future"}), protection=body))
    assert settings["rulesets/42/pull_request/require_extra_approval_for_unattributed_changes"].value is True
    assert settings["rulesets/42/from_the_future"].value is True
    assert settings["branches/main/protection/required_pull_request_reviews.something_new"].value == 1
    assert settings["branches/main/protection/brand_new"].value == {"enabled": True}
    assert not any(name.startswith("branches/main/protection/url") for name in settings)


def test_what_cannot_be_read_says_so():
    settings = settings_of(live(ruleset(42, pull_request(2), bypass=None), protection=hidden()))
    assert settings["branches/main/approvals"].value == 2
    assert settings["branches/main/approvals"].trouble.reason is Reason.PERMISSION
    assert settings["branches/main/bypass/approvals"].trouble is not None
    assert settings["branches/main/admins_included"].value is None
    assert settings["branches/main/admins_included"].trouble is not None
    assert settings["rulesets/42/bypass_actors"].value is None
    assert settings["rulesets/42/bypass_actors"].trouble.reason is Reason.REDACTED


def test_a_branchs_name_is_one_part_of_a_settings_name():
    settings = settings_of(live(ruleset(42, pull_request(2)), branch="release/bypass"))
    assert settings["branches/release%2Fbypass/approvals"].value == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("branches/main/approvals", 2, 1, "weakened"),
        ("branches/main/approvals", 2, 2, None),
        ("branches/main/force_pushes", "allowed", "forbidden", "strengthened"),
        ("branches/main/push_restrictions", ["user:a"], ["user:b"], "changed"),
        ("branches/main/bypass/approvals", [], ["role:admin"], "weakened"),
        ("branches/main/bypass/approvals", ["role:admin"], ["deploy-key"], "changed"),
        ("rulesets/42/enforcement", "active", "evaluate", "weakened"),
        ("rulesets/42/enforcement", "disabled", "active", "strengthened"),
        ("rulesets/42/enforcement", "disabled", "evaluate", "changed"),
        ("rulesets/42/name", "a", "b", "changed"),
        ("branches/main/protection/brand_new", {"enabled": True}, {"enabled": False}, "changed"),
        ("branches/main/protection/controls/approvals", 2, 1, "weakened"),
        ("branches/main/protection/enforce_admins", True, False, "weakened"),
        ("branches/main/protection/bypass_pull_request_allowances", [], ["user:a"], "weakened"),
        ("branches/main/merge_queue_max_entries_to_build", 5, 10, "changed"),
        ("rulesets/42/controls/approvals", 2, None, "weakened"),
        ("rulesets/42/controls/force_pushes", None, "forbidden", "strengthened"),
        ("rulesets/42/include", ["~ALL"], [], "weakened"),
        ("rulesets/42/exclude", [], ["refs/heads/main"], "weakened"),
        ("rulesets/42/required_status_checks/do_not_enforce_on_create", None, True, "weakened"),
        ("rulesets/42/required_status_checks/do_not_enforce_on_create", True, False, "strengthened"),
        ("something/else", 1, 2, "changed"),
    ],
)
def test_direction(name, before, after, expected):
    assert direction(name, before, after) == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("branches/main/approvals", "required approvals on main"),
        ("branches/release%2F1/bypass/approvals", "who can go around required approvals on release/1"),
        ("branches/main/admins_included", "whether administrators are bound on main"),
        ("branches/main/status_check_sources", "which app each required status check is bound to on main"),
        ("branches/main/protection/brand_new", "protection brand_new of main"),
        ("rulesets/42/bypass_actors", "bypass actors of ruleset 42"),
        ("rulesets/42/controls/approvals", "required approvals, by ruleset 42 alone"),
        ("branches/main/protection/controls/approvals", "required approvals, by classic protection of main alone"),
        ("something", "something"),
    ],
)
def test_describe(name, words):
    assert describe(name) == words
