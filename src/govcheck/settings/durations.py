"""Lengths of time as policies write them: `90s`, `5m`, `1h30m`, `90d`."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(?:([0-9]{1,5})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?")


def parse(written: str) -> timedelta | None:
    """The length of time, which is more than nothing; None where it is not written like one."""
    match = _DURATION.fullmatch(written)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length or None


def show(length: timedelta) -> str:
    """A length of time in the same way, in whole seconds."""
    minutes, seconds = divmod(max(0, round(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def days(length: timedelta) -> str:
    """A length of time that policies write in days: `365 days`, or as `show` has it where it is no whole number."""
    whole, rest = divmod(length, timedelta(days=1))
    return show(length) if rest else f"{whole} day{'s' * (whole != 1)}"
