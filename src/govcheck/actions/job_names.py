"""The name that a job's check reports under: the *context* that a branch can require.

It is the job's `name`, or else its id; never the workflow's name. A matrix adds ` (value, value)`, unless the name has
an expression in it: that is evaluated and used as it is. Sources: GitHub's own builder,
https://github.com/actions/runner/blob/main/src/Sdk/WorkflowParser/Conversion/JobNameBuilder.cs, and
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from govcheck.actions.evaluation import Scope
from govcheck.actions.matrix import Expansion
from govcheck.actions.templates import fill, literal
from govcheck.actions.values import Array, Object, Unknown, Value, fits, join_shapes, shape_of, to_text
from govcheck.actions.workflow import Job, text
from govcheck.records import frozen

LONGEST = 100
"""In UTF-16 units, as GitHub's server counts."""

_CUT = "..."
_STRATEGY = Unknown(expression="strategy")

Name = str | Unknown
"""A context, or what is known of one (its `shape`)."""


def base_name(job: Job) -> str | None:
    """The name without a matrix; None where an expression has a say in it."""
    known = literal(text(job.name)) if job.name else ""
    return None if known is None else known or job.id


def unexpanded_name(job: Job) -> str:
    """What a job reports as that is skipped before its matrix and its name are evaluated."""
    return base_name(job) or text(job.name or job.key)


@frozen
class NamedLeg:
    """One run of a job: its context, and what its expressions see."""

    name: Name
    scope: Scope


def named_legs(job: Job, expansion: Expansion | None, scope: Scope) -> tuple[NamedLeg, ...]:
    """All legs, in order; the last one stands for those that cannot be told, where there may be such."""
    if expansion is None:
        return (_named(job, (), _scope(scope, None, 0, 1)),)
    total: Value = Unknown(expression="strategy.job-total") if expansion.open else len(expansion.legs)
    legs = [
        _named(job, leg.named, _scope(scope, leg.matrix, index, total), leg.doubt)
        for index, leg in enumerate(expansion.legs)
    ]
    if expansion.open:
        doubt = Unknown(expression=expansion.open.expression, constant=expansion.open.constant)
        legs.append(_named(job, (doubt,), _scope(scope, doubt, Unknown(expression="strategy.job-index"), total)))
    return tuple(legs)


def nested(caller: Name, called: Name) -> Name:
    """The context of a job inside a reusable workflow."""
    return as_name(join_shapes([caller, " / ", called]))


def behind(caller: Name, doubt: Unknown) -> Unknown:
    """All that is known of a context whose called workflow cannot be read."""
    joined = join_shapes([caller, " / ", doubt])
    return joined if isinstance(joined, Unknown) else doubt


def could_be(name: Name, context: str) -> bool:
    """Whether a job of that name can report that context; a long name that is known in part may be cut anywhere."""
    if isinstance(name, str):
        return name == context
    if fits(name.shape, context):
        return True
    if not context.endswith(_CUT) or _length(context) != LONGEST:
        return False
    known, kept = name.shape[0] or "", context[: -len(_CUT)]
    return kept.startswith(known) or known.startswith(kept)


def as_name(value: Value) -> Name:
    """A value as a name."""
    return value if isinstance(value, Unknown) else to_text(value)


def default_name(base: str, values: tuple[Value, ...]) -> Name:
    """A job's name with its combination's values behind it, cut as GitHub cuts."""
    if not values:
        return _cut(base)
    if not any(isinstance(value, Unknown) for value in values):
        listed = ", ".join(to_text(value) for value in values)
        return _cut(f"{base} ({listed})")
    parts: list[Value] = [f"{base} ("]
    for before, value in zip((None, *values), values, strict=False):
        vague = isinstance(before, Unknown) or isinstance(value, Unknown)
        if before is not None and not vague:
            parts.append(", ")
        parts.append(
            Unknown(expression=value.expression, constant=value.constant) if isinstance(value, Unknown) else value
        )
    return as_name(join_shapes([*parts, ")"]))


def _named(job: Job, values: tuple[Value, ...], scope: Scope, doubt: Unknown | None = None) -> NamedLeg:
    base = base_name(job)
    if base is None and job.name is not None:
        filled = fill(text(job.name), scope)
        if isinstance(filled, Unknown | Array | Object) or to_text(filled):
            return NamedLeg(_doubtful(as_name(filled), doubt), scope)
    return NamedLeg(_doubtful(default_name(base or job.id, values), doubt), scope)


def _doubtful(name: Name, doubt: Unknown | None) -> Name:
    if doubt is None or isinstance(name, Unknown):
        return name
    return Unknown(expression=doubt.expression, constant=doubt.constant, shape=shape_of(name))


def _scope(scope: Scope, matrix: Value, index: Value, total: Value) -> Scope:
    strategy = Object({"job-index": index, "job-total": total}, _STRATEGY)
    return Scope({**scope.contexts, "matrix": matrix, "strategy": strategy}, scope.functions)


def _length(characters: str) -> int:
    return len(characters) if characters.isascii() else len(characters.encode("utf-16-le", "surrogatepass")) // 2


def _cut(name: str) -> str:
    if _length(name) <= LONGEST:
        return name
    kept = name.encode("utf-16-le", "surrogatepass")[: (LONGEST - len(_CUT)) * 2]
    return kept.decode("utf-16-le", "replace") + _CUT
