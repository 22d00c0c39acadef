"""Steps that run `govcheck gate deploy`, and whether their refusal really stops what comes after them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.heeding import unheeded_command, unheeded_step
from govcheck.actions.outcomes import runs_after
from govcheck.actions.programs import Program, Shell, programs, shell_of
from govcheck.actions.shell import Script, Word, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.records import frozen

_ELSEWHERE = {
    "--at": "it is given `--at`, so that it judges another time than now",
    "--policies-from": "it is given `--policies-from`, so that other policies judge than the default branch's",
}
_SAYS_GATE = re.compile(r"govcheck\b[^\n]{0,300}\bgate\s+deploy")


@frozen(kw_only=True)
class Gate:
    """One run of `govcheck gate deploy`."""

    step: Step
    offset: int
    """Of the command in the step's script."""

    line: int
    column: int
    environment: Word | None
    """What `--environment` says."""

    policy: Word | None
    """What `--policy` says."""

    weakness: str
    """Why its refusal does not fail the step, in words; empty where it does."""

    other_time: str = ""
    """Why it judges another time than now, or by other policies, in words; empty where it does not."""

    unread: str = ""
    """Why nobody can tell; the other fields then say nothing."""


@lru_cache(maxsize=256)
def gates(workflow: Workflow, job: Job) -> tuple[Gate, ...]:
    """Every gate of a job, in order, whatever it is worth."""
    found: list[Gate] = []
    for step in job.steps:
        if step.run is not None and "govcheck" in text(step.run):
            found.extend(_in_step(workflow, job, step, step.run))
    return tuple(found)


def _in_step(workflow: Workflow, job: Job, step: Step, run: Scalar) -> Iterator[Gate]:
    shell = shell_of(workflow, job, step)
    script = read(text(run))
    found = list(_in_script(script, shell, step, run)) if isinstance(script, Script) else []
    yield from found
    says = _SAYS_GATE.search(text(run))
    if not found and says and (not isinstance(script, Script) or script.damaged):
        line, column = run.place(says.start())
        yield Gate(
            step=step,
            offset=says.start(),
            line=line,
            column=column,
            environment=None,
            policy=None,
            weakness="",
            unread="the script around `govcheck gate deploy` cannot be read",
        )


def _in_script(script: Script, shell: Shell, step: Step, run: Scalar) -> Iterator[Gate]:
    for program in programs(script):
        arguments = program.texts()
        if program.name == "govcheck" and _asks(arguments):
            line, column = run.place(program.command.offset)
            yield Gate(
                step=step,
                offset=program.command.offset,
                line=line,
                column=column,
                environment=_option(program, "--environment"),
                policy=_option(program, "--policy"),
                weakness=_weak_step(step) or _weak_place(program, script) or unheeded_command(program, script, shell),
                other_time=next((why for option, why in _ELSEWHERE.items() if _is_given(program, option)), ""),
            )


def _asks(arguments: list[str]) -> bool:
    if "gate" not in arguments or {"--help", "-h"}.intersection(arguments):
        return False
    return "deploy" in arguments[arguments.index("gate") + 1 :]


def _option(program: Program, name: str) -> Word | None:
    for index, word in enumerate(program.arguments):
        start = word.parts[0].text if word.parts and word.parts[0].kind == "text" else ""
        if word.literal == name:
            return program.arguments[index + 1] if index + 1 < len(program.arguments) else None
        if start.startswith(f"{name}="):
            rest = start.removeprefix(f"{name}=")
            first = (type(word.parts[0])("text", rest, word.parts[0].offset + len(name) + 1),) if rest else ()
            return Word((*first, *word.parts[1:]), word.offset)
    return None


def _is_given(program: Program, option: str) -> bool:
    return any(text == option or text.startswith(f"{option}=") for text in program.texts())


def _weak_step(step: Step) -> str:
    unheeded = unheeded_step(step)
    if unheeded:
        return unheeded
    if step.condition is not None and runs_after(step.condition, "success") is not True:
        return f"its step has `if: {text(step.condition)}`, so that it may be skipped"
    return ""


def _weak_place(program: Program, script: Script) -> str:
    if not program.command.always:
        return "the script comes by it only under a condition"
    for other in script.commands:
        if other.offset >= program.command.offset:
            break
        if other.name in {"exit", "return"} and not _fails(other.arguments):
            return "the script may end as a success before it"
    return ""


def _fails(arguments: tuple[Word, ...]) -> bool:
    status = (arguments[0].literal or "") if arguments else ""
    return status.isdigit() and int(status[:9]) % 256 != 0
