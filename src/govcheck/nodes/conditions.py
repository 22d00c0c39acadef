"""What a node is held to: a JSON Schema (a mapping) or a CEL expression (a text)."""

from collections.abc import Mapping
from typing import Any

from govcheck.findings import Reason
from govcheck.nodes import quick
from govcheck.nodes.expressions import EngineMissingError, Expression, ExpressionError, compile_expression, reads
from govcheck.nodes.schemas import Schema, SchemaError, compile_schema
from govcheck.nodes.schemas import mentions as schema_mentions
from govcheck.nodes.shapes import types_named
from govcheck.records import frozen

Written = str | Mapping[str, Any]
"""A condition as a policy has it."""


class ConditionError(ValueError):
    """A condition that is not valid, with the place within it; or one that could not be told of a node."""

    def __init__(self, message: str, place: tuple[str | int, ...] = (), reason: Reason = Reason.DYNAMIC) -> None:
        super().__init__(message)
        self.place = place
        self.reason = reason


@frozen
class Told:
    """What a condition says of a node."""

    holds: bool
    why: str = ""
    """What stands against it, where a schema tells."""


def compile_condition(written: Written, each: str) -> Expression | Schema:
    """A condition over the nodes of that name.

    Raises:
        ConditionError: where it is not valid.
    """
    try:
        if isinstance(written, str):
            return compile_expression(written, each)
        compiled = compile_schema(written)
    except SchemaError as error:
        raise ConditionError(str(error), error.place) from None
    except EngineMissingError as error:
        raise ConditionError(str(error), reason=Reason.TOOL_MISSING) from None
    except ExpressionError as error:
        raise ConditionError(str(error)) from None
    strange = [name for name in _properties(written) if name not in types_named(each)]
    if strange:
        legal = ", ".join(types_named(each))
        raise ConditionError(f"a {each} has no `{strange[0]}`: it has {legal}", ("properties", strange[0]))
    return compiled


def tell(written: Written, each: str, node: Mapping[str, Any], *, explain: bool = True) -> Told:
    """What a condition says of a node; without `explain` a schema need not say what stands against it.

    Raises:
        ConditionError: where it cannot be told.
    """
    certain = None if isinstance(written, str) else quick.holds(written, node)
    if certain or (certain is False and not explain):
        return Told(certain)
    compiled = compile_condition(written, each)
    try:
        if isinstance(compiled, Expression):
            return Told(compiled.holds(node))
        why = compiled.against(node)
    except ExpressionError as error:
        raise ConditionError(str(error)) from None
    except (ArithmeticError, RecursionError) as error:
        raise ConditionError(f"it could not be evaluated: {error}") from None
    return Told(why is None, why or "")


def mentions(written: Written, each: str, key: str) -> bool:
    """Whether a valid condition may look at that value of a node."""
    return key in reads(written, each) if isinstance(written, str) else schema_mentions(written, key)


def _properties(schema: Mapping[str, Any]) -> list[str]:
    """The values of the node that a schema names at its top."""
    named = schema.get("properties")
    required = schema.get("required")
    return [*(named if isinstance(named, dict) else ()), *(required if isinstance(required, list) else ())]
