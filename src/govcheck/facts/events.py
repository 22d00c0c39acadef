"""What happened in a repository between two moments, as far as GitHub tells: raw answers, as in `facts.live`."""

from datetime import datetime

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class LiveEventsRequest(Request):
    """What happened since a moment. Its answer is a `LiveEvents`."""

    since: datetime
    rulesets: tuple[int, ...]
    """Whose history is wanted."""

    period: str
    """`day`, `week` or `month`: the shortest that GitHub lists by and that reaches back so far, or the longest."""


@frozen(kw_only=True)
class LiveEvents(Fact):
    """What happened since then."""

    histories: tuple[tuple[int, Answer], ...]
    """By the ruleset's number: `repos/{owner}/{repo}/rulesets/{ruleset_id}/history`, who changed it and when."""

    bypasses: Answer
    """`repos/{owner}/{repo}/rulesets/rule-suites`, those of result `bypass`: who pushed around a rule."""

    force_pushes: Answer
    """`repos/{owner}/{repo}/activity`, of type `force_push`."""

    deletions: Answer
    """The same, of type `branch_deletion`."""

    versions: tuple[tuple[int, int, Answer], ...] = ()
    """By the ruleset's number and the version's: `repos/{owner}/{repo}/rulesets/{ruleset_id}/history/{version_id}`.

    What the ruleset was then. Asked of those alone that were changed more than once."""
