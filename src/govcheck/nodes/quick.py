"""The plain part of JSON Schema, without `jsonschema`: whether a node is as a valid schema says.

Most nodes are, and importing `jsonschema` costs a hook more than everything else. Where anything here is not certain,
`schemas` judges. `tests/nodes/test_schemas.py` holds the two against one another.
"""

from collections.abc import Callable, Mapping
from typing import Any

from govcheck.patterns import PatternError, compile_javascript

_Number = int | float


class _UncertainError(Exception):
    """A keyword, or a value of one, that is not read here."""


def holds(schema: object, node: object) -> bool | None:
    """Whether the node is as the schema says; None where that is not certain."""
    try:
        return _holds(schema, node)
    except (_UncertainError, PatternError):
        return None


def _holds(schema: object, value: object) -> bool:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, Mapping):
        raise _UncertainError
    return all(_keyword(keyword, asked, value) for keyword, asked in schema.items())


def _keyword(keyword: str, asked: Any, value: object) -> bool:  # noqa: ANN401 - a keyword's value is anything
    judge = _KEYWORDS.get(keyword)
    if judge is None:
        raise _UncertainError
    return judge(asked, value)


def _type(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    wanted = asked if isinstance(asked, list) else [asked]
    return any(_TYPES[one](value) for one in wanted)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    return _is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


def _const(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    if asked is not None and not isinstance(asked, str):  # what is equal among numbers and lists, `jsonschema` knows
        raise _UncertainError
    return bool(value == asked)


def _enum(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return any(_const(one, value) for one in asked)


def _bound(compare: Callable[[Any, Any], bool]) -> Callable[[Any, object], bool]:
    return lambda asked, value: not _is_number(value) or compare(value, asked)


def _length(kind: type, compare: Callable[[int, Any], bool]) -> Callable[[Any, object], bool]:
    return lambda asked, value: not isinstance(value, kind) or compare(len(value), asked)  # type: ignore[arg-type]


def _pattern(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return not isinstance(value, str) or compile_javascript(asked).found(value)


def _properties(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        return True
    return all(_holds(inner, value[name]) for name, inner in asked.items() if name in value)


def _required(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return not isinstance(value, dict) or all(name in value for name in asked)


def _items(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return not isinstance(value, list) or all(_holds(asked, item) for item in value)


def _all_of(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return all(_holds(inner, value) for inner in asked)


def _any_of(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return any(_holds(inner, value) for inner in asked)


def _not(asked: Any, value: object) -> bool:  # noqa: ANN401 - as above
    return not _holds(asked, value)


def _says_nothing(_: Any, __: object) -> bool:  # noqa: ANN401 - as above
    return True


_TYPES: Mapping[str, Callable[[object], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
_KEYWORDS: Mapping[str, Callable[[Any, object], bool]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _bound(lambda value, asked: bool(value >= asked)),
    "maximum": _bound(lambda value, asked: bool(value <= asked)),
    "exclusiveMinimum": _bound(lambda value, asked: bool(value > asked)),
    "exclusiveMaximum": _bound(lambda value, asked: bool(value < asked)),
    "minLength": _length(str, lambda length, asked: bool(length >= asked)),
    "maxLength": _length(str, lambda length, asked: bool(length <= asked)),
    "minItems": _length(list, lambda length, asked: bool(length >= asked)),
    "maxItems": _length(list, lambda length, asked: bool(length <= asked)),
    "pattern": _pattern,
    "properties": _properties,
    "required": _required,
    "items": _items,
    "allOf": _all_of,
    "anyOf": _any_of,
    "not": _not,
    "title": _says_nothing,
    "description": _says_nothing,
    "$comment": _says_nothing,
    "$schema": _says_nothing,
}
