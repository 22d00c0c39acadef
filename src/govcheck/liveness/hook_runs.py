"""Who runs a repository's hooks: its workflows, or only those who installed them.

Sources: https://pre-commit.com/#usage-in-continuous-integration, https://pre-commit.ci and https://prek.j178.dev
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

from govcheck.actions.idle_jobs import always_skipped
from govcheck.actions.own_programs import Called, called_by, called_by_script, folder_of
from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.steps import scalar_at
from govcheck.actions.workflow import Job, Step, Workflow, location, read, text
from govcheck.facts import Missing
from govcheck.facts.document import Node
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Location
from govcheck.records import frozen

_ACTIONS = re.compile(
    r"pre-commit/action@|j178/prek-action@|pre-commit-ci/lite-action@|pre-commit\.ya?ml@", re.IGNORECASE
)
_RUN = re.compile(rb"\b(?:pre-commit|prek)\s+run\b")
_TASKS = {
    "GNUmakefile": ("make", "gmake"),
    "Makefile": ("make", "gmake"),
    "makefile": ("make", "gmake"),
    "justfile": ("just",),
    "Justfile": ("just",),
    "Taskfile.yml": ("task",),
    "tox.ini": ("tox",),
    "noxfile.py": ("nox",),
    "pyproject.toml": ("tox", "hatch", "poe", "pdm", "pixi", "nox"),
}
"""Files that define tasks, and the programs that run them."""

_FLAGS = frozenset({"-a", "--all-files", "-v", "--verbose", "--show-diff-on-failure", "--fail-fast", "--no-progress"})
"""Options of `pre-commit run` that take no value: https://pre-commit.com/#pre-commit-run."""

_SELECTS = frozenset({"-a", "--all-files", "--files", "-s", "--source", "--from-ref", "-o", "--origin", "--to-ref"})
"""Options of `pre-commit run` that say what it looks at: https://pre-commit.com/#pre-commit-run."""

_MAY_STAGE = re.compile(r"\bgit\s(?:[^\n;&|]*\s)?(?:add|rm|mv|apply|merge|cherry-pick|stash|reset|checkout|restore)\b")
_DEEPEST = 6


@frozen
class Run:
    """A place in a workflow that runs hooks."""

    workflow: Workflow
    job: Job
    node: Node
    stage: str
    """The stage whose hooks it runs."""

    stops: bool
    """Whether its failure fails the job, as far as its step says."""

    whole: bool = True
    """Whether it runs all hooks of the stage, and not one that it names."""

    idle: bool = False
    """Whether it looks at what is staged, while nothing is in a fresh checkout."""

    skips: frozenset[str] = frozenset()
    """The hooks that `SKIP` takes out: https://pre-commit.com/#temporarily-disabling-hooks."""

    @property
    def location(self) -> Location:
        """Where it stands."""
        return location(self.workflow.path, self.node)


def steps(workflows: Workflows) -> Iterator[tuple[Workflow, Job, Step]]:
    """Every step of every workflow that can be read."""
    for file in workflows.files:
        if not isinstance(file.document, Unreadable):
            workflow = read(file)
            yield from ((workflow, job, step) for job in workflow.jobs for step in job.steps)


def runs(workflows: Workflows, programs_: OwnPrograms, names: frozenset[str]) -> Iterator[Run]:
    """Every place that runs hooks by a hook manager of these names (`pre-commit`, `prek`, `lefthook`)."""
    for workflow, job, step in steps(workflows):
        if always_skipped(workflow, job) is not None:
            continue
        if step.uses is not None and "pre-commit" in names and _ACTIONS.search(text(step.uses)):
            idle = _looks_at_staged(_arguments(step)) and "pre-commit/action" in text(step.uses) and not _stages(job)
            skips = _skipped(workflow, job, step)
            heard = not _ignored(step, job)
            yield Run(workflow, job, step.uses, _stage(_arguments(step)), heard, idle=idle, skips=skips)
        yield from _of_script(workflow, job, step, programs_, names)
    for file in workflows.files:
        for job in read(file).jobs:
            called_ = job.uses is not None and "pre-commit" in names and always_skipped(read(file), job) is None
            if called_ and job.uses is not None and _ACTIONS.search(text(job.uses)):
                yield Run(read(file), job, job.uses, "pre-commit", stops=True)


def reached(
    workflow: Workflow, job: Job, step: Step, programs_: OwnPrograms
) -> Iterator[tuple[Called, Program, bytes | None]]:
    """Every file and npm script that a step runs, also through one another; with the program that the step calls."""
    script = script_of(step, shell_of(workflow, job, step)) if programs_.contents else None
    if not isinstance(script, Script):
        return
    seen: set[Called] = set()
    waiting = list(called_by_script(script, folder_of(workflow, job, step)))
    for _ in range(_DEEPEST):
        fresh = [(one, program) for one, program in waiting if one not in seen and one.path in programs_.contents]
        seen.update(one for one, _program in fresh)
        waiting = []
        for one, program in fresh:
            content = programs_.contents[one.path]
            known = content if isinstance(content, bytes) else None
            yield one, program, known
            waiting += [(next_, program) for next_ in called_by(one, known)] if known is not None else []


def _of_script(
    workflow: Workflow, job: Job, step: Step, programs_: OwnPrograms, names: frozenset[str]
) -> Iterator[Run]:
    script = script_of(step, shell_of(workflow, job, step))
    if not isinstance(script, Script) or step.run is None:
        return
    stops = not _ignored(step, job)
    for program in programs(script):
        words = [word for word in program.texts() if word and not word.startswith("-")]
        if program.name in names and words[:1] == ["run"]:
            stage = words[1] if program.name == "lefthook" and len(words) > 1 else _stage(program.texts())
            whole = not _names_a_hook(program, program.texts())
            staged = whole and stage == "pre-commit" and program.name != "lefthook"
            yield Run(
                workflow,
                job,
                step.run,
                stage,
                stops and program.command.ends != "no",
                whole,
                idle=staged and _looks_at_staged(program.texts()) and not _stages(job),
                skips=_skipped(workflow, job, step),
            )
    for one, _, content in reached(workflow, job, step, programs_):
        if content is not None and not one.script and "pre-commit" in names and _RUN.search(content):
            yield Run(workflow, job, step.run, "pre-commit", stops)


def _names_a_hook(program: Program, texts: list[str]) -> bool:
    """Whether it names a hook: `pre-commit run black --all-files` says nothing of the others."""
    if program.name == "lefthook":
        return False
    value = False
    for word in texts[texts.index("run") + 1 :]:
        if word == "--files":  # everything after it is a file
            return False
        if word.startswith("-"):
            value = word not in _FLAGS and "=" not in word
        elif value:
            value = False
        else:
            return True
    return False


def _looks_at_staged(words: list[str]) -> bool:
    """Whether `pre-commit run` with these words looks at the index, and not at files or commits that are named."""
    return bool(words) and not any(word.partition("=")[0] in _SELECTS or not word for word in words)


def _skipped(workflow: Workflow, job: Job, step: Step) -> frozenset[str]:
    """The names in the variable `SKIP`, as far as they are written."""
    given = (scalar_at(env, "SKIP") for env in (step.env, job.env, workflow.env) if env is not None)
    value = next((one for one in given if one is not None), None)
    return frozenset(text(value).replace(" ", "").split(",")) if value is not None else frozenset()


def _stages(job: Job) -> bool:
    """Whether a step of the job may stage something."""
    said = [text(step.run) for step in job.steps if step.run is not None]
    return any(_MAY_STAGE.search(one) for one in said)


def _stage(words: list[str]) -> str:
    for index, word in enumerate(words):
        if word.startswith("--hook-stage="):
            return word.partition("=")[2]
        if word in {"--hook-stage", "--stage"} and index + 1 < len(words):
            return words[index + 1]
    return "pre-commit"


def _ignored(step: Step, job: Job) -> bool:
    nodes = (step.continue_on_error, job.continue_on_error)
    return any(node is not None and node.value is True for node in nodes)


def _arguments(step: Step) -> list[str]:
    """The words that pre-commit's own action passes on."""
    value = scalar_at(step.with_, "extra_args") if step.with_ is not None else None
    return text(value).split() if value is not None else []


def indirectly(workflows: Workflows, contents: MappingOf[str, bytes | Missing]) -> str | None:
    """A task file that runs the hooks, where a workflow runs its program: `make`, `tox`, `nox`, ...; its path."""
    telling = [path for path in _TASKS if isinstance(data := contents.get(path), bytes) and _RUN.search(data)]
    if not telling:
        return None
    wanted = {name: path for path in telling for name in _TASKS[path]}
    for workflow, job, step in steps(workflows):
        script = script_of(step, shell_of(workflow, job, step))
        for program in programs(script) if isinstance(script, Script) else ():
            if program.name in wanted:
                return wanted[program.name]
    return None
