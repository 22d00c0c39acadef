"""How people write windows: days, times of day, dates, time zones. Each reader says what is legal where it refuses."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from govcheck.actions.calendar import DAY_MINUTES

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As policies name them, Monday first."""

_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_LOOSE_TIME = re.compile(r"([0-9]{1,2}):?([0-9]{2})?\s*(am|pm)?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OFFSET = re.compile(r"(?:UTC|GMT|Etc/GMT)?\s*[+-]\s*[0-9]{1,2}(?::?[0-9]{2})?", re.IGNORECASE)
_FIRST_DATE = date(1971, 1, 1)
_LAST_HOUR = 23
_NOON = 12

_MEANT = {
    "America/Los_Angeles": "PT PST PDT PST8PDT Pacific",
    "America/Denver": "MT MDT MST7MDT Mountain Navajo",
    "America/Phoenix": "MST",
    "America/Chicago": "CT CST CDT CST6CDT Central",
    "America/New_York": "ET EST EDT EST5EDT Eastern",
    "America/Anchorage": "AKST AKDT Alaska",
    "Pacific/Honolulu": "HST HDT Hawaii",
    "America/Halifax": "AST ADT Atlantic",
    "America/St_Johns": "NST NDT Newfoundland",
    "America/Sao_Paulo": "BRT BRST",
    "America/Argentina/Buenos_Aires": "ART",
    "America/Havana": "Cuba",
    "America/Jamaica": "Jamaica",
    "Europe/London": "BST GB GB-Eire UK",
    "Europe/Dublin": "Eire",
    "Europe/Berlin": "CET CEST MET MEST",
    "Europe/Athens": "EET EEST",
    "Europe/Lisbon": "WET WEST Portugal",
    "Europe/Warsaw": "Poland",
    "Europe/Istanbul": "TRT Turkey",
    "Europe/Moscow": "MSK W-SU",
    "Atlantic/Reykjavik": "Iceland",
    "Africa/Cairo": "Egypt",
    "Africa/Johannesburg": "SAST",
    "Africa/Tripoli": "Libya",
    "Asia/Jerusalem": "IDT Israel",
    "Asia/Tehran": "IRST Iran",
    "Asia/Dubai": "GST",
    "Asia/Karachi": "PKT",
    "Asia/Kolkata": "IST India",
    "Asia/Shanghai": "PRC China",
    "Asia/Hong_Kong": "HKT Hongkong",
    "Asia/Taipei": "ROC",
    "Asia/Singapore": "SGT Singapore",
    "Asia/Seoul": "KST ROK",
    "Asia/Tokyo": "JST Japan",
    "Australia/Sydney": "AEST AEDT AET",
    "Australia/Adelaide": "ACST ACDT",
    "Australia/Perth": "AWST",
    "Pacific/Auckland": "NZ NZST NZDT",
    "Pacific/Chatham": "NZ-CHAT",
    "Pacific/Kwajalein": "Kwajalein",
    "UTC": "GMT GMT0 GMT+0 GMT-0 UCT Z Zulu Universal Greenwich Etc/UTC Etc/GMT",
}
"""Names that are no place, or a country's, by the place that is most likely meant."""

_BY_NICKNAME = {nickname.casefold(): zone for zone, names in _MEANT.items() for nickname in names.split()}


def parse_days(written: str | Iterable[str]) -> frozenset[int]:
    """Days of the week, Monday is 0, from `mon-fri`, `mon,wed`, `fri-mon` or a list of such.

    Raises:
        ValueError: with a message for the policy's author.
    """
    parts = written.split(",") if isinstance(written, str) else [part for item in written for part in item.split(",")]
    days = {day for part in parts for day in _day_range(part.strip())}
    if not days:
        raise ValueError(f"no day: write {_legal_days()}")
    return frozenset(days)


def parse_time(written: str, *, end: bool = False) -> int:
    """Minutes after midnight from `HH:MM`; as an end `24:00` is legal too.

    Raises:
        ValueError: with a message for the policy's author.
    """
    match = _TIME.fullmatch(written)
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else None  # noqa: PLR2004 - minutes
    if minutes is None or minutes > DAY_MINUTES or (minutes == DAY_MINUTES and not end):
        legal = "00:00 to 24:00" if end else "00:00 to 23:59"
        raise ValueError(f"{written!r} is not a time of day: write HH:MM, {legal}{_time_meant(written)}")
    return minutes


def parse_date(written: str) -> date:
    """A day from `YYYY-MM-DD`.

    Raises:
        ValueError: with a message for the policy's author.
    """
    if not _DATE.fullmatch(written):
        raise ValueError(f"{written!r} is not a date: write YYYY-MM-DD, as in 2026-12-22")
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f"{written} is not in the calendar: {error}") from error
    if day < _FIRST_DATE:
        raise ValueError(f"{written} is before {_FIRST_DATE}")
    return day


def timezone_problem(written: str) -> str | None:
    """Why a time zone is refused, with the name to write instead; None where it names a place, or is UTC."""
    if written == "UTC":
        return None
    meant = _BY_NICKNAME.get(written.strip().casefold().removesuffix(" time").removesuffix(" standard"))
    if meant is not None:
        return f"{written!r} does not name a place, and abbreviations are ambiguous: write {meant}"
    if _OFFSET.fullmatch(written.strip()):
        return (
            f"{written!r} is an offset, which knows no daylight saving time: "
            "name a place, as in America/Los_Angeles, or write UTC"
        )
    if written in _places():
        return None
    nearest = _nearest_place(written)
    offer = f"; did you mean {nearest}?" if nearest else ""
    return f"{written!r} is not an IANA time zone that names a place, as America/Los_Angeles does, nor UTC{offer}"


def _day_range(part: str) -> list[int]:
    first, dash, last = part.partition("-")
    start = _day(first, part)
    end = _day(last, part) if dash else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _day(word: str, part: str) -> int:
    name = word.strip()
    if name in DAYS:
        return DAYS.index(name)
    near = name.casefold()[:3]
    meant = f"; did you mean {near}?" if near in DAYS else ""
    raise ValueError(f"{part!r} is no day of the week: write {_legal_days()}{meant}")


def _legal_days() -> str:
    return f"{', '.join(DAYS)}, or a range as in mon-fri"


def _time_meant(written: str) -> str:
    match = _LOOSE_TIME.fullmatch(written.strip())
    if not match:
        return ""
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % _NOON + (_NOON if match[3].lower() == "pm" else 0)
    return f"; did you mean {hour:02}:{minute:02}?" if hour <= _LAST_HOUR and minute < 60 else ""  # noqa: PLR2004 - minutes


@cache
def _places() -> frozenset[str]:
    from zoneinfo import available_timezones  # noqa: PLC0415 - the hook's warm path does without it

    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def _nearest_place(written: str) -> str | None:
    import difflib  # noqa: PLC0415 - only a wrong policy needs it

    folded = {name.casefold(): name for name in _places()}
    wanted = written.casefold().strip().replace(" ", "_")
    if wanted in folded:
        return folded[wanted]
    cities = {name.rpartition("/")[2]: name for name in sorted(folded, reverse=True)}
    if wanted in cities:
        return folded[cities[wanted]]
    near = difflib.get_close_matches(wanted, sorted(folded), n=1)
    if near:
        return folded[near[0]]
    near = difflib.get_close_matches(wanted, sorted(cities), n=1)
    return folded[cities[near[0]]] if near else None
