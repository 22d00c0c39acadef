"""Where `${{ }}` stands in a text, and what of the text is left beside it."""

from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.templates import OPENING
from govcheck.records import frozen

_CLOSING = "}}"


@frozen
class Embedded:
    """One expression in a text."""

    start: int
    """Where its `${{` begins, in characters."""

    end: int
    """Where the text goes on after its `}}`."""

    source: str
    """What stands between, without the blanks around it."""


def embedded(text: str) -> tuple[Embedded, ...]:
    """Every expression of a text, in order. One that is not closed is text, as its run would show."""
    found: list[Embedded] = []
    start = text.find(OPENING)
    while start >= 0:
        end = _end(text, start + len(OPENING))
        if end is None:
            break
        found.append(Embedded(start, end, text[start + len(OPENING) : end - len(_CLOSING)].strip()))
        start = text.find(OPENING, end)
    return tuple(found)


def masked(text: str, expressions: tuple[Embedded, ...], mask: str) -> str:
    """The text with every expression overwritten, so that all places stay as they are."""
    pieces: list[str] = []
    position = 0
    for expression in expressions:
        pieces += [text[position : expression.start], mask * (expression.end - expression.start)]
        position = expression.end
    return "".join([*pieces, text[position:]])


def is_expression(source: str) -> bool:
    """Whether GitHub would take it for an expression."""
    try:
        parse(source)
    except ExpressionError:
        return False
    return True


def _end(text: str, start: int) -> int | None:
    """Quotes hide what is in them."""
    position = start
    while (closing := text.find(_CLOSING, position)) >= 0:
        quote = text.find("'", position, closing)
        if quote < 0:
            return closing + len(_CLOSING)
        position = text.find("'", quote + 1) + 1
        if not position:
            return None
    return None
