"""Whether a job runs, when nothing fails: its `if`, and what it `needs`.

GitHub puts `success() &&` before a condition that does not ask for the state of earlier jobs; `success()` wants every
job that came before, however far, to have run. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from collections import deque
from collections.abc import Iterable, Iterator

from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.needs import in_order
from govcheck.actions.reach import ALWAYS, Condition, Level, Reach
from govcheck.actions.templates import condition
from govcheck.actions.values import Object, Unknown, Value, truth, unknown
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.records import field, mutable

_ALWAYS_THERE = (
    "Require a job without a matrix that needs this one, has `if: always()`, "
    "and fails unless the result of this one is as it should be."
)
_MOST_REASONS = 3
_LONGEST_SHOWN = 120


@mutable
class Running:
    """The jobs of one workflow, under one event."""

    workflow: Workflow
    scope: Scope
    """What conditions see, without `needs`."""

    _runs: dict[str, bool | Unknown] = field(default_factory=dict)
    _success: dict[str, bool | Unknown] = field(default_factory=dict)
    """By id, folded: whether the job runs and so does everything before it."""

    _jobs: dict[str, Job] = field(default_factory=dict)
    _results: dict[str, Object] = field(default_factory=dict)
    """By id: what `needs` says of a job that is judged."""

    def __post_init__(self) -> None:
        ordered, stuck = in_order(self.workflow.jobs)
        for job in stuck:
            self._runs[job.id.casefold()] = self._success[job.id.casefold()] = Unknown(expression="needs")
        for job in (*ordered, *stuck):
            self._jobs[job.id.casefold()] = job
        for job in ordered:
            self._judge(job)

    def runs(self, job: Job) -> bool | Unknown:
        """Whether the job runs, as opposed to being skipped."""
        return self._runs[job.id.casefold()]

    def reach(self, job: Job) -> Reach:
        """The same, with what stands in the way: the job's own condition, or that of a job before it."""
        runs = self.runs(job)
        if runs is True:
            return ALWAYS
        level = Level.UNTOLD if isinstance(runs, Unknown) and runs.constant else Level.SOMETIMES
        return Reach(level, tuple(self._reasons(job, level)))

    def scope_of(self, job: Job) -> Scope:
        """What the job's own expressions see: `needs` with it."""
        if not job.needs:
            return self.scope
        results: dict[str, Value] = {earlier.id: self._result(earlier) for earlier in self._needed(job)}
        return Scope({**self.scope.contexts, "needs": Object(results)}, self.scope.functions)

    def _needed(self, job: Job) -> list[Job]:
        found = (self._jobs.get(text(need).casefold()) for need in job.needs)
        return [earlier for earlier in found if earlier is not None]

    def _judge(self, job: Job) -> None:
        key = job.id.casefold()
        succeeded = _all(self._success[earlier.id.casefold()] for earlier in self._needed(job))
        self._runs[key] = self._runs_after(job, succeeded=succeeded)
        self._success[key] = _all((self._runs[key], succeeded))

    def _runs_after(self, job: Job, *, succeeded: bool | Unknown) -> bool | Unknown:
        if job.condition is None:
            return succeeded
        source = text(job.condition)
        try:
            wanted = condition(source)
        except ExpressionError:
            return Unknown(expression=source.strip())
        if wanted is None:
            return succeeded
        functions: dict[str, Value] = {"success": succeeded, "failure": False, "cancelled": False, "always": True}
        own = _as_truth(evaluate(wanted, Scope(self.scope_of(job).contexts, functions)))
        return own if asks_status(wanted) else _all((succeeded, own))

    def _result(self, earlier: Job) -> Object:
        known = self._results.get(earlier.id)
        if known is None:
            known = self._results[earlier.id] = self._result_of(earlier)
        return known

    def _result_of(self, earlier: Job) -> Object:
        runs = self.runs(earlier)
        result: Value = "success" if runs is True else "skipped"
        if isinstance(runs, Unknown):
            result = Unknown(expression=f"needs.{earlier.id}.result", constant=runs.constant)
        return Object({"result": result, "outputs": Object({}, Unknown(expression=f"needs.{earlier.id}.outputs"))})

    def _reasons(self, job: Job, level: Level) -> Iterator[Condition]:
        seen = {job.id.casefold()}
        waiting = deque([job])
        given = 0
        while waiting and given < _MOST_REASONS:
            one = waiting.popleft()
            runs = self.runs(one)
            if one.condition is not None and runs is not True:
                given += 1
                whose = "its job" if one is job else f"job `{one.id}`, which it needs,"
                shown = " ".join(text(one.condition).split())[:_LONGEST_SHOWN]
                ending = ", which is false for a pull request whose jobs succeed" if runs is False else ""
                yield Condition(
                    level, f"{whose} has `if: {shown}`{ending}", self.workflow.path, one.condition, _ALWAYS_THERE
                )
            for earlier in self._needed(one):
                if earlier.id.casefold() not in seen:
                    seen.add(earlier.id.casefold())
                    waiting.append(earlier)


def _as_truth(value: Value) -> bool | Unknown:
    known = truth(value)
    if known is not None:
        return known
    return value if isinstance(value, Unknown) else Unknown(expression="if")


def _all(values: Iterable[bool | Unknown]) -> bool | Unknown:
    doubt: Unknown | None = None
    for value in values:
        if value is False:
            return False
        if isinstance(value, Unknown):
            doubt = unknown(doubt, value) if doubt else value
    return doubt or True
