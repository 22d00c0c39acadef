"""Branches that a pattern means, and what classic protection keeps from REST."""

import pytest

from govcheck import registry
from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import LiveBranch, LiveBranchRequest
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.branch_protection import BranchProtection, controls
from live_branches import ADMIN, REPOSITORY, classic, live, pull_request, refused, repository, unread
from live_rulesets import FORBIDDEN, branch_rule, every, node, nodes, push_ruleset, rules, tag_ruleset

NOBODY = SetConstraint(subset_of=())
TWO = NumberConstraint(min=2)
NO_RULES = rules()


def policy(**keys):
    return BranchProtection(id="releases", **{"branch": "release/*"} | keys)


def said(rulesets, **keys):
    branch = live(branch="release/*", every=rulesets)
    return [one for one in controls.judge(policy(**keys), branch) if not isinstance(one, Judged)]


def the(fact, **keys):
    (one,) = said(fact, **keys)
    return one


def branches(number, *given, include=("refs/heads/release/*",), **keys):
    return tag_ruleset(number, *given, include=include, target="branch", **keys)


def reviewed(pattern, number=1, count=2, **keys):
    return node(pattern, number, requiresApprovingReviews=True, requiredApprovingReviewCount=count, **keys)


def test_a_ruleset_and_a_classic_rule_both_reach_branches_that_are_not_there_yet():
    assert said(every(branches(1, pull_request(2)), classic=NO_RULES), approvals=TWO, bypass=NOBODY) == []
    assert said(every(classic=rules(reviewed("release/*"))), approvals=TWO, bypass=NOBODY) == []
    assert said(every(classic=rules(reviewed("release/**/*"))), approvals=TWO) == []


def test_branches_without_protection_fail():
    found = the(every(classic=NO_RULES), approvals=TWO)
    assert (type(found), found.subject, found.fix.command) == (Finding, "release/*", None)
    assert found.message == "required approvals on branches release/*: 0, where the policy wants at least 2"
    assert found.location.setting == "branches/release%2F%2A/approvals"
    assert found.fix.text.startswith("In Settings → Rules → Rulesets, make a branch ruleset for branches release/*")


def test_the_branches_that_are_protected_otherwise_are_named():
    found = the(every(branches(1, pull_request(2), include=["refs/heads/release/v*"]), classic=NO_RULES), approvals=TWO)
    assert "on branches release/* (such as release/x): 0" in found.message


def test_of_several_classic_rules_one_alone_wins():
    """A plain name, or else the oldest pattern; the others do not add up."""
    older = the(every(classic=rules(reviewed("release/*", 2), reviewed("rel*/*", 1, count=1))), approvals=TWO)
    assert older.actual == 1
    assert said(every(classic=rules(reviewed("release/*", 1), reviewed("rel*/*", 2, count=1))), approvals=TWO) == []
    exact = every(classic=rules(reviewed("release/*", 1), reviewed("release/v1", 2, count=1)))
    found = the(exact, approvals=TWO)
    assert "(such as release/v1): 1" in found.message
    assert found.fix.command is None


def test_what_rest_leaves_out_is_told_of_patterns_too():
    rule = node("release/*", requiresDeployments=True, requiredDeploymentEnvironments=["staging"])
    assert said(every(classic=rules(rule)), deployments=("staging",)) == []
    pusher = node("release/*", bypassForcePushAllowances=nodes("user:mona"))
    found = the(every(classic=rules(pusher)), force_pushes="forbidden", bypass=NOBODY)
    assert found.actual == {"force_pushes": ["user:mona"]}
    assert isinstance(the(every(classic=rules(node("release/*"))), merge_queue=True), Undecided)


def test_administrators():
    rule = reviewed("release/*", isAdminEnforced=False)
    found = the(every(classic=rules(rule)), admins_included=True)
    assert (found.control, found.actual, found.fix.command) == ("admins_included", False, None)
    hidden = the(every(classic=FORBIDDEN), admins_included=True)
    assert (type(hidden), hidden.permission) == (Undecided, "administration:read")


@pytest.mark.parametrize(
    ("told", "reason", "permission"),
    [
        (rules(admin=False), Reason.PERMISSION, "administration:read"),
        (FORBIDDEN, Reason.PERMISSION, "administration:read"),
        (rules(total=1), Reason.UNPARSEABLE, None),
        (rules(node("release/*", isAdminEnforced=None)), Reason.UNPARSEABLE, None),
    ],
)
def test_classic_rules_that_cannot_be_read_may_protect_more(told, reason, permission):
    found = the(every(classic=told), approvals=TWO)
    assert (type(found), found.reason, found.permission) == (Undecided, reason, permission)
    assert said(every(branches(1, pull_request(2)), classic=told), approvals=TWO) == []


def test_a_ruleset_for_the_default_branch_is_for_the_one_that_it_is():
    own = branches(1, pull_request(2), include=["~DEFAULT_BRANCH"])
    trunk = repository(default_branch="release/main")
    found = the(every(own, classic=NO_RULES, repository=trunk), approvals=TWO)
    assert "(such as release/x): 0" in found.message
    nowhere = the(every(own, classic=NO_RULES, repository=unread(REPOSITORY)), approvals=TWO)
    assert (type(nowhere), nowhere.reason) == (Undecided, Reason.UNPARSEABLE)


def test_which_facts_a_policy_asks_for():
    kind = registry.kind("branch-protection")

    def asked(**keys):
        (found,) = [call for check in kind.checks for call in check.calls(policy(**keys))]
        return found

    assert asked(approvals=2) == (LiveBranchRequest(LiveBranch, "release/*", pattern=True),)
    main = {"branch": "main"}
    assert asked(approvals=2, **main) == (LiveBranchRequest(LiveBranch, "main"),)
    assert asked(force_pushes="forbidden", **main) == (LiveBranchRequest(LiveBranch, "main"),)
    wanted = LiveBranchRequest(LiveBranch, "main", beyond_rest=True)
    assert asked(force_pushes="forbidden", bypass=(), **main) == (wanted,)
    assert asked(deployments=("staging",), **main) == (wanted,)
    assert asked(merge_queue=True, **main) == (wanted,)
    assert asked(admins_included=True, **main) == (wanted,)
    assert asked(max_file_size=5, **main) == (LiveBranchRequest(LiveBranch, "main", pushes=True),)


def test_a_policy_on_one_branch_believes_what_graphql_proves():
    told = branch_rule(node(requiresDeployments=True, requiredDeploymentEnvironments=["staging"]))
    branch = live(protection=classic(), beyond_rest=told)
    asserted = policy(branch="main", deployments=("staging",), force_pushes="forbidden", merge_queue=False, bypass=())
    assert [one for one in controls.judge(asserted, branch) if not isinstance(one, Judged)] == []
    hidden = live(protection=classic(), beyond_rest=branch_rule(None, admin=False))
    found = [one for one in controls.judge(asserted, hidden) if not isinstance(one, Judged)]
    assert [(type(one), one.control, one.permission) for one in found] == [
        (Undecided, "deployments", "administration:read"),
        (Undecided, "merge_queue", "administration:read"),
        (Undecided, "bypass", "administration:read"),
    ]


SIZE = {"type": "max_file_size", "parameters": {"max_file_size": 10}}


def test_a_ruleset_for_pushes_guards_every_branch():
    asserted = policy(branch="main", max_file_size=10, bypass=NOBODY)

    def found(pushes):
        judged = controls.judge(asserted, live(pushes=pushes))
        return [one for one in judged if not isinstance(one, Judged)]

    assert found(every(push_ruleset(1, SIZE))) == []
    assert [one.control for one in found(every(push_ruleset(1, SIZE, bypass=[ADMIN])))] == ["bypass"]
    assert [type(one) for one in found(every())] == [Finding]
    hidden = found(every(refused(f"{REPOSITORY}/rulesets/1", 404, "Not Found", "metadata:read")))
    assert [(type(one), one.permission) for one in hidden] == [(Undecided, "metadata:read")] * 2
