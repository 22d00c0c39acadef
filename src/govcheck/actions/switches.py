"""Whether a job or a step is switched off: its `if`, or that of a job which it needs, is false in every run.

Nothing is assumed of how earlier jobs end: `if: failure()` is a condition that some runs meet. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from collections.abc import Mapping
from functools import lru_cache

from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.outcomes import ancestors
from govcheck.actions.scopes import scope
from govcheck.actions.syntax import Expression
from govcheck.actions.templates import condition
from govcheck.actions.values import Unknown, Value, truth
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.records import frozen

_LONGEST_SHOWN = 120
_STATUS: Mapping[str, Value] = {
    "success": Unknown(expression="success()"),
    "failure": Unknown(expression="failure()"),
    "cancelled": Unknown(expression="cancelled()"),
    "always": True,
}
_OF_A_RUN = ("needs", "matrix", "strategy", "steps", "env", "job", "runner")


@frozen(eq=False)
class Switch:
    """An `if` that keeps a job or a step from running, or may."""

    node: Scalar
    job: str
    """The job that is skipped by it: the one that was asked about, or one that it needs."""

    doubt: str = ""
    """What has the same value in every run of this repository and does not stand in the files: `vars.SCAN`. Empty:
    it is off."""

    @property
    def shown(self) -> str:
        """The condition on one line."""
        written = " ".join(text(self.node).split())
        return f"`if: {written if len(written) <= _LONGEST_SHOWN else written[:_LONGEST_SHOWN] + ' ...'}`"


@lru_cache(maxsize=1024)
def job_switch(workflow: Workflow, job: Job, event: str) -> Switch | None:
    """What switches a job off in every run that an event starts, or may; None where some runs reach it."""
    found = _switch(job.condition, job, event)
    if (found is not None and not found.doubt) or _runs_after_skipped(job):
        return found
    before = (_switch(one.condition, one, event) for one in ancestors(workflow, job).values())
    switches = [one for one in (found, *before) if one is not None]
    return min(switches, key=lambda one: bool(one.doubt), default=None)


def step_switch(job: Job, step: Step, event: str) -> Switch | None:
    """The same for a step of a job that runs."""
    return _switch(step.condition, job, event)


def _switch(written: Scalar | None, job: Job, event: str) -> Switch | None:
    wanted = _expression(written)
    if wanted is None or written is None:
        return None
    value = evaluate(wanted, _scope(event))
    known = truth(value)
    if known is False:
        return Switch(written, job.id)
    if known is None and isinstance(value, Unknown) and value.constant:
        return Switch(written, job.id, value.expression)
    return None


def _runs_after_skipped(job: Job) -> bool:
    """Whether the job asks for the state of those before it, so that one which was skipped need not stop it."""
    wanted = _expression(job.condition)
    return wanted is not None and asks_status(wanted)


def _expression(written: Scalar | None) -> Expression | None:
    """The condition; None where there is none, or none that can be read."""
    if written is None:
        return None
    if isinstance(written.value, bool):
        return condition(str(written.value).lower())
    try:
        return condition(text(written))
    except ExpressionError:
        return None


@lru_cache(maxsize=64)
def _scope(event: str) -> Scope:
    """A called workflow sees the event of its caller, which may be any."""
    names = (*_OF_A_RUN, *(("github", "inputs") if event == "workflow_call" else ()))
    of_a_run = {name: Unknown(expression=name) for name in names}
    return Scope({**scope(event, None).contexts, **of_a_run}, _STATUS)
