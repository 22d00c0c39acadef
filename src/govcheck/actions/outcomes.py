"""What still runs after a job or step has failed, or was skipped; and who is told of how a job ended.

Without a status function a condition means `success() && ...`, which wants every job before, however far, to have
succeeded. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Literal

from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.templates import condition
from govcheck.actions.values import Object, Unknown, Value, truth
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar

Outcome = Literal["success", "failure", "skipped"]

_NOT_TOLD_BY_STEPS = Unknown(expression="failure()")


class Told(Enum):
    """Whether a message follows."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def runs_after(
    written: Scalar | None, outcome: Outcome, contexts: Mapping[str, Value] | None = None, failure: Value = None
) -> bool | None:
    """Whether a job or step with that `if` runs after what came before had that outcome; None where a run decides.

    Args:
        written: The `if`.
        outcome: Of what came before.
        contexts: What is known of `needs` and `steps`.
        failure: What `failure()` answers, where the outcome alone does not say.
    """
    try:
        expression = condition(text(written)) if written is not None else None
    except ExpressionError:
        return None
    succeeded = outcome == "success"
    if expression is None:
        return succeeded
    if not asks_status(expression) and not succeeded:
        return False
    functions: dict[str, Value] = {
        "success": succeeded,
        "failure": outcome == "failure" if failure is None else failure,
        "always": True,
        "cancelled": False,
    }
    return truth(evaluate(expression, Scope(contexts or {}, functions)))


@lru_cache(maxsize=4096)
def ancestors(workflow: Workflow, job: Job) -> Mapping[str, Job]:
    """Every job that must end before this one starts, by its id in lower case, the nearest first. Circles end."""
    found: dict[str, Job] = {}
    waiting = list(_needed(workflow, job))
    for one in waiting:
        key = one.id.casefold()
        if key not in found and one is not job:
            found[key] = one
            waiting.extend(need for need in _needed(workflow, one) if need.id.casefold() not in found)
    return found


def needs_after(
    workflow: Workflow,
    job: Job,
    ended: Job,
    outcome: Outcome,
    *,
    others: Outcome | None = None,
) -> dict[str, Value]:
    """The `needs` context of a job after one of its ancestors ended like that; what is not known is unknown.

    What was skipped has no outputs.

    Args:
        workflow: The file of both.
        job: The job that asks.
        ended: Its ancestor.
        outcome: How that one ended.
        others: How the jobs ended that this says nothing about; None where nothing is known of them.
    """
    results: dict[str, Value] = {}
    for need in _needed(workflow, job):
        ran = True
        if need is ended:
            result: Value = outcome
        elif ended.id.casefold() in ancestors(workflow, need) and runs_after(need.condition, outcome) is False:
            result, ran = "skipped", False
        else:
            result = others or Unknown(expression=f"needs.{need.id}.result")
        rest = Unknown(expression=f"needs.{need.id}")
        known: dict[str, Value] = {"result": result} if ran else {"result": result, "outputs": Object({})}
        results[need.id] = Object(known, rest)
    return {"needs": Object(results)}


Senders = Sequence[tuple[Job, Step]]
"""Every step that sends, with its job."""


def success_is_told(workflow: Workflow, senders: Senders) -> Told:
    """Whether a step that sends is reached where everything succeeds."""
    answers = []
    for teller, step in senders:
        before = (teller, *ancestors(workflow, teller).values())
        conditions = (step.condition, *(job.condition for job in before))
        answers.append(_all_of(*(runs_after(one, "success") for one in conditions)))
    return _best(answers)


def untold_failures(workflow: Workflow, senders: Senders) -> dict[Told, list[Job]]:
    """The jobs whose failure is told to nobody, or perhaps to nobody.

    Jobs that only run once something failed, or whatever happened, and jobs that only send are not asked about.
    """
    messengers = {job.id for job, _ in senders if job.needs}
    found: dict[Told, list[Job]] = {Told.NO: [], Told.MAYBE: []}
    for job in workflow.jobs:
        if job.id in messengers or runs_after(job.condition, "failure") is not False:
            continue
        told = _best(_tells(workflow, job, teller, step) for teller, step in senders)
        if told is not Told.YES:
            found[told].append(job)
    return found


def _tells(workflow: Workflow, job: Job, teller: Job, step: Step) -> bool | None:
    """Whether this step sends when that job has failed."""
    if teller is job:
        return runs_after(step.condition, "failure")
    if job.id.casefold() not in ancestors(workflow, teller):
        return False
    starts = runs_after(teller.condition, "failure", needs_after(workflow, teller, job, "failure"))
    return _all_of(starts, runs_after(step.condition, "success", failure=_NOT_TOLD_BY_STEPS))


def _all_of(*answers: bool | None) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _best(answers: Iterable[bool | None]) -> Told:
    known = set(answers)
    if True in known:
        return Told.YES
    return Told.MAYBE if None in known else Told.NO


def _needed(workflow: Workflow, job: Job) -> list[Job]:
    jobs = _by_id(workflow)
    found = (jobs.get(text(need).casefold()) for need in job.needs)
    return [one for one in found if one is not None]


@lru_cache(maxsize=256)
def _by_id(workflow: Workflow) -> Mapping[str, Job]:
    return {job.id.casefold(): job for job in workflow.jobs}
