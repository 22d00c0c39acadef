"""The tree of an expression, and how to write one out."""

import re
from collections.abc import Iterator
from typing import Literal as OneOf

from govcheck.actions.values import Primitive, to_text
from govcheck.records import frozen

Operator = OneOf["==", "!=", "<", "<=", ">", ">="]
Junction = OneOf["&&", "||"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@frozen
class Literal:
    """A value as written."""

    value: Primitive


@frozen
class Context:
    """A name: `github`, `matrix`."""

    name: str


@frozen
class Star:
    """The `*` of `a.*` and `a[*]`."""


@frozen
class Index:
    """`a.b`, `a['b']`, `a.*`."""

    target: "Expression"
    index: "Expression"


@frozen
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Expression", ...]


@frozen
class Not:
    """`!a`."""

    operand: "Expression"


@frozen
class Compare:
    """`a == b` and its kin."""

    operator: Operator
    left: "Expression"
    right: "Expression"


@frozen
class Logic:
    """`a && b && c`, or the same with `||`: one node for a whole chain."""

    operator: Junction
    operands: tuple["Expression", ...]


Expression = Literal | Context | Star | Index | Call | Not | Compare | Logic


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def show(expression: Expression) -> str:  # noqa: C901, PLR0911 - one case for each of the eight nodes
    """The expression as text that parses to the same tree."""
    match expression:
        case Literal(value):
            return f"'{value.replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else to_text(value) or "null"
        case Context(name):
            return name
        case Index(target, Literal(str() as name)) if _WORD.fullmatch(name):
            return f"{show(target)}.{name}"
        case Index(target, Star()):
            return f"{show(target)}.*"
        case Index(target, index):
            return f"{show(target)}[{show(index)}]"
        case Star():
            return "*"
        case Call(name, arguments):
            return f"{name}({', '.join(map(show, arguments))})"
        case Not(operand):
            return f"!{_grouped(operand)}"
        case Compare(operator, left, right):
            return f"{_grouped(left)} {operator} {_grouped(right)}"
        case Logic(operator, operands):
            return f" {operator} ".join(map(_grouped, operands))


def _grouped(expression: Expression) -> str:
    shown = show(expression)
    return f"({shown})" if isinstance(expression, Compare | Logic) else shown


def children(node: Expression) -> tuple[Expression, ...]:
    """The nodes right below one."""
    match node:
        case Literal() | Context() | Star():
            return ()
        case Index(target, index):
            return target, index
        case Call(_, arguments):
            return arguments
        case Not(operand):
            return (operand,)
        case Compare(_, left, right):
            return left, right
        case Logic(_, operands):
            return operands
