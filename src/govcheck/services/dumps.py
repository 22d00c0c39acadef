"""Workflows that dump a database at certain times."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from govcheck.actions.crons import Gap, longest_gap
from govcheck.actions.programs import Program, programs
from govcheck.actions.schedules import schedule_of
from govcheck.actions.shell import Script
from govcheck.actions.shell import read as read_script
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.records import frozen

_DUMPS: Mapping[str, tuple[str, ...]] = {
    "pg_dump": (),
    "pg_dumpall": (),
    "pg_basebackup": (),
    "mysqldump": (),
    "mariadb-dump": (),
    "mongodump": (),
    "supabase": ("db", "dump"),
    "pgbackrest": ("backup",),
    "wal-g": ("backup-push",),
    "restic": ("backup",),
    "borg": ("create",),
}
"""Program to the words behind it that make a dump of it."""

_SAYS = ("backup", "dump")


@frozen(kw_only=True)
class Dump:
    """A step that dumps, in a workflow with a schedule."""

    workflow: Workflow
    job: Job
    step: Step
    by: str
    """The command, for people."""

    gap: Gap | None
    """The longest time between two starts; None where its crons never start twice."""


def dumps(workflow: Workflow, now: datetime) -> Iterator[Dump]:
    """Every dump of a scheduled workflow."""
    crons = schedule_of(workflow).crons
    if not crons:
        return
    gap = longest_gap(crons, now)
    for job in workflow.jobs:
        for step in job.steps:
            script = read_script(text(step.run)) if step.run is not None else None
            for program in programs(script) if isinstance(script, Script) else ():
                if _dumps(program):
                    by = " ".join((program.name, *_DUMPS[program.name]))
                    yield Dump(workflow=workflow, job=job, step=step, by=by, gap=gap)


def calls_itself_one(workflow: Workflow) -> bool:
    """Whether a scheduled workflow says that it backs up, by its file's name or its own."""
    said = f"{workflow.path} {text(workflow.name) if workflow.name is not None else ''}".casefold()
    return bool(schedule_of(workflow).crons) and any(word in said for word in _SAYS)


def _dumps(program: Program) -> bool:
    wanted = _DUMPS.get(program.name)
    if wanted is None:
        return False
    words = [word for word in program.texts() if not word.startswith("-")]
    return tuple(words[: len(wanted)]) == wanted
