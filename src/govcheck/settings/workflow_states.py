"""Which workflows GitHub knows, and whether they are on.

Source: https://docs.github.com/en/rest/actions/workflows#list-repository-workflows
"""

from collections.abc import Mapping

from govcheck.facts.live import LiveWorkflows
from govcheck.records import field, frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects_of, text

ACTIVE = "active"

DISABLED: Mapping[str, str] = {
    "disabled_manually": "somebody disabled it by hand",
    "disabled_inactivity": "GitHub disabled it, because nothing happened in the repository for 60 days",
    "disabled_fork": "it is off, as in every new fork",
    "deleted": "GitHub has it as deleted",
}
"""State to what it says of a workflow that does not run."""


@frozen(kw_only=True)
class WorkflowState:
    """What GitHub says of one workflow."""

    path: str
    state: str
    """`active`, a key of `DISABLED`, or one that is new to govcheck."""

    url: str | None


@frozen
class WorkflowStates:
    """Everything that the list has, and why there may be more."""

    states: Mapping[str, WorkflowState] = field(default_factory=dict)
    """By path."""

    trouble: Trouble | None = None


def workflow_states(live: LiveWorkflows) -> WorkflowStates:
    """The state of every workflow that GitHub lists."""
    answer = live.answer
    judged = verdict(answer)
    if judged.state is not State.ON:
        return WorkflowStates(trouble=judged.trouble or unparseable(answer, "it lists no workflows"))
    try:
        listed = objects_of(answer.body.get("workflows") if isinstance(answer.body, dict) else None, "workflows")
        states = {one.path: one for one in map(_state, listed)}
    except UnexpectedShapeError as error:
        return WorkflowStates(trouble=unparseable(answer, str(error)))
    return WorkflowStates(states, None if answer.complete else incomplete(answer))


def setting(path: str) -> str:
    """The setting's name in reports: `workflows/ci.yml/state`."""
    return f"workflows/{path.rpartition('/')[2]}/state"


def _state(entry: Body) -> WorkflowState:
    path, state = text(entry, "path"), text(entry, "state")
    if path is None or state is None:
        raise UnexpectedShapeError("workflows: one without `path` or `state`")
    return WorkflowState(path=path, state=state, url=text(entry, "html_url"))
