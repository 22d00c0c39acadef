"""The log of what `gate deploy` decided."""

from datetime import datetime
from typing import Literal

from govcheck.facts import Fact, Request
from govcheck.records import frozen

Answer = Literal["open", "closed", "unknown"]


@frozen(kw_only=True)
class Overriding:
    """What opened a gate that was closed."""

    reason: str
    approved_by: str
    created: datetime
    expires: datetime
    source: str
    """Where it was found: `--override`, or a file with its line and commit."""


@frozen(kw_only=True)
class Decision:
    """One line of the log."""

    time: datetime
    """When it was decided."""

    judged_at: datetime
    """By which instant: another one than `time` where somebody asked with `--at`, which decides nothing."""

    environment: str
    commit: str
    """What was to be deployed."""

    actor: str
    """Who asked; empty where nothing tells."""

    decision: Answer
    why: tuple[str, ...]
    policies: tuple[str, ...]
    """The ids of those that had a say."""

    policies_from: str
    """In which state they were read, in words."""

    run: str = ""
    """The number of the workflow run; empty outside of one."""

    override: Overriding | None = None


@frozen
class AuditLogRequest(Request):
    """The log in a place. Its answer is an `AuditLog`."""

    place: str
    """A tracked file, from the repository's root; or `store`."""


@frozen(kw_only=True)
class AuditLog(Fact):
    """The whole log, the oldest decision first."""

    source: str
    """Where it was read, in words."""

    decisions: tuple[Decision, ...]
    """Up to the first line that is not whole."""

    broken: str = ""
    """What is wrong with the first line that is not: changed, cut off, taken out; empty where all are whole."""
