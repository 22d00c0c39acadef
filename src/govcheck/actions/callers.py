"""Who calls a reusable workflow of this repository, and so which events can start it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusable-workflows
"""

from collections.abc import Mapping
from functools import lru_cache

from govcheck.actions.calls import DEEPEST, local_path
from govcheck.actions.workflow import Job, Workflow, read, text
from govcheck.facts.workflows import Workflows
from govcheck.records import frozen

CALL = "workflow_call"


@frozen(eq=False)
class Caller:
    """A job that calls, and the workflow that it stands in."""

    workflow: Workflow
    job: Job


@lru_cache(maxsize=32)
def callers(workflows: Workflows) -> Mapping[str, tuple[Caller, ...]]:
    """Path of a workflow of this repository to the jobs that call it, in the order of the files."""
    found: dict[str, list[Caller]] = {}
    for file in workflows.files:
        workflow = read(file)
        for job in workflow.jobs:
            path = local_path(text(job.uses)) if job.uses is not None else None
            if path is not None:
                found.setdefault(path, []).append(Caller(workflow, job))
    return {path: tuple(jobs) for path, jobs in found.items()}


def called_from_elsewhere(workflow: Workflow, workflows: Workflows) -> bool:
    """Whether only workflows of other repositories can call it: nothing here does."""
    return workflow.trigger(CALL) is not None and not callers(workflows).get(workflow.path)


def events(workflow: Workflow, workflows: Workflows) -> frozenset[str] | None:
    """The events that start a workflow, its callers' included; None where another repository's caller decides.

    A called workflow sees the event of its caller.
    """
    found: set[str] = set()
    seen = {workflow.path}
    waiting = [(workflow, 1)]
    while waiting:
        one, depth = waiting.pop()
        found.update(trigger.event for trigger in one.triggers)
        if one.trigger(CALL) is None:
            continue
        calling = callers(workflows).get(one.path, ())
        if not calling or depth > DEEPEST:
            return None
        for caller in calling:
            if caller.workflow.path not in seen:
                seen.add(caller.workflow.path)
                waiting.append((caller.workflow, depth + 1))
    return frozenset(found - {CALL})
