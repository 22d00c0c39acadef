"""The workflow runs of the commit that a pull request leads to: a raw answer, as in `facts.live`."""

from govcheck.facts import Fact
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen(kw_only=True)
class PullRequestRuns(Fact):
    """Offered at `ci`, and only where GitHub is asked and there is an event file with a pull request in it."""

    commit: str
    """The pull request's newest commit."""

    runs: Answer
    """`repos/{owner}/{repo}/actions/runs?head_sha={commit}`: all of them, whatever started them."""
