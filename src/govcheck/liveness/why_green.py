"""Why a command that judges never fails because of what it finds: by its options, or by what stands around it."""

import re
from functools import partial

from govcheck.actions.own_programs import TASK_FILES
from govcheck.actions.programs import Program
from govcheck.actions.shell import Command
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.green_options import always_green
from govcheck.liveness.judging_programs import inline, is_detached, judging, shells
from govcheck.liveness.left_out import left_out
from govcheck.liveness.makefiles import makefile, never_fails, targets_of
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from govcheck.liveness.shell_options import shell_options
from govcheck.liveness.task_files import ignored_task

_WAITS = re.compile(r"\b(?:docker|podman)\s+(?:compose\s+)?(?:wait|inspect|attach|logs)\b")
CONFIGURES = re.compile(r"TRIVY_EXIT_CODE|(?:^|/)trivy\.ya?ml$")
"""What may give a judge other options than its command does."""


def green(execution: Execution, ran: Ran, command: Command) -> str:
    """Why a command that judges never fails because of what it finds: a clause; empty where it may."""
    program = judging(command)
    if program is None:
        return ""
    return (
        always_green(program, configured=partial(_is_configured, execution))
        or _wrapped(ran, command)
        or left_out(execution, ran, program)
        or (_ignored(execution, program) if ran.called is None else "")
    )


def _wrapped(ran: Ran, command: Command) -> str:
    """Why what runs it in a shell or a container of its own eats its failure."""
    for shell in shells(command):
        if is_detached(shell) and not _WAITS.search(ran.source):
            return f"`{shell.name}` leaves it in the background, and nobody waits for how it ends"
        if inline(shell) is None:
            continue
        options = shell_options(shell.texts())
        known = options.settings
        found = exits(
            inline(shell) or "",
            errexit=known.get("errexit", False) if options.known else None,
            pipefail=known.get("pipefail", False) if options.known else None,
            surroundings=Surroundings(),
        )
        if not found.judging and not found.untold:
            return f"the script of `{shell.name} -c` ends as a success whatever it finds"
    return ""


def _is_configured(execution: Execution) -> bool:
    return any(CONFIGURES.search(one) for one in (execution.workflow.file.text, *execution.checkout.tracked))


def _ignored(execution: Execution, program: Program) -> str:
    """Why a target of make, or another task, never fails."""
    if program.name in TASK_FILES and execution.checkout.folder is not None and execution.checkout.is_own:
        why = ignored_task(program, execution.checkout.folder, execution.checkout.contents)
        return f"{program.name} goes on whatever becomes of {why}" if why and program.name == "tox" else why
    told = targets_of(program, execution.checkout.folder or "")
    if told is None or execution.checkout.folder is None or not execution.checkout.is_own:
        return ""
    known = makefile(told[0], execution.checkout.contents)
    ignored = [never_fails(known[1], target) for target in told[1]] if known is not None else []
    if known is None or not all(ignored):
        return ""
    line = ignored[0][0]
    where = f"`{line.text}` in line {line.line} of {known[0]}"
    return f"{where} ends as a success whatever it finds" if line.by_itself else f"make ignores how {where} ends"
