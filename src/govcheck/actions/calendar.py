"""Windows of time: when one is open, until when, and when it opens next. Pure arithmetic on instants.

A window is written in local time and judged in UTC. Its hours are first joined in local time (`mon-sun 00:00-24:00` has
no seam at midnight); then each edge becomes an instant:

- at a repeated hour `allow` opens at the later and closes at the earlier of the two, `deny` the reverse;
- a local time that a clock change skips is the instant of the change.

`zoneinfo` is imported where a zone is first needed, so that a run that asks for no window does not pay for it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from govcheck.errors import UsageError
from govcheck.records import frozen

DAY_MINUTES = 24 * 60
HORIZON_DAYS = 400
"""How far ahead an opening, or the end of one, is looked for."""

_HORIZONS = (8, 60, HORIZON_DAYS)
_FIRST_YEAR = 1971
_LAST_YEAR = 9990
_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)

Span = tuple[datetime, datetime]
"""From the first moment to the one after the last; both local and naive, or both in UTC."""


@frozen(kw_only=True)
class Hours:
    """A time of day on certain days. It belongs to the day on which it starts."""

    days: frozenset[int] = frozenset()
    """Days of the week, Monday is 0."""

    dates: frozenset[date] = frozenset()
    """Single days, beside `days`."""

    start: int = 0
    """Minutes after midnight."""

    end: int = DAY_MINUTES
    """Minutes after the midnight before `start`, not included; above 1,440 on the next day."""

    text: str
    """For people: `mon-fri 09:00 to 17:00`."""

    reason: str = ""
    """For a deny: why."""

    def starts_on(self, day: date) -> bool:
        """Whether these hours begin on that day."""
        return day.weekday() in self.days or day in self.dates


@frozen(kw_only=True)
class Dates:
    """Whole local days, from the first to the last, both included."""

    first: date
    last: date
    text: str
    """For people: `2026-12-22 to 2027-01-05`."""

    reason: str = ""


@frozen(kw_only=True)
class Window:
    """When something may happen. Without `allow` always, but for `deny`, which always wins."""

    timezone: str
    """An IANA name that is known to be valid."""

    allow: tuple[Hours, ...] = ()
    deny: tuple[Hours | Dates, ...] = ()


@frozen
class Open:
    """The window is open."""

    until: datetime | None
    """The instant at which it closes, in UTC; None if it does not within `HORIZON_DAYS`."""


@frozen
class Closed:
    """The window is closed."""

    reason: str
    """What closes it: `holiday freeze (2026-12-22 to 2027-01-05)`, `outside mon-fri 09:00 to 17:00`."""

    next_open: datetime | None
    """The next instant at which it is open, in UTC; None if there is none within `HORIZON_DAYS`."""


def is_open(window: Window, instant: datetime) -> Open | Closed:
    """Whether a window is open at an instant.

    Raises:
        ValueError: where the instant has no time zone.
        UsageError: where it lies in a year that no clock change is known of, long ago or far ahead.
    """
    now = _in_utc(instant)
    zone = zone_of(window.timezone)
    first = now.astimezone(zone).date()
    answer: Open | Closed | None = None
    for days in _HORIZONS:
        answer = _look_ahead(window, zone, now, first, first + timedelta(days=days))
        if answer is not None:
            return answer
    return _beyond(window, zone, now, first)


def until(window: Window, instant: datetime) -> datetime | None:
    """When the window closes that is open at an instant; None where it is closed, or does not close."""
    answer = is_open(window, instant)
    return answer.until if isinstance(answer, Open) else None


def next_opening(window: Window, instant: datetime) -> datetime | None:
    """The first instant, not before the one given, at which the window is open; None where there is none in sight."""
    answer = is_open(window, instant)
    return _in_utc(instant) if isinstance(answer, Open) else answer.next_open


def zone_of(name: str) -> tzinfo:
    """The time zone of that IANA name."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - the hook's warm path does without it

    return ZoneInfo(name)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise UsageError(f"{instant.isoformat()} is outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant.astimezone(UTC)


def _look_ahead(window: Window, zone: tzinfo, now: datetime, first: date, last: date) -> Open | Closed | None:
    """The answer, where it shows before `last` begins; else None."""
    end = _instant(_midnight(last), zone, fold=0)
    for opens, closes in _open_spans(window, zone, first, last):
        if closes <= now:
            continue
        if opens > now:
            return Closed(_why_closed(window, zone, now, first), opens) if opens < end else None
        return Open(closes) if closes < end else None
    return None


def _beyond(window: Window, zone: tzinfo, now: datetime, first: date) -> Open | Closed:
    """The answer where nothing changes within the last horizon."""
    spans = _open_spans(window, zone, first, first + timedelta(days=1))
    if any(opens <= now < closes for opens, closes in spans):
        return Open(None)
    return Closed(_why_closed(window, zone, now, first), None)


def _open_spans(window: Window, zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    """What is open, in order, in UTC: all that begins on the days from before `first` up to `last`."""
    denied = _joined(span for denial in window.deny for span in _denied_spans(denial, zone, first, last))
    for opens, closes in _joined(_allowed_spans(window, zone, first, last)):
        yield from _without(opens, closes, denied)


def _allowed_spans(window: Window, zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    if window.allow:
        local = _joined(span for hours in window.allow for span in _local_spans(hours, first, last))
    else:
        local = [(_midnight(first - 2 * _ONE_DAY), _midnight(last + 2 * _ONE_DAY))]
    for start, end in local:
        opens, closes = _instant(start, zone, fold=1), _instant(end, zone, fold=0)
        if opens < closes:
            yield opens, closes


def _denied_spans(denial: Hours | Dates, zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    if isinstance(denial, Hours):
        local: Iterable[Span] = _local_spans(denial, first, last)
    elif denial.last < first - 2 * _ONE_DAY or denial.first > last + 2 * _ONE_DAY:
        local = ()
    else:
        begin = max(denial.first, first - 3 * _ONE_DAY)
        final = min(denial.last, last + 3 * _ONE_DAY)
        local = [(_midnight(begin), _midnight(final + _ONE_DAY))]
    for start, end in local:
        closes, opens = _instant(start, zone, fold=0), _instant(end, zone, fold=1)
        if closes < opens:
            yield closes, opens


def _local_spans(hours: Hours, first: date, last: date) -> Iterator[Span]:
    """Two days more at either end: hours run into the next day, and a zone can skip a whole one."""
    day = first - 2 * _ONE_DAY
    while day <= last + 2 * _ONE_DAY:
        if hours.starts_on(day):
            midnight = _midnight(day)
            yield midnight + timedelta(minutes=hours.start), midnight + timedelta(minutes=hours.end)
        day += _ONE_DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same moments as spans that neither touch nor overlap, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _without(opens: datetime, closes: datetime, denied: list[Span]) -> Iterator[Span]:
    for start, end in denied:
        if end <= opens:
            continue
        if start >= closes:
            break
        if opens < start:
            yield opens, start
        opens = end
        if opens >= closes:
            return
    yield opens, closes


def _instant(local: datetime, zone: tzinfo, *, fold: int) -> datetime:
    """The instant in UTC of a local time: of a repeated one the first or the second, of a skipped one the change."""
    before = local.replace(tzinfo=zone, fold=0)
    after = local.replace(tzinfo=zone, fold=1)
    earlier, later = sorted((before.astimezone(UTC), after.astimezone(UTC)))
    if before.utcoffset() == after.utcoffset() or later.astimezone(zone).replace(tzinfo=None) == local:
        return (before if fold == 0 else after).astimezone(UTC)
    return _change(earlier, later, local, zone)


def _change(low: datetime, high: datetime, local: datetime, zone: tzinfo) -> datetime:
    """The first whole second between two instants at which the clock shows more than a local time that it skips."""
    while high - low > _ONE_SECOND:
        middle = low + timedelta(seconds=(high - low) // _ONE_SECOND // 2)
        if middle.astimezone(zone).replace(tzinfo=None) > local:
            high = middle
        else:
            low = middle
    return high


def _why_closed(window: Window, zone: tzinfo, now: datetime, first: date) -> str:
    for denial in window.deny:
        if any(start <= now < end for start, end in _denied_spans(denial, zone, first, first)):
            return f"{denial.reason} ({denial.text})" if denial.reason else f"denied: {denial.text}"
    return "outside " + ", ".join(hours.text for hours in window.allow)
