"""Every ruleset of a repository for tests, and classic protection's rules as GraphQL tells them."""

from govcheck.facts.live import Answer, LiveRulesets
from live_branches import REPOSITORY, answer, repository, ruleset


def tag_ruleset(number, *rules, include=("refs/tags/v*",), exclude=(), target="tag", **keys):
    """A ruleset's own answer."""
    conditions = {"ref_name": {"include": list(include), "exclude": list(exclude)}}
    return ruleset(number, *rules, **{"target": target, "conditions": conditions} | keys)[1]


def push_ruleset(number, *rules, **keys):
    return ruleset(number, *rules, **{"target": "push", "conditions": None} | keys)[1]


def every(*rulesets, listed=None, classic=None, **keys):
    """The fact: a list without rules, conditions and bypass actors, and each ruleset whole."""
    shown = ("id", "name", "target", "source_type", "source", "enforcement")
    bodies = [one.body for one in rulesets if isinstance(one.body, dict) and "id" in one.body]
    entries = [{key: body[key] for key in shown if key in body} for body in bodies]
    return LiveRulesets(
        repository=keys.get("repository", repository()),
        listed=answer(f"{REPOSITORY}/rulesets", entries) if listed is None else listed,
        rulesets=tuple(rulesets),
        classic=classic,
        teams=keys.get("teams"),
    )


def nodes(*actors):
    """A connection: `user:octocat`, `team:crew`, `app:bot`; None is an actor that GitHub does not show."""
    kinds = {"user": ("User", "login"), "team": ("Team", "slug"), "app": ("App", "slug")}
    found = []
    for actor in actors:
        kind, _, name = (actor or "").partition(":")
        typename, key = kinds.get(kind, ("", ""))
        found.append({"actor": {"__typename": typename, key: name} if actor else None})
    return {"totalCount": len(found), "nodes": found}


def node(pattern="main", number=1, **keys):
    """A rule as GraphQL has it where everything that can be off is off."""
    body = dict.fromkeys(
        (
            *("requiresDeployments", "allowsDeletions", "allowsForcePushes", "blocksCreations", "lockBranch"),
            *("lockAllowsFetchAndMerge", "requiresApprovingReviews", "requiresCodeOwnerReviews"),
            *("dismissesStaleReviews", "requireLastPushApproval", "requiresConversationResolution"),
            *("requiresLinearHistory", "requiresCommitSignatures", "requiresStatusChecks"),
            *("requiresStrictStatusChecks", "restrictsReviewDismissals", "restrictsPushes"),
        ),
        False,
    )
    body |= dict.fromkeys(
        (
            *("bypassForcePushAllowances", "reviewDismissalAllowances", "pushAllowances"),
            "bypassPullRequestAllowances",
        ),
        nodes(),
    )
    more = {
        "databaseId": number,
        "pattern": pattern,
        "isAdminEnforced": True,
        "requiredDeploymentEnvironments": [],
        "requiredApprovingReviewCount": None,
        "requiredStatusChecks": [],
    }
    return body | more | keys


def graphql(repository=None, errors=None, **keys) -> Answer:
    body = {"data": {"repository": repository}}
    if errors:
        body["errors"] = errors
    message = errors[0]["message"] if errors else ""
    return answer("graphql", body, message=message, complete=not errors, permission="administration:read", **keys)


def branch_rule(rule, *, admin=True, queue=None):
    """What GraphQL tells of the rule for one branch."""
    found = {"viewerCanAdminister": admin, "ref": {"branchProtectionRule": rule}, "mergeQueue": queue}
    return graphql(found)


def rules(*found, admin=True, total=None):
    """What GraphQL tells of every rule."""
    connection = {"totalCount": len(found) if total is None else total, "nodes": list(found)}
    return graphql({"viewerCanAdminister": admin, "branchProtectionRules": connection})


FORBIDDEN = graphql(
    None,
    [{"type": "FORBIDDEN", "path": ["repository"], "message": "Resource not accessible by integration"}],
)
