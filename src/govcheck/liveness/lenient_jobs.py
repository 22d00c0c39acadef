"""Jobs whose failure does not fail their run.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontinue-on-error
"""

from govcheck.actions.workflow import Job, Workflow, location, text
from govcheck.findings import Fix
from govcheck.liveness.gate import Gate, State

_LIVING = frozenset({"judge", "promise"})


def note(workflow: Workflow, job: Job, found: tuple[Gate, ...]) -> Gate | None:
    """That a job with a living gate is let fail; None where it is not, or only a run can tell.

    Args:
        workflow: The file.
        job: One job.
        found: Gates of its steps.
    """
    goes_on = job.continue_on_error
    if goes_on is None or text(goes_on) != "true":
        return None
    if not any(gate.state is State.ALIVE and gate.family in _LIVING for gate in found):
        return None
    return Gate(
        family="judge",
        subject=f"{workflow.path}:{job.id}:continue-on-error",
        state=State.DEAD,
        why=(
            f"job {job.id} has `continue-on-error: true`: where it fails, its run succeeds all the same, and the jobs "
            "that need it go on"
        ),
        location=location(workflow.path, goes_on),
        severity="note",
        fix=Fix(text="remove `continue-on-error: true`, or require this job's own check"),
    )
