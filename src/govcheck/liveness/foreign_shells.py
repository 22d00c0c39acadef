"""Tests and linters in plain scripts for PowerShell, which goes on after a program fails, or for cmd.

Only the status of the last program counts there, unless the script asks for the others. Read are scripts of plain
lines: programs, cmdlets, assignments; of cmd only those of one program. Where a line is anything more, nothing is said.
Sources:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference
and https://github.com/actions/runner/issues/1015
"""

import re
from collections.abc import Iterator, Mapping

from govcheck.actions.programs import shell_of
from govcheck.actions.shell import Command, Script, read
from govcheck.actions.workflow import Workflow, text
from govcheck.facts.document import Scalar
from govcheck.facts.workflows import Workflows
from govcheck.findings import Fix, Location, Reason
from govcheck.liveness.chances import Site, chance
from govcheck.liveness.counting import as_it_counts
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.judges import NOT_MEANT, words
from govcheck.liveness.judging_programs import judging
from govcheck.records import frozen, replace

_SHELLS = {"pwsh": "PowerShell", "powershell": "PowerShell", "cmd": "cmd"}
_COMMENT = re.compile(r"\s*(?:#.*|rem\b.*|::.*|@echo off\s*)?", re.IGNORECASE)
_SUCCEEDS = re.compile(r"\s*exit\s+(?:/b\s+)?0\s*", re.IGNORECASE)
_CMDLET = re.compile(r"\s*(?:Write|Set|Get|New|Remove|Copy|Move|Push|Pop|Add)-[A-Z]\w+[^{}()|;&]*")
_ASSIGNS = re.compile(
    r"\s*(?:\$[\w:]+\s*=\s*(?:\"[^\"$]*\"|'[^']*'|\d+|\$true|\$false)|set [\w]+=[^&|]*)\s*", re.IGNORECASE
)
_TURNS_ON = re.compile(r"PSNativeCommandUseErrorActionPreference|Set-StrictMode", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[|;&(){}<>`^%]|\$(?!env:\w)|\$env:\w+\s*=|LASTEXITCODE|ERRORLEVEL", re.IGNORECASE)
_NOT_A_PROGRAM = re.compile(
    r"\s*(?:if|else|elseif|for|foreach|while|do|try|catch|throw|exit|return|function|call|goto)\b"
)


@frozen(eq=False)
class _Ran:
    """A program that a script runs."""

    command: Command
    offset: int
    last: bool
    """Whether its status is the script's."""


def gates(readable: list[Workflow], workflows: Workflows, contents: Mapping[str, object]) -> Iterator[Gate]:
    """Every judge of a plain script for one of these shells.

    Args:
        readable: Every workflow that can be read.
        workflows: All workflow files, for what calls what.
        contents: Path to bytes of the repository's own programs.
    """
    for workflow in readable:
        for job in workflow.jobs:
            for step in job.steps:
                shell = _SHELLS.get(shell_of(workflow, job, step).name)
                named = text(step.name) if step.name is not None else ""
                if shell is not None and step.run is not None and not NOT_MEANT.search(named) and not step.origin:
                    yield from _judged(Site(workflow, job, step, contents), step.run, shell, workflows)


def _judged(site: Site, run: Scalar, shell: str, workflows: Workflows) -> Iterator[Gate]:
    everything = _programs(text(run))
    unsure = shell == "cmd" and not all(one.last for one in everything)
    found = [one for one in everything if judging(one.command) is not None]
    verdict = chance(site, workflows) if found else None
    for one in found:
        shown = words(one.command)
        line, column = run.place(one.offset)
        named = site.step.name
        title = " ".join(text(named).split()) if named is not None else shown
        gate = Gate(
            family="judge",
            subject=f"{site.workflow.path}:{site.job.id}:{title}:{shown}",
            state=State.ALIVE,
            why=f"where `{shown}` fails, the step does",
            location=Location(path=site.workflow.path, line=line, column=column),
        )
        if unsure:
            why = (
                f"whether cmd goes on after `{shown}` fails cannot be told: it does, but not behind another batch file"
            )
            yield replace(gate, state=State.UNTOLD, why=why, reason=Reason.DYNAMIC)
        elif verdict is not None:
            yield _held_to(as_it_counts(gate, verdict, site.workflow.path, title), one, shown, shell)


def _held_to(gate: Gate, one: _Ran, shown: str, shell: str) -> Gate:
    if one.last or gate.state is not State.ALIVE:
        return gate
    why = f"{shell} goes on after `{shown}` fails, and the script ends with the status of what comes last"
    fix = Fix(text="give it a step of its own, or write `shell: bash`")
    return replace(gate, state=State.DEAD, why=why, fix=fix)


def _programs(source: str) -> list[_Ran]:
    """Every program that a plain script runs; none where it is not plain."""
    found: list[tuple[Command, int]] = []
    offset, succeeds = 0, False
    if _TURNS_ON.search(source):
        return []
    for line in source.split("\n"):
        if succeeds and not _COMMENT.fullmatch(line):
            return []
        if _SUCCEEDS.fullmatch(line):
            succeeds = True
        elif not any(one.fullmatch(line) for one in (_COMMENT, _CMDLET, _ASSIGNS)):
            command = _program(line)
            if command is None:
                return []
            found.append((command, offset + len(line) - len(line.lstrip())))
        offset += len(line) + 1
    last = len(found) - 1
    return [_Ran(command, at, index == last and not succeeds) for index, (command, at) in enumerate(found)]


def _program(line: str) -> Command | None:
    """The one program that a line runs; None where it is anything more."""
    if _NOT_PLAIN.search(line) or _NOT_A_PROGRAM.match(line):
        return None
    script = read(line.strip().replace("\\", "/"))
    if not isinstance(script, Script) or script.damaged or len(script.commands) != 1:
        return None
    return script.commands[0]
