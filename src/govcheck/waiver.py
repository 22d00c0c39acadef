"""A waiver: that something is known, who answers for it, why, and until when. Data; `govcheck.waivers` applies it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from govcheck.findings import Json
from govcheck.policy import MODEL_CONFIGURATION, RESERVED_IDS
from govcheck.records import frozen

ANY_VALUE: Final = "\0any"
"""What `actual` is where a waiver does not say it; no text of YAML can be this."""

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LITERAL_AT_LEAST = 3


@frozen(kw_only=True)
class Waiver:
    """One entry of `policies/waivers.yaml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    fingerprint: str = ""
    """The finding or unknown, by the name that reports give it. Or else: `policy`, `control` and `subject`."""

    policy: str = ""
    """The id of the policy that says it."""

    control: str = ""
    """What is asserted, as the report names it: `approvals`."""

    subject: str = ""
    """What it is asserted of: `main`. A `*` stands for any text, and needs three other characters beside it."""

    actual: object = ANY_VALUE
    """The value that is excused; once there is another one, the waiver does not excuse it. Left out: any value. Of a
    list, a part of it is excused as well."""

    count: int = 0
    """How many findings of this name are excused, each of another place; 0 is any number."""

    reason: str
    """Why this is accepted."""

    owner: str
    """Who answers for it: a person or a team."""

    approved_by: str = ""
    """Who agreed to it."""

    ticket: str = ""
    """Where it is followed up: an address or a number."""

    created: str
    """The day it was written: `2026-11-28`, or an instant with a zone."""

    expires: str
    """The last day that it holds, in UTC: `2026-12-12`; or the instant with a zone from which on it does not."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        yield from self._selector_problems()
        for key, value in (("reason", self.reason), ("owner", self.owner)):
            if not value.strip():
                yield (key,), "must not be empty"
        for key, value in (("created", self.created), ("expires", self.expires)):
            if _instant(value) is None:
                yield (key,), f"`{value}` is no day such as `2026-12-31`, nor an instant with a zone"
        if self.count < 0:
            yield ("count",), "must be 1 or more, or 0 for any number"
        begins, ends = _instant(self.created), _instant(self.expires)
        if begins is not None and ends is not None and self.ends() <= begins:
            yield ("expires",), f"`{self.expires}` is before it was created"

    def _selector_problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.fingerprint:
            if not _FINGERPRINT.fullmatch(self.fingerprint):
                yield ("fingerprint",), f"`{self.fingerprint}` is not 16 hexadecimal digits"
        elif not (self.policy and self.control and self.subject):
            missing = ", ".join(f"`{key}`" for key in ("policy", "control", "subject") if not getattr(self, key))
            yield (), f"names nothing: give `fingerprint`, or {missing}"
        if self.policy in RESERVED_IDS:
            yield ("policy",), f"what `{self.policy}` says cannot be waived"
        for key in ("policy", "control"):
            if "*" in getattr(self, key):
                yield (key,), "must be written out: only `subject` can have a `*`"
        if "*" in self.subject and len(self.subject.replace("*", "")) < _LITERAL_AT_LEAST:
            yield ("subject",), f"`{self.subject}` would excuse everything: name what is meant"

    def begins(self) -> datetime:
        """The instant from which on it holds.

        Raises:
            ValueError: where `created` is not valid.
        """
        return _certain(self.created)

    def ends(self) -> datetime:
        """The first instant at which it does not hold any more: for a day, when that is over in UTC.

        Raises:
            ValueError: where `expires` is not valid.
        """
        last = _certain(self.expires)
        return last + timedelta(days=1) if _DATE.fullmatch(self.expires) else last

    @property
    def name(self) -> str:
        """What it excuses, for people: `main-protected approvals (main)`."""
        if not self.policy:
            return self.fingerprint
        words = " ".join(filter(None, (self.policy, self.control)))
        return f"{words} ({self.subject})" if self.subject else f"{words} ({self.fingerprint})"

    def covers(self, actual: Json) -> bool:
        """Whether a value is within what is excused."""
        if self.actual == ANY_VALUE or (self.actual == actual and type(self.actual) is type(actual)):
            return True
        if isinstance(self.actual, list) and isinstance(actual, list):
            return all(one in self.actual for one in actual)
        return False


@frozen
class LoadedWaiver:
    """A valid waiver, and where it is written."""

    waiver: Waiver
    path: str
    line: int


def matches(pattern: str, subject: str) -> bool:
    """Whether a subject is what a waiver names; a `*` stands for any text, without backtracking."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == subject
    *middle, last = rest
    if not subject.startswith(first) or len(subject) < len(first) + len(last) or not subject.endswith(last):
        return False
    place, end = len(first), len(subject) - len(last)
    for part in middle:
        found = subject.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _instant(written: str) -> datetime | None:
    try:
        return _certain(written)
    except (ValueError, OverflowError):
        return None


def _certain(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if _DATE.fullmatch(written):
        return moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment.astimezone(UTC)
