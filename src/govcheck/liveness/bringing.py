"""Whether what comes before a step may have brought or made files that nobody tracks."""

import re

from govcheck.actions.own_programs import called
from govcheck.actions.programs import program_of
from govcheck.actions.shell import Script, read
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Scalar
from govcheck.liveness.executions import Execution
from govcheck.liveness.judging_programs import judging

_BRINGS_NOTHING = re.compile(r"actions/(?:checkout|setup-[\w-]+)@", re.IGNORECASE)
_INSTALLERS = frozenset({"npm", "pnpm", "yarn", "pip", "pip3", "poetry", "uv"})
_MAKES_LOCK = re.compile(
    r"package-lock|npm-shrinkwrap|npm (?:i|install)\b|yarn\.lock|pnpm-lock|download-artifact|lockfile", re.IGNORECASE
)
_MAKES = re.compile(r">|\s-[oO]\b|\b(?:cp|mv|tee|tar|unzip|ln)\b")
_MOVES = re.compile(r"\bgit (?:clone|checkout|switch)\b|\bcd\b|\bpushd\b")


def may_make(execution: Execution) -> bool:
    """Whether something before may bring or make files of which nobody speaks."""
    for step in execution.job.steps[: execution.step.index]:
        if step.uses is not None and not _BRINGS_NOTHING.match(text(step.uses)):
            return True
        if foreign_checkout(step) or (
            step.run is not None and not _is_known_to_make_nothing(execution, text(step.run))
        ):
            return True
    source = execution.source
    return _MOVES.search(source) is not None or any(map(source.__contains__, ("configure", "cmake", "Makefile")))


def _is_known_to_make_nothing(execution: Execution, source: str) -> bool:
    """Whether a script only prints, installs, judges, or runs files that are not there."""
    script = read(source)
    if not isinstance(script, Script) or script.damaged:
        return False
    for command in script.commands:
        program = program_of(command)
        words = [word for word in program.texts() if word and not word.startswith("-")]
        installs = program.name in _INSTALLERS and (not words or words[0] in {"install", "ci", "i", "sync", "audit"})
        if program.name in {"echo", "set", "true"} or installs or judging(command) is not None:
            continue
        paths = [one.path for one in called(program, execution.checkout.folder or "", guess=False) if not one.script]
        if not paths or any(path in execution.checkout.tracked for path in paths):
            return False
    return True


def made(job: Job, index: int) -> bool:
    """Whether a step before may make the lock file."""
    for step in job.steps[:index]:
        said = " ".join(text(node) for node in (step.run, step.uses) if node is not None)
        if _MAKES_LOCK.search(said) or foreign_checkout(step):
            return True
    return False


def made_by_others(execution: Execution, path: str) -> bool:
    """Whether a step before may make the file: it is named, or something is unpacked or checked out."""
    name = path.rpartition("/")[2]
    for step in execution.job.steps[: execution.step.index + 1]:
        if foreign_checkout(step) or (step.uses is not None and "download-artifact" in text(step.uses)):
            return True
        source = text(step.run) if step.run is not None else ""
        if step.index != execution.step.index and name in source:
            return True
        if any(name in line and _MAKES.search(line) for line in source.split("\n")) or _MOVES.search(source):
            return True
    return False


def foreign_checkout(step: Step) -> bool:
    """Whether a step checks out something else than what the workflow is run on, or to another place."""
    return (
        step.uses is not None
        and "checkout" in text(step.uses)
        and any(_with(step, key) for key in ("repository", "ref", "path"))
    )


def _with(step: Step, key: str) -> bool:
    node = step.with_.get(key) if step.with_ is not None else None
    return isinstance(node, Scalar) and bool(text(node))
