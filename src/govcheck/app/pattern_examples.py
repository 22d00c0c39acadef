"""A text that a regular expression matches, as far as one is easily made: for the worst world."""

import re
from collections.abc import Iterable
from typing import Any

_MOST = 64
"""How often anything is repeated at most."""

_CLASSES = {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_DIGIT": "a"}


def example(source: str) -> str:
    """A text that the pattern may match; the pattern itself where none can be made."""
    import warnings  # noqa: PLC0415 - only a parser that warns needs it
    from importlib import import_module  # noqa: PLC0415 - see above

    parser = import_module("re._parser")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _of(parser.parse(source))
    except (re.error, RecursionError, OverflowError):
        return source


def _of(parts: Iterable[tuple[object, object]]) -> str:
    return "".join(_part(str(operation), value) for operation, value in parts)


def _part(operation: str, value: object) -> str:
    if operation == "LITERAL" and isinstance(value, int):
        return chr(value)
    if operation in {"ANY", "NOT_LITERAL"}:
        return "a" if value != ord("a") else "b"
    if not isinstance(value, tuple | list) or not value:
        return ""
    return _member(value) if operation == "IN" else _group(operation, value)


def _group(operation: str, value: tuple[Any, ...] | list[Any]) -> str:
    if operation in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _of(value[2]) * min(max(int(value[0]), 0), _MOST)
    if operation == "SUBPATTERN":
        return _of(value[3])
    return _of(value[1][0]) if operation == "BRANCH" else ""


def _member(members: Iterable[tuple[object, object]]) -> str:
    """One character of a class."""
    for operation, value in members:
        if str(operation) == "LITERAL" and isinstance(value, int):
            return chr(value)
        if str(operation) == "RANGE" and isinstance(value, tuple):
            return chr(int(value[0]))
        if str(operation) == "CATEGORY":
            return _CLASSES.get(str(value), "-")
    return "-"
