"""Which environments jobs name, as far as the files tell: through matrices, calls, and the choices of a dispatch.

A name that a condition decides (`cond && 'production' || 'staging'`) is every name that it may come to. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idenvironment
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from govcheck.actions import calls
from govcheck.actions.callers import CALL, called_from_elsewhere
from govcheck.actions.evaluation import Scope, evaluate
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.job_names import named_legs
from govcheck.actions.matrix import expand
from govcheck.actions.syntax import Expression, Logic
from govcheck.actions.templates import fill, split
from govcheck.actions.triggers import Trigger
from govcheck.actions.values import Array, Object, Unknown, Value, to_text
from govcheck.actions.workflow import Environment, Job, Workflow, read, text
from govcheck.facts import document
from govcheck.facts.document import Mapping as Node
from govcheck.facts.document import Scalar
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.records import frozen, mutable

_MOST_CHOICES = 50
"""Combinations of inputs, and names of one job, that are followed."""

_MOST_JOBS = 5000


@frozen(eq=False)
class Use:
    """One environment that one job may deploy to."""

    workflow: Workflow
    job: Job
    environment: Environment
    name: str | Unknown
    """Unknown where only a run can tell; its `shape` is what is known of it."""


@lru_cache(maxsize=32)
def uses(workflows: Workflows) -> tuple[Use, ...]:
    """Every environment that every job may name, each once, in the order of the files."""
    files = {file.path: read(file) for file in workflows.files if not isinstance(file.document, Unreadable)}
    walker = _Walker(files)
    found: dict[tuple[str, str, object], Use] = {}
    for workflow in files.values():
        starts = [start for trigger in workflow.triggers if trigger.event != CALL for start in _starts(trigger)]
        if called_from_elsewhere(workflow, workflows):
            starts.append((CALL, Object({}, Unknown(expression="inputs"))))
        for event, inputs in starts:
            for use in walker.workflow(workflow, event, inputs, 1):
                name = use.name.casefold() if isinstance(use.name, str) else use.name
                found.setdefault((use.workflow.path, use.job.id, name), use)
    return tuple(found.values())


def of_job(workflow: Workflow, job: Job, workflows: Workflows) -> tuple[Use, ...]:
    """The environments of one job; none where it names none, or where nothing starts it."""
    return tuple(use for use in uses(workflows) if use.job is job and use.workflow is workflow)


@mutable
class _Walker:
    files: Mapping[str, Workflow]
    left: int = _MOST_JOBS

    def workflow(self, workflow: Workflow, event: str, inputs: Object, depth: int) -> Iterator[Use]:
        scope = _scope(event, inputs)
        for job in workflow.jobs:
            called = self._called(job) if depth < calls.DEEPEST else None
            if job.environment is None and called is None:
                continue
            for leg in named_legs(job, expand(job.strategy, scope), scope):
                self.left -= 1
                if self.left < 0:
                    if job.environment is not None:
                        yield Use(workflow, job, job.environment, Unknown(expression=text(job.environment.name)))
                    break
                if job.environment is not None:
                    yield from _named(workflow, job, job.environment, leg.scope)
                if called is not None:
                    given = calls.inputs(job, called, leg.scope, scope)
                    yield from self.workflow(called, event, given, depth + 1)

    def _called(self, job: Job) -> Workflow | None:
        path = calls.local_path(text(job.uses)) if job.uses is not None else None
        return self.files.get(path) if path is not None else None


def _named(workflow: Workflow, job: Job, environment: Environment, scope: Scope) -> Iterator[Use]:
    for name in names_of(text(environment.name), scope):
        if name:
            yield Use(workflow, job, environment, name)


def names_of(written: str, scope: Scope) -> tuple[str | Unknown, ...]:
    """Everything that a text may come to; one `Unknown` where that is open."""
    value = fill(written, scope)
    if not isinstance(value, Unknown):
        return (to_text(value).strip(),)
    try:
        pieces = [(piece,) if isinstance(piece, str) else _possible(piece, scope) for piece in split(written)]
    except ExpressionError:
        return (value,)
    closed = [piece for piece in pieces if piece is not None]
    if len(closed) < len(pieces):
        return (value,)
    joined = ["".join(parts).strip() for parts in islice(product(*closed), _MOST_CHOICES + 1)]
    return tuple(dict.fromkeys(joined)) if len(joined) <= _MOST_CHOICES else (value,)


def _possible(expression: Expression, scope: Scope) -> tuple[str, ...] | None:
    """Every text that an expression may come to; None where that is open."""
    value = evaluate(expression, scope)
    if not isinstance(value, Unknown):
        return None if isinstance(value, Array | Object) else (to_text(value),)
    if not isinstance(expression, Logic):
        return None
    last = _possible(expression.operands[-1], scope)
    if expression.operator == "&&" or last is None:
        # Where an earlier operand is false, the whole is: that counts as nothing, or goes on to what follows `||`.
        return None if last is None else ("", *last)
    earlier = [_possible(operand, scope) for operand in expression.operands[:-1]]
    if any(one is None for one in earlier):
        return None
    return (*(name for one in earlier for name in one or () if name), *last)


def _scope(event: str, inputs: Object) -> Scope:
    """Nothing is taken for known but what starts the workflow, and with which inputs."""
    payload = Object({"inputs": inputs}, Unknown(expression="github.event"))
    github: dict[str, Value] = {"event": payload, "event_name": event}
    return Scope({"inputs": inputs, "github": Object(github, Unknown(expression="github"))})


def _starts(trigger: Trigger) -> Iterable[tuple[str, Object]]:
    """The event, with every combination of what its inputs let people choose."""
    declared = trigger.config.get("inputs") if trigger.config is not None else None
    if trigger.event != "workflow_dispatch":
        return [(trigger.event, Object({}))]
    choices: dict[str, tuple[Value, ...]] = {}
    for name, definition in declared.items() if isinstance(declared, Node) else ():
        choices[name] = _choices(name, definition)
    if any(len(found) > _MOST_CHOICES for found in choices.values()) or _size(choices.values()) > _MOST_CHOICES:
        choices = {name: (Unknown(expression=f"inputs.{name}"),) for name in choices}
    combined = product(*choices.values())
    return [(trigger.event, Object(dict(zip(choices, chosen, strict=True)))) for chosen in combined]


def _size(choices: Iterable[tuple[Value, ...]]) -> int:
    size = 1
    for found in choices:
        size *= len(found)
    return size


def _choices(name: str, definition: document.Node) -> tuple[Value, ...]:
    """The options of an input, where it has some; or its default, and what else somebody may write."""
    options = definition.get("options") if isinstance(definition, Node) else None
    kind = definition.get("type") if isinstance(definition, Node) else None
    if isinstance(options, document.Sequence) and isinstance(kind, Scalar) and text(kind) == "choice":
        listed = tuple(text(option) for option in options if isinstance(option, Scalar))
        if listed and len(listed) == len(options.items):
            return listed
    default = definition.get("default") if isinstance(definition, Node) else None
    anything = Unknown(expression=f"inputs.{name}")
    return (text(default), anything) if isinstance(default, Scalar) and text(default) else (anything,)
