"""When the crons of `on.schedule` start a workflow: what they mean, not how they are written.

A cron is UTC unless it has a time zone. A time that the clock skips in spring moves to the next one that exists, and
one that it repeats in autumn counts once. The fields, and which times they are, are read by cronsim
(https://github.com/cuu508/cronsim), which is imported where a cron is first read.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
"""

import heapq
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from govcheck.records import frozen

if TYPE_CHECKING:
    from cronsim import CronSim

SPAN = timedelta(days=4 * 366 + 1)
"""How far ahead times are compared: four years, so that there is a 29 February among them."""

MOST = 5_000
"""How many times are compared at most; around every change of a clock as many again as fall into four days."""

_FIELD = re.compile(r"[0-9A-Za-z*,/-]+")
_NAMES = re.compile(r"SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC", re.IGNORECASE)
_FIELDS = 5
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Cron:
    """One valid cron in its zone."""

    expression: str
    zone: tzinfo = UTC

    def __str__(self) -> str:
        """As people see it: `0 9 * * 1-5 in America/Los_Angeles`."""
        return f"`{' '.join(self.expression.split())}` in {zone_name(self.zone)}"


@frozen
class Missed:
    """The first time at which a schedule should start a workflow and does not."""

    at: datetime
    """In the zone of the cron that is asked for."""

    nearest: datetime | None
    """When the workflow does start on that day, in the same zone; the time that is nearest. None: it does not."""

    clocks: bool
    """Whether it starts at the right times until then, and a change of the clock is what makes the difference."""


@frozen
class Gap:
    """The longest time between two starts."""

    length: timedelta
    """By the clock on the wall: the day on which clocks go back is a day."""

    start: datetime
    end: datetime


@lru_cache(maxsize=256)
def cron_problem(expression: str) -> str | None:
    """Why GitHub does not take a cron; None where it does."""
    fields = expression.split()
    if len(fields) != _FIELDS:
        legal = "minute, hour, day of the month, month, day of the week"
        return f"a cron has five fields ({legal}), and this has {len(fields)}"
    for field in fields:
        if not _FIELD.fullmatch(field) or re.search("[A-Za-z]", _NAMES.sub("", field)):
            return f"`{field}` is not one of `*`, numbers, names such as MON or JAN, and `,`, `-`, `/` between them"
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only a schedule needs it, the hook's path does not

    try:
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f"{str(error).lower()} in `{expression}`"
    except StopIteration:
        return f"no day is ever meant by `{expression}`"
    return None


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo | None:
    """A time zone by its IANA name; None where there is no such zone."""
    try:
        return UTC if name.casefold() in {"utc", "etc/utc"} else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_name(of: tzinfo) -> str:
    """The zone's own name."""
    return of.key if isinstance(of, ZoneInfo) else "UTC"


def first_missed(wanted: Cron, crons: Sequence[Cron], now: datetime) -> Missed | None:
    """The first time that a cron means and that none of the others does; None where there is none."""
    start = _midnight(now)
    zones = {one.zone for one in (wanted, *crons)}
    found: list[tuple[datetime, bool]] = []
    for begin, end in _windows(zones, start):
        others = [_Ticks(one, begin) for one in crons]
        right: datetime | None = None
        for time in islice(_times(wanted, begin, end), MOST):
            if not any(other.hits(time) for other in others):
                found.append((time, right is not None and _changes(zones, right, time)))
                break
            right = time
    if not found:
        return None
    missed, clocks = max(found, key=lambda one: (-one[0].timestamp(), one[1]))
    return Missed(missed.astimezone(wanted.zone), _nearest(crons, missed, wanted.zone), clocks)


def longest_gap(crons: Sequence[Cron], now: datetime) -> Gap | None:
    """The longest time between two starts, from now on; None where nothing ever starts twice."""
    start = _midnight(now)
    times = heapq.merge(*(_times(one, start, start + SPAN) for one in crons))
    gaps = (_gap(crons, first, second) for first, second in pairwise(islice(times, MOST)))
    return max(gaps, key=lambda gap: gap.length, default=None)


def _gap(crons: Sequence[Cron], first: datetime, second: datetime) -> Gap:
    """Where a clock goes back between two starts, the hour that it repeats does not count."""
    back = max((_offset(first, one.zone) - _offset(second, one.zone) for one in crons), default=timedelta())
    return Gap(second - first - max(back, timedelta()), first, second)


def _windows(zones: AbstractSet[tzinfo], start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when times are compared: all the time, and, where that is too much, around changes of a clock."""
    yield start, start + SPAN
    days = [start + _DAY * number for number in range(SPAN.days)]
    for first, second in pairwise(days):
        if _changes(zones, first, second):
            yield first - _DAY, second + 2 * _DAY


def _changes(zones: AbstractSet[tzinfo], first: datetime, second: datetime) -> bool:
    return any(_offset(first, one) != _offset(second, one) for one in zones)


def _offset(at: datetime, in_zone: tzinfo) -> timedelta:
    return at.astimezone(in_zone).utcoffset() or timedelta()


def _nearest(crons: Sequence[Cron], missed: datetime, in_zone: tzinfo) -> datetime | None:
    day = missed.astimezone(in_zone).date()
    times = (time for one in crons for time in islice(_times(one, missed - _DAY, missed + _DAY), MOST))
    same = [time for time in times if time.astimezone(in_zone).date() == day]
    return min(same, key=lambda time: abs(time - missed)).astimezone(in_zone) if same else None


def _times(cron: Cron, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every time from start (included) to end, in UTC and in order."""
    for time in _simulation(cron, start - _MINUTE):
        at = time.astimezone(UTC)
        if at >= end:
            return
        if at >= start:
            yield at


class _Ticks:
    """Asks one cron about times that only go forward."""

    def __init__(self, cron: Cron, start: datetime) -> None:
        self._cron = cron
        self._next = start - _MINUTE
        self._times: Iterator[datetime] = iter(_simulation(cron, self._next))

    def hits(self, time: datetime) -> bool:
        """Whether the cron means this very time."""
        if self._next < time:
            self._step()
        if self._next < time:  # a cron that is much denser, or was not asked for long
            self._times = iter(_simulation(self._cron, time - _MINUTE))
        while self._next < time:
            self._step()
        return self._next == time

    def _step(self) -> None:
        found = next(self._times, None)
        self._next = _NEVER if found is None else found.astimezone(UTC)


def _simulation(cron: Cron, after: datetime) -> "CronSim":
    from cronsim import CronSim  # noqa: PLC0415 - see `cron_problem`

    return CronSim(cron.expression, after.astimezone(cron.zone))


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
