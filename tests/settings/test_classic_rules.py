"""What GraphQL tells of classic protection, and when an answer without a rule proves that there is none."""

import pytest

from govcheck.findings import Reason
from govcheck.settings.bodies import UnexpectedShapeError
from govcheck.settings.bypass import bypass
from govcheck.settings.classic_rules import as_rest, classic_rules
from govcheck.settings.protection import effective_protection
from govcheck.settings.readers import NotToldError
from live_branches import classic, live, protection_answer, ruleset, unread
from live_rulesets import FORBIDDEN, branch_rule, graphql, node, nodes, rules

WHOLE = node(
    requiresApprovingReviews=True,
    requiredApprovingReviewCount=2,
    requiresCodeOwnerReviews=True,
    dismissesStaleReviews=True,
    requireLastPushApproval=True,
    restrictsReviewDismissals=True,
    reviewDismissalAllowances=nodes("user:Octocat"),
    bypassPullRequestAllowances=nodes("app:bot"),
    requiresStatusChecks=True,
    requiresStrictStatusChecks=True,
    requiredStatusChecks=[{"context": "build", "app": {"databaseId": 15368}}, {"context": "danger", "app": None}],
    restrictsPushes=True,
    pushAllowances=nodes("team:crew"),
    blocksCreations=True,
    requiresConversationResolution=True,
    requiresLinearHistory=True,
    requiresCommitSignatures=True,
    lockBranch=True,
    requiresDeployments=True,
    requiredDeploymentEnvironments=["staging"],
    bypassForcePushAllowances=nodes("user:Mona", "team:crew", "app:bot"),
)


def control(key, told, **keys):
    return effective_protection(live(protection=classic(), beyond_rest=told, **keys)).controls[key]


def test_a_rule_becomes_the_document_that_rest_would_answer_with():
    (rule,) = classic_rules(rules(WHOLE))
    found = effective_protection(live(protection=protection_answer(as_rest(rule)))).controls
    told = {key: one.json for key, one in found.items() if one.given and key != "merge_methods"}
    assert told == {
        "pull_requests": True,
        "approvals": 2,
        "dismiss_stale_reviews": True,
        "code_owner_reviews": True,
        "last_push_approval": True,
        "review_dismissals": ["user:octocat"],
        "conversation_resolution": True,
        "status_checks": ["build", "danger"],
        "strict_status_checks": True,
        "signatures": True,
        "linear_history": True,
        "force_pushes": "forbidden",
        "deletions": "forbidden",
        "creations": "forbidden",
        "updates": "forbidden",
        "fork_syncing": "forbidden",
        "push_restrictions": ["team:octocat/crew"],
    }
    assert [passer.actor for passer in found["approvals"].given[0].passers.known] == ["app:bot"]


def test_what_rest_leaves_out_of_a_branchs_protection():
    told = branch_rule(WHOLE, queue={"id": "MQ_1"})
    deployments = control("deployments", told)
    assert (deployments.value, deployments.exact) == ({"staging"}, True)
    assert (control("merge_queue", told).value, control("merge_queue", told).exact) == (True, True)
    pushers = bypass(control("force_pushes", told))
    assert (pushers.certain, pushers.exact) == ({"user:mona", "team:octocat/crew", "app:bot"}, True)


def test_what_is_off_is_off():
    told = branch_rule(node(requiredDeploymentEnvironments=["left over"]))
    assert (control("deployments", told).value, control("deployments", told).exact) == (frozenset(), True)
    assert (control("merge_queue", told).value, control("merge_queue", told).exact) == (False, True)
    assert bypass(control("force_pushes", told)).exact


def test_a_queue_that_a_ruleset_asks_for_says_nothing_of_classic_protection():
    queue = ruleset(1, {"type": "merge_queue"}, bypass=None)
    branch = live(queue, protection=classic(), beyond_rest=branch_rule(node(), queue={"id": "MQ_1"}))
    found = effective_protection(branch).controls["merge_queue"]
    assert (found.value, found.exact, len(found.given)) == (True, False, 1)
    without = live(queue, protection=classic(), beyond_rest=branch_rule(node()))
    assert effective_protection(without).controls["merge_queue"].exact


@pytest.mark.parametrize(
    ("told", "message", "reason"),
    [
        (
            branch_rule(node(), admin=False),
            "GraphQL shows classic protection to administrators only",
            Reason.PERMISSION,
        ),
        (FORBIDDEN, "GraphQL refused: Resource not accessible by integration", Reason.PERMISSION),
        (graphql(None), "GraphQL shows classic protection to administrators only", Reason.PERMISSION),
        (graphql({"ref": None}), "GraphQL shows classic protection to administrators only", Reason.PERMISSION),
        (branch_rule(None), "GraphQL knows no rule for this branch", Reason.REDACTED),
        (unread("graphql"), "graphql could not be read: connection refused", Reason.API_ERROR),
        (graphql({"viewerCanAdminister": "yes"}), "GraphQL answered with an odd shape", Reason.UNPARSEABLE),
        (branch_rule({"pattern": "main"}), "GraphQL answered with an odd shape", Reason.UNPARSEABLE),
        (
            branch_rule(node(bypassForcePushAllowances=nodes("user:a", None))),
            "an actor that GitHub does not name",
            Reason.UNPARSEABLE,
        ),
        (
            branch_rule(node(bypassForcePushAllowances={"totalCount": 2, "nodes": []})),
            "bypassForcePushAllowances: not all of them were shown",
            Reason.UNPARSEABLE,
        ),
    ],
)
def test_an_answer_that_proves_nothing_is_not_believed(told, message, reason):
    """An empty answer means "nothing" to an administrator only."""
    found = control("deployments", told)
    (unread_,) = found.unread
    assert (found.exact, unread_.trouble.reason) == (False, reason)
    assert message in unread_.trouble.message
    assert unread_.trouble.permission == ("administration:read" if reason is Reason.PERMISSION else None)
    assert bypass(control("force_pushes", told)).others


def test_nothing_is_told_where_nobody_asked():
    (unread_,) = control("deployments", None).unread
    assert unread_.trouble.message == "GitHub's REST API does not say which deployments classic protection requires"


def test_the_rule_that_wins_comes_first():
    """A plain name before any pattern, and of those the oldest."""
    found = classic_rules(rules(node("rel*", 3), node("*", 1), node("release", 9)))
    assert [rule.pattern.text for rule in found] == ["release", "*", "rel*"]


@pytest.mark.parametrize(
    "answer",
    [rules(node(), admin=False), FORBIDDEN, graphql(None), unread("graphql")],
    ids=["no admin", "forbidden", "null", "network"],
)
def test_rules_that_may_be_hidden_are_not_told(answer):
    with pytest.raises(NotToldError):
        classic_rules(answer)


@pytest.mark.parametrize(
    "answer", [rules(node(), total=2), graphql({"viewerCanAdminister": True, "branchProtectionRules": None})]
)
def test_rules_that_are_not_all_there_are_no_rules(answer):
    with pytest.raises(UnexpectedShapeError):
        classic_rules(answer)
