"""Parses what stands between `${{` and `}}`, or after `if:`.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions. Limits are GitHub's: 21,000
characters, a tree 50 deep. Names of contexts and functions are not checked: what is new to govcheck is not an error.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.syntax import (
    Call,
    Compare,
    Context,
    Expression,
    Index,
    Junction,
    Literal,
    Logic,
    Not,
    Operator,
    Star,
    children,
)
from govcheck.actions.values import Primitive, parse_number
from govcheck.records import field, mutable

__all__ = [
    "Call",
    "Compare",
    "Context",
    "Expression",
    "ExpressionError",
    "Index",
    "Literal",
    "Logic",
    "Not",
    "Star",
    "parse",
]

MAX_LENGTH = 21_000
MAX_DEPTH = 50

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<operator>[!=<>]=|&&|\|\||[!<>()\[\],*])
      | (?P<number>[-+0-9][^\s()\[\],!<>=&|]*|\.[0-9][^\s()\[\],!<>=&|]*)
      | (?P<dot>\.)
      | (?P<word>[A-Za-z_][A-Za-z0-9_-]*)(?P<call>(?=\s*\())?
    )""",
    re.VERBOSE,
)
_BOUNDARY = re.compile(r"[\s()\[\],.!<>=&|]|\Z")
_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "!": 5}
_ARGUMENTS = {
    "case": (3, 255),
    "contains": (2, 2),
    "endswith": (2, 2),
    "format": (1, 255),
    "fromjson": (1, 1),
    "join": (1, 2),
    "startswith": (2, 2),
    "tojson": (1, 1),
    "always": (0, 0),
    "cancelled": (0, 0),
}
_KEYWORDS: dict[str, Primitive] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}

_JUNCTIONS: dict[str, Junction] = {"&&": "&&", "||": "||"}
_COMPARISONS: dict[str, Operator] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class ExpressionError(Exception):
    """Not an expression: what is wrong with it, in words."""


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The tree of an expression.

    Raises:
        ExpressionError: where it is none.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH:,} characters")
    parser = _Parser()
    for kind, text in _tokens(source):
        parser.take(kind, text)
    return parser.end()


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    position = 0
    end = len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None:
            raise ExpressionError(f"unexpected {source[position:].strip()[:20]!r}")
        position = match.end()
        kind = str(match.lastgroup)
        if kind in {"word", "call"}:
            if not _BOUNDARY.match(source, position):
                raise ExpressionError(f"unexpected {source[position:][:20]!r} after {match['word']!r}")
            yield ("call" if match["call"] is not None else "word"), match["word"]
        else:
            yield kind, match[kind]


@mutable
class _Open:
    """A bracket that is open, and the operators that wait inside it."""

    bracket: str
    name: str = ""
    arguments: int = 0
    operators: list[str] = field(default_factory=list)


@mutable
class _Parser:
    """Operator precedence without recursion, so that no input can exhaust the stack."""

    operands: list[Expression] = field(default_factory=list)
    open: list[_Open] = field(default_factory=lambda: [_Open("")])
    wants_operand: bool = True
    after_dot: bool = False
    after_call: str = ""
    can_index: bool = False

    def take(self, kind: str, text: str) -> None:
        """One token more."""
        if self.after_dot:
            self._property(kind, text)
        elif self.after_call:
            self.open.append(_Open("(", self.after_call))
            self.after_call = ""
        elif kind == "operator":
            self._operator(text)
        elif kind == "dot":
            self._need(not self.wants_operand and self.can_index, text)
            self.after_dot = True
        else:
            self._need(self.wants_operand, text)
            self._operand(kind, text)

    def end(self) -> Expression:
        """The whole tree."""
        if self.wants_operand or self.after_dot or self.after_call or len(self.open) > 1:
            raise ExpressionError("the expression ends too early")
        self._reduce(0)
        (tree,) = self.operands
        _check_depth(tree)
        return tree

    def _need(self, condition: bool, text: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not condition:
            raise ExpressionError(f"unexpected {text!r}")

    def _property(self, kind: str, text: str) -> None:
        self._need(kind in {"word", "call"} or text == "*", text)
        index: Expression = Star() if text == "*" else Literal(text)
        self.operands.append(Index(self.operands.pop(), index))
        self.after_dot, self.can_index = False, True

    def _operand(self, kind: str, text: str) -> None:
        self.wants_operand = False
        self.can_index = False
        if kind == "text":
            self.operands.append(Literal(text[1:-1].replace("''", "'")))
        elif kind == "number":
            number = parse_number(text)
            self._need(number == number, text)  # noqa: PLR0124 - NaN differs from itself
            self.operands.append(Literal(number))
        elif text in _KEYWORDS:
            self.operands.append(Literal(_KEYWORDS[text]))
        elif kind == "call":
            self.wants_operand = True
            self.after_call = text
        else:
            self.operands.append(Context(text))
            self.can_index = True

    def _operator(self, text: str) -> None:
        if text in {"!", "("}:
            self._need(self.wants_operand, text)
            if text == "!":
                self.open[-1].operators.append(text)
            else:
                self.open.append(_Open("("))
        elif text == "*":
            self._need(self.wants_operand and self.open[-1].bracket == "[" and not self.open[-1].operators, text)
            self.operands.append(Star())
            self.wants_operand = False
        elif text == "[":
            self._need(not self.wants_operand and self.can_index, text)
            self.open.append(_Open("["))
            self.wants_operand = True
        elif text in {")", "]"}:
            self._close(text)
        elif text == ",":
            self._need(not self.wants_operand and bool(self.open[-1].name), text)
            self._reduce(0)
            self.open[-1].arguments += 1
            self.wants_operand = True
        else:
            self._binary(text)

    def _binary(self, text: str) -> None:
        self._need(not self.wants_operand, text)
        self._reduce(_PRECEDENCE[text])
        self.open[-1].operators.append(text)
        self.wants_operand = True

    def _close(self, text: str) -> None:
        top = self.open[-1]
        empty_call = bool(top.name) and not top.arguments and self.wants_operand and not top.operators
        self._need(top.bracket == {")": "(", "]": "["}[text] and (empty_call or not self.wants_operand), text)
        self._reduce(0)
        self.open.pop()
        if text == "]":
            index = self.operands.pop()
            self.operands.append(Index(self.operands.pop(), index))
        elif top.name:
            count = 0 if empty_call else top.arguments + 1
            arguments = tuple(self.operands[len(self.operands) - count :])
            del self.operands[len(self.operands) - count :]
            self.operands.append(_call(top.name, arguments))
        self.wants_operand, self.can_index = False, True

    def _reduce(self, precedence: int) -> None:
        operators = self.open[-1].operators
        while operators and _PRECEDENCE[operators[-1]] >= precedence:
            operator = operators.pop()
            right = self.operands.pop()
            self.operands.append(Not(right) if operator == "!" else _pair(operator, self.operands.pop(), right))


def _pair(operator: str, left: Expression, right: Expression) -> Expression:
    junction = _JUNCTIONS.get(operator)
    if junction is not None:
        return Logic(junction, (*_chain(junction, left), *_chain(junction, right)))
    return Compare(_COMPARISONS[operator], left, right)


def _chain(operator: str, node: Expression) -> tuple[Expression, ...]:
    return node.operands if isinstance(node, Logic) and node.operator == operator else (node,)


def _call(name: str, arguments: tuple[Expression, ...]) -> Call:
    fewest, most = _ARGUMENTS.get(name.lower(), (0, 255))
    if not fewest <= len(arguments) <= most:
        raise ExpressionError(f"{name} takes {fewest} to {most} arguments, not {len(arguments)}")
    if name.lower() == "case" and len(arguments) % 2 == 0:
        raise ExpressionError("case takes pairs and a default, which is an odd number of arguments")
    return Call(name, arguments)


def _check_depth(tree: Expression) -> None:
    level: list[Expression] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise ExpressionError(f"the expression is more than {MAX_DEPTH} deep")
