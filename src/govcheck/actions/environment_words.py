"""Environments that jobs name, or may name, or should: in words, with their places."""

import difflib
from collections.abc import Iterator, Sequence

from govcheck.actions.environments import Use
from govcheck.actions.workflow import FOLDER, location, text
from govcheck.findings import Evidence, Finding, Fix, Location, Reason, Undecided
from govcheck.paths import display

_MOST_EVIDENCE = 6


def maybe_used(name: str, doubtful: Sequence[Use]) -> Undecided:
    """That an environment may be named in some run, and in no other way."""
    first = doubtful[0]
    return Undecided(
        control="used",
        subject=name,
        reason=Reason.DYNAMIC,
        message=f"no job names {name} outright, and `{text(first.environment.name)}` may come to it in some run",
        location=location(first.workflow.path, first.environment.name),
    )


def dynamic(use: Use, pattern: str) -> Undecided:
    """That only a run can tell which environment a job names."""
    written = text(use.environment.name)
    return Undecided(
        control="exists",
        subject=f"{display(use.workflow.path)}:{use.job.id}",
        reason=Reason.DYNAMIC,
        message=f"only a run can tell which environment `{written}` is, and whether {pattern} means it",
        location=location(use.workflow.path, use.environment.name),
    )


def unused(name: str, named: Sequence[Use]) -> Finding:
    """That no job names an environment, with the nearest that one does."""
    known = {use.name.casefold(): use for use in named if isinstance(use.name, str)}
    near = difflib.get_close_matches(name.casefold(), known, n=1)
    meant = known[near[0]] if near else None
    hint = f"; the job {meant.job.id} names {meant.name}" if meant is not None else ""
    place = Location(path=FOLDER.rstrip("/"))
    return Finding(
        control="used",
        subject=name,
        message=f"no job of any workflow names the environment {name}, so that its rules hold nothing back{hint}",
        plane="workflow",
        location=place if meant is None else location(meant.workflow.path, meant.environment.name),
        fix=Fix(text=f"write `environment: {name}` into the jobs that deploy to it, or correct the policy's name"),
    )


def evidence(users: Sequence[Use]) -> Iterator[Evidence]:
    """The jobs that name an environment."""
    for use in users[:_MOST_EVIDENCE]:
        place = location(use.workflow.path, use.environment.name)
        yield Evidence(text=f"the job {use.job.id} names it", location=place)
