"""Whether anybody heeds the failure of a step, or of a command in its script.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference
"""

import re

from govcheck.actions.programs import Program, Shell
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Step, text

_OPTIONS = re.compile(r"-[a-z]*e[a-z]*")
_NO_OPTIONS = re.compile(r"\+[a-z]*e[a-z]*")


def unheeded_step(step: Step) -> str:
    """Why a failure of the step does not fail its job, in words; empty where it does."""
    goes_on = step.continue_on_error
    if goes_on is not None and text(goes_on) != "false":
        return f"its step has `continue-on-error: {text(goes_on)}`"
    return ""


def unheeded_command(program: Program, script: Script, shell: Shell) -> str:
    """Why a failure of the command does not fail its step, in words; empty where it does."""
    ends = program.command.ends
    if ends == "no":
        return "its failure is not heeded (as in `|| true`)"
    errexit, pipefail = shell.errexit, shell.pipefail
    for other in script.commands:
        if other.offset >= program.command.offset:
            break
        if other.name == "set":
            words = [word.literal or "" for word in other.arguments]
            errexit = (errexit or _switched(words, _OPTIONS, "-o", "errexit")) and not _switched(
                words, _NO_OPTIONS, "+o", "errexit"
            )
            pipefail = (pipefail or "pipefail" in words) and not ("+o" in words and "pipefail" in words)
    if ends == "pipefail" and not (pipefail and errexit):
        return "it stands in a pipe, whose end hides its failure"
    if ends == "errexit" and not errexit:
        return "the script goes on after its failure"
    return ""


def _switched(words: list[str], flags: re.Pattern[str], option: str, name: str) -> bool:
    return any(map(flags.fullmatch, words)) or (option in words and name in words)
