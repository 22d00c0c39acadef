"""Whether a step ever runs where its failure counts: over every event, every call and every leg of its matrix.

What is not known of a run may be anything; so a step that has no such chance certainly has none. Sources:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontinue-on-error and
`#jobsjob_idstepscontinue-on-error`
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.job_names import named_legs
from govcheck.actions.matrix import expand
from govcheck.actions.outcomes import ancestors
from govcheck.actions.steps import Step
from govcheck.actions.templates import condition, fill_node
from govcheck.actions.values import Object, Unknown, Value, truth
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.facts.workflows import Workflows
from govcheck.liveness.beginnings import beginnings, running
from govcheck.liveness.heeding import is_asked_for
from govcheck.liveness.step_environment import environment_of
from govcheck.records import frozen

_SYSTEMS = {"ubuntu": "Linux", "windows": "Windows", "macos": "macOS"}
_FINE: dict[str, Value] = {"success": True, "failure": False, "always": True, "cancelled": False}
_FAILED: dict[str, Value] = {"success": False, "failure": True, "always": True, "cancelled": False}
_LONGEST_SHOWN = 120


@frozen(eq=False)
class Site:
    """Where a step stands, with the bytes of the repository's own programs by their paths."""

    workflow: Workflow
    job: Job
    step: Step
    contents: Mapping[str, object]


class Chance(Enum):
    """What becomes of a step's failure."""

    COUNTS = "counts"
    NEVER = "never"
    """The step never runs."""

    TOO_LATE = "too late"
    """It runs only where a step before it has failed already."""

    FORGIVEN = "forgiven"
    """Its job goes on, and is green."""

    FORGIVEN_BY_JOB = "forgiven by its job"
    """Its job fails, and the run is green."""


@frozen
class Verdict:
    """The best chance that a step has."""

    chance: Chance
    why: str = ""
    """A clause; empty where it counts."""

    by: Scalar | None = None
    """What keeps it from more."""


_COUNTS = Verdict(Chance.COUNTS)


def chance(site: Site, workflows: Workflows) -> Verdict:
    """The best chance that a step has."""
    if _asks_nothing(site) and beginnings(site.workflow, workflows):
        return _COUNTS
    found: set[Chance] = set()
    for one in _chances(site, workflows):
        if one is Chance.COUNTS:
            return _COUNTS
        found.add(one)
    job, step = site.job, site.step
    if Chance.FORGIVEN_BY_JOB in found:
        why = (
            f"`continue-on-error` of job {job.id} leaves the run green whatever it finds; whether the job's own check "
            "stops anything depends on whether a branch requires that very check"
        )
        return Verdict(Chance.FORGIVEN_BY_JOB, why, job.continue_on_error)
    if Chance.FORGIVEN in found:
        goes_on = step.continue_on_error
        shown = text(goes_on) if goes_on is not None else "true"
        why = f"its `continue-on-error: {shown}` lets it pass wherever it runs, and nothing asks how it ended"
        return Verdict(Chance.FORGIVEN, why, goes_on)
    if Chance.TOO_LATE in found:
        why = f"it runs only where a step before it has failed already{_shown(step.condition)}"
        return Verdict(Chance.TOO_LATE, why, step.condition)
    by = step.condition or job.condition
    return Verdict(Chance.NEVER, f"no event, call or leg of its matrix ever runs it{_shown(by)}", by)


def _asks_nothing(site: Site) -> bool:
    """Whether a step runs, and counts, in every run: neither it nor any job on the way to it asks for anything."""
    job, step = site.job, site.step
    if any(one is not None for one in (step.condition, step.continue_on_error, job.continue_on_error, job.strategy)):
        return False
    return all(one.condition is None for one in (job, *ancestors(site.workflow, job).values()))


def _shown(written: Scalar | None) -> str:
    return f": its `if` is `{' '.join(text(written).split())[:_LONGEST_SHOWN]}`" if written is not None else ""


def _chances(site: Site, workflows: Workflows) -> Iterator[Chance]:
    step, job = site.step, site.job
    for outside in beginnings(site.workflow, workflows):
        known = running(site.workflow, outside)
        runs = known.runs(job)
        if runs is False:
            if any(map(_asks_status, (job, *ancestors(site.workflow, job).values()))):
                yield Chance.COUNTS  # it runs where something fails, and has a check of its own
            continue
        for inside in _legs(job, _however_they_end(known.scope_of(job))):
            asks = step.condition is not None or step.continue_on_error is not None
            yield from _in_leg(site, step, _in_job(site, inside) if asks else inside, inside)


def _in_leg(site: Site, step: Step, own: Scope, outside: Scope) -> Iterator[Chance]:
    if _answer(step.condition, Scope(own.contexts, _FINE)) is False:
        if _answer(step.condition, Scope(own.contexts, _FAILED)) is not False:
            yield Chance.TOO_LATE
        return
    if _given(step.continue_on_error, own) is True and not is_asked_for(site.job, step):
        yield Chance.FORGIVEN
    elif _given(site.job.continue_on_error, outside) is True:
        yield Chance.FORGIVEN_BY_JOB
    else:
        yield Chance.COUNTS


def _asks_status(job: Job) -> bool:
    try:
        expression = condition(text(job.condition)) if job.condition is not None else None
    except ExpressionError:
        return True
    return expression is not None and asks_status(expression)


def _however_they_end(scope: Scope) -> Scope:
    """The same, where nothing is known of how the jobs before ended."""
    needs = scope.contexts.get("needs")
    if not isinstance(needs, Object) or not needs.entries:
        return scope
    open_: dict[str, Value] = {name: _open(name, value) for name, value in needs.entries.items()}
    return Scope({**scope.contexts, "needs": Object(open_, needs.rest)}, scope.functions)


def _open(name: str, need: Value) -> Value:
    if not isinstance(need, Object):
        return need
    return Object({**need.entries, "result": Unknown(expression=f"needs.{name}.result", truth=True)}, need.rest)


def _legs(job: Job, outside: Scope) -> Iterator[Scope]:
    expansion = expand(job.strategy, outside)
    for leg in named_legs(job, expansion, outside):
        yield leg.scope


def _in_job(site: Site, outside: Scope) -> Scope:
    """What a step's own expressions see."""
    values, _ = environment_of(site.workflow, site.job, site.step, site.contents)
    environment = Object(dict(values), Unknown(expression="env"))
    system = _system(site.job, outside)
    runner: dict[str, Value] = {"os": system} if system else {}
    contexts = {**outside.contexts, "env": environment, "runner": Object(runner, Unknown(expression="runner"))}
    return Scope(contexts, _FINE)


def _system(job: Job, outside: Scope) -> str:
    """What `runner.os` is; empty where it cannot be told."""
    label = fill_node(job.runs_on, outside) if job.runs_on is not None else None
    return _SYSTEMS.get(label.partition("-")[0].casefold(), "") if isinstance(label, str) else ""


def _answer(written: Scalar | None, scope: Scope) -> bool | None:
    """What an `if` comes to; without a status function it wants success as well."""
    try:
        expression = condition(text(written)) if written is not None else None
    except ExpressionError:
        return None
    if expression is None or not (asks_status(expression) or scope.functions["success"]):
        return bool(scope.functions["success"])
    return truth(evaluate(expression, scope))


def _given(written: Scalar | None, scope: Scope) -> bool | None:
    """What `continue-on-error` comes to; false where it is not there."""
    if written is None:
        return False
    value = fill_node(written, scope)
    return value if isinstance(value, bool) else None
