"""Values with `${{ }}` in them, wherever a workflow file may have them.

A value that is one expression and nothing else keeps the expression's type; an expression amid text becomes text.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.evaluation import Scope, evaluate
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.formatting import escape
from govcheck.actions.syntax import Call, Expression, Literal
from govcheck.actions.values import Array, Object, Unknown, Value, join_shapes
from govcheck.facts.document import Mapping, Node, Scalar, Sequence

OPENING = "${{"
_CLOSING = "}}"


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[str | Expression, ...]:
    """Literal text and expressions, in order. A text without expressions is one piece, and so is the empty one.

    Raises:
        ExpressionError: where an expression is not closed, or is none.
    """
    start = text.find(OPENING)
    if start < 0:
        return (text,)
    pieces: list[str | Expression] = []
    end = 0
    while start >= 0:
        if start > end:
            pieces.append(text[end:start])
        source, end = _expression(text, start + len(OPENING))
        pieces.append(parse(source.strip()))
        start = text.find(OPENING, end)
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def literal(text: str) -> str | None:
    """The text where no expression has a say in it; GitHub counts `${{ 'text' }}` as such. None for all others."""
    if OPENING not in text:
        return text
    try:
        pieces = split(text)
    except ExpressionError:
        return None
    if len(pieces) == 1 and isinstance(pieces[0], Literal) and isinstance(pieces[0].value, str):
        return pieces[0].value
    return None


def fill(text: str, scope: Scope) -> Value:
    """What a text comes to. Where its expressions are broken, that is unknown."""
    if OPENING not in text:
        return text
    try:
        pieces = split(text)
    except ExpressionError:
        return Unknown(expression=text.strip())
    values = [piece if isinstance(piece, str) else evaluate(piece, scope) for piece in pieces]
    return values[0] if len(values) == 1 else join_shapes(values)


def condition(text: str) -> Expression | None:
    """The expression that an `if` means, which may stand without `${{ }}`; None where it says nothing.

    An expression amid text is text, which counts as true unless it is empty.

    Raises:
        ExpressionError: where it is no expression.
    """
    if OPENING not in text:
        return parse(text.strip()) if text.strip() else None
    pieces = split(text)
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return pieces[0]
    expressions = [piece for piece in pieces if not isinstance(piece, str)]
    numbers = iter(range(len(expressions)))
    pattern = "".join(escape(piece) if isinstance(piece, str) else f"{{{next(numbers)}}}" for piece in pieces)
    return Call("format", (Literal(pattern), *expressions))


def fill_node(node: Node, scope: Scope) -> Value:
    """A part of a document as a value, its expressions evaluated."""
    if isinstance(node, Scalar):
        return fill(node.value, scope) if isinstance(node.value, str) else node.value
    if isinstance(node, Sequence):
        return Array(tuple(fill_node(item, scope) for item in node.items))
    doubt = next(_expression_keys(node), None)
    if doubt is not None:
        return Unknown(expression=doubt)
    return Object({key: fill_node(value, scope) for key, value in node.items()})


@lru_cache(maxsize=1024)
def has_expressions(node: Node) -> bool:
    """Whether an expression stands anywhere in a part of a document, keys included."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            if isinstance(one.value, str) and OPENING in one.value:
                return True
        elif isinstance(one, Sequence):
            waiting += one.items
        elif next(_expression_keys(one), None) is not None:
            return True
        else:
            waiting += (value for _, value in one.items())
    return False


def _expression_keys(node: Mapping) -> Iterator[str]:
    return (key.strip() for key in node.entries if OPENING in key)


def _expression(text: str, start: int) -> tuple[str, int]:
    """The source of the expression that begins here, and where the text goes on. Quotes hide what is in them."""
    position = start
    while (closing := text.find(_CLOSING, position)) >= 0:
        quote = text.find("'", position, closing)
        if quote < 0:
            return text[start:closing], closing + len(_CLOSING)
        position = text.find("'", quote + 1) + 1
        if not position:
            break
    raise ExpressionError(f"{OPENING} without {_CLOSING}")
