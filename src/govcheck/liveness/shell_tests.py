"""How a test of the shell may come out: `[ ... ]`, `[[ ... ]]`, `test`.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/test.html, and for `[[` the manual of bash.
"""

import operator
import re
from collections.abc import Callable, Sequence

from tree_sitter import Node

from govcheck.actions.shell_words import Words
from govcheck.liveness.shell_assignments import Values
from govcheck.liveness.shell_values import Variables
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
_PLAIN_NUMBER = re.compile(r" *-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
"""Without leading zeros, with which `[[` counts in eights; as many digits as the shell counts with."""

_PATTERN = re.compile(r"[*?\[\\(]")
_REDIRECTS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect", "comment"})
_DEEPEST = 40


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
    settled: bool = True
    """Whether texts are compared as they stand; not under `nocasematch`."""

    bash: bool = True
    """Whether `[[` is known to be there."""

    def command(self, node: Node) -> Truth:
        """`test ...`."""
        return self._single([child for child in node.children[1:] if child.type not in _REDIRECTS])

    def node(self, node: Node) -> Truth:
        """A `test_command`: `[ ... ]` or `[[ ... ]]`."""
        if not node.children or not self.settled:
            return EITHER
        inner = node.children[1:-1]
        if node.children[0].type == "[":
            return self._single([leaf for child in inner for leaf in _leaves(child)])
        if node.children[0].type != "[[" or len(inner) != 1 or not self.bash:
            return EITHER
        return self._double(inner[0], _DEEPEST)

    def _single(self, words: Sequence[Node]) -> Truth:
        """By the number of words, as POSIX has it: whatever has more than three is not looked into."""
        if not self.settled:
            return EITHER
        texts = [self.words.text(word.start_byte, word.end_byte) for word in words]
        if len(words) == 3 and (texts[1] in _TEXTS or texts[1] in _NUMBERS):  # noqa: PLR2004 - two operands and what is between
            truth = _binary(texts[1], self._operand(words[0]), self._operand(words[2]))
            # dash does not know `==`
            return Truth(true=truth.true, false=True) if texts[1] == "==" else truth
        if texts[:1] == ["!"] and len(words) in {2, 3, 4}:
            return _not(self._single(words[1:]))
        if len(words) == 2:  # noqa: PLR2004 - an operator and its operand
            return _unary(texts[0], self._operand(words[1]))
        return _unary("-n", self._operand(words[0])) if len(words) == 1 else EITHER

    def _operand(self, node: Node) -> Values:
        return self.variables.node(node, splits=True)

    def _double(self, node: Node, depth: int) -> Truth:
        if not depth:
            return EITHER
        if node.type == "parenthesized_expression" and len(node.named_children) == 1:
            return self._double(node.named_children[0], depth - 1)
        if node.type == "binary_expression":
            return self._double_binary(node, depth)
        if node.type in {"unary_expression", "negated_command"}:
            name = self._text(node.children[0])
            if name == "!":
                return _not(self._double(node.children[-1], depth - 1))
            return _unary(name, self.variables.node(node.children[-1], splits=False))
        return _unary("-n", self.variables.node(node, splits=False))

    def _double_binary(self, node: Node, depth: int) -> Truth:
        if len(node.children) != 3:  # noqa: PLR2004 - left, operator, right
            return EITHER
        left, sign, right = node.children
        name = self._text(sign)
        if name == "&&":
            return _both(self._double(left, depth - 1), self._double(right, depth - 1))
        if name == "||":
            return _not(_both(_not(self._double(left, depth - 1)), _not(self._double(right, depth - 1))))
        if left.type in {"unary_expression", "binary_expression"}:
            return EITHER  # `! a == b`: the parser binds `!` closer than the shell does
        values = self.variables.node(right, splits=False)
        if name in _TEXTS and (_PATTERN.search(self._text(right)) or any(map(_PATTERN.search, values or ()))):
            return EITHER
        return _binary(name, self.variables.node(left, splits=False), values)

    def _text(self, node: Node) -> str:
        return self.words.text(node.start_byte, node.end_byte)


def _leaves(node: Node) -> list[Node]:
    """The words of a single-bracket test, which knows no precedence."""
    if node.type in {"binary_expression", "unary_expression", "parenthesized_expression", "negated_command"}:
        return [leaf for child in node.children for leaf in _leaves(child)]
    return [] if node.type == "comment" else [node]


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
    elif name in _NUMBERS and all(map(_PLAIN_NUMBER.fullmatch, left | right)):
        results = {_NUMBERS[name](int(one), int(other)) for one in left for other in right}
    else:
        return EITHER
    return Truth(true=True in results, false=False in results)


def _not(truth: Truth) -> Truth:
    return Truth(true=truth.false, false=truth.true)


def _both(first: Truth, second: Truth) -> Truth:
    return Truth(true=first.true and second.true, false=first.false or (first.true and second.false))
