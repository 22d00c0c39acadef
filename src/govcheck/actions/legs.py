"""What a value of a job comes to in each run of its matrix, as far as the files alone tell."""

from collections.abc import Iterator

from govcheck.actions.evaluation import Scope
from govcheck.actions.job_names import named_legs
from govcheck.actions.matrix import expand
from govcheck.actions.templates import OPENING, fill_node
from govcheck.actions.values import Unknown, Value
from govcheck.actions.workflow import Job
from govcheck.facts.document import Scalar

_MOST_LEGS = 1000
_NOTHING_KNOWN = Scope({})


def in_every_leg(job: Job, node: Scalar) -> Iterator[Value]:
    """Every value that a part of a job has; only its matrix is known, and what stands in no expression."""
    if OPENING not in node.text:
        yield node.value
        return
    expansion = expand(job.strategy, _NOTHING_KNOWN)
    legs = named_legs(job, expansion, _NOTHING_KNOWN)
    for leg in legs[:_MOST_LEGS]:
        yield fill_node(node, leg.scope)
    if len(legs) > _MOST_LEGS:
        yield Unknown(expression="matrix")


def numbers(job: Job, node: Scalar) -> tuple[list[float | None], bool]:
    """The same as numbers, None for what is none; and whether there are values that only a run can tell."""
    values = list(in_every_leg(job, node))
    known = [_number(value) for value in values if not isinstance(value, Unknown)]
    return known, len(known) < len(values)


def _number(value: Value) -> float | None:
    if isinstance(value, str):
        return float(value) if value.strip().isdecimal() else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
