"""An override: that a deploy may start though its gate is closed, who agreed, why, and until when. Data."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen

LONGEST = timedelta(days=7)
"""For longer than this, change the policy."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@frozen(kw_only=True)
class Override:
    """One entry of `policies/overrides.yaml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    environment: str
    """What is deployed to."""

    reason: str
    """Why it cannot wait."""

    approved_by: str
    """Who agreed to it."""

    created: str
    """When it was written: an instant with a zone, `2026-11-28T22:15:00Z`."""

    expires: str
    """The instant from which on it does not hold; at most seven days later."""

    commit: str = ""
    """The only commit that it is for, in full. Left out: any."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        named = (("environment", self.environment), ("reason", self.reason), ("approved_by", self.approved_by))
        for key, value in named:
            if not value.strip():
                yield (key,), "must not be empty"
        for key, value in (("created", self.created), ("expires", self.expires)):
            if instant(value) is None:
                yield (key,), f"`{value}` is no instant with a zone, such as `2026-11-28T22:15:00Z`"
        begins, ends = instant(self.created), instant(self.expires)
        if begins is not None and ends is not None and not begins < ends <= begins + LONGEST:
            yield ("expires",), "must be later than `created`, and by at most 7 days"
        if self.commit and not _COMMIT.fullmatch(self.commit):
            yield ("commit",), f"`{self.commit}` is no whole commit: write all of its 40 digits"


@frozen(kw_only=True)
class LoadedOverride:
    """One, with its place and its instants."""

    override: Override
    path: str
    line: int
    created: datetime
    expires: datetime

    def holds(self, environment: str, commit: str, now: datetime) -> bool:
        """Whether it opens a deploy of a commit at an instant; environments ignore case, as GitHub's do."""
        same = self.override.environment.lower() == environment.lower()
        return same and self.override.commit in {"", commit} and self.created <= now < self.expires


def instant(written: str) -> datetime | None:
    """The instant that a text means; None where it means none, or names no zone."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
