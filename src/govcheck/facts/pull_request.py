"""The pull request that a run judges, as the Actions event file tells it; and what GitHub adds to that."""

from collections.abc import Mapping

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen(kw_only=True)
class PullRequest(Fact):
    """Offered at `ci`, and only where there is an event file with a pull request in it.

    Source: the `pull_request` webhook payload,
    https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
    """

    number: int
    title: str
    body: str
    """Empty where GitHub has null: a pull request without a text."""

    author: str
    draft: bool
    base_branch: str
    base_commit: str
    head_branch: str
    head_commit: str
    from_fork: bool
    """True as well where the fork is gone."""

    labels: tuple[str, ...]

    repository: str = ""
    """`OWNER/NAME` that it goes to; empty where the event does not tell."""

    default_branch: str = ""
    """Of that repository; empty where the event does not tell."""


@frozen
class StatedChange(Fact):
    """What the change says of itself, for what may be excused there. Offered wherever `Change` is."""

    pull_request: PullRequest | None
    """None where no pull request is known: nothing is excused then."""


@frozen
class LinkedIssuesRequest(Request):
    """The issues that the pull request's text says it closes. Its answer is a `LinkedIssues`."""

    repositories: tuple[str, ...]
    """`OWNER/NAME` of repositories beside its own whose issues are read."""

    keywords: tuple[str, ...]
    """The words after which an issue counts as named: `Fixes`."""


@frozen
class LinkedIssues(Fact):
    """The issues that the pull request's text names as its own. Offered as `PullRequestReviews` is."""

    repository: str
    """`OWNER/NAME` that was asked for those without a repository of their own."""

    issues: Mapping[str, Answer]
    """`owner/name#12`, in small letters, to `repos/{owner}/{repo}/issues/{issue_number}`."""
