"""The reviews of a pull request, and the members of the teams whose approval counts.

Sources: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request and
https://docs.github.com/en/rest/teams/members#list-team-members
"""

from govcheck.facts import Request
from govcheck.facts.reviews import PullRequestReviews, PullRequestReviewsRequest
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path


def gather_reviews(client: Client, repository: str, number: int, request: Request) -> PullRequestReviews:
    """The fact.

    Args:
        client: Asks.
        repository: `OWNER/NAME`.
        number: The pull request's.
        request: A `PullRequestReviewsRequest`.
    """
    teams = request.teams if isinstance(request, PullRequestReviewsRequest) else ()
    reviews = client.get_list(f"{path('repos', *repository.split('/', 1))}/{path('pulls', number, 'reviews')}")
    return PullRequestReviews(
        reviews=reviews,
        teams=tuple(
            (team, client.get_list(path("orgs", organisation, "teams", slug, "members")))
            for team in teams
            for organisation, _, slug in (team.partition("/"),)
        ),
    )
