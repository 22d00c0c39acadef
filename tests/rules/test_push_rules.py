"""Pushes bring nothing that the policy keeps out."""

from dataclasses import fields

import pytest

from govcheck import registry
from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import LiveRulesets, LiveRulesetsRequest
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.rules.push_rules import PushRules, controls
from govcheck.settings.controls import BYPASS, controls_of
from live_branches import ADMIN, REPOSITORY, refused
from live_rulesets import every, push_ruleset, tag_ruleset

NOBODY = SetConstraint(subset_of=())
SIZE = {"type": "max_file_size", "parameters": {"max_file_size": 10}}
PATHS = {"type": "file_path_restriction", "parameters": {"restricted_file_paths": [".github/**/*"]}}
EXTENSIONS = {"type": "file_extension_restriction", "parameters": {"restricted_file_extensions": ["*.exe"]}}
LENGTH = {"type": "max_file_path_length", "parameters": {"max_file_path_length": 200}}
WANTED = {
    "max_file_size": NumberConstraint(max=10),
    "max_file_path_length": NumberConstraint(max=255),
    "restricted_file_paths": SetConstraint(superset_of=(".github/**/*",)),
    "restricted_file_extensions": ("*.exe",),
    "bypass": NOBODY,
}


def said(live, **keys):
    return [one for one in controls.judge(PushRules(id="pushes", **keys), live) if not isinstance(one, Judged)]


def the(live, **keys):
    (one,) = said(live, **keys)
    return one


def test_rulesets_of_any_source_add_up():
    own, theirs = push_ruleset(1, SIZE, PATHS), push_ruleset(2, EXTENSIONS, LENGTH, source_type="Enterprise")
    assert said(every(own, theirs), **WANTED) == []


def test_the_strictest_wins():
    larger = {"type": "max_file_size", "parameters": {"max_file_size": 50}}
    assert said(every(push_ruleset(1, larger), push_ruleset(2, SIZE)), max_file_size=10) == []


def test_without_a_ruleset_anything_may_be_pushed():
    found = {one.control: one for one in said(every(tag_ruleset(1, SIZE, PATHS)), **WANTED)}
    assert found.keys() == WANTED.keys() - {"bypass"}
    size = found["max_file_size"]
    assert (type(size), size.subject, size.actual) == (Finding, "pushes", None)
    assert size.message == (
        "the largest file that a push may bring, in MB: no limit, where the policy wants at most 10"
    )
    assert size.location.setting == "pushes/max_file_size"
    assert size.fix.text == (
        "In Settings → Rules → Rulesets, make a push ruleset and set “Restrict file size” to at most 10"
    )


@pytest.mark.parametrize("off", [{"enforcement": "evaluate"}, {"enforcement": "disabled"}])
def test_a_ruleset_that_is_off_does_not_count(off):
    assert isinstance(the(every(push_ruleset(1, SIZE, **off)), max_file_size=10), Finding)


def test_who_may_go_around_it():
    found = the(every(push_ruleset(1, SIZE, bypass=[ADMIN])), max_file_size=10, bypass=NOBODY)
    assert (found.control, found.actual) == ("bypass", {"max_file_size": ["role:admin"]})
    hidden = the(every(push_ruleset(1, SIZE, bypass=None)), max_file_size=10, bypass=NOBODY)
    assert (type(hidden), hidden.reason) == (Undecided, Reason.REDACTED)


def test_a_ruleset_that_cannot_be_read_may_be_stricter():
    live = every(push_ruleset(1, SIZE), refused(f"{REPOSITORY}/rulesets/2", 404, "Not Found", "metadata:read"))
    assert said(live, max_file_size=NumberConstraint(max=10)) == []
    assert the(live, max_file_size=10).permission == "metadata:read"


def test_its_keys_are_the_controls_of_pushes_and_what_it_asks_for():
    own = {field.name for field in fields(PushRules)} - {field.name for field in fields(Policy)}
    assert own == {BYPASS, *controls_of("push")}
    (check,) = registry.kind("push-rules").checks
    assert check.calls(PushRules(id="p", max_file_size=1)) == [(LiveRulesetsRequest(LiveRulesets, ("push",)),)]
    ((place, message),) = PushRules(id="p").problems()
    assert (place, message) == (
        (),
        (
            "asserts nothing: give at least one of restricted_file_paths, restricted_file_extensions, max_file_size, "
            "max_file_path_length"
        ),
    )
