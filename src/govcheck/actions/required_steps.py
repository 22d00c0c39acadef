"""Where a workflow has a step that somebody asks for: in its own jobs, and in those of the workflows that it calls.

A step counts where some run reaches it and its failure is heeded. What an action does inside is not read.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from govcheck.actions import calls
from govcheck.actions.commands import Wanted, runs
from govcheck.actions.explaining import Explanation
from govcheck.actions.heeding import unheeded_command, unheeded_step
from govcheck.actions.programs import Program, programs, shell_of
from govcheck.actions.required_triggers import on
from govcheck.actions.shell import Script, read
from govcheck.actions.switches import Switch, job_switch, step_switch
from govcheck.actions.workflow import FOLDER, Job, Step, Workflow, location, text
from govcheck.actions.workflow import read as read_workflow
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Location, Reason
from govcheck.paths import display
from govcheck.records import field, frozen, mutable

_MOST_ELSEWHERE = 3


@frozen(kw_only=True)
class Occurrence:
    """One place that has the step."""

    place: Location
    absent: str = ""
    """Why it counts for nothing, in words; empty where it counts."""

    doubt: str = ""
    """Why nobody can tell whether it counts."""


@frozen(kw_only=True)
class Blind:
    """A place that may have the step and was not read."""

    reason: Reason
    message: str
    place: Location


@mutable
class Search:
    """Looks for one step."""

    workflows: Workflows
    uses: str
    """The action or reusable workflow, without its version, in lower case; empty for a command."""

    command: Wanted | None
    found: list[Occurrence] = field(default_factory=list)
    blind: list[Blind] = field(default_factory=list)

    def look(self, workflow: Workflow, events: Sequence[str], *, every: bool) -> None:
        """Looks through a workflow.

        Args:
            workflow: The workflow that the events start.
            events: At least one.
            every: Whether the step has to be reached after each of the events, or after one of them.
        """
        self._workflow(workflow, events, "", calls.DEEPEST, every=every)

    @property
    def counts(self) -> bool:
        """Whether there is one that counts."""
        return any(not one.absent and not one.doubt for one in self.found)

    def unsure(self, name: str, workflow: Workflow) -> Blind | None:
        """Why nobody can tell whether the workflow has the step; None where it certainly has, or has not."""
        doubtful = next((one for one in self.found if not one.absent), None)
        if self.counts or (doubtful is None and not self.blind):
            return None
        if doubtful is not None:
            message = f"`{name}` is there, and nobody can tell whether it counts: {doubtful.doubt}"
            return Blind(reason=Reason.DYNAMIC, message=message, place=doubtful.place)
        blind = self.blind[0]
        message = f"no step of {_file(workflow)} that was read is `{name}`, and {blind.message}"
        return Blind(reason=blind.reason, message=message, place=blind.place)

    def explanation(self, name: str, workflow: Workflow) -> Explanation:
        """Why the workflow has no such step that counts."""
        if self.found:
            first = self.found[0]
            rest = (Evidence(text=f"counts for nothing here: {one.absent}", location=one.place) for one in self.found)
            return Explanation(
                message=f"`{name}` in {_file(workflow)} counts as absent: {first.absent}",
                location=first.place,
                fix="let it run, and let its failure fail the job",
                evidence=tuple(rest)[1:],
            )
        does, key = ("uses", "uses") if self.uses else ("runs", "run")
        others = (Evidence(text=f"another workflow {does} it", location=one) for one in self._elsewhere(workflow))
        return Explanation(
            message=f"no step of {_file(workflow)} {does} `{name}`",
            location=location(workflow.path, workflow.jobs[0].key if workflow.jobs else on(workflow)),
            fix=f"add the step `- {key}: {name}` to a job of {_file(workflow)}",
            evidence=tuple(islice(others, _MOST_ELSEWHERE)),
        )

    def _elsewhere(self, workflow: Workflow) -> Iterator[Location]:
        """The places in other files that have the step."""
        for file in self.workflows.files:
            hint = None if self.command is None else self.command.hint
            hinted = any(self.uses in one.casefold() if hint is None else hint in one for one in file.texts)
            if hinted and file.path != workflow.path and isinstance(file.document, Mapping):
                other, there = Search(self.workflows, self.uses, self.command), read_workflow(file)
                other.look(there, [trigger.event for trigger in there.triggers], every=False)
                yield from (one.place for one in other.found if not one.absent and one.place.path == file.path)

    def _workflow(self, workflow: Workflow, events: Sequence[str], absent: str, deeper: int, *, every: bool) -> None:
        for job in workflow.jobs:
            off, doubt = _switched([job_switch(workflow, job, event) for event in events], events, every=every)
            because = absent or off or _goes_on(job.continue_on_error, "job")
            if job.uses is not None:
                self._call(workflow, job, job.uses, because or doubt)
                path = calls.local_path(text(job.uses))
                called = self._called(path) if path is not None and deeper else None
                if called is not None:
                    self._workflow(called, events, because, deeper - 1, every=every)
            for step in job.steps:
                step_off, step_doubt = _switched([step_switch(job, step, one) for one in events], events, every=every)
                self._step(workflow, job, step, because or step_off, doubt or step_doubt)

    def _call(self, workflow: Workflow, job: Job, uses: Scalar, absent: str) -> None:
        name, place = text(uses), location(workflow.path, uses)
        path = calls.local_path(name)
        if self.uses and _bare(name) == self.uses:
            self.found.append(Occurrence(place=place, absent=absent))
        elif path is None:
            message = f"job {job.id} calls {name}, another repository's workflow, which is not at hand"
            self.blind.append(Blind(reason=Reason.DYNAMIC, message=message, place=place))
        else:
            for file in self.workflows.files:
                if file.path == path and isinstance(file.document, Unreadable) and file.document.reason is not None:
                    message = f"job {job.id} calls {name}, which cannot be read: {file.document.message}"
                    self.blind.append(Blind(reason=file.document.reason, message=message, place=place))

    def _called(self, path: str) -> Workflow | None:
        found = next((file for file in self.workflows.files if file.path == path), None)
        return read_workflow(found) if found is not None and isinstance(found.document, Mapping) else None

    def _step(self, workflow: Workflow, job: Job, step: Step, absent: str, doubt: str) -> None:
        absent = absent or _goes_on(step.continue_on_error, "step")
        if _is_dynamic(step.continue_on_error):
            doubt = doubt or f"{unheeded_step(step)}, which only a run can tell"
        if step.uses is not None:
            self._action(workflow, step.uses, absent, doubt)
        elif step.run is not None and self.command is not None and self.command.hint in text(step.run):
            self._script(workflow, job, step, absent, doubt)

    def _action(self, workflow: Workflow, uses: Scalar, absent: str, doubt: str) -> None:
        name, place = text(uses), location(workflow.path, uses)
        if self.uses and _bare(name) == self.uses:
            self.found.append(Occurrence(place=place, absent=absent, doubt=doubt))
        elif name.startswith(("./", "$/")) and not absent:
            message = f"it may be in {name}, an action of this repository, which is not read"
            self.blind.append(Blind(reason=Reason.DYNAMIC, message=message, place=place))

    def _script(self, workflow: Workflow, job: Job, step: Step, absent: str, doubt: str) -> None:
        run, asked = step.run, self.command
        if run is None or asked is None:
            return
        shell = shell_of(workflow, job, step)
        script = read(text(run)) if shell.posix else None
        if isinstance(script, Script):
            folder = _folder(workflow, job, step)
            ran = [one for one in programs(script) if runs(one, asked, script, folder)]
            for program in ran:
                line, column = run.place(program.command.offset)
                place = Location(path=workflow.path, line=line, column=column)
                captured = _is_captured(program, script)
                unheeded = "" if captured else unheeded_command(program, script, shell)
                caught = "its output is put into a variable, so that its failure may be heeded or not"
                self.found.append(
                    Occurrence(place=place, absent=absent or unheeded, doubt=doubt or (caught if captured else ""))
                )
            if ran or not script.damaged:
                return
        why = "cannot be read wholly" if shell.posix else f"is for {shell.name or 'a shell that an expression names'}"
        message = f"`{asked.hint}` stands in a script that {why}"
        self.blind.append(Blind(reason=Reason.UNPARSEABLE, message=message, place=location(workflow.path, run)))


def _switched(switches: Sequence[Switch | None], events: Sequence[str], *, every: bool) -> tuple[str, str]:
    """Why a job or step is off, and why nobody can tell; over all events."""
    off = [(event, one) for event, one in zip(events, switches, strict=True) if one is not None and not one.doubt]
    if off and (every or len(off) == len(events)):
        event, one = off[0]
        always = not every
        return f"{one.shown} of job {one.job} " + ("is never met" if always else f"is never met on `{event}`"), ""
    doubtful = [one for one in switches if one is not None and one.doubt]
    if doubtful and (every or all(one is not None for one in switches)):
        one = doubtful[0]
        return "", f"{one.shown} of job {one.job} depends on {one.doubt}, which the files do not tell"
    return "", ""


def _goes_on(written: Scalar | None, what: str) -> str:
    """`continue-on-error: true`, in words."""
    return f"its {what} has `continue-on-error: true`" if written is not None and text(written) == "true" else ""


def _is_dynamic(written: Scalar | None) -> bool:
    return written is not None and "${{" in text(written)


def _is_captured(program: Program, script: Script) -> bool:
    """Whether the program stands in `name=$(program)`, whose failure is that of the whole line."""
    offset = program.command.offset
    parts = (part for words in script.assignments.values() for word in words for part in word.parts)
    return any(part.kind == "dynamic" and part.offset <= offset < part.offset + len(part.text) for part in parts)


def _folder(workflow: Workflow, job: Job, step: Step) -> str:
    """The step's working directory: its own, or the default of its job or workflow; empty for the root."""
    if step.working_directory is not None:
        return text(step.working_directory)
    document = workflow.file.document
    for node in (job.node, document):
        found: Node | None = node if isinstance(node, Mapping) else None
        for key in ("defaults", "run", "working-directory"):
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, Scalar) and found.value is not None:
            return text(found)
    return ""


def _file(workflow: Workflow) -> str:
    return display(workflow.path.removeprefix(FOLDER))


def _bare(uses: str) -> str:
    return uses.partition("@")[0].strip().casefold()
