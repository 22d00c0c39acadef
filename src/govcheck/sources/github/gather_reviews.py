"""The reviews of a pull request, and the members of the teams whose approval counts.

Sources: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request and
https://docs.github.com/en/rest/teams/members#list-team-members
"""

from collections.abc import Iterable

from govcheck.facts.pull_request import PullRequest
from govcheck.facts.reviews import PullRequestReviews, TeamMembers
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path


def gather_reviews(client: Client, repository: str, pull_request: PullRequest) -> PullRequestReviews:
    """The reviews of a pull request of a repository, `OWNER/NAME`."""
    endpoint = path("repos", *repository.split("/", 1), "pulls", pull_request.number, "reviews")
    return PullRequestReviews(pull_request.author, client.get_list(endpoint))


def gather_members(client: Client, teams: Iterable[str]) -> TeamMembers:
    """Who is in some teams, each `organisation/slug`."""
    asked = ((team, *team.split("/", 1)) for team in teams)
    return TeamMembers(
        tuple((team, client.get_list(path("orgs", owner, "teams", slug, "members"))) for team, owner, slug in asked)
    )
