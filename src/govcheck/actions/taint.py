"""Whose text an expression comes to: a stranger's, or nobody's.

A comparison, a condition and a test (`contains`, `startsWith`) come to true or false, and carry nothing. Everything
else that is made of a text carries it on.
"""

from collections.abc import Callable, Iterable

from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.strangers import Path, Source, path_of
from govcheck.actions.syntax import Call, Compare, Context, Expression, Index, Literal, Logic, Not, Star
from govcheck.actions.templates import OPENING
from govcheck.findings import Evidence
from govcheck.records import frozen

_CLEAN = frozenset(
    {"contains", "startswith", "endswith", "hashfiles", "success", "failure", "always", "cancelled", "canceled"}
)
_RANK = {"stranger": 0, "branch": 1, "writer": 2}


@frozen
class Carried:
    """Somebody's text on its way."""

    source: Source
    trail: tuple[Evidence, ...] = ()
    """Where it went through before, the first place first."""

    def by(self, hop: Evidence) -> "Carried":
        """The same, one place further."""
        return Carried(self.source, (*self.trail, hop))


Lookup = Callable[[Path, bool], Carried | None]
"""Whose text a path such as `github.event.issue.title` is; with True that of what is below it as well."""


def worst(found: Iterable[Carried | None]) -> Carried | None:
    """Of several texts the one that the most people can write; of equals the one that went the shorter way."""
    present = [one for one in found if one is not None]
    if not present:
        return None
    return min(present, key=lambda one: (_RANK[one.source.writer], len(one.trail)))


def carried(expression: Expression, lookup: Lookup) -> Carried | None:
    """Whose text an expression comes to."""
    return _carried(expression, lookup, whole=False)


def carried_by_source(source: str, lookup: Lookup) -> Carried | None:
    """The same, from an expression's text; what is no expression carries nothing, as GitHub refuses it."""
    try:
        return carried(parse(source), lookup)
    except ExpressionError:
        return None


def carried_by_text(text: str, lookup: Lookup) -> Carried | None:
    """Whose text a value with `${{ }}` in it comes to."""
    if OPENING not in text:
        return None
    return worst(carried_by_source(one.source, lookup) for one in embedded(text))


def _carried(node: Expression, lookup: Lookup, *, whole: bool) -> Carried | None:
    match node:
        case Literal() | Star() | Not() | Compare():
            return None
        case Context() | Index():
            return _at(node, lookup, whole=whole)
        case Logic("&&", operands):
            return _carried(operands[-1], lookup, whole=whole)
        case Logic(_, operands):
            return worst(_carried(operand, lookup, whole=whole) for operand in operands)
        case Call(name, arguments):
            return _called(name.lower(), arguments, lookup, whole=whole)


def _at(node: Context | Index, lookup: Lookup, *, whole: bool) -> Carried | None:
    path = path_of(node)
    if path is not None:
        return lookup(path, whole)
    root: Expression = node
    while isinstance(root, Index):
        root = root.target
    return _carried(root, lookup, whole=True)


def _called(name: str, arguments: tuple[Expression, ...], lookup: Lookup, *, whole: bool) -> Carried | None:
    if name in _CLEAN:
        return None
    if name == "case":
        arguments = (*arguments[1::2], arguments[-1])
    inner = whole or name in {"tojson", "join"}
    return worst(_carried(argument, lookup, whole=inner) for argument in arguments)
