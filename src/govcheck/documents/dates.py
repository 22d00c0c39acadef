"""Dates as people write them into names and texts."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from govcheck.records import frozen

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-/._\u2010\u2011]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|\b(?P<word>[A-Z][a-z]{2,8})\.? (?P<wd>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<wy>(?:19|20)\d\d)\b"
    r"|\b(?P<vd>[0-3]?\d)(?:st|nd|rd|th)? (?P<vord>[A-Z][a-z]{2,8})\.?,? (?P<vy>(?:19|20)\d\d)\b"
)


@frozen(kw_only=True)
class Dated:
    """One date, and where in the text it begins."""

    day: date
    start: int


def dates(text: str) -> Iterator[Dated]:
    """Every date of a text: `2026-01-31`, `20260131`, `Jan 31, 2026`, `31 January 2026`."""
    for found in _DATE.finditer(text):
        if found["y"]:
            parts = (int(found["y"]), int(found["m"]), int(found["d"]))
        else:
            month = (found["word"] or found["vord"])[:3].lower()
            if month not in _MONTHS:
                continue
            parts = (int(found["wy"] or found["vy"]), _MONTHS.index(month) + 1, int(found["wd"] or found["vd"]))
        try:
            yield Dated(day=date(*parts), start=found.start())
        except ValueError:
            continue


def last_day(path: str) -> date | None:
    """The last date in a path, which is the one of its name where both have one."""
    found = [one.day for one in dates(path)]
    return found[-1] if found else None


def end_of(day: date) -> datetime:
    """The first instant after a day, in UTC: what is dated by a day is no older than that."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
