"""The pull request that a run judges, as the Actions event file tells it."""

from govcheck.facts import Fact
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
