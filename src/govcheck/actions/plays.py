"""What becomes of a job where some of those before it fail: every such end of a run, played through.

Jobs whose condition only a run can tell are taken to run: what is asked is whether there is such a run at all. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations

from govcheck.actions.evaluation import asks_status
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.needs import in_order
from govcheck.actions.outcomes import Outcome, ancestors, runs_after
from govcheck.actions.templates import condition
from govcheck.actions.values import Object, Unknown, Value
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.records import frozen

MOST_JOBS = 24
"""Before one job, so that its plays are played. In 690 files, none of the 17 jobs that deploy has more than 14."""

_MOST_PAIRED = 12
"""Of more jobs, only the failure of each alone is played through."""


@frozen
class Play:
    """One end of a run."""

    failed: tuple[Job, ...]
    """The jobs that failed of themselves."""

    results: Mapping[str, Outcome]
    """Of every job before, by its id in lower case."""

    runs: bool | None
    """Whether the job runs; None where only a run can tell."""


def heeds_failures(job: Job) -> bool:
    """Whether a job is skipped where any job before it failed, for its condition asks for no other state."""
    try:
        expression = condition(text(job.condition)) if job.condition is not None else None
    except ExpressionError:
        return False
    return expression is None or not asks_status(expression)


def where_refused(workflow: Workflow, job: Job, refused: Job) -> bool | None:
    """Whether a job runs where the environment of an earlier one refused that: it failed, and has no outputs."""
    ordered, _ = in_order(ancestors(workflow, job).values())
    return _play(workflow, job, ordered, (refused,), refused).runs


@lru_cache(maxsize=256)
def plays(workflow: Workflow, job: Job) -> tuple[Play, ...]:
    """Every play in which one or two of the jobs before a job fail, one first."""
    return tuple(_plays(workflow, job))


def _plays(workflow: Workflow, job: Job) -> Iterator[Play]:
    ordered, _ = in_order(ancestors(workflow, job).values())
    able = [one for one in ordered if not counts_as_success(one)]
    pairs = combinations(able, 2) if len(able) <= _MOST_PAIRED else ()
    for failing in chain(((one,) for one in able), pairs):
        play = _play(workflow, job, ordered, failing)
        if all(play.results.get(one.id.casefold()) == "failure" for one in failing):
            yield play


def counts_as_success(job: Job) -> bool:
    """Whether other jobs take a job's failure for a success."""
    goes_on = job.continue_on_error
    return goes_on is not None and text(goes_on) != "false"


def _play(
    workflow: Workflow, job: Job, ordered: Sequence[Job], failing: tuple[Job, ...], refused: Job | None = None
) -> Play:
    results: dict[str, Outcome] = {}
    for one in ordered:
        ran = _runs(workflow, one, results, refused)
        failed = any(one is other for other in failing)
        results[one.id.casefold()] = "skipped" if ran is False else "failure" if failed else "success"
    return Play(failing, results, _runs(workflow, job, results, refused))


def _runs(workflow: Workflow, job: Job, results: Mapping[str, Outcome], refused: Job | None) -> bool | None:
    earlier = {results.get(key, "success") for key in ancestors(workflow, job)}
    state: Outcome = "failure" if "failure" in earlier else "skipped" if "skipped" in earlier else "success"
    needs: dict[str, Value] = {}
    for need in map(text, job.needs):
        result = results.get(need.casefold(), "success")
        began = result != "skipped" and (refused is None or refused.id.casefold() != need.casefold())
        outputs: Value = Unknown(expression=f"needs.{need}.outputs") if began else Object({})
        needs[need] = Object({"result": result, "outputs": outputs})
    return runs_after(job.condition, state, {"needs": Object(needs)})
