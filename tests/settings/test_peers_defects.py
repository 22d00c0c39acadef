"""The defects that well-known checkers have with live settings (D1-D17): each shown not to be ours.

Where another test holds one already, `ELSEWHERE` names it; `NOT_OURS` has what cannot happen here, and why.
"""

import re
from pathlib import Path

import pytest

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.branch_protection import BranchProtection, controls
from govcheck.settings.ref_patterns import RefPattern
from live_branches import (
    ADMIN,
    REPOSITORY,
    actors,
    classic,
    hidden,
    live,
    pull_request,
    reviews,
    role,
    ruleset,
    status_checks,
    unread,
)

TESTS = Path(__file__).parents[1]
NOBODY = SetConstraint(subset_of=())
TWO = NumberConstraint(min=2)
DELETION, NO_FORCE = {"type": "deletion"}, {"type": "non_fast_forward"}

ELSEWHERE = {
    10: "sources/test_github_client.py::test_the_last_good_answer_is_kept_and_the_next_waits",
    12: "sources/test_github_transport.py::test_no_other_method",
    13: "sources/test_github_transport.py::test_no_body_but_a_query",
    14: "sources/test_policy_files.py::test_everything_that_is_wrong_is_told_at_once",
    17: "sources/test_github_gather.py::test_d17_every_page_of_rules_is_read_and_each_ruleset_once",
}
NOT_OURS = {16: "one run is of one repository, which is named: there is no list of them that could be cut"}


def said(branch, **keys):
    policy = BranchProtection(id="p", branch="main", **keys)
    return [one for one in controls.judge(policy, branch) if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    "protection",
    [
        hidden(message="Bad credentials", status=401),
        hidden(message="API rate limit exceeded for user ID 1."),
        hidden(message="Not Found", status=404),
    ],
    ids=["401", "403", "404"],
)
def test_d01_a_refusal_is_neither_silence_nor_a_pass(protection):
    (found,) = said(live(protection=protection), approvals=TWO)
    assert isinstance(found, Undecided)


def test_d02_no_context_is_no_check_and_no_review_restricts_nobody():
    empty = classic(required_status_checks={"strict": True, "contexts": [], "checks": []})
    (checks,) = said(live(protection=empty), status_checks=SetConstraint(superset_of=("build",)))
    (strict,) = said(live(protection=empty), strict_status_checks=True)
    (dismissals,) = said(live(protection=classic()), review_dismissals=SetConstraint(subset_of=("role:admin",)))
    assert [type(one) for one in (checks, strict, dismissals)] == [Finding] * 3


def test_d03_a_branch_without_protection_lets_itself_be_overwritten_and_deleted():
    found = said(live(), force_pushes="forbidden", deletions="forbidden")
    assert [(type(one), one.actual) for one in found] == [(Finding, "allowed")] * 2


def test_d04_one_ruleset_without_bypass_actors_clears_no_other():
    branch = live(ruleset(1, pull_request(2), bypass=[role(4)]), ruleset(2, DELETION))
    (found,) = said(branch, approvals=TWO, deletions="forbidden", bypass=NOBODY)
    assert found.actual == {"approvals": ["role:write"]}


@pytest.mark.parametrize("key", ["force_pushes", "deletions"])
def test_d05_the_rule_can_fail(key):
    allowed = classic(**{f"allow_{key}": {"enabled": True}})
    assert isinstance(said(live(protection=allowed), **{key: "forbidden"})[0], Finding)
    assert said(live(protection=classic()), **{key: "forbidden"}) == []


def test_d06_an_address_is_no_check_and_an_outage_no_violation():
    with_url = classic(required_status_checks={"url": "https://x", "strict": False, "contexts": [], "checks": []})
    (found,) = said(live(protection=with_url), status_checks=SetConstraint(superset_of=("build",)))
    assert isinstance(found, Finding)
    (outage,) = said(live(protection=hidden(message="Server Error", status=502)), approvals=TWO)
    assert (type(outage), outage.reason) == (Undecided, Reason.API_ERROR)


def test_d07_a_hidden_list_of_bypass_actors_is_not_an_empty_one():
    branch = live(ruleset(1, pull_request(2), bypass=None))
    found = said(branch, approvals=TWO, admins_included=True, bypass=NOBODY)
    assert [(type(one), one.control, one.reason) for one in found] == [
        (Undecided, "admins_included", Reason.REDACTED),
        (Undecided, "bypass", Reason.REDACTED),
    ]
    assert said(live(ruleset(1, pull_request(2))), approvals=TWO, admins_included=True, bypass=NOBODY) == []


def test_d08_administrators_who_go_around_reviews_are_not_bound_by_a_ban_on_deletion():
    branch = live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, DELETION))
    found = said(branch, approvals=TWO, deletions="forbidden", admins_included=True, bypass=NOBODY)
    assert [(one.control, one.actual) for one in found] == [
        ("admins_included", False),
        ("bypass", {"approvals": ["role:admin"]}),
    ]


def test_d09_a_star_does_not_cross_a_slash():
    """Which rulesets apply to a branch is GitHub's own answer; for what it does not answer the patterns are its own."""
    assert not RefPattern.of("refs/heads/*").matches("refs/heads/release/v1")
    _, own = ruleset(42, pull_request(2), conditions={"ref_name": {"include": ["refs/heads/*"], "exclude": []}})
    assert isinstance(said(live(([], own), branch="release/v1"), approvals=TWO)[0], Finding)
    all_but = {"ref_name": {"include": [], "exclude": ["refs/heads/dev"]}}
    assert said(live(ruleset(42, pull_request(2), conditions=all_but)), approvals=TWO) == []


def test_d11_who_is_bound_is_told_control_by_control_and_no_type_of_rule_is_skipped():
    others = [{"type": "merge_queue"}, {"type": "required_signatures"}]
    branch = live(ruleset(1, pull_request(2), *others), ruleset(2, DELETION, bypass=[ADMIN]))
    assert said(branch, approvals=TWO, merge_queue=True, signatures=True, bypass=NOBODY) == []
    (found,) = said(branch, approvals=TWO, deletions="forbidden", bypass=NOBODY)
    assert found.actual == {"deletions": ["role:admin"]}


def test_d12_no_command_is_offered_that_would_switch_other_things_off():
    body = classic(required_pull_request_reviews=reviews(1), required_linear_history={"enabled": True})
    found = said(live(protection=body), approvals=2, signatures=True, conversation_resolution=True)
    commands = [one.fix.command or "" for one in found]
    assert not any("-X PUT" in command for command in commands)


def test_d13_apps_are_apps_and_teams_are_teams():
    body = classic(restrictions=actors(teams=["bot"], apps=["deployer"]))
    allowed = SetConstraint(subset_of=("team:octocat/bot", "app:deployer"))
    assert said(live(protection=body), push_restrictions=allowed) == []
    (found,) = said(live(protection=body), push_restrictions=SetConstraint(subset_of=("app:bot", "app:deployer")))
    assert isinstance(found, Finding)


def test_d14_rulesets_are_read():
    assert said(live(ruleset(1, status_checks("build"), NO_FORCE)), status_checks=("build",)) == []


def test_d15_one_layer_that_fails_takes_no_other_with_it():
    branch = live(ruleset(1, pull_request(2), NO_FORCE), protection=unread(f"{REPOSITORY}/branches/main/protection"))
    assert said(branch, approvals=TWO, force_pushes="forbidden") == []
    assert [type(one) for one in said(branch, approvals=TWO, linear_history=True)] == [Undecided]


def test_every_defect_has_its_test_or_a_reason_why_it_cannot_be_ours():
    own = {int(number) for number in re.findall(r"^def test_d(\d\d)_", Path(__file__).read_text(), re.MULTILINE)}
    assert own | ELSEWHERE.keys() | NOT_OURS.keys() == set(range(1, 18))
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(), place
