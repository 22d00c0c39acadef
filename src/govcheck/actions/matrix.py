"""The combinations of a matrix, in GitHub's order.

Every combination of the vectors, less those that an `exclude` matches; an `include` whose vector keys all equal a
combination's adds its other keys there, and one that equals none becomes a combination of its own.

Source: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations; where
that page is silent, https://github.com/actions/runner/blob/main/src/Sdk/WorkflowParser/Conversion/MatrixBuilder.cs
"""

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.evaluation import Scope
from govcheck.actions.templates import fill_node, has_expressions
from govcheck.actions.values import Array, Object, Unknown, Value, equal, fold, to_text, unknown
from govcheck.facts.document import Node
from govcheck.records import frozen

MOST_COMBINATIONS = 1024
"""Beyond what GitHub runs (256 jobs), with room for what `exclude` takes away; more is not expanded."""

_VECTORLESS = frozenset({"include", "exclude"})


@frozen(eq=False)
class Leg:
    """One combination."""

    named: tuple[Value, ...]
    """The values that a default name lists: every single value of the combination, at any depth, in order."""

    matrix: Object
    """What `matrix` is for this leg: the combination, and what `include` added."""

    doubt: Unknown | None = None
    """Why it is not certain that there is this leg."""


@frozen(eq=False)
class Expansion:
    """All legs of a matrix that can be told."""

    legs: tuple[Leg, ...]
    open: Unknown | None = None
    """Why there may be other legs."""


@frozen(eq=False)
class _Include:
    filter: Object
    extra: Object


def expand(strategy: Node | None, scope: Scope) -> Expansion | None:
    """The legs of a job's `strategy`; None where there is no matrix."""
    if strategy is None:
        return None
    return _expanded(strategy, scope) if has_expressions(strategy) else _as_written(strategy)


@lru_cache(maxsize=1024)
def _as_written(strategy: Node) -> Expansion | None:
    """The legs of a strategy in which no expression stands: the same whatever a scope knows."""
    return _expanded(strategy, Scope({}))


def _expanded(strategy: Node, scope: Scope) -> Expansion | None:
    filled = fill_node(strategy, scope)
    if isinstance(filled, Unknown):
        return Expansion((), filled)
    matrix = filled.entries.get("matrix") if isinstance(filled, Object) else None
    if matrix is None:
        return None
    return combine(matrix)


def combine(matrix: Value) -> Expansion:
    """The legs of a `matrix` whose expressions are evaluated."""
    if not isinstance(matrix, Object):
        return Expansion((), matrix if isinstance(matrix, Unknown) else Unknown(expression="matrix"))
    vectors: dict[str, tuple[Value, ...]] = {}
    for key, value in matrix.entries.items():
        if key not in _VECTORLESS:
            if not isinstance(value, Array):
                return Expansion((), value if isinstance(value, Unknown) else Unknown(expression=f"matrix.{key}"))
            vectors[key] = value.items
    size = math.prod(map(len, vectors.values())) if vectors else 0
    includes = matrix.entries.get("include")
    excludes = matrix.entries.get("exclude")
    for value in (includes, excludes):
        if isinstance(value, Array) and len(value.items) > MOST_COMBINATIONS:
            size = len(value.items)
    if size > MOST_COMBINATIONS:
        return Expansion((), Unknown(expression=f"a matrix of {size} combinations", constant=True))
    return _combined(vectors, includes, excludes)


def _combined(vectors: dict[str, tuple[Value, ...]], includes: Value, excludes: Value) -> Expansion:
    included, open_include = _items(includes)
    excluded, open_exclude = _items(excludes)
    filters = [_split(item, vectors) for item in included]
    certain = [False] * len(filters)
    possible: list[Unknown | None] = [None] * len(filters)
    legs: list[Leg] = []
    for values in itertools.product(*vectors.values()) if vectors else ():
        combination = Object(dict(zip(vectors, values, strict=True)))
        gone = _any(_matches(item, combination) for item in excluded)
        if gone is True:
            continue
        added: dict[str, Value] = {}
        for position, include in enumerate(filters):
            met = _matches(include.filter, combination)
            if isinstance(met, Unknown):
                possible[position] = met
                added |= {key: unknown(met) for key in include.extra.entries}
            elif met:
                certain[position] = True
                added |= include.extra.entries
        matrix = Object({**combination.entries, **added})
        legs.append(Leg(tuple(_leaves(combination)), matrix, gone if isinstance(gone, Unknown) else open_exclude))
    for include, met, maybe in zip(filters, certain, possible, strict=True):
        if not met:
            own = Object({**include.filter.entries, **include.extra.entries})
            legs.append(Leg(tuple(_leaves(own)), own, maybe))
    return Expansion(tuple(legs), open_include)


def _items(value: Value) -> tuple[list[Object], Unknown | None]:
    """The mappings of `include` or `exclude`, and why there may be others."""
    if value is None:
        return [], None
    if not isinstance(value, Array):
        return [], value if isinstance(value, Unknown) else Unknown(expression="matrix")
    doubt = next((item for item in value.items if isinstance(item, Unknown)), None)
    return [item for item in value.items if isinstance(item, Object) and item.entries], doubt


def _split(item: Object, vectors: dict[str, tuple[Value, ...]]) -> _Include:
    keys = {fold(key) for key in vectors}
    filter_ = {key: value for key, value in item.entries.items() if fold(key) in keys}
    extra = {key: value for key, value in item.entries.items() if fold(key) not in keys}
    return _Include(Object(filter_), Object(extra))


def _matches(filter_: Value, combination: Value) -> bool | Unknown:
    """Whether every single value of a filter equals what stands in its place. No values: it does."""
    if isinstance(filter_, Object):
        return _all(_matches(value, _at(combination, key)) for key, value in filter_.entries.items())
    if isinstance(filter_, Array):
        return _all(_matches(value, _at(combination, index)) for index, value in enumerate(filter_.items))
    return equal(combination, filter_)


def _at(value: Value, key: str | int) -> Value:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Object):
        return value.get(to_text(key))
    if isinstance(value, Array) and isinstance(key, int) and key < len(value.items):
        return value.items[key]
    return None


def _any(results: Iterator[bool | Unknown]) -> bool | Unknown:
    doubt: bool | Unknown = False
    for result in results:
        if result is True:
            return True
        if isinstance(result, Unknown):
            doubt = result
    return doubt


def _all(results: Iterator[bool | Unknown]) -> bool | Unknown:
    doubt: bool | Unknown = True
    for result in results:
        if result is False:
            return False
        if isinstance(result, Unknown):
            doubt = result
    return doubt


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, Object):
        for item in value.entries.values():
            yield from _leaves(item)
    elif isinstance(value, Array):
        for item in value.items:
            yield from _leaves(item)
    elif value is not None and value != "":
        yield value
