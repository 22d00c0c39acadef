"""Workflow files and actions that GitHub rejects, or that only govcheck cannot read: no gate in them is seen.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from collections.abc import Iterator

from govcheck.actions.unseen import unread_actions
from govcheck.facts.workflows import ActionFile, Unreadable, WorkflowFile, Workflows
from govcheck.findings import Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display

_RUNS_NOT = "GitHub rejects this workflow file, so that nothing in it ever runs, and none of its checks is reported"
_FAILS = "GitHub rejects this action, so that every step that uses it fails"


def gates(workflows: Workflows) -> Iterator[Gate]:
    """One for each file that cannot be read."""
    for file in workflows.files:
        yield from _of(file, _RUNS_NOT)
    for action in workflows.actions:
        yield from _of(action, _FAILS)
    for cut in unread_actions(workflows, "workflow"):
        if cut.subject not in {display(action.path) for action in workflows.actions}:
            yield Gate(
                family="workflow",
                subject=cut.subject,
                state=State.UNTOLD,
                why=cut.message,
                location=cut.location,
                reason=cut.reason,
            )


def _of(file: WorkflowFile | ActionFile, why: str) -> Iterator[Gate]:
    document = file.document
    if not isinstance(document, Unreadable):
        return
    subject = display(file.path)
    location = Location(path=file.path, line=document.line or None, column=document.column or None)
    if document.reason is None:
        yield Gate(
            family="workflow",
            subject=subject,
            state=State.DEAD,
            why=f"{why}: {document.message}",
            location=location,
            fix=Fix(text="mend the file, or remove it"),
        )
    else:
        yield Gate(
            family="workflow",
            subject=subject,
            state=State.UNTOLD,
            why=f"the file cannot be read, so that nobody can tell of any gate in it: {document.message}",
            location=location,
            reason=document.reason,
        )
