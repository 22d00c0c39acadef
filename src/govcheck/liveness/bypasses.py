"""Ways around a gate: every job that can deploy, by what it runs, and what it comes by on the way.

- `refusals`: jobs that deploy although the deploy that they follow, or a job that they need, was refused
- `refused_steps`: the same within one job
- `exposure`: deploy tokens that jobs outside of the environment read as well
- `lanes`: deploys of one target that do not wait for each other; deploys that start from any branch
- `empty_rollbacks`: rollbacks that deploy nothing
"""

from collections.abc import Iterator

from govcheck.actions.workflow import read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.liveness import empty_rollbacks, exposure, lanes, refusals, refused_steps
from govcheck.liveness.gate import Gate


def gates(workflows: Workflows) -> Iterator[Gate]:
    """Every way to a deploy, and whether it leads around what guards it."""
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    for workflow in readable:
        yield from refusals.gates(workflow)
        yield from refused_steps.gates(workflow)
        yield from empty_rollbacks.gates(workflow)
        yield from lanes.any_ref(workflow)
    yield from exposure.gates(readable)
    yield from lanes.shared_lanes(readable)
