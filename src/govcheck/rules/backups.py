"""The database is backed up: a scheduled workflow dumps it, or Supabase says that it has a fresh backup.

```yaml
kind: backups
id: weekly-backups
why: What was never backed up cannot be restored.
dumped_every: 8d
supabase: {project: abcdefghijklmnopqrst, newest_within: 8d, point_in_time: true}
```

**`dumped_every`**: some workflow with a schedule runs a command that dumps (`pg_dump`, `supabase db dump`, `mysqldump`,
`mongodump`, `pgbackrest backup`, `restic backup`, ...), and its schedule starts it at least that often. A scheduled
workflow that calls itself a backup and shows no such command is unknown: what its scripts and actions do is not read.
Whether a run succeeded is for `required-workflows`.

**`supabase`**, live, with a token in SUPABASE_ACCESS_TOKEN: the newest backup that is *completed* is not older than
`newest_within`; where the project has recovery to a point in time, its newest point counts, too. `point_in_time` asks
that it has that; `scheduled` that a time of day is set. Without a token this is not on offer; what Supabase refuses is
unknown. The management API takes the project's reference, which is the first part of its host.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Literal

from govcheck.actions.workflow import location, read
from govcheck.facts import Request
from govcheck.facts.now import Now
from govcheck.facts.services import SupabaseBackups, SupabaseBackupsRequest
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.services.dumps import Dump, calls_itself_one, dumps
from govcheck.services.supabase import Wanted, judged
from govcheck.settings import durations

_FOLDER = ".github/workflows"


@frozen(kw_only=True)
class SupabaseProject:
    """What is wanted of a project's backups."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    project: str
    """The project's reference: twenty lower-case letters."""

    newest_within: str = "8d"
    """How old the newest completed backup may be, such as `8d`."""

    point_in_time: bool = False
    """Whether it has to be restorable to a point in time."""

    scheduled: bool = False
    """Whether a time of day has to be set."""


@frozen(kw_only=True)
class Backups(Policy):
    """How often the database is backed up."""

    kind: Literal["backups"] = "backups"

    dumped_every: str | None = None
    """How often a scheduled workflow has to dump it at least, such as `8d`. Left out: nobody asks."""

    supabase: SupabaseProject | None = None
    """Live: what Supabase has to say of it. Left out: nobody asks."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Durations and references that are none, and a policy that asserts nothing."""
        if self.dumped_every is None and self.supabase is None:
            yield (), "neither `dumped_every` nor `supabase`: this policy asserts nothing"
        yield from _duration_problem(("dumped_every",), self.dumped_every)
        if self.supabase is not None:
            yield from _duration_problem(("supabase", "newest_within"), self.supabase.newest_within)
            reference = self.supabase.project
            if not (reference.isascii() and reference.isalnum()):
                yield ("supabase", "project"), f"{reference!r} is no reference of a project: letters and digits"


def _dumping(policy: Backups) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.dumped_every is not None else []


@check(wants=_dumping)
def dumped(policy: Backups, workflows: Workflows, now: Now) -> Iterator[Said]:
    """Some scheduled workflow dumps, often enough."""
    yield Judged(1)
    written = policy.dumped_every or ""
    span = durations.parse(written) or timedelta()
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    found = [dump for workflow in readable for dump in dumps(workflow, now.instant)]
    if any(dump.gap is not None and dump.gap.length <= span for dump in found):
        return
    doubts = [*_unreadable(workflows)]
    for workflow in readable:
        if calls_itself_one(workflow) and not any(dump.workflow is workflow for dump in found):
            message = "it is scheduled and calls itself a backup, and no command in it is known to dump"
            doubts.append(_doubt(workflow.path, Reason.DYNAMIC, message))
    if not doubts:
        yield _seldom(found, written) if found else _never(written)
    yield from doubts


def _asked(policy: Backups) -> Iterable[tuple[Request, ...]]:
    return [(SupabaseBackupsRequest(SupabaseBackups, policy.supabase.project),)] if policy.supabase else []


@check(wants=_asked)
def live(policy: Backups, backups: SupabaseBackups, now: Now) -> Iterator[Said]:
    """What Supabase says."""
    yield Judged(1)
    asked = policy.supabase
    span = durations.parse(asked.newest_within) if asked is not None else None
    if asked is not None and span is not None:
        wanted = Wanted(
            project=asked.project,
            within=asked.newest_within,
            span=span,
            point_in_time=asked.point_in_time,
            scheduled=asked.scheduled,
            now=now.instant,
        )
        yield from judged(wanted, backups)


def _unreadable(workflows: Workflows) -> Iterator[Undecided]:
    for file in workflows.files:
        if isinstance(file.document, Unreadable) and file.document.reason is not None:
            yield _doubt(file.path, file.document.reason, f"whether it dumps cannot be read: {file.document.message}")


def _doubt(path: str, reason: Reason, message: str) -> Undecided:
    return Undecided(
        control="dumped_every", subject=display(path), reason=reason, message=message, location=Location(path=path)
    )


def _never(written: str) -> Finding:
    return Finding(
        control="dumped_every",
        subject="the database",
        message=f"no scheduled workflow dumps anything, and the policy wants a dump every {written}",
        plane="workflow",
        location=Location(path=_FOLDER),
        fix=Fix(text='add a workflow with `schedule: [{cron: "0 6 * * 0"}]` that runs `supabase db dump` or `pg_dump`'),
    )


def _seldom(found: list[Dump], written: str) -> Finding:
    first = found[0]
    every = f"every {durations.days(first.gap.length)}" if first.gap is not None else "once"
    return Finding(
        control="dumped_every",
        subject="the database",
        message=f"`{first.by}` runs {every} at most, and the policy wants a dump every {written}",
        plane="workflow",
        location=location(first.workflow.path, first.job.key),
        fix=Fix(text="write a `cron` that starts it more often"),
        evidence=tuple(
            Evidence(text=f"`{one.by}` in {one.job.id}", location=location(one.workflow.path, one.job.key))
            for one in found[1:5]
        ),
    )


def _duration_problem(path: tuple[str | int, ...], written: str | None) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if written is not None and durations.parse(written) is None:
        yield path, f"`{written}` is not a duration: write days, hours, minutes, seconds, such as 8d or 1h30m"
