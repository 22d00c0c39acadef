"""GitHub's rate headers: how long to wait, by GitHub's own clock.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from govcheck.records import frozen


@frozen
class Limit:
    """What the rate headers of an answer say."""

    resource: str
    """`core` or `graphql`: each has its own count."""

    wait: float
    """Seconds from now until requests are answered again; 0 where some are left."""


def limit(headers: Mapping[str, str], now: float) -> Limit | None:
    """What an answer says about the answers to come; None where it says nothing."""
    if "x-ratelimit-remaining" not in headers:
        return None
    resource = headers.get("x-ratelimit-resource", "core")
    wait = until_reset(headers, now) if is_used_up(headers) else None
    return Limit(resource, wait or 0.0)


def is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether no request is left until the limit is reset."""
    return headers.get("x-ratelimit-remaining", "").strip() == "0"


def until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the limit is reset; None where the headers do not say."""
    resets_at = number(headers.get("x-ratelimit-reset"))
    if resets_at is None:
        return None
    # By GitHub's own clock, so that one that is wrong here changes nothing; a second more, for it is rounded.
    return max(0.0, resets_at - (_date(headers.get("date")) or now)) + 1.0


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that `Retry-After` asks for, in either of its two forms (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after")
    seconds = number(value)
    if seconds is not None:
        return seconds
    date = _date(value)
    return None if date is None else max(0.0, date - (_date(headers.get("date")) or now))


_MOST_DIGITS = 12


def number(value: str | None) -> float | None:
    """A header's whole number; None for anything else."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _date(value: str | None) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp() if value else None
    except (ValueError, OverflowError):
        return None
