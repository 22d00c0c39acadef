"""Steps that use an action of the repository's own which is not there."""

import posixpath
from collections.abc import Iterator

from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, Workflow, location, text
from govcheck.findings import Fix
from govcheck.liveness.fresh_checkout import is_checkout, own_checkout
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.repository_files import Files

_FILES = ("action.yml", "action.yaml", "Dockerfile")
"""What makes a folder an action:
https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax."""

_BRINGS = ("artifact", "cache", "checkout")
"""What an action is called that may bring files."""


def gates(workflow: Workflow, job: Job, files: Files) -> Iterator[Gate]:
    """Every step of a job that uses a folder in which no action is tracked, and nothing can have put one there."""
    for step in job.steps:
        written = text(step.uses).strip() if step.uses is not None else ""
        if step.uses is None or not written.startswith("./") or "${{" in written or step.origin:
            continue
        folder = posixpath.normpath(written[2:] or ".")
        if folder.startswith("..") or _is_there(folder, files) or _may_be_brought(job, step):
            continue
        yield Gate(
            family="cannot-go-green",
            subject=f"{workflow.path}:{job.id}:{written}",
            state=State.DEAD,
            why=f"the step always fails: `{written}` has no action.yml that is tracked",
            location=location(workflow.path, step.uses),
            fix=Fix(text=f"commit {folder}/action.yml, or take the step out"),
        )


def _is_there(folder: str, files: Files) -> bool:
    base = "" if folder == "." else folder
    return any(files.has(posixpath.join(base, name)) for name in _FILES)


def _may_be_brought(job: Job, step: Step) -> bool:
    """Whether an earlier step may have put files there: it runs something, or fetches something else."""
    if not own_checkout(job):
        return True
    for earlier in job.steps[: step.index]:
        uses = text(earlier.uses) if earlier.uses is not None else ""
        if earlier.run is not None or (not is_checkout(earlier) and any(word in uses for word in _BRINGS)):
            return True
    return False
