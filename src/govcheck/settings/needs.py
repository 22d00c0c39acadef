"""What a policy needs of GitHub's API: which endpoints its requests come to, and which permission reads each. Pure."""

from collections.abc import Iterable, Iterator

from govcheck.facts import Fact, Request
from govcheck.facts.branches import LiveBranches
from govcheck.facts.deployments import LiveDeployments
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import (
    CodeownersErrors,
    HeadChecks,
    LiveBranch,
    LiveBranchRequest,
    LiveRepository,
    LiveRulesets,
    LiveRulesetsRequest,
    LiveWorkflows,
)
from govcheck.facts.live_answers import LiveAnswersRequest
from govcheck.facts.open_work import LiveOpenWork
from govcheck.facts.reviews import PullRequestReviews, TeamMembers, TeamMembersRequest
from govcheck.facts.run_logs import RunLogs
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS
from govcheck.settings.endpoints import ENDPOINTS, ENVIRONMENT, ENVIRONMENTS, GRAPHQL, REPOSITORY
from govcheck.settings.registry import of_kind

RULESET = f"{REPOSITORY}/rulesets/{{ruleset_id}}"


@frozen(kw_only=True)
class Need:
    """One endpoint that a policy is judged by."""

    endpoint: str
    """A template, as GitHub writes it, without the leading slash."""

    permission: str
    """What a fine-grained token or an App needs to read it: `administration:read`."""

    controls: tuple[str, ...] = ()
    """The controls that need this permission; none means whatever the answer is read for."""

    why: str = ""
    """Where more is needed than to read the endpoint: what it is needed for."""

    optional: bool = False
    """Whether it is asked only where another answer gives a reason, and only makes that one easier to read."""


def _need(path: str, permission: str) -> Need:
    return Need(endpoint=f"{REPOSITORY}/{path}" if path else REPOSITORY, permission=permission)


_REPOSITORY = _need("", "metadata:read")
_BRANCH = _need("branches/{branch}", "contents:read")
_WORKFLOWS = _need("actions/workflows", "actions:read")
_LISTED = _need("rulesets", "metadata:read")
_RULESET = Need(endpoint=RULESET, permission="metadata:read")
_BEYOND_REST = Need(endpoint=GRAPHQL, permission="administration:read")
_TEAMS = replace(_need("teams", "administration:read"), why="a ruleset has teams by their numbers only", optional=True)
"""Asked where a ruleset names a team."""

_OF_FACTS: dict[type[Fact], tuple[Need, ...]] = {
    LiveRepository: (_REPOSITORY,),
    LiveBranch: (
        _REPOSITORY,
        _BRANCH,
        _need("branches/{branch}/protection", "administration:read"),
        _need("rules/branches/{branch}", "metadata:read"),
        _RULESET,
        _TEAMS,
    ),
    HeadChecks: (
        _REPOSITORY,
        _BRANCH,
        _need("commits/{ref}/check-runs", "checks:read"),
        _need("commits/{ref}/status", "statuses:read"),
    ),
    CodeownersErrors: (_REPOSITORY, _need("codeowners/errors", "contents:read")),
    LiveWorkflows: (_REPOSITORY, _WORKFLOWS),
    LiveRulesets: (_REPOSITORY, _LISTED, _RULESET, _TEAMS),
    LiveOpenWork: (
        _REPOSITORY,
        Need(endpoint=GRAPHQL, permission="contents:read"),
        _need("branches", "contents:read"),
        _need("pulls", "pull_requests:read"),
        _need("compare/{basehead}", "contents:read"),
    ),
    LiveBranches: (
        _REPOSITORY,
        Need(endpoint=GRAPHQL, permission="contents:read"),
        _need("branches", "contents:read"),
        _need("pulls", "pull_requests:read"),
    ),
    LiveIssues: (
        _REPOSITORY,
        _need("issues", "issues:read"),
        _need("issues/comments", "issues:read"),
    ),
    LiveDeployments: (
        _REPOSITORY,
        _need("deployments", "deployments:read"),
        _need("deployments/{deployment_id}/statuses", "deployments:read"),
    ),
    PullRequestRuns: (_need("actions/runs", "actions:read"),),
    PullRequestReviews: (_need("pulls/{pull_number}/reviews", "pull_requests:read"),),
    TeamMembers: (Need(endpoint="orgs/{org}/teams/{team_slug}/members", permission="members:read"),),
    RunLogs: (
        _REPOSITORY,
        _WORKFLOWS,
        _need("actions/workflows/{workflow_id}/runs", "actions:read"),
        _need("actions/runs/{run_id}/logs", "actions:read"),
    ),
    WorkflowRuns: (
        _REPOSITORY,
        _WORKFLOWS,
        _need("actions/workflows/{workflow_id}/runs", "actions:read"),
        _need("actions/runs/{run_id}/jobs", "actions:read"),
    ),
}
"""What gathering a fact asks; `LiveAnswers` says it itself, and a branch may want more."""

_WHO_MAY_BYPASS = "GitHub shows who may bypass a ruleset only to who may change it"
_MERGE_METHODS = "GitHub shows the merge settings only to who may write"
_OF_CONTROLS = (
    ((BYPASS, ADMINS_INCLUDED), RULESET, "administration:write", _WHO_MAY_BYPASS),
    (("merge_methods",), REPOSITORY, "contents:write", _MERGE_METHODS),
)
"""Controls of branches, tags and pushes that need more than to read the endpoint."""


def of_request(request: Request) -> tuple[Need, ...]:
    """The endpoints that one live fact is gathered from.

    Raises:
        KeyError: it is no live fact, or names an endpoint that `settings.endpoints` does not have.
    """
    if isinstance(request, TeamMembersRequest) and not request.teams:
        return ()
    if isinstance(request, LiveBranchRequest):
        return _of_branch(request)
    if not isinstance(request, LiveAnswersRequest):
        return _OF_FACTS[request.fact]
    listed = [ENVIRONMENTS] if any(ENVIRONMENT in name for name in request.endpoints) else []
    names = dict.fromkeys((*listed, *request.endpoints))
    # GraphQL stands in where the repository's own answer leaves settings out: `_of_settings` says who needs more.
    apart = {REPOSITORY, GRAPHQL}
    asked = (Need(endpoint=name, permission=ENDPOINTS[name].permission) for name in names if name not in apart)
    return (_REPOSITORY, *asked)


def _of_branch(request: LiveBranchRequest) -> tuple[Need, ...]:
    if request.pattern:
        return (_REPOSITORY, _BEYOND_REST, _LISTED, _RULESET, _TEAMS)
    more = [need for need, wanted in ((_BEYOND_REST, request.beyond_rest), (_LISTED, request.pushes)) if wanted]
    return (*_OF_FACTS[LiveBranch], *more)


def of_policy(policy: Policy, requests: Iterable[Request]) -> tuple[Need, ...]:
    """Everything that a policy with these live requests is judged by, each endpoint and permission once."""
    asked = list(requests)
    found = dict.fromkeys(need for request in asked for need in of_request(request))
    return tuple(dict.fromkeys((*found, *_of_settings(policy), *_of_controls(policy, asked))))


def _of_settings(policy: Policy) -> Iterator[Need]:
    """Settings that GitHub leaves out of an answer for whoever may not see them."""
    narrower: dict[tuple[str, str], list[str]] = {}
    for setting in of_kind(policy.kind):
        # What GraphQL shows to every reader, REST may keep back.
        shown = not setting.permission or setting.graphql_too
        if not shown and getattr(policy, setting.key, None) is not None:
            narrower.setdefault((setting.endpoint, setting.permission), []).append(setting.key)
    for (endpoint, permission), keys in narrower.items():
        why = "GitHub leaves these settings out for whoever has less"
        yield Need(endpoint=endpoint, permission=permission, controls=tuple(keys), why=why)


def _of_controls(policy: Policy, requests: list[Request]) -> Iterator[Need]:
    if not any(isinstance(request, LiveBranchRequest | LiveRulesetsRequest) for request in requests):
        return
    for keys, endpoint, permission, why in _OF_CONTROLS:
        given = tuple(key for key in keys if getattr(policy, key, None) is not None)
        if given:
            yield Need(endpoint=endpoint, permission=permission, controls=given, why=why)
