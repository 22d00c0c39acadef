"""How a test of the shell may come out: `[ ... ]`, `[[ ... ]]`, `test`.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/test.html, and for `[[` the manual of bash.
"""

import operator
from collections.abc import Callable

from tree_sitter import Node

from govcheck.actions.shell import Word
from govcheck.actions.shell_words import Words
from govcheck.liveness.shell_values import Values, Variables
from govcheck.records import frozen

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {"=": operator.eq, "==": operator.eq, "!=": operator.ne}
_PATTERN = frozenset("*?[")


@frozen
class Truth:
    """The ways in which a test can come out."""

    true: bool
    false: bool


EITHER = Truth(true=True, false=True)


@frozen
class Tests:
    """Judges the tests of one script."""

    words: Words
    variables: Variables

    def command(self, words: tuple[Word, ...]) -> Truth:
        """`test ...`, or `[ ... ]` where the parser took it for a command."""
        values = [self.variables.word(word) for word in words if word.literal != "]"]
        literals = [word.literal for word in words if word.literal != "]"]
        if literals[:1] == ["!"]:
            return _not(self.command(words[1:]))
        if len(values) == 1:
            return _unary("-n", values[0])
        if len(values) == 2 and literals[0] is not None:  # noqa: PLR2004 - an operator and its operand
            return _unary(literals[0], values[1])
        if len(values) == 3 and literals[1] is not None:  # noqa: PLR2004 - an operator and its two operands
            return _binary(literals[1], values[0], values[2])
        return EITHER

    def node(self, node: Node, *, patterns: bool = False, depth: int = 40) -> Truth:
        """A `test_command`, or a part of one.

        Args:
            node: Of the parser's tree.
            patterns: Whether the right side of `==` is a pattern, as in `[[`.
            depth: How deep it is followed.
        """
        if not depth:
            return EITHER
        if node.type == "test_command":
            inner = node.named_children
            double = bool(node.children) and node.children[0].type == "[["
            return self.node(inner[0], patterns=double, depth=depth - 1) if len(inner) == 1 else EITHER
        if node.type == "parenthesized_expression" and len(node.named_children) == 1:
            return self.node(node.named_children[0], patterns=patterns, depth=depth - 1)
        if node.type == "binary_expression":
            return self._binary(node, patterns=patterns, depth=depth)
        if node.type in {"unary_expression", "negated_command"}:
            return self._unary(node, patterns=patterns, depth=depth)
        return _unary("-n", self.variables.word(self.words.word(node)))

    def _binary(self, node: Node, *, patterns: bool, depth: int) -> Truth:
        if len(node.children) != 3:  # noqa: PLR2004 - left, operator, right
            return EITHER
        left, sign, right = node.children
        name = self.words.text(sign.start_byte, sign.end_byte)
        if name in {"&&", "-a"}:
            return _both(self.node(left, patterns=patterns, depth=depth - 1), self.node(right, depth=depth - 1))
        if name in {"||", "-o"}:
            first = self.node(left, patterns=patterns, depth=depth - 1)
            return _not(_both(_not(first), _not(self.node(right, patterns=patterns, depth=depth - 1))))
        if patterns and _PATTERN.intersection(self.words.text(right.start_byte, right.end_byte)):
            return EITHER
        return _binary(name, self._values(left), self._values(right))

    def _unary(self, node: Node, *, patterns: bool, depth: int) -> Truth:
        sign, operand = node.children[0], node.children[-1]
        name = self.words.text(sign.start_byte, sign.end_byte)
        if name == "!":
            return _not(self.node(operand, patterns=patterns, depth=depth - 1))
        return _unary(name, self._values(operand))

    def _values(self, node: Node) -> Values:
        return self.variables.word(self.words.word(node))


def _unary(name: str, values: Values) -> Truth:
    if values is None or name not in {"-n", "-z"}:
        return EITHER
    empty, filled = "" in values, any(values)
    return Truth(true=filled, false=empty) if name == "-n" else Truth(true=empty, false=filled)


def _binary(name: str, left: Values, right: Values) -> Truth:
    if left is None or right is None:
        return EITHER
    if name in _TEXTS:
        results = {_TEXTS[name](one, other) for one in left for other in right}
    elif name in _NUMBERS and all(value.lstrip("-").isdigit() and len(value) < 20 for value in left | right):  # noqa: PLR2004 - as many digits as the shell counts with
        results = {_NUMBERS[name](int(one), int(other)) for one in left for other in right}
    else:
        return EITHER
    return Truth(true=True in results, false=False in results)


def _not(truth: Truth) -> Truth:
    return Truth(true=truth.false, false=truth.true)


def _both(first: Truth, second: Truth) -> Truth:
    return Truth(true=first.true and second.true, false=first.false or (first.true and second.false))
