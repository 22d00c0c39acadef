"""What one layer gives by itself is told when nothing else tells it, and never twice."""

from govcheck.drift import compare, settings_of
from live_branches import classic, hidden, live, pull_request, reviews, ruleset
from live_rulesets import every, push_ruleset, tag_ruleset
from snapshots import snapshot

TWO = classic(required_pull_request_reviews=reviews(2))


def told(before, after, rulesets=((), ())):
    old, new = (
        snapshot(settings=settings_of(branches, more))
        for branches, more in zip(((before,) if before else (), (after,) if after else ()), rulesets, strict=True)
    )
    return {entry.name: (entry.change, entry.direction) for entry in compare(old, new).entries}


def test_a_ruleset_that_falls_below_classic_protection_is_told():
    before, after = (live(ruleset(42, pull_request(count)), protection=TWO) for count in (2, 1))
    assert told(before, after) == {"rulesets/42/controls/approvals": ("changed", "weakened")}
    assert told(after, before) == {"rulesets/42/controls/approvals": ("changed", "strengthened")}


def test_classic_protection_that_falls_below_a_ruleset_is_told():
    body = classic(required_pull_request_reviews=reviews(1), enforce_admins={"enabled": False})
    before, after = (live(ruleset(42, pull_request(2)), protection=one) for one in (TWO, body))
    assert told(before, after)["branches/main/protection/controls/approvals"] == ("changed", "weakened")


def test_nothing_is_told_twice_where_what_it_comes_to_moved_as_well():
    before, after = (live(ruleset(42, pull_request(count))) for count in (2, 1))
    assert told(before, after) == {"branches/main/approvals": ("changed", "weakened")}
    bodies = (classic(required_pull_request_reviews=reviews(count)) for count in (2, 1))
    before, after = (live(protection=body) for body in bodies)
    assert told(before, after) == {"branches/main/approvals": ("changed", "weakened")}


def test_administrators_are_told_once():
    before, after = (live(protection=classic(enforce_admins={"enabled": on})) for on in (True, False))
    names = told(before, after)
    assert names["branches/main/admins_included"] == ("changed", "weakened")
    assert "branches/main/protection/enforce_admins" not in names


def test_a_layer_that_goes_away_behind_a_stronger_one_is_weakened():
    before = live(ruleset(42, pull_request(1)), protection=TWO)
    after = live(protection=TWO)
    assert told(before, after)["rulesets/42/controls/approvals"] == ("gone", "weakened")
    assert told(after, before)["rulesets/42/controls/approvals"] == ("introduced", "strengthened")


def test_a_layer_that_cannot_be_read_any_more_is_told_by_what_it_comes_to():
    after = live(protection=hidden())
    old = snapshot(settings=settings_of([live(protection=TWO)]))
    new = snapshot(settings=settings_of([after]), answers=(after.protection,))
    entries = compare(old, new).entries
    assert {entry.change for entry in entries} == {"became-unknown"}
    assert not any("controls" in entry.name for entry in entries)


DELETION, UPDATE = {"type": "deletion"}, {"type": "update"}


def test_rulesets_for_tags_and_pushes_are_kept_too():
    size = {"type": "max_file_size", "parameters": {"max_file_size": 10}}
    larger = {"type": "max_file_size", "parameters": {"max_file_size": 50}}
    before = every(tag_ruleset(1, DELETION, UPDATE), push_ruleset(2, size))
    after = every(tag_ruleset(1, DELETION, exclude=["refs/tags/v0*"]), push_ruleset(2, larger))
    names = told(None, None, ((before,), (after,)))
    assert names["rulesets/1/controls/updates"] == ("gone", "weakened")
    assert names["rulesets/1/exclude"] == ("changed", "weakened")
    assert names["rulesets/2/controls/max_file_size"] == ("changed", "weakened")


def test_a_ruleset_that_is_switched_off_is_seen_in_the_list_of_all():
    before, after = (every(tag_ruleset(1, DELETION, enforcement=one)) for one in ("active", "disabled"))
    names = told(None, None, ((before,), (after,)))
    assert names["rulesets/1/enforcement"] == ("changed", "weakened")
    assert names["rulesets/1/controls/deletions"] == ("gone", "weakened")
