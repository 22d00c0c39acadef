"""Every scan for secrets that a workflow runs: by an action, a command, or a script that a step runs.

A script is followed as far as `OwnPrograms` has it: files for a shell, and scripts of a `package.json`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from govcheck.actions.calls import local_path
from govcheck.actions.heeding import unheeded_command, unheeded_step
from govcheck.actions.own_programs import Called, called, folder_of, language_of, package_scripts
from govcheck.actions.programs import Program, Shell, programs, shell_of
from govcheck.actions.shell import Script, Word, read
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.actions.workflow import read as read_workflow
from govcheck.facts.document import Scalar
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Location
from govcheck.liveness.scanner_commands import MENTIONED, Invocation, invocation, of_action
from govcheck.liveness.scanner_paths import environment_of
from govcheck.paths import display
from govcheck.records import frozen, replace

_DEEPEST = 6
_LONGEST_TITLE = 80
_LIKELY = re.compile(r"leak|secret|security|trufflehog|\bscan", re.IGNORECASE)
"""Names of workflows and actions that may scan for secrets."""

_COMMAND = re.compile(
    r"^[ \t]*(?:& *)?(?:\S*[/\\])?(gitleaks|betterleaks|trufflehog|ggshield|detect-secrets)(?:\.exe)?[ \t]+[a-z-]",
    re.MULTILINE | re.IGNORECASE,
)
_DAMAGED = "its script cannot be read, or not wholly"
_ENDINGS = {"exit", "return", "false"}


@frozen(kw_only=True, eq=False)
class Scan:
    """One scan, with the step that runs it."""

    workflow: Workflow
    job: Job
    step: Step
    invocation: Invocation
    place: Location
    """Of the command, or of the action."""

    through: tuple[Evidence, ...]
    """The commands that lead there, outermost first; empty where the step itself has it."""

    assignments: Mapping[str, tuple[Word, ...]]
    """Of the script that it stands in."""

    environment: Mapping[str, str]
    folder: str
    unheeded: str
    """Why a failure of it does not fail the step: a clause. Empty where it does."""

    doubt: str
    """Why nobody can tell whether it does: a clause."""

    kept: str
    """Why its failure may be noticed all the same, later on: a clause."""

    @property
    def subject(self) -> str:
        """Its lasting name: file, job and step."""
        return f"{display(self.workflow.path)}:{self.job.id}:{self.title}"

    @property
    def title(self) -> str:
        """The step's name, or else the scanner's."""
        name = " ".join(text(self.step.name).split())[:_LONGEST_TITLE] if self.step.name is not None else ""
        return name or self.invocation.scanner

    @property
    def earlier(self) -> tuple[Step, ...]:
        """The steps before it in its job."""
        return tuple(step for step in self.job.steps if step.index < self.step.index)

    @property
    def later(self) -> tuple[Step, ...]:
        """The steps behind it in its job."""
        return tuple(step for step in self.job.steps if step.index > self.step.index)


def scans(workflows: Workflows, programs_: OwnPrograms) -> Iterator[Scan]:
    """Every scan of every readable workflow, in their order."""
    contents = {path: data for path, data in programs_.contents.items() if isinstance(data, bytes)}
    mention = any(MENTIONED.search(data.decode("utf-8", "replace")) for data in contents.values())
    for file in workflows.files:
        if not isinstance(file.document, Unreadable):
            workflow = read_workflow(file)
            for job in workflow.jobs:
                for step in job.steps:
                    yield from _in_step(workflow, job, step, contents, mention=mention)


def unread(workflows: Workflows, programs_: OwnPrograms) -> Iterator[Evidence]:
    """Where a scan may be that was not read: a clause each."""
    for file in workflows.files:
        if isinstance(file.document, Unreadable):
            if file.document.reason is not None:
                place = Location(path=file.path, line=file.document.line, column=file.document.column)
                yield Evidence(text=f"{display(file.path)} cannot be read", location=place)
            continue
        workflow = read_workflow(file)
        for job in workflow.jobs:
            for node in (job.uses, *(step.uses for step in job.steps)):
                written = text(node) if node is not None else ""
                own = node is job.uses and local_path(written) is not None
                elsewhere = not own and (node is job.uses or written.startswith(("./", "$/")))
                if node is not None and elsewhere and _LIKELY.search(written):
                    yield Evidence(text=f"{written}, which is not read, may do so", location=location(file.path, node))
    for path, data in programs_.contents.items():
        if isinstance(data, bytes) and language_of(path, data) != "shell" and not path.endswith("package.json"):
            match = MENTIONED.search(data.decode("utf-8", "replace"))
            if match is not None:
                yield Evidence(text=f"{display(path)} mentions {match[0]}", location=Location(path=path))


class _Placed(Protocol):
    def __call__(self, offset: int) -> Location: ...


@frozen
class _Text:
    """A script on the way to a scan."""

    script: Script
    shell: Shell
    place: _Placed
    folder: str


def _in_step(
    workflow: Workflow, job: Job, step: Step, contents: Mapping[str, bytes], *, mention: bool
) -> Iterator[Scan]:
    found = of_action(step)
    first = Scan(
        workflow=workflow,
        job=job,
        step=step,
        invocation=Invocation(scanner="", mode="other"),
        place=location(workflow.path, step.uses or step.node),
        through=(),
        assignments={},
        environment=environment_of(workflow, job, step),
        folder=folder_of(workflow, job, step),
        unheeded="" if _is_dynamic(step) else unheeded_step(step),
        doubt=unheeded_step(step) if _is_dynamic(step) else "",
        kept=_looked_at(job, step),
    )
    if found is not None:
        yield replace(first, invocation=found)
    run = step.run
    if run is None or not (mention or MENTIONED.search(text(run))):
        return
    shell = shell_of(workflow, job, step)
    script = read(text(run)) if shell.posix else None
    if not isinstance(script, Script):
        yield from _unreadable(first, run, shell)
        return

    def in_step(offset: int) -> Location:
        line, column = run.place(offset)
        return Location(path=workflow.path, line=line, column=column)

    inner = list(_in_text(_Text(script, shell, in_step, first.folder), first, contents, frozenset()))
    if not script.damaged:
        yield from inner
    elif inner:
        yield from (replace(one, doubt=one.doubt or _DAMAGED) for one in inner)
    else:
        yield from _unreadable(first, run, shell)


def _unreadable(first: Scan, run: Scalar, shell: Shell) -> Iterator[Scan]:
    """What looks like a scan in a script that cannot be read, or not wholly."""
    match = _COMMAND.search(text(run))
    if match is not None:
        line, column = run.place(match.start(1))
        why = _DAMAGED if shell.posix else f"its script is for {shell.name or 'an unknown shell'}"
        yield replace(
            first,
            invocation=Invocation(scanner=match[1].lower(), mode="other"),
            place=Location(path=first.workflow.path, line=line, column=column),
            doubt=why,
        )


def _in_text(at: _Text, outer: Scan, contents: Mapping[str, bytes], seen: frozenset[Called]) -> Iterator[Scan]:
    for program in programs(at.script):
        found = invocation(program)
        inner = [] if found is not None or len(seen) >= _DEEPEST else _known(program, at.folder, contents, seen)
        if found is None and not inner:
            continue
        kept = "a later command of its script may fail it all the same" if _may_fail(program, at.script) else ""
        here = replace(
            outer,
            place=at.place(program.command.offset),
            unheeded=outer.unheeded or unheeded_command(program, at.script, at.shell),
            kept=outer.kept or kept,
            assignments=at.script.assignments,
            folder=at.folder,
        )
        if found is not None:
            yield replace(here, invocation=found)
        else:
            yield from _in_called(inner, here, contents, seen)


def _known(program: Program, folder: str, contents: Mapping[str, bytes], seen: frozenset[Called]) -> list[Called]:
    """What a program may run of the repository's own, likeliest first, as far as that was read and is not open."""
    return [one for one in called(program, folder) if one.path in contents and one not in seen]


def _in_called(
    candidates: list[Called], here: Scan, contents: Mapping[str, bytes], seen: frozenset[Called]
) -> Iterator[Scan]:
    for one in candidates:
        inner = _text_of(one, contents[one.path], here.folder)
        if inner is not None:
            step = Evidence(text=f"`{one.shown}` is run here", location=here.place)
            yield from _in_text(inner, replace(here, through=(*here.through, step)), contents, seen | {one})
            return


def _text_of(one: Called, data: bytes, folder: str) -> _Text | None:
    source = data.decode("utf-8", "replace")
    if one.script:
        written = package_scripts(data).get(one.script)
        script = read(written) if written is not None else None
        key = max(source.find(f'"{one.script}"', max(source.find('"scripts"'), 0)), 0)
        shell = Shell("sh", errexit=False, pipefail=False)
        folder = one.path.rpartition("/")[0]
        start, fixed = key, True
    else:
        script = read(source) if language_of(one.path, data) == "shell" else None
        flags = source.partition("\n")[0] if source.startswith("#!") else ""
        shell = Shell("bash", errexit=" -e" in flags, pipefail=False)
        start, fixed = 0, False
    if not isinstance(script, Script):
        return None

    def in_file(offset: int) -> Location:
        position = start if fixed else offset
        line_start = source.rfind("\n", 0, position) + 1
        return Location(path=one.path, line=source.count("\n", 0, position) + 1, column=position - line_start + 1)

    return _Text(script, shell, in_file, folder)


def _may_fail(program: Program, script: Script) -> bool:
    """Whether something behind a command may end its script as failed: it may have kept what the command said."""
    later = (other for other in script.commands if other.offset > program.command.offset)
    return any(
        other.name in _ENDINGS and (other.name == "false" or (other.arguments and other.arguments[0].literal != "0"))
        for other in later
    )


def _is_dynamic(step: Step) -> bool:
    return step.continue_on_error is not None and "${{" in text(step.continue_on_error)


def _looked_at(job: Job, step: Step) -> str:
    """Whether a later step asks how this one ended."""
    if step.id is None:
        return ""
    asked = f"steps.{text(step.id)}."
    for other in job.steps:
        texts = (node for node in (other.condition, other.run) if isinstance(node, Scalar))
        if other.index > step.index and any(asked in text(node) for node in texts):
            return "a later step asks how it ended"
    return ""
