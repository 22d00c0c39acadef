"""The reviews of the pull request that a run judges: raw answers, as in `facts.live`."""

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class PullRequestReviews(Fact):
    """Offered at `ci`, and only where GitHub is asked and there is an event file with a pull request in it."""

    author: str
    """Of the pull request: nobody's own approval counts."""

    answer: Answer
    """`repos/{owner}/{repo}/pulls/{pull_number}/reviews`: all of them, the oldest first."""


@frozen
class TeamMembersRequest(Request):
    """Who is in some teams. Its answer is a `TeamMembers`."""

    teams: tuple[str, ...]
    """`organisation/slug` of each."""


@frozen
class TeamMembers(Fact):
    """The members of teams whose approval counts. Offered as `PullRequestReviews` is."""

    teams: tuple[tuple[str, Answer], ...] = ()
    """By `organisation/slug`: `orgs/{org}/teams/{team_slug}/members`."""
