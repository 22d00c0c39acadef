"""When something that ought to run day by day last ran, and how many hours count since then. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.records import frozen
from govcheck.settings.answers import Trouble
from govcheck.settings.workflow_runs import history

_SWEPT = frozenset({"success", "failure"})
"""Ends of a run that did its work: a sweep that finds something fails."""

_AHEAD = timedelta(minutes=5)
"""How far two clocks may be apart before a date says nothing."""

_LONGEST = timedelta(days=3700)
"""From here on days of rest are not counted out: no policy allows so much."""


@frozen(kw_only=True)
class Heartbeat:
    """What the runs of one workflow tell."""

    known: bool
    """Whether GitHub knows such a workflow."""

    state: str = ""
    last: datetime | None = None
    whole: bool = True
    """Whether there are no older runs than those that were read."""

    trouble: Trouble | None = None


def newest_sweep(runs: WorkflowRuns, name: str) -> Heartbeat:
    """The newest run of a workflow that did its work, by the name of its file."""
    found = next((one.path for one in runs.workflows if one.path.rpartition("/")[2] == name), None)
    read = history(runs, found) if found is not None else None
    if read is None:
        return Heartbeat(known=False)
    last = max((run.created for run in read.runs if run.conclusion in _SWEPT), default=None)
    # A page that was cut off has the newest runs: one of them that did its work is enough.
    trouble = read.trouble if last is None else None
    return Heartbeat(known=True, state=read.state, last=last, whole=read.whole, trouble=trouble)


@frozen(kw_only=True)
class Age:
    """How old something is, where some days of the week do not count."""

    last: datetime
    now: datetime
    zone: ZoneInfo
    rest: frozenset[int]
    """Days of the week that do not count; Monday is 0."""

    @property
    def is_ahead(self) -> bool:
        """Whether it is yet to come."""
        return self.last - self.now > _AHEAD

    @property
    def counted(self) -> timedelta:
        """The time since then, without days of rest. A day has as many hours as the clock of the zone gives it."""
        whole = self.now - self.last
        if whole <= timedelta() or whole > _LONGEST or not self.rest:
            return max(whole, timedelta())
        resting = timedelta()
        day = self.last.astimezone(self.zone).date()
        while (start := self._midnight(day)) < self.now:
            following = day + timedelta(days=1)
            if day.weekday() in self.rest:
                begin, end = max(start, self.last), min(self._midnight(following), self.now)
                resting += max(end - begin, timedelta())
            day = following
        return whole - resting

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
