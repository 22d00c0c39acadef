"""Steps that look at the clock themselves: what stands where `govcheck gate deploy` should."""

import re
from collections.abc import Iterator

from govcheck.actions.programs import shell_of
from govcheck.actions.shell import Command, Script, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.records import frozen

_NAME = re.compile(
    r"\b(?:window|business hours|freeze|office hours|working hours|deploy(?:ment)? hours)\b", re.IGNORECASE
)
_CLOCK = re.compile(r"date\s{1,9}(?:-\S{1,80}\s{1,9}){0,5}[\"']?\+[\"']?%[HukawAl]|Get-Date|datetime\.now")
_WARNS = re.compile(r"::(?:warning|notice)|\bwarn", re.IGNORECASE)
_LONGEST_TITLE = 80
_ENDING = frozenset({"exit", "return", "false"})


@frozen(kw_only=True)
class ClockCheck:
    """One step that seems to hold a window by its own means."""

    job: Job
    step: Step
    name: str
    """The step's name, or what its script begins with."""

    line: int
    column: int
    warns: tuple[tuple[int, int], ...]
    """Line and column of every command that warns where nothing ends the script."""

    refuses: bool
    """Whether it does end the script somewhere."""

    @property
    def title(self) -> str:
        """The name on one line, in quotes."""
        return f'"{" ".join(self.name.split())[:_LONGEST_TITLE]}"'


def clock_checks(workflow: Workflow, job: Job) -> Iterator[ClockCheck]:
    """Every such step of a job."""
    for step in job.steps:
        if step.run is None:
            continue
        source = text(step.run)
        named = step.name is not None and _NAME.search(text(step.name)) is not None
        if "govcheck" not in source and (_CLOCK.search(source) or named):
            yield from _check(workflow, job, step, step.run, named=named)


def _check(workflow: Workflow, job: Job, step: Step, run: Scalar, *, named: bool) -> Iterator[ClockCheck]:
    script = read(text(run)) if shell_of(workflow, job, step).posix else None
    warns, refuses = _branches(script, run) if isinstance(script, Script) else ((), False)
    if named or warns or refuses:
        place = step.name or run
        yield ClockCheck(
            job=job,
            step=step,
            name=text(step.name) if step.name is not None else text(run).strip().partition("\n")[0][:60],
            line=place.line,
            column=place.column,
            warns=warns,
            refuses=refuses,
        )


def _branches(script: Script, run: Scalar) -> tuple[tuple[tuple[int, int], ...], bool]:
    """Where the script warns in a branch that does not end it, and whether any branch does."""
    ending = {command.branch for command in script.commands if command.name in _ENDING and command.branch >= 0}
    warning: dict[int, Command] = {}
    for command in script.commands:
        if command.branch >= 0 and command.branch not in ending and _warns(command):
            warning.setdefault(command.branch, command)
    return tuple(run.place(command.offset) for command in warning.values()), bool(ending)


def _warns(command: Command) -> bool:
    shown = "".join(word.shown for word in command.arguments)
    return command.name in {"echo", "printf"} and _WARNS.search(shown) is not None
