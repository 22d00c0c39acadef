"""All gates that are jobs or steps of workflows."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.actions.idle_jobs import always_skipped, why_skipped
from govcheck.actions.workflow import Workflow, location, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Fix
from govcheck.liveness import (
    aggregates,
    comparisons,
    greens,
    judges,
    lenient_jobs,
    local_actions,
    outputs,
    promises,
    schedules,
)
from govcheck.liveness.executions import Execution, executions
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.repository_files import Files
from govcheck.records import replace

_IN_STEPS = frozenset({"promise", "judge", "comparison"})
"""Families of gates that are dead where their job never runs; what else is wrong with such a job is no matter."""


def step_gates(
    workflows: Workflows, contents: Mapping[str, object], tracked: Mapping[str, str], ignoring: Mapping[str, object]
) -> Iterator[Gate]:
    """Every gate that is a job or a step.

    Args:
        workflows: All workflow files; what is wrong with those that cannot be read is told elsewhere.
        contents: Path to bytes of the repository's own programs.
        tracked: Every tracked path.
        ignoring: Path to bytes of every `.gitignore`.
    """
    ignored = {path: data.decode("utf-8", "replace") for path, data in ignoring.items() if isinstance(data, bytes)}
    files = Files(tracked=tracked, ignored=ignored)
    told: set[str] = set()
    for file in workflows.files:
        if not isinstance(file.document, Unreadable):
            workflow = read(file)
            found = tuple(executions(workflow, contents, tracked))
            yield from _of_steps(_told_once(found, told), files, contents)
            yield from _of_jobs(workflow, found, files)


def _of_steps(found: Iterable[Execution], files: Files, contents: Mapping[str, object]) -> Iterator[Gate]:
    lenient: set[int] = set()
    for execution in found:
        skipped = always_skipped(execution.workflow, execution.job)
        given = tuple(_in_step(execution, files, contents))
        yield from given if skipped is None else _never_run(execution, given)
        said = lenient_jobs.note(execution.workflow, execution.job, given) if skipped is None else None
        if said is not None and id(execution.job) not in lenient:
            lenient.add(id(execution.job))
            yield said


def _never_run(execution: Execution, found: Iterable[Gate]) -> Iterator[Gate]:
    """The gates of a job that never runs."""
    why = why_skipped(execution.workflow, execution.job)
    written = always_skipped(execution.workflow, execution.job)
    for gate in found:
        if gate.family in _IN_STEPS and written is not None:
            place = Evidence(text="the job is skipped by this", location=location(execution.workflow.path, written))
            fix = Fix(text="take the `if` out, or the job")
            yield replace(gate, state=State.DEAD, why=why, fix=fix, evidence=(place,), severity=None)


def _in_step(execution: Execution, files: Files, contents: Mapping[str, object]) -> Iterator[Gate]:
    compared = tuple(comparisons.gates(execution))
    yield from compared
    yield from (gate for gate in promises.gates(execution) if not (compared and gate.family == "promise"))
    if not promises.promises(execution):
        yield from judges.gates(execution)
    yield from greens.gates(execution, files, contents)


def _told_once(found: tuple[Execution, ...], told: set[str]) -> Iterator[Execution]:
    """Without the steps of an action that was met before: what is wrong with them is wrong wherever it is called."""
    for execution in found:
        if execution.step.origin not in told:
            yield execution
        if execution.step.origin:
            told.add(execution.step.origin)


def _of_jobs(workflow: Workflow, found: tuple[Execution, ...], files: Files) -> Iterator[Gate]:
    by_job: dict[int, tuple[Execution, ...]] = {}
    for execution in found:
        by_job[id(execution.job)] = (*by_job.get(id(execution.job), ()), execution)
    yield from aggregates.gates(workflow, by_job)
    yield from outputs.gates(workflow)
    yield from schedules.gates(workflow)
    for job in workflow.jobs:
        if always_skipped(workflow, job) is None:
            yield from greens.setup_gates(workflow.path, job, files)
            yield from local_actions.gates(workflow, job, files)
