"""The open issues of a repository, and what was said of them last: raw answers, as in `facts.live`."""

from govcheck.facts import Fact
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen(kw_only=True)
class LiveIssues(Fact):
    """What is open. A change is not held to it: other people's issues are none of its business."""

    opened: Answer
    """`repos/{owner}/{repo}/issues?state=open`, with pull requests, which GitHub counts among them; cut to what is
    judged."""

    comments: Answer
    """`repos/{owner}/{repo}/issues/comments`: one page, the newest first, cut to issue and time."""
