"""Workflows that GitHub does not start, whatever their files say.

Sources: https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
"""

from collections.abc import Iterator

from govcheck.actions.triggers import Trigger
from govcheck.actions.workflow import Workflow, location, read
from govcheck.facts.live import LiveWorkflows
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display
from govcheck.settings.evidence import answered
from govcheck.settings.workflow_states import ACTIVE, DISABLED, WorkflowState, setting, workflow_states


def gates(workflows: Workflows, live: LiveWorkflows) -> Iterator[Gate]:
    """Every workflow whose state GitHub tells, and every schedule that GitHub has no workflow for."""
    listed = workflow_states(live)
    for file in workflows.files:
        if isinstance(file.document, Unreadable):
            continue
        workflow = read(file)
        known = listed.states.get(file.path)
        if known is not None:
            yield _known(workflow, known, live)
        elif listed.trouble is None and (trigger := workflow.trigger("schedule")) is not None:
            yield _on_no_branch(workflow, trigger, live)
    if listed.trouble is not None:
        yield Gate(
            family="trigger",
            subject="workflows",
            state=State.UNTOLD,
            why=f"which workflows are switched off cannot be told: {listed.trouble.message}",
            location=Location(setting="workflows"),
            plane="live",
            trouble=listed.trouble,
        )


def _known(workflow: Workflow, known: WorkflowState, live: LiveWorkflows) -> Gate:
    on = known.state == ACTIVE
    name = workflow.path.rpartition("/")[2]
    off = DISABLED.get(known.state, f"its state is {display(known.state)}")
    return Gate(
        family="trigger",
        subject=f"{workflow.path}:state",
        state=State.ALIVE if on else State.DEAD,
        why="GitHub has it switched on" if on else f"{display(name)} is switched off, so that nothing starts it: {off}",
        location=Location(setting=setting(workflow.path), url=known.url),
        plane="live",
        fix=None if on else Fix(text="switch it on, or delete the file", command=f"gh workflow enable {display(name)}"),
        evidence=(answered(live.answer),),
    )


def _on_no_branch(workflow: Workflow, trigger: Trigger, live: LiveWorkflows) -> Gate:
    return Gate(
        family="trigger",
        subject=f"{workflow.path}:schedule",
        state=State.DEAD,
        why="its schedule never starts it: GitHub knows no such workflow on the default branch, and schedules run only "
        "from there",
        location=location(workflow.path, trigger.key),
        plane="live",
        fix=Fix(text=f"bring {display(workflow.path)} to the default branch"),
        evidence=(answered(live.answer),),
    )
