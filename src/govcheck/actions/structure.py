"""What GitHub refuses to run, whatever else is in the file.

Only what is certain stands here: keys and events that are new to govcheck are not errors. Sources: the schema and the
converter that GitHub published, https://github.com/actions/runner/tree/main/src/Sdk/WorkflowParser
"""

import re
from collections.abc import Iterator

from govcheck.actions.needs import in_order
from govcheck.actions.workflow import Job, Trigger, Workflow, text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import frozen

_LEGAL_ID = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_-]{0,98}")
_EITHER_OR = (("branches", "branches-ignore"), ("tags", "tags-ignore"), ("paths", "paths-ignore"))
_FILTERED = frozenset({"push", "pull_request", "pull_request_target"})


@frozen(eq=False)
class Refusal:
    """One reason for which GitHub rejects a workflow file."""

    message: str
    node: Node


def refusals(workflow: Workflow) -> Iterator[Refusal]:
    """Why GitHub rejects a file whose document is a mapping; nothing where it does not."""
    if isinstance(workflow.file.document, Mapping):
        yield from _root(workflow.file.document)
    for trigger in workflow.triggers:
        yield from _trigger(trigger)
    for job in workflow.jobs:
        yield from _job(job)
    yield from _needs(workflow)


def _root(document: Mapping) -> Iterator[Refusal]:
    on, jobs = document.get("on"), document.get("jobs")
    if on is None:
        yield Refusal("the file has no `on`, which says when it runs", document)
    elif _empty(on):
        yield Refusal("`on` names no event", on)
    if jobs is None:
        yield Refusal("the file has no `jobs`", document)
    elif not isinstance(jobs, Mapping) or not jobs.entries:
        yield Refusal("`jobs` holds no job", jobs)
    else:
        for id_, value in jobs.items():
            if not isinstance(value, Mapping):
                yield Refusal(f"job {id_} is not a mapping", value)


def _trigger(trigger: Trigger) -> Iterator[Refusal]:
    if trigger.config is None or trigger.event not in _FILTERED:
        return
    for first, second in _EITHER_OR:
        if first in trigger.config.entries and second in trigger.config.entries:
            yield Refusal(
                f"`{trigger.event}` has both `{first}` and `{second}`, of which GitHub takes one",
                trigger.config.key(second),
            )


def _job(job: Job) -> Iterator[Refusal]:
    if not _LEGAL_ID.fullmatch(job.id):
        yield Refusal(
            f"job id {job.id!r} is not made of letters, digits, `-` and `_`, beginning with a letter or one `_`",
            job.key,
        )
    if "runs-on" not in job.node.entries and "uses" not in job.node.entries:
        yield Refusal(f"job {job.id} has neither `runs-on` nor `uses`", job.key)
    elif job.runs_on is not None and _empty(job.runs_on):
        yield Refusal(f"`runs-on` of job {job.id} is empty", job.runs_on)


def _needs(workflow: Workflow) -> Iterator[Refusal]:
    _, stuck = in_order(workflow.jobs)
    if not stuck:
        return
    known = {job.id.casefold() for job in workflow.jobs}
    unknown = [(job, need) for job in stuck for need in job.needs if text(need).casefold() not in known]
    for job, need in unknown:
        yield Refusal(f"job {job.id} needs {text(need)!r}, which is no job of this file", need)
    if not unknown:
        yield Refusal(f"job {stuck[0].id} needs itself, by way of the jobs that it needs", stuck[0].key)


def _empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.value is None or node.value == ""
    return not (node.items if isinstance(node, Sequence) else node.entries)
