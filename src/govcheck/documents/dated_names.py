"""Names of files that have a time in them: `feedback/{role}/{date}.md`."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from govcheck import globs
from govcheck.documents.dates import last_day

_DAY = "[0-3][0-9]"
_MONTH = "[01][0-9]"
_YEAR = "[12][0-9][0-9][0-9]"
_CLOCK = "[0-2][0-9][0-5][0-9][0-5][0-9]"
_TIMES = {
    "date": f"{_YEAR}-{_MONTH}-{_DAY}",
    "day": f"{_YEAR}{_MONTH}{_DAY}",
    "timestamp": f"{_YEAR}{_MONTH}{_DAY}T{_CLOCK}Z",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TIMESTAMP = re.compile(r"(?<!\d)(\d{8}T\d{6})Z")
ROLE = "role"


def problem(name: str) -> str | None:
    """What is wrong with a name that has placeholders; None where it is valid."""
    for word in _PLACEHOLDER.findall(name):
        if word not in {*_TIMES, ROLE}:
            known = ", ".join(f"`{{{one}}}`" for one in (ROLE, *_TIMES))
            return f"`{{{word}}}` is no placeholder: there are {known}"
    return globs.problems(glob_of(name, None))


def has_role(name: str) -> bool:
    """Whether there is one such file for each role."""
    return ROLE in _PLACEHOLDER.findall(name)


def has_time(name: str) -> bool:
    """Whether the name tells how old a file is."""
    return any(word in _TIMES for word in _PLACEHOLDER.findall(name))


def for_role(name: str, role: str) -> str:
    """The name with one role in it, and its other placeholders."""
    return name.replace(f"{{{ROLE}}}", role)


def glob_of(name: str, role: str | None) -> str:
    """The glob of a valid name.

    Args:
        name: With its placeholders.
        role: Whose; None for anybody's.
    """
    words = {**_TIMES, ROLE: "*" if role is None else globs.literal(role)}
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), name)


def span(path: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """From when to when the time in a path is: one instant, or the whole of its last day; None where it has none."""
    stamp = _TIMESTAMP.search(path.rpartition("/")[2])
    if stamp is not None:
        try:
            instant = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
        return instant, instant
    day = last_day(path)
    return None if day is None else (_midnight(day, zone), _midnight(day + timedelta(days=1), zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def instant_of(value: object) -> datetime | None:
    """The instant that a value of a data file is: a text as ISO 8601 has it, or seconds (or milliseconds) since 1970.

    A text without an offset is in UTC.
    """
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > 10**11 else value
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    return None
