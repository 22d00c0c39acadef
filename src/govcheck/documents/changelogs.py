"""Whether the list of a document's changes goes with its version."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from govcheck.documents.dates import dates
from govcheck.documents.markdown import Line

_NUMBERS = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+)(?![\w]|\.\d)", re.IGNORECASE)


def newer_entry(entries: Sequence[Line], version: str) -> Line | str | None:
    """What speaks against `version` being the newest one; None where nothing does.

    The newest entry may stand first or last: it is the one of the latest date and of the highest version.

    Returns:
        An entry that is newer, or a clause where no entry has the version.
    """
    own = re.compile(rf"(?<![\w.])v?{re.escape(version)}(?!\w|\.\d)", re.IGNORECASE)
    having = [entry for entry in entries if own.search(entry.plain)]
    if not having:
        return f"no entry of it has {version}"
    day = max((_day(entry) for entry in having), default=date.min)
    for entry in entries:
        if entry not in having and (_is_higher(_version(entry), version) or _day(entry) > day > date.min):
            return entry
    return None


def _day(entry: Line) -> date:
    return next((one.day for one in dates(entry.plain)), date.min)


def _version(entry: Line) -> str:
    found = _NUMBERS.search(entry.plain)
    return found[1] if found else ""


def _is_higher(one: str, other: str) -> bool:
    """Whether one version is higher than another; what is no list of numbers is not compared."""
    if not all(re.fullmatch(r"v?\d{1,9}(?:\.\d{1,9})*", text, re.IGNORECASE) for text in (one, other)):
        return False
    ones, others = ([int(part) for part in text.lstrip("vV").split(".")] for text in (one, other))
    for left, right in zip_longest(ones, others, fillvalue=0):
        if left != right:
            return left > right
    return False
