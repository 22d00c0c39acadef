"""The reviews of the pull request that a run judges: raw answers, as in `facts.live`."""

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class PullRequestReviewsRequest(Request):
    """The reviews, and who is in some teams. Its answer is a `PullRequestReviews`."""

    teams: tuple[str, ...]
    """`organisation/slug` of each team whose members are wanted."""


@frozen(kw_only=True)
class PullRequestReviews(Fact):
    """Offered at `ci`, and only where GitHub is asked and there is an event file with a pull request in it."""

    reviews: Answer
    """`repos/{owner}/{repo}/pulls/{pull_number}/reviews`: all of them, the oldest first."""

    teams: tuple[tuple[str, Answer], ...] = ()
    """By `organisation/slug`: `orgs/{org}/teams/{team_slug}/members`."""
