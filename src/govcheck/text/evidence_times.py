"""How old a file is that proves something: by its name, by a time that stands in it, by its newest commit."""

from datetime import datetime, timedelta

from govcheck.actions.calendar import zone_of
from govcheck.documents import dated_names
from govcheck.documents.data_paths import select
from govcheck.documents.unread import unreadable
from govcheck.facts import Missing
from govcheck.facts.data_files import DataFiles
from govcheck.facts.document import Scalar
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Finding, Fix, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.records import frozen
from govcheck.settings import durations

TODAY = "today"

Times = tuple[datetime, datetime]
"""From when to when: one instant, or a day."""

_CONTROL = "time"


@frozen(kw_only=True)
class Dating:
    """Where a file's time is."""

    name: str
    """The name with its placeholders."""

    time_at: str
    """The path in a data file; empty where none is read."""

    timezone: str
    """Where the days of names begin."""


def times_of(dating: Dating, path: str, data: DataFiles, commits: LastCommits) -> Times | Finding | Undecided:
    """From when to when a file's time is; or what stands in the way."""
    if dated_names.has_time(dating.name):
        found = dated_names.span(path, zone_of(dating.timezone))
        return found or _finding(path, f"{display(path)} has no date that exists", "Rename it")
    if dating.time_at:
        return _within(dating.time_at, path, data)
    committed = commits.instants.get(path)
    if isinstance(committed, datetime):
        return committed, committed
    missing = committed or Missing(reason=Reason.MISSING_OBJECT, message="no commit has it yet")
    message = f"how old {display(path)} is cannot be told: {missing.message}"
    place = Location(path=path)
    return Undecided(control=_CONTROL, subject=display(path), reason=missing.reason, message=message, location=place)


def _within(time_at: str, path: str, data: DataFiles) -> Times | Finding | Undecided:
    file = data.files[path]
    if isinstance(file.document, Unreadable):
        return unreadable(_CONTROL, file, file.document, "the time")
    written = [one.node for one in select(file.document, time_at) if isinstance(one.node, Scalar)]
    read = [instant for node in written if (instant := dated_names.instant_of(node.value)) is not None]
    if read:
        return max(read), max(read)
    line = written[0].line if written else None
    message = f"no time stands at `{time_at}` of {display(path)}"
    return _finding(path, message, "Write it as ISO 8601 has it: `2026-01-31T09:30:00Z`", line)


def _finding(path: str, message: str, mend: str, line: int | None = None) -> Finding:
    return Finding(
        control=_CONTROL,
        subject=display(path),
        message=message,
        plane="repo",
        location=Location(path=path, line=line),
        fix=Fix(text=mend),
    )


def too_old(max_age: str, timezone: str, begun: datetime, ended: datetime, now: datetime) -> str:
    """Why it is too old, beginning with a verb; empty where it is not."""
    if max_age == TODAY:
        zone = zone_of(timezone)
        today = now.astimezone(zone).date()
        return "" if begun.astimezone(zone).date() >= today else f"is not of today, {today}"
    age = now - ended
    if age <= (durations.parse(max_age) or timedelta()):
        return ""
    shown = f"{age.days} days" if age >= timedelta(days=2) else durations.show(age)
    return f"is {shown} old, and may be {max_age}"
