"""Entries of `allow` and `deny` as policies write them: what is wrong with them, and what they mean."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from govcheck.actions.calendar import DAY_MINUTES, Dates, Hours
from govcheck.actions.calendar_text import DAYS, parse_date, parse_days, parse_time

Problem = tuple[tuple[str | int, ...], str]
_EVERY_DAY = "mon-sun"
_Written = TypeVar("_Written")


class Entry(Protocol):
    """What an entry has, whatever else it has."""

    @property
    def days(self) -> str | tuple[str, ...] | None:
        """Days of the week."""

    @property
    def dates(self) -> tuple[str, ...]:
        """Single days."""

    @property
    def from_(self) -> str | None:
        """Where it begins."""

    @property
    def to(self) -> str | None:
        """Where it ends."""


def hours_problems(entry: Entry) -> Iterator[Problem]:
    """What is wrong with hours: their days, dates and times."""
    if entry.days is not None and entry.dates:
        yield ("dates",), "beside `days`: write two entries, one with `days` and one with `dates`"
    if entry.days is not None:
        yield from _problem(("days",), parse_days, entry.days)
    for index, written in enumerate(entry.dates):
        yield from _problem(("dates", index), parse_date, written)
    if entry.from_ is not None:
        yield from _problem(("from",), parse_time, entry.from_)
    if entry.to is not None:
        yield from _problem(("to",), _parse_end, entry.to)


def denied_problems(entry: Entry) -> Iterator[Problem]:
    """What is wrong with an entry of `deny`: hours, or dates from one to another."""
    if entry.days is not None or entry.dates:
        yield from hours_problems(entry)
        return
    if entry.from_ is None or entry.to is None:
        missing = "from" if entry.from_ is None else "to"
        yield (), f"no `{missing}`: write the first and the last day (for one day twice the same), `dates` or `days`"
        return
    yield from _problem(("from",), _parse_day_of_range, entry.from_)
    yield from _problem(("to",), _parse_day_of_range, entry.to)
    if not [*_problem((), parse_date, entry.from_), *_problem((), parse_date, entry.to)]:
        first, last = parse_date(entry.from_), parse_date(entry.to)
        if last < first:
            yield ("to",), f"{last} is before {first}: the last day is not before the first"


def hours_of(entry: Entry, reason: str = "") -> Hours:
    """The hours of an entry without problems."""
    start = parse_time(entry.from_ or "00:00")
    end = _parse_end(entry.to or "24:00")
    days = _EVERY_DAY if entry.days is None and not entry.dates else entry.days
    return Hours(
        days=parse_days(days) if days is not None else frozenset(),
        dates=frozenset(map(parse_date, entry.dates)),
        start=start,
        end=end if end > start else end + DAY_MINUTES,
        text=f"{_shown_days(days, entry.dates)} {entry.from_ or '00:00'} to {entry.to or '24:00'}",
        reason=reason,
    )


def denial_of(entry: Entry, reason: str) -> Hours | Dates:
    """What an entry of `deny` without problems closes."""
    if entry.days is not None or entry.dates:
        return hours_of(entry, reason)
    first, last = parse_date(entry.from_ or ""), parse_date(entry.to or "")
    return Dates(first=first, last=last, text=f"{first} to {last}" if first != last else str(first), reason=reason)


def _parse_end(written: str) -> int:
    return parse_time(written, end=True)


def _parse_day_of_range(written: str) -> date:
    try:
        return parse_date(written)
    except ValueError as error:
        hint = f"; for times of day add `days: {DAYS[0]}-{DAYS[4]}` or `dates`" if ":" in written else ""
        raise ValueError(f"{error}{hint}") from error


def _problem(path: tuple[str | int, ...], read: Callable[[_Written], object], written: _Written) -> Iterator[Problem]:
    try:
        read(written)
    except ValueError as error:
        yield path, str(error)


def _shown_days(days: str | tuple[str, ...] | None, dates: tuple[str, ...]) -> str:
    if days is None:
        return ", ".join(dates)
    return days if isinstance(days, str) else ", ".join(days)
