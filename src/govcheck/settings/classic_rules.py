"""Classic protection's rules as GraphQL tells them: what REST leaves out, and rules for patterns of branches.

An answer without a rule proves that there is none only to an administrator: to anybody else GitHub shows an empty list
without a word. Source: https://docs.github.com/en/graphql/reference/objects#branchprotectionrule
"""

from collections.abc import Iterator

from govcheck.facts.live import Answer, LiveBranch
from govcheck.findings import Json, Reason
from govcheck.records import frozen
from govcheck.settings import answers
from govcheck.settings.actors import listed_actors
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects, part, text, texts
from govcheck.settings.readers import BeyondRest, NotToldError
from govcheck.settings.ref_patterns import RefPattern, is_pattern

PERMISSION = "administration:read"
_RULE = "ref.branchProtectionRule"
_RULES = "branchProtectionRules"
_LISTS = {"User": ("users", "login"), "Team": ("teams", "slug"), "App": ("apps", "slug")}
_UNTOLD = "GraphQL shows classic protection to administrators only"
_SWITCHES = {
    "enforce_admins": "isAdminEnforced",
    "required_signatures": "requiresCommitSignatures",
    "required_linear_history": "requiresLinearHistory",
    "allow_force_pushes": "allowsForcePushes",
    "allow_deletions": "allowsDeletions",
    "block_creations": "blocksCreations",
    "required_conversation_resolution": "requiresConversationResolution",
    "lock_branch": "lockBranch",
    "allow_fork_syncing": "lockAllowsFetchAndMerge",
}
"""REST's names, and GraphQL's."""


@frozen
class ClassicRule:
    """One rule of classic protection."""

    pattern: RefPattern
    """Of branches' names."""

    number: int
    """Older rules have lower ones."""

    node: Body
    """As GraphQL has it."""


def beyond_rest(branch: LiveBranch, owner: str, *, queue_by_ruleset: bool) -> BeyondRest | NotToldError | None:
    """What only GraphQL tells of a branch's classic protection, why it cannot be told, or None where nobody asked."""
    if branch.beyond_rest is None:
        return None
    try:
        repository = _repository(branch.beyond_rest)
        rule = part(repository, _RULE)
        if not isinstance(rule, dict):
            return NotToldError("GraphQL knows no rule for this branch").by(branch.beyond_rest)
        told = "mergeQueue" in repository and not (queue_by_ruleset and repository["mergeQueue"])
        queue = bool(repository["mergeQueue"]) if told else None
        return _beyond(rule, owner, queue)
    except NotToldError as error:
        return error.by(branch.beyond_rest)
    except UnexpectedShapeError as error:
        message = f"GraphQL answered with an odd shape: {error}"
        return NotToldError(message, reason=Reason.UNPARSEABLE).by(branch.beyond_rest)


def classic_rules(answer: Answer) -> tuple[ClassicRule, ...]:
    """Every rule, with the one first that wins where several match: a plain name, then the oldest.

    Raises:
        NotToldError: where it cannot be told whether these are all.
        UnexpectedShapeError: where the answer is not as GitHub documents it.
    """
    repository = _repository(answer)
    rules = [
        ClassicRule(RefPattern.of(text(node, "pattern") or ""), number(node, "databaseId") or 0, node)
        for node in _nodes(repository, _RULES)
    ]
    return tuple(sorted(rules, key=lambda rule: (is_pattern(rule.pattern.text), rule.number)))


def as_rest(rule: ClassicRule) -> Body:
    """The rule as REST would write it, for the readers of classic protection.

    Raises:
        UnexpectedShapeError: where the rule is not as GitHub documents it.
    """
    node = rule.node
    body: dict[str, Json] = {name: {"enabled": _switch(node, theirs)} for name, theirs in _SWITCHES.items()}
    if _switch(node, "requiresApprovingReviews"):
        body["required_pull_request_reviews"] = dict(_reviews(node))
    if _switch(node, "requiresStatusChecks"):
        checks: list[Json] = [
            {"context": text(check, "context"), "app_id": number(check, "app.databaseId")}
            for check in objects(node, "requiredStatusChecks") or ()
        ]
        body["required_status_checks"] = {
            "strict": _switch(node, "requiresStrictStatusChecks"),
            "contexts": [],
            "checks": checks,
        }
    if _switch(node, "restrictsPushes"):
        body["restrictions"] = _actors(node, "pushAllowances")
    return body


def as_branch_answer(rule: ClassicRule) -> Json:
    """The part of a rule that REST leaves out, in the shape in which one branch's rule is told."""
    return {"data": {"repository": {"viewerCanAdminister": True, "ref": {"branchProtectionRule": dict(rule.node)}}}}


def _repository(answer: Answer) -> Body:
    """The repository in an answer that hides nothing."""
    trouble = answers.verdict(answer).trouble
    if trouble is not None:
        raise NotToldError(trouble.message, trouble.permission, trouble.reason)
    body = answer.body if isinstance(answer.body, dict) else {}
    if body.get("errors") or not answer.complete:
        raise NotToldError(f"GraphQL refused: {answer.message or 'without a word'}", PERMISSION, Reason.PERMISSION)
    repository = part(body, "data.repository")
    if not isinstance(repository, dict) or flag(repository, "viewerCanAdminister") is not True:
        raise NotToldError(_UNTOLD, PERMISSION, Reason.PERMISSION)
    return repository


def _beyond(rule: Body, owner: str, queue: bool | None) -> BeyondRest:  # noqa: FBT001 - a field of the result
    wanted = texts(rule, "requiredDeploymentEnvironments") or frozenset()
    pushers = listed_actors({"": _actors(rule, "bypassForcePushAllowances")}, "", owner)
    return BeyondRest(
        deployments=wanted if _switch(rule, "requiresDeployments") else frozenset(),
        merge_queue=queue,
        force_pushers=pushers or frozenset(),
    )


def _reviews(node: Body) -> Iterator[tuple[str, Json]]:
    yield "required_approving_review_count", number(node, "requiredApprovingReviewCount")
    yield "dismiss_stale_reviews", _switch(node, "dismissesStaleReviews")
    yield "require_code_owner_reviews", _switch(node, "requiresCodeOwnerReviews")
    yield "require_last_push_approval", _switch(node, "requireLastPushApproval")
    yield "bypass_pull_request_allowances", _actors(node, "bypassPullRequestAllowances")
    if _switch(node, "restrictsReviewDismissals"):
        yield "dismissal_restrictions", _actors(node, "reviewDismissalAllowances")


def _switch(node: Body, key: str) -> bool:
    found = flag(node, key)
    if found is None:
        raise UnexpectedShapeError(f"{key} is missing")
    return found


def _actors(node: Body, key: str) -> Json:
    """A connection of actors as REST's three lists."""
    lists: dict[str, list[Json]] = {name: [] for name, _ in _LISTS.values()}
    for one in _nodes(node, key):
        actor = part(one, "actor")
        kind = text(actor, "__typename") if isinstance(actor, dict) else None
        if not isinstance(actor, dict) or kind not in _LISTS:
            raise UnexpectedShapeError(f"{key}: an actor that GitHub does not name")
        name, attribute = _LISTS[kind]
        lists[name].append({attribute: text(actor, attribute)})
    return {name: [*found] for name, found in lists.items()}


def _nodes(body: Body, key: str) -> tuple[Body, ...]:
    """The nodes of a connection, all of them."""
    nodes = objects(body, f"{key}.nodes")
    if nodes is None or number(body, f"{key}.totalCount") != len(nodes):
        raise UnexpectedShapeError(f"{key}: not all of them were shown")
    return nodes
