"""The artifacts that a workflow uploads, and how long it says they are kept.

Source: https://github.com/actions/upload-artifact
"""

from collections.abc import Iterator

from govcheck.actions.legs import numbers
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Node, Scalar
from govcheck.records import frozen

_ACTIONS = frozenset({"actions/upload-artifact", "actions/upload-artifact/merge"})


@frozen(kw_only=True)
class Upload:
    """One step that uploads."""

    job: Job
    artifact: str
    """The artifact's name, as it is written."""

    node: Node
    """`retention-days`, or the step's `uses` where it says nothing."""

    written: str
    """What `retention-days` says; empty where it says nothing, so that the repository's setting decides."""

    days: tuple[int | None, ...]
    """The numbers of days that are known, one for each run of the matrix; None for what is no number."""

    dynamic: bool
    """Whether there are some that only a run can tell."""


def uploads(workflow: Workflow) -> Iterator[Upload]:
    """Every upload, in the order of the file."""
    for job in workflow.jobs:
        for step in job.steps:
            if step.uses is None or text(step.uses).partition("@")[0].strip().casefold() not in _ACTIONS:
                continue
            node = step.with_.get("retention-days") if step.with_ is not None else None
            name = step.with_.get("name") if step.with_ is not None else None
            said = isinstance(node, Scalar) and text(node).strip() not in {"", "0"}
            known, dynamic = numbers(job, node) if isinstance(node, Scalar) and said else ([], False)
            yield Upload(
                job=job,
                artifact=text(name) if isinstance(name, Scalar) else "artifact",
                node=node if node is not None and said else step.uses,
                written=text(node) if isinstance(node, Scalar) and said else "",
                days=tuple(None if number is None else int(number) for number in known),
                dynamic=dynamic,
            )
