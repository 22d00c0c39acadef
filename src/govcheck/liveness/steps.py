"""All gates that are jobs or steps of workflows."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.actions.idle_jobs import always_skipped, why_skipped
from govcheck.actions.workflow import Workflow, location, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Fix
from govcheck.liveness import (
    action_judges,
    aggregates,
    comparisons,
    dead_triggers,
    foreign_shells,
    greens,
    judges,
    local_actions,
    outputs,
    promises,
    schedules,
    script_steps,
)
from govcheck.liveness.chances import Chance, Site, Verdict, chance
from govcheck.liveness.counting import as_it_counts
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
    read_ = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    found = {workflow.path: tuple(executions(workflow, contents, tracked)) for workflow in read_}
    likeliest = _likeliest((one for all_ in found.values() for one in all_), workflows)
    for workflow in read_:
        own = found[workflow.path]
        told = (one for one in own if not one.step.origin or likeliest[one.step.origin] is one)
        yield from _of_steps(told, workflows, files, contents)
        yield from _of_jobs(workflow, own, files)
    yield from action_judges.gates(read_, workflows, contents, tracked)
    yield from foreign_shells.gates(read_, workflows, contents)
    yield from script_steps.gates(read_, workflows, contents)
    yield from dead_triggers.gates(read_, tracked, whole=len(read_) == len(workflows.files))


def _of_steps(
    found: Iterable[Execution], workflows: Workflows, files: Files, contents: Mapping[str, object]
) -> Iterator[Gate]:
    for execution in found:
        skipped = always_skipped(execution.workflow, execution.job)
        given = _in_step(execution, files, contents)
        yield from _as_it_runs(execution, workflows, given) if skipped is None else _never_run(execution, given)


def _as_it_runs(execution: Execution, workflows: Workflows, found: Iterable[Gate]) -> Iterator[Gate]:
    """The gates of a step, none of them alive where its failure never counts."""
    for gate in found:
        if gate.state is State.DEAD or gate.family not in _IN_STEPS:
            yield gate
        else:
            verdict = _chance(execution, workflows)
            yield as_it_counts(gate, verdict, execution.workflow.path, execution.title)


def _chance(execution: Execution, workflows: Workflows) -> Verdict:
    site = Site(execution.workflow, execution.job, execution.step, execution.checkout.contents)
    return chance(site, workflows)


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
    promised = tuple(promises.gates(execution))
    yield from (gate for gate in promised if not (compared and gate.family == "promise"))
    if not any(gate.family == "promise" for gate in promised):
        yield from judges.gates(execution)
    yield from greens.gates(execution, files, contents)


def _likeliest(found: Iterable[Execution], workflows: Workflows) -> dict[str, Execution]:
    """By step of an action: the call of it that counts, or else the first. What is wrong there is wrong in all."""
    calls: dict[str, list[Execution]] = {}
    for execution in found:
        if execution.step.origin:
            calls.setdefault(execution.step.origin, []).append(execution)
    return {origin: _first(these, workflows) for origin, these in calls.items()}


def _first(calls: list[Execution], workflows: Workflows) -> Execution:
    if len(calls) == 1:
        return calls[0]
    counting = (one for one in calls if _chance(one, workflows).chance is Chance.COUNTS)
    return next(counting, calls[0])


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
