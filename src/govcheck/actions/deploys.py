"""The steps of a job that deploy something."""

import re
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions import deploy_table as table
from govcheck.actions.programs import Program, programs, shell_of
from govcheck.actions.shell import Command, Script, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.records import frozen

_LOOKS = re.compile(
    r"(?<![\w./-])("
    + "|".join(name for name in table.COMMANDS if name not in {"git", "now", "cap", "render", "docker"})
    + r")\s"
)
_WORD = re.compile(r"[\w.-]+")


@frozen(kw_only=True)
class Deploy:
    """One thing that deploys."""

    by: str
    """What deploys, for people: `flyctl deploy`, `amondnet/vercel-action`."""

    step: Step | None
    """None for a job that calls a reusable workflow of another repository."""

    command: Command | None = None
    """In the step's script."""

    line: int
    column: int
    unclear: str = ""
    """Why nobody can tell whether it deploys at all; empty where it does."""


@lru_cache(maxsize=1024)
def deploys(workflow: Workflow, job: Job) -> tuple[Deploy, ...]:
    """Everything in a job that deploys, in order. Remembered: half a dozen rules ask for it."""
    return tuple(_deploys(workflow, job))


def _deploys(workflow: Workflow, job: Job) -> Iterator[Deploy]:
    if job.uses is not None:
        yield from _called(job.uses)
        return
    for step in job.steps:
        if step.uses is not None:
            yield from _by_action(step, step.uses)
        elif step.run is not None and _hints(text(step.run)):
            yield from _by_script(workflow, job, step, step.run)


def command_text(program: Program) -> str:
    """The words that made a program a deploy, or empty where it is none."""
    texts = program.texts()
    if table.NEVER.intersection(texts):
        return ""
    words = [word for word in texts if word and not word.startswith("-")]
    if program.name in table.COMMANDS:
        return _known_command(program.name, texts, words)
    if program.name in table.TASK_RUNNERS:
        tasks = [word for word in words[:3] if word not in {"run", "run-script"}]
        return f"{program.name} {tasks[0]}" if tasks and table.TASK.fullmatch(tasks[0]) else ""
    if program.name in {"bash", "sh"} and words:
        script = words[0].rpartition("/")[2]
        return f"{program.name} {words[0]}" if table.SCRIPT.fullmatch(script) and script != "deploy" else ""
    called = program.command.words[0].literal or ""
    return called if "/" in called and table.SCRIPT.fullmatch(program.name) else ""


def _known_command(name: str, texts: list[str], words: list[str]) -> str:
    if words and words[0] in table.OTHERWISE.get(name, ()):
        return ""
    if name == "aws" and words[:2] == ["s3", "sync"] and not words[-1].startswith("s3://"):
        return ""
    for phrase in table.COMMANDS[name]:
        wanted = [word for word in phrase.split() if not word.startswith("-")]
        options = [word for word in phrase.split() if word.startswith("-")]
        if not phrase:
            if not words:
                return name
        elif _begins(words, wanted) and all(option in texts for option in options):
            return f"{name} {phrase}"
    return ""


def _begins(words: list[str], wanted: list[str]) -> bool:
    """Whether these words stand in a row among the first; values of global options (`-C dir`) may come before them."""
    return any(words[start : start + len(wanted)] == wanted for start in range(min(3, len(words)) or 1))


def _hints(script: str) -> bool:
    for word in table.HINTS:  # noqa: SIM110 - this looks through every script there is, and a generator takes thrice as long
        if word in script:
            return True
    return False


def _called(uses: Scalar) -> Iterator[Deploy]:
    """A reusable workflow of another repository that is called deploy; those of this one are judged themselves."""
    called = text(uses)
    name = called.partition("@")[0].rpartition("/")[2]
    if not called.startswith("./") and "deploy" in name.casefold():
        yield Deploy(by=called, step=None, line=uses.line, column=uses.column)


def _by_action(step: Step, uses: Scalar) -> Iterator[Deploy]:
    name = text(uses).partition("@")[0].strip()
    wanted = table.ACTIONS.get(name.casefold())
    if wanted is None:
        return
    said = "" if step.with_ is None else " ".join(_said(step, key) for key in ("args", "command")).strip()
    if re.search(wanted, said):
        yield Deploy(by=name, step=step, line=uses.line, column=uses.column)


def _said(step: Step, key: str) -> str:
    node = step.with_.get(key) if step.with_ is not None else None
    return text(node) if isinstance(node, Scalar) else ""


def _by_script(workflow: Workflow, job: Job, step: Step, run: Scalar) -> Iterator[Deploy]:
    shell = shell_of(workflow, job, step)
    if not shell.posix and shell.name not in {"pwsh", "powershell", "cmd", ""}:
        return
    script = read(text(run))
    found = False
    for program in programs(script) if isinstance(script, Script) else ():
        by = command_text(program)
        if by and not (program.name in table.CLUSTER_PROGRAMS and _has_a_cluster(job)):
            found = True
            line, column = run.place(program.command.offset)
            yield Deploy(by=by, step=step, command=program.command, line=line, column=column)
    if not found and (not isinstance(script, Script) or script.damaged) and _looks_like_a_deploy(text(run)):
        why = "the script cannot be read wholly" if isinstance(script, Script) else script.message
        unclear = f"{why}, and it has words in it that deploy"
        yield Deploy(by="the script", step=step, line=run.line, column=run.column, unclear=unclear)


@lru_cache(maxsize=256)
def _has_a_cluster(job: Job) -> bool:
    """Whether the job makes a cluster of its own."""
    said = (text(node) for step in job.steps for node in (step.run, step.uses) if node is not None)
    return any(map(table.LOCAL_CLUSTER.search, said))


def _looks_like_a_deploy(source: str) -> bool:
    for match in _LOOKS.finditer(source):
        words = _WORD.findall(source[match.end() : match.end() + 200].partition("\n")[0])
        if any(phrase and _begins(words, phrase.split()) for phrase in table.COMMANDS[match[1]]):
            return True
    return False
