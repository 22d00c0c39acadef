"""The sweeps themselves run: a heartbeat that is missed is told.

```yaml
kind: sweep-freshness
id: swept-twice-a-day
why: A sweep that stopped running looks exactly like one that finds nothing.
startup: 26h
shutdown: 26h
workflow: govcheck-sweep.yml
workflow_within: 26h
rest_days: [saturday, sunday]
timezone: America/Los_Angeles
```

`startup` and `shutdown` are the oldest that the newest sweep of that phase may be, by the snapshots that the store has
of this repository; judged in every sweep. The sweep that judges counts for its own phase only where there is none
before it: a startup sweep that comes after three days says that it was three days. Where the only snapshots of a phase
are damaged, it is unknown.

`workflow` is the file of the workflow that sweeps, and `workflow_within` the oldest that its newest run may be; judged
wherever GitHub is asked, so also in a pull request with `--live`, when nothing sweeps any more. A run that succeeded or
failed has swept: a sweep that finds something fails. One that was cancelled or skipped has not. A workflow that is
switched off, or that GitHub does not know, is a finding.

Hours of `rest_days` do not count. They are days in `timezone`, which has UTC for its default.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from govcheck.facts import Request
from govcheck.facts.now import Now
from govcheck.facts.sweeps import KeptSweeps
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.findings import Finding, Fix, Held, Judged, Location, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.answers import verdict
from govcheck.settings.heartbeats import Age, newest_sweep

_Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@frozen(kw_only=True)
class SweepFreshness(Policy):
    """How old the newest sweep may be."""

    kind: Literal["sweep-freshness"] = "sweep-freshness"

    startup: str | None = None
    """The oldest that the newest startup sweep may be: `26h`."""

    shutdown: str | None = None
    """The oldest that the newest shutdown sweep may be."""

    workflow: str | None = None
    """The file's name of the workflow that sweeps: `govcheck-sweep.yml`."""

    workflow_within: str | None = None
    """The oldest that its newest run may be."""

    rest_days: tuple[_Day, ...] = ()
    """Days whose hours do not count: `[saturday, sunday]`."""

    timezone: str = "UTC"
    """The zone of these days, as IANA names it: `America/Los_Angeles`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        lengths = {"startup": self.startup, "shutdown": self.shutdown, "workflow_within": self.workflow_within}
        for key, written in lengths.items():
            if written is not None and durations.parse(written) is None:
                yield (key,), f"{written!r} is not a length of time: write it like 26h"
        if not any(lengths.values()):
            yield (), "neither startup, shutdown nor workflow_within is given: this policy would judge nothing"
        if (self.workflow is None) is not (self.workflow_within is None):
            yield (), "workflow and workflow_within go together"
        if self.workflow is not None and ("/" in self.workflow or "*" in self.workflow):
            yield ("workflow",), "name one file, without its folder: govcheck-sweep.yml"
        if len(set(self.rest_days)) == len(_DAYS):
            yield ("rest_days",), "every day is a day of rest: no hour would count"
        if zone(self.timezone) is None:
            yield ("timezone",), f"{self.timezone!r} is no time zone: write it like America/Los_Angeles"


@frozen
class _Beat:
    """The newest of what ought to come again and again."""

    control: str
    subject: str
    last: datetime
    limit: str
    """How old it may be, as the policy writes it."""

    fix: Fix


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _by_store(policy: SweepFreshness) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.startup or policy.shutdown else []


@check(wants=_by_store)
def kept(policy: SweepFreshness, sweeps: KeptSweeps, now: Now) -> Iterator[Said]:
    """By the snapshots that the store has."""
    asked = {"startup": (policy.startup, sweeps.startup), "shutdown": (policy.shutdown, sweeps.shutdown)}
    wanted = {phase: (limit, last) for phase, (limit, last) in asked.items() if limit is not None}
    yield Judged(len(wanted))
    if sweeps.unread:
        lost = [phase for phase, (_, last) in wanted.items() if last is None]
        yield from (_unread(phase, sweeps.unread) for phase in lost)
        wanted = {phase: pair for phase, pair in wanted.items() if phase not in lost}
    elif sweeps.startup is None and sweeps.shutdown is None and sweeps.adhoc is None:
        for phase in wanted:
            yield Held(control=phase, subject="store", message="this is the first sweep that the store will have")
        return
    for phase, (limit, last) in wanted.items():
        if last is None:
            if phase != sweeps.phase:
                yield _never(phase)
        else:
            yield from _aged(policy, _Beat(phase, "store", last, limit, _again(phase)), now)


def _unread(phase: str, damaged: tuple[str, ...]) -> Undecided:
    more = f", and {len(damaged) - 1} more" if len(damaged) > 1 else ""
    message = f"when the last {phase} sweep was cannot be told: {damaged[0]}{more}"
    return Undecided(control=phase, subject="store", reason=Reason.UNPARSEABLE, message=message)


def _never(phase: str) -> Finding:
    return Finding(
        control=phase,
        subject="store",
        message=f"there has been no {phase} sweep of this repository, though others were kept",
        plane="repo",
        fix=_again(phase),
    )


def _again(phase: str) -> Fix:
    return Fix(text="Sweep, and see why nobody did", command=f"govcheck sweep --phase {phase}")


def _by_runs(policy: SweepFreshness) -> Iterable[tuple[Request, ...]]:
    return [(WorkflowRunsRequest(WorkflowRuns, (policy.workflow,)),)] if policy.workflow else []


@check(wants=_by_runs)
def ran(policy: SweepFreshness, runs: WorkflowRuns, now: Now) -> Iterator[Said]:
    """By the runs of the workflow that sweeps."""
    name = policy.workflow or ""
    yield Judged(1)
    found = newest_sweep(runs, name)
    fix = Fix(text="Start it, and see why its schedule did not", command=f"gh workflow run {name}")
    if found.trouble is not None:
        message = f"when {name} last ran cannot be told: {found.trouble.message}"
        yield found.trouble.undecided("workflow", name, message, Location())
    elif not found.known:
        trouble = verdict(runs.listed).trouble
        if trouble is not None:
            yield trouble.undecided("workflow", name, trouble.message, Location())
        else:
            yield _finding("workflow", name, f"GitHub knows no workflow {name}", _place(name))
    elif found.state not in {"", "active"}:
        enable = Fix(text="Switch it on", command=f"gh workflow enable {name}")
        yield _finding("workflow", name, f"{name} is switched off: its state is {found.state}", _place(name), enable)
    elif found.last is None and not found.whole:
        message = f"none of the newest runs of {name} swept, and there are older ones that were not read"
        yield Undecided(control="workflow", subject=name, reason=Reason.MISSING_OBJECT, message=message)
    elif found.last is None:
        yield _finding("workflow", name, f"{name} has never swept: no run of it ended well or badly", _place(name), fix)
    else:
        yield from _aged(policy, _Beat("workflow", name, found.last, policy.workflow_within or "", fix), now)


def _place(name: str) -> Location:
    return Location(path=f".github/workflows/{name}")


def _finding(control: str, name: str, message: str, place: Location, fix: Fix | None = None) -> Finding:
    return Finding(control=control, subject=name, message=message, plane="live", location=place, fix=fix)


def _aged(policy: SweepFreshness, beat: _Beat, now: Now) -> Iterator[Finding | Held | Undecided]:
    most = durations.parse(beat.limit) or timedelta()
    rest = frozenset(_DAYS.index(day) for day in policy.rest_days)
    age = Age(last=beat.last, now=now.instant, zone=zone(policy.timezone) or ZoneInfo("UTC"), rest=rest)
    is_run = beat.control == "workflow"
    what = f"the newest run of {beat.subject}" if is_run else f"the newest {beat.control} sweep"
    shown = f"{what} is of {beat.last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if age.is_ahead:
        message = f"{shown}, which is yet to come: a clock went backwards"
        yield Undecided(control=beat.control, subject=beat.subject, reason=Reason.UNPARSEABLE, message=message)
    elif age.counted > most:
        counted = durations.show(timedelta(minutes=age.counted // timedelta(minutes=1)))
        without = f", {counted} ago without days of rest" if rest else f", {counted} ago"
        yield Finding(
            control=beat.control,
            subject=beat.subject,
            message=f"{shown}{without}: no more than {beat.limit} is allowed",
            plane="live" if is_run else "repo",
            location=_place(beat.subject) if is_run else Location(),
            expected=beat.limit,
            actual=counted,
            fix=beat.fix,
        )
    else:
        yield Held(control=beat.control, subject=beat.subject, message=shown)
