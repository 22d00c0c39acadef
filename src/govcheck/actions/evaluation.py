"""What an expression comes to, over contexts that are known in part: a value, or `Unknown` that names what is missing.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import math
from collections.abc import Mapping
from functools import lru_cache

from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.functions import FUNCTIONS
from govcheck.actions.syntax import (
    Call,
    Compare,
    Context,
    Expression,
    Index,
    Literal,
    Logic,
    Not,
    Star,
    show,
    walk,
)
from govcheck.actions.values import (
    Array,
    Object,
    Unknown,
    Value,
    equal,
    is_primitive,
    less,
    to_number,
    to_text,
    truth,
    unknown,
)
from govcheck.records import field, frozen

STATUS_FUNCTIONS = frozenset({"success", "failure", "always", "cancelled"})


@frozen(eq=False)
class Scope:
    """What expressions can see."""

    contexts: Mapping[str, Value]
    """By name, in lower case. A context that is not here is unknown."""

    functions: Mapping[str, Value] = field(default_factory=dict)
    """What `success`, `failure`, `always` and `cancelled` answer, where they may be asked."""


def evaluate(expression: Expression, scope: Scope) -> Value:  # noqa: PLR0911 - one case for each of the eight nodes
    """What an expression comes to. A failure at run time, such as `fromJSON` of no JSON, is unknown."""
    match expression:
        case Literal(value):
            return value
        case Context(name):
            lowered = name.lower()
            return scope.contexts[lowered] if lowered in scope.contexts else Unknown(expression=name)
        case Index():
            return _index(expression, scope)
        case Call(name, arguments):
            return _call(name, arguments, expression, scope)
        case Not(operand):
            return _not(evaluate(operand, scope))
        case Compare(operator, left, right):
            return _compare(operator, evaluate(left, scope), evaluate(right, scope))
        case Logic(operator, operands):
            return _logic(operands, scope, decisive=operator == "||")
        case Star():
            return Unknown(expression="*")


def evaluate_source(source: str, scope: Scope) -> Value:
    """The same, from text; what is no expression is unknown."""
    try:
        return evaluate(parse(source), scope)
    except ExpressionError:
        return Unknown(expression=source)


@lru_cache(maxsize=4096)
def asks_status(expression: Expression) -> bool:
    """Whether a condition asks for the state of earlier jobs itself; otherwise GitHub adds `success() &&`."""
    return any(isinstance(node, Call) and node.name.lower() in STATUS_FUNCTIONS for node in walk(expression))


def _not(value: Value) -> Value:
    known = truth(value)
    if known is not None:
        return not known
    return unknown(value) if isinstance(value, Unknown) else Unknown(expression="!")


def _compare(operator: str, left: Value, right: Value) -> Value:
    if operator == "==":
        return equal(left, right)
    if operator == "!=":
        return _not(equal(left, right))
    if operator == "<":
        return less(left, right)
    if operator == ">":
        return less(right, left)
    strictly = less(left, right) if operator == "<=" else less(right, left)
    if isinstance(strictly, Unknown):
        return strictly
    return strictly or equal(left, right)


def _logic(operands: tuple[Expression, ...], scope: Scope, *, decisive: bool) -> Value:
    """`||` ends at the first operand that counts as true, `&&` at the first that counts as false."""
    doubt: Unknown | None = None
    value: Value = None
    for operand in operands:
        value = evaluate(operand, scope)
        known = truth(value)
        if known is decisive:
            break
        if known is None and isinstance(value, Unknown):
            doubt = unknown(doubt, value) if doubt else value
    if doubt is None:
        return value
    settled = decisive if truth(value) is decisive else None
    return Unknown(expression=doubt.expression, constant=doubt.constant, truth=settled)


def _index(expression: Index, scope: Scope) -> Value:
    target = evaluate(expression.target, scope)
    if isinstance(target, Unknown):
        return Unknown(expression=show(expression), constant=target.constant)
    if isinstance(expression.index, Star):
        return _all_of(target)
    named = expression.index
    index = named.value if isinstance(named, Literal) else evaluate(named, scope)
    if isinstance(index, Unknown):
        constant = index.constant and not (isinstance(target, Object) and target.rest is not None)
        return Unknown(expression=show(expression), constant=constant) if isinstance(target, Array | Object) else None
    if isinstance(target, Array) and target.filtered:
        found = tuple(item for item in target.items if _has(item, index))
        return Array(tuple(_named(_item(item, index), expression) for item in found), filtered=True)
    return _named(_item(target, index), expression)


def _named(value: Value, expression: Expression) -> Value:
    """What is unknown is called by the whole of what was asked for."""
    if isinstance(value, Unknown) and value.truth is None and value.shape == (None,):
        return Unknown(expression=show(expression), constant=value.constant)
    return value


def _all_of(target: Value) -> Value:
    if isinstance(target, Object):
        return Array(tuple(target.entries.values()), filtered=True) if target.rest is None else target.rest
    if isinstance(target, Array) and target.filtered:
        nested = [item if isinstance(item, Unknown) else _all_of(item) for item in target.items]
        doubt = next((one for one in nested if isinstance(one, Unknown)), None)
        lists = (one.items for one in nested if isinstance(one, Array))
        return doubt or Array(tuple(item for items in lists for item in items), filtered=True)
    return Array(target.items if isinstance(target, Array) else (), filtered=True)


def _has(item: Value, index: Value) -> bool:
    if isinstance(item, Object):
        return is_primitive(index) and (item.rest is not None or to_text(index) in item)
    if isinstance(item, Array):
        position = _position(index)
        return position is not None and position < len(item.items)
    return isinstance(item, Unknown)


def _item(target: Value, index: Value) -> Value:
    if isinstance(target, Unknown):
        return target
    if isinstance(target, Object):
        return target.get(to_text(index)) if is_primitive(index) else None
    if isinstance(target, Array):
        position = _position(index)
        return target.items[position] if position is not None and position < len(target.items) else None
    return None


def _position(index: Value) -> int | None:
    number = to_number(index)
    return math.floor(number) if math.isfinite(number) and number >= 0 else None


def _call(name: str, arguments: tuple[Expression, ...], expression: Expression, scope: Scope) -> Value:
    lowered = name.lower()
    if lowered in STATUS_FUNCTIONS:
        return scope.functions.get(lowered, Unknown(expression=show(expression)))
    if lowered == "case":
        return _case(arguments, scope)
    function = FUNCTIONS.get(lowered)
    if function is None:
        return Unknown(expression=show(expression))
    try:
        return function([evaluate(argument, scope) for argument in arguments])
    except (ValueError, RecursionError):
        return Unknown(expression=show(expression))


def _case(arguments: tuple[Expression, ...], scope: Scope) -> Value:
    *pairs, default = arguments
    for condition, result in zip(pairs[::2], pairs[1::2], strict=True):
        value = evaluate(condition, scope)
        if value is True:
            return evaluate(result, scope)
        if value is not False:
            return unknown(value) if isinstance(value, Unknown) else Unknown(expression=show(condition))
    return evaluate(default, scope)
