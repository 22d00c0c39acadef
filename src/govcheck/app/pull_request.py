"""What GitHub tells of the pull request that a run judges: reviews, runs, and the issues that its text names."""

from govcheck.app.live import Live
from govcheck.app.world import Supplier
from govcheck.documents.markdown import lines
from govcheck.facts import Request
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import LinkedIssues, LinkedIssuesRequest, PullRequest
from govcheck.facts.reviews import PullRequestReviews, TeamMembers, TeamMembersRequest
from govcheck.sources.github.exchange import path
from govcheck.sources.github.gather_head_runs import gather_head_runs
from govcheck.sources.github.gather_reviews import gather_members, gather_reviews
from govcheck.text.issue_links import issue_links

_MOST_ISSUES = 20
"""How many issues of one text are read; what names more is judged by the first ones, and the rest is told unread."""

_UNREAD = f"not asked: the text names more than {_MOST_ISSUES} issues"


def of_pull_request(live: Live, pull_request: PullRequest) -> dict[str, Supplier]:
    """What gathers each of these facts, by the fact's name."""
    return {
        "PullRequestReviews": lambda _: _reviews(live, pull_request),
        "PullRequestRuns": lambda _: _runs(live, pull_request),
        "TeamMembers": lambda request: _members(live, request),
        "LinkedIssues": lambda request: _issues(live, pull_request, request),
    }


def _reviews(live: Live, pull_request: PullRequest) -> PullRequestReviews:
    with live.client:
        return gather_reviews(live.client, live.repository, pull_request)


def _runs(live: Live, pull_request: PullRequest) -> PullRequestRuns:
    with live.client:
        return gather_head_runs(live.client, live.repository, pull_request.head_commit)


def _members(live: Live, request: Request) -> TeamMembers:
    if not isinstance(request, TeamMembersRequest):
        raise TypeError("members are asked for by teams")
    with live.client:
        return gather_members(live.client, request.teams)


def _issues(live: Live, pull_request: PullRequest, request: Request) -> LinkedIssues:
    if not isinstance(request, LinkedIssuesRequest):
        raise TypeError("issues are asked for by repositories")
    own = live.repository.lower()
    readable = {own, *(repository.lower() for repository in request.repositories)}
    found = issue_links(lines(pull_request.body), request.keywords)
    named = dict.fromkeys((link.repository or own, link.number) for link in found)
    wanted = [one for one in named if one[0] in readable]
    with live.client:
        read = {one: _issue(live, *one) for one in wanted[:_MOST_ISSUES]}
    rest = {one: _not_asked(*one) for one in wanted[_MOST_ISSUES:]}
    answers = {f"{repository}#{number}": answer for (repository, number), answer in {**read, **rest}.items()}
    return LinkedIssues(live.repository, answers)


def _endpoint(repository: str, number: int) -> str:
    return path("repos", *repository.split("/"), "issues", number)


def _issue(live: Live, repository: str, number: int) -> Answer:
    return live.client.get(_endpoint(repository, number))


def _not_asked(repository: str, number: int) -> Answer:
    return Answer(endpoint=_endpoint(repository, number), status=None, message=_UNREAD, body=None, failure="not-asked")
