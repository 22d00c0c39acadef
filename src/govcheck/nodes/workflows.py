"""Workflows, jobs and steps as nodes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from govcheck.actions import workflow as actions
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, Workflow, location, read, text
from govcheck.facts.document import Node as YamlNode
from govcheck.facts.document import Scalar, plain
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Location, Reason, Undecided
from govcheck.nodes import shapes
from govcheck.nodes.judging import Node
from govcheck.paths import display


def workflows(found: Workflows) -> Iterator[Node]:
    """Every workflow file that can be read."""
    for workflow in _readable(found):
        node = shapes.Workflow(
            path=display(workflow.path),
            file=_file(workflow),
            name=workflow.title,
            events=_events(workflow),
            jobs=tuple(job.id for job in workflow.jobs),
            permissions=_plain(workflow.permissions),
            env=_object(workflow.env),
            raw=_object(_document(workflow.file)),
        )
        place = Location(path=workflow.path, line=1, column=1)
        yield _node(node, display(workflow.path), workflow, place)


def jobs(found: Workflows) -> Iterator[Node]:
    """Every job."""
    return (node for workflow in _readable(found) for node in _jobs(workflow))


def steps(found: Workflows) -> Iterator[Node]:
    """Every step of every job."""
    return (node for workflow in _readable(found) for node in _steps(workflow))


@lru_cache(maxsize=1024)
def _jobs(workflow: Workflow) -> tuple[Node, ...]:
    """The jobs of a workflow. Remembered, as below, so that several policies can share them."""
    return tuple(
        _node(_job(workflow, job), _subject(workflow, job), workflow, location(workflow.path, job.key))
        for job in workflow.jobs
    )


@lru_cache(maxsize=1024)
def _steps(workflow: Workflow) -> tuple[Node, ...]:
    nodes = []
    for job in workflow.jobs:
        for step in job.own_steps:
            name = _text(step.id) or _text(step.name) or f"step {step.index + 1}"
            subject = f"{_subject(workflow, job)}:{name}"
            nodes.append(_node(_step(workflow, job, step), subject, workflow, location(workflow.path, step.node)))
    return tuple(nodes)


def unreadable(found: Workflows, control: str) -> Iterator[tuple[str, Undecided]]:
    """The files that hold nobody knows what, each with its path."""
    for file in found.files:
        broken = file.document
        if isinstance(broken, Unreadable):
            yield (
                file.path,
                Undecided(
                    control=control,
                    subject=display(file.path),
                    reason=broken.reason or Reason.UNPARSEABLE,
                    message=f"the workflow file cannot be read: {broken.message}",
                    location=Location(path=file.path, line=broken.line or None, column=broken.column or None),
                ),
            )


def _readable(found: Workflows) -> Iterator[Workflow]:
    return (read(file) for file in found.files if not isinstance(file.document, Unreadable))


def _node(node: object, subject: str, workflow: Workflow, place: Location) -> Node:
    return Node(values=shapes.plain(node), subject=subject, goes_by=workflow.path, location=place, plane="workflow")


def _job(workflow: Workflow, job: Job) -> shapes.Job:
    return shapes.Job(
        path=display(workflow.path),
        file=_file(workflow),
        workflow=workflow.title,
        events=_events(workflow),
        id=job.id,
        name=_text(job.name),
        needs=tuple(map(text, job.needs)),
        condition=_text(job.condition),
        uses=_text(job.uses),
        inputs=_object(job.with_),
        environment=text(job.environment.name) if job.environment else "",
        env=_object(job.env),
        permissions=_plain(job.permissions),
        runs_on=_plain(job.runs_on),
        timeout_minutes=_plain(job.timeout),
        continue_on_error=_plain(job.continue_on_error),
        actions=tuple(text(step.uses) for step in job.own_steps if step.uses),
        commands=tuple(text(step.run) for step in job.own_steps if step.run),
        raw=_object(job.node),
    )


def _step(workflow: Workflow, job: Job, step: Step) -> shapes.Step:
    uses = _text(step.uses)
    action, _, version = uses.partition("@")
    return shapes.Step(
        path=display(workflow.path),
        file=_file(workflow),
        workflow=workflow.title,
        events=_events(workflow),
        job=job.id,
        index=step.index,
        id=_text(step.id),
        name=_text(step.name),
        uses=uses,
        action=action,
        version=version,
        run=_text(step.run),
        shell=_text(step.shell),
        working_directory=_text(step.working_directory),
        inputs=_object(step.with_),
        env=_object(step.env),
        condition=_text(step.condition),
        timeout_minutes=_plain(step.timeout),
        continue_on_error=_plain(step.continue_on_error),
        raw=_object(step.node),
    )


def _subject(workflow: Workflow, job: Job) -> str:
    return f"{display(workflow.path)}:{job.id}"


def _file(workflow: Workflow) -> str:
    return display(workflow.path.removeprefix(actions.FOLDER))


def _events(workflow: Workflow) -> tuple[str, ...]:
    return tuple(trigger.event for trigger in workflow.triggers)


def _document(file: WorkflowFile) -> YamlNode | None:
    return None if isinstance(file.document, Unreadable) else file.document


def _text(node: Scalar | None) -> str:
    return text(node) if node is not None else ""


def _plain(node: YamlNode | None) -> object:
    return plain(node) if node is not None else None


def _object(node: YamlNode | None) -> dict[str, Any]:
    """A mapping as it is written; empty for anything else, such as an expression in its place."""
    found = _plain(node)
    return found if isinstance(found, dict) else {}
