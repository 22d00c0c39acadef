"""Jobs that no event of their workflow ever starts, by their own `if` or by that of a job which they need."""

from functools import lru_cache

from govcheck.actions import scopes
from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.syntax import Expression
from govcheck.actions.templates import condition
from govcheck.actions.values import truth
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Scalar

_LONGEST_SHOWN = 120
_CALLED = "workflow_call"
"""A called workflow sees the event of whoever calls it."""


@lru_cache(maxsize=4096)
def always_skipped(workflow: Workflow, job: Job) -> Scalar | None:
    """The `if` by which a job is skipped in every run, its own or that of a job before it; None where it may run."""
    if not workflow.triggers:
        return None
    found = [_refusing(workflow, job, trigger.event) for trigger in workflow.triggers]
    return found[0] if all(one is not None for one in found) else None


def why_skipped(workflow: Workflow, job: Job) -> str:
    """The same as a clause; empty where the job may run."""
    written = always_skipped(workflow, job)
    if written is None:
        return ""
    shown = " ".join(text(written).split())[:_LONGEST_SHOWN]
    whose = "" if written is job.condition else " of a job that it needs"
    events = "" if _is_false_anywhere(written) else f", which is false for every event of `on`: {_events(workflow)}"
    return f"its job is always skipped by `if: {shown}`{whose}{events}"


def _events(workflow: Workflow) -> str:
    return ", ".join(f"`{trigger.event}`" for trigger in workflow.triggers)


def _refusing(workflow: Workflow, job: Job, event: str) -> Scalar | None:
    waiting, seen = [job], {job.id.casefold()}
    while waiting:
        one = waiting.pop()
        refuses = _refuses(text(one.condition), event) if one.condition is not None else False
        if refuses:
            return one.condition
        if refuses is None:
            continue
        needs = [need for need in map(text, reversed(one.needs)) if need.casefold() not in seen]
        seen.update(need.casefold() for need in needs)
        waiting.extend(earlier for need in needs if (earlier := workflow.job(need)) is not None)
    return None


@lru_cache(maxsize=1024)
def _refuses(source: str, event: str) -> bool | None:
    """Whether a condition is false for an event; None where it is not, and runs whatever earlier jobs came to."""
    try:
        expression = condition(source)
    except ExpressionError:
        return None
    if expression is None:
        return None
    if truth(evaluate(expression, _scope(event))) is False:
        return True
    return None if asks_status(expression) else False


def _is_false_anywhere(written: Scalar) -> bool:
    expression = _expression(written)
    return expression is not None and truth(evaluate(expression, Scope({}))) is False


@lru_cache(maxsize=64)
def _scope(event: str) -> Scope:
    """What is certain of an event; how earlier jobs end is not."""
    if event == _CALLED:
        return Scope({})
    return Scope({"github": scopes.scope(event, None).contexts["github"]})


def _expression(written: Scalar | None) -> Expression | None:
    try:
        return condition(text(written)) if written is not None else None
    except ExpressionError:
        return None
