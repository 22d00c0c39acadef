"""Every context that workflows can report, and how sure it is that they do for every pull request to a branch.

A skipped job reports too, as `skipped`, which counts as success. But a job that is skipped before its matrix, its name
or the workflow that it calls are evaluated reports under another name, so that the expected one stays pending.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from govcheck.actions import calls, reach, scopes
from govcheck.actions.evaluation import Scope
from govcheck.actions.job_names import Name, NamedLeg, base_name, behind, named_legs, nested
from govcheck.actions.matrix import expand
from govcheck.actions.reach import Level, Reach
from govcheck.actions.running import Running
from govcheck.actions.values import Object, Unknown
from govcheck.actions.workflow import Job, Trigger, Workflow, read, text
from govcheck.facts.document import Node
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.records import field, frozen, mutable, replace

MOST_LEGS = 20_000
"""How many jobs are followed at most, over all workflows: a file can call others in every leg of a matrix."""

Moment = Literal["pull-request", "merge-queue", "push"]
"""When something is to report: for every pull request, every entry of a merge queue, every push to the branch."""


@frozen(kw_only=True)
class Reported:
    """One context of one job."""

    name: Name
    workflow: Workflow
    """The workflow that an event starts."""

    job: Job
    """The job that reports: of a called workflow, where there are `callers`."""

    path: str
    """The file that `job` stands in."""

    callers: tuple[Job, ...]
    """The jobs that call, outermost first."""

    event: str
    reach: Reach
    runs: bool | Unknown
    """Whether it runs when nothing fails, as opposed to being skipped."""

    remote: str | None = None
    """The called workflow of another repository, which decides how the name goes on."""

    unread: str | None = None
    """The called workflow of this repository that cannot be read."""

    @property
    def outermost(self) -> Job:
        """The job of the workflow that an event starts."""
        return self.callers[0] if self.callers else self.job


@frozen(eq=False)
class Broken:
    """A workflow that GitHub refuses to start, for what another file is."""

    path: str
    node: Node
    message: str


@frozen(eq=False)
class Contexts:
    """Everything that a set of workflow files can report."""

    reported: tuple[Reported, ...]
    broken: tuple[Broken, ...]
    complete: bool
    """False where there were more jobs than are followed."""


@lru_cache(maxsize=32)
def derive(workflows: Workflows, branch: str | None, moment: Moment = "pull-request") -> Contexts:
    """All contexts, in the order of the files.

    Args:
        workflows: All workflow files.
        branch: The branch that all this is about; None for the default branch where its name is not known.
        moment: When it is to report.
    """
    deriver = _Deriver({file.path: file for file in workflows.files}, branch, moment)
    reported = [one for file in workflows.files for one in deriver.workflow(read(file))]
    return Contexts(tuple(reported), tuple(deriver.broken), deriver.left >= 0)


class _RefusedError(Exception):
    """GitHub does not start the workflow."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message


@mutable
class _Deriver:
    files: dict[str, WorkflowFile]
    branch: str | None
    moment: Moment
    broken: list[Broken] = field(default_factory=list)
    left: int = MOST_LEGS

    def workflow(self, workflow: Workflow) -> list[Reported]:
        """What one workflow reports: for each context, by the event that makes it surest."""
        best: dict[Name, list[Reported]] = {}
        try:
            for trigger, reached in self._triggers(workflow):
                found: dict[Name, list[Reported]] = {}
                for one in self._event(workflow, trigger.event, reached):
                    found.setdefault(one.name, []).append(one)
                for name, group in found.items():
                    known = best.get(name)
                    if known is None or group[0].reach.level < known[0].reach.level:
                        best[name] = group
        except _RefusedError as refused:
            self.broken.append(Broken(workflow.path, refused.node, refused.message))
            return []
        return [one for group in best.values() for one in group]

    def _triggers(self, workflow: Workflow) -> list[tuple[Trigger, Reach]]:
        """The events worth looking at: those that report at that moment, or else one that does not."""
        others = [trigger for trigger in workflow.triggers if trigger.event != "workflow_call"]
        judged = [(trigger, self._reach(trigger, workflow.path)) for trigger in others]
        judged.sort(key=lambda pair: (pair[1].level, pair[0].event not in reach.PULL_REQUEST_EVENTS))
        return [pair for pair in judged if pair[1].level < Level.NEVER] or judged[:1]

    def _reach(self, trigger: Trigger, path: str) -> Reach:
        if self.moment == "merge-queue":
            return reach.of_queue(trigger, path)
        if self.moment == "push":
            return reach.of_push(trigger, self.branch, path)
        return reach.of_trigger(trigger, self.branch, path)

    def _scope(self, event: str, inputs: Object | None = None) -> Scope:
        ref = f"refs/heads/{self.branch}" if self.moment == "push" and self.branch is not None else None
        return scopes.scope(event, self.branch, inputs, ref)

    def _event(self, workflow: Workflow, event: str, reached: Reach) -> Iterator[Reported]:
        running = Running(workflow, self._scope(event))
        for job in workflow.jobs:
            first = Reported(
                name="",
                workflow=workflow,
                job=job,
                path=workflow.path,
                callers=(),
                event=event,
                reach=reached,
                runs=True,
            )
            yield from self._job(first, running, prefix=None)

    def _job(self, one: Reported, running: Running, prefix: Name | None) -> Iterator[Reported]:
        """The contexts of one job; `one` carries everything but its name."""
        job = one.job
        scope = running.scope_of(job)
        expansion = expand(job.strategy, scope)
        if expansion is not None or job.uses is not None or base_name(job) is None:
            reached = reach.both(one.reach, running.reach(job))
        else:
            reached = one.reach
        runs = running.runs(job)
        for leg in named_legs(job, expansion, scope):
            self.left -= 1
            if self.left < 0:
                return
            name = leg.name if prefix is None else nested(prefix, leg.name)
            if job.uses is None:
                yield replace(one, name=name, reach=reached, runs=runs)
            else:
                call = replace(one, name=name, reach=reached, runs=runs)
                yield from self._called(call, text(job.uses), leg)

    def _called(self, call: Reported, uses: str, leg: NamedLeg) -> Iterator[Reported]:
        path = calls.local_path(uses)
        place = call.outermost.uses or call.outermost.key
        if path is None:
            suffix = Unknown(expression=f"the jobs of {uses}", constant=True)
            yield replace(call, name=behind(call.name, suffix), remote=uses)
            return
        file = self.files.get(path)
        if file is None:
            raise _RefusedError(place, f"it calls {uses}, which does not exist")
        if isinstance(file.document, Unreadable):
            if file.document.reason is None:
                raise _RefusedError(place, f"it calls {uses}, which GitHub rejects: {file.document.message}")
            suffix = Unknown(expression=f"the jobs of {uses}", constant=True)
            yield replace(call, name=behind(call.name, suffix), unread=path)
            return
        called = read(file)
        if called.trigger("workflow_call") is None:
            raise _RefusedError(place, f"it calls {uses}, which has no `workflow_call` trigger")
        if len(call.callers) + 1 >= calls.DEEPEST:
            raise _RefusedError(place, f"it calls workflows more than {calls.DEEPEST} levels deep")
        outside = self._scope(call.event)
        given = calls.inputs(call.job, called, leg.scope, outside)
        running = Running(called, self._scope(call.event, given))
        for job in called.jobs:
            inner = replace(call, job=job, path=path, callers=(*call.callers, call.job))
            yield from self._job(inner, running, prefix=call.name)
