"""What the model of a policy says of itself: the keys that YAML may have, and their types in words.

Error messages, docs and the plan's codec all go by this; none of them needs pydantic for it.
"""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from govcheck.policy import yaml_key
from govcheck.records import frozen

_WORDS: dict[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    type(None): "nothing",
    Any: "anything",
}
_PLURALS: dict[object, str] = {str: "texts", int: "whole numbers", float: "numbers", Any: "any values"}

_MAPPINGS = (dict, Mapping)

Annotation = Any
"""A type as an annotation has it, which Python itself has no type for."""


@frozen
class Key:
    """One key of a model."""

    name: str
    """As YAML has it."""

    field: str
    """As Python has it."""

    type: Annotation
    required: bool
    default: object
    """None for a key that is required."""


def keys(model: type) -> tuple[Key, ...]:
    """The keys of a model: its own before those that it inherits."""
    return _keys(model)


@cache
def _keys(model: type) -> tuple[Key, ...]:
    from dataclasses import MISSING, fields  # noqa: PLC0415 - reading a plan needs none of a key but its type

    hints = get_type_hints(model)
    own = model.__annotations__
    ordered = sorted(fields(model), key=lambda field: field.name not in own)
    return tuple(
        Key(
            name=yaml_key(field.name),
            field=field.name,
            type=hints[field.name],
            required=field.default is MISSING and field.default_factory is MISSING,
            default=None if field.default is MISSING else field.default,
        )
        for field in ordered
    )


def _origin(annotation: Annotation) -> object:
    origin: object = get_origin(annotation)
    return origin


def members(annotation: Annotation) -> tuple[Annotation, ...]:
    """The types that a union allows, without None; any other type alone."""
    if _origin(annotation) in {Union, types.UnionType}:
        return tuple(member for member in get_args(annotation) if member is not type(None))
    return (annotation,)


def literals(annotation: Annotation) -> tuple[str, ...]:
    """The words that a type allows, where it allows only some."""
    return tuple(str(word) for member in members(annotation) if _origin(member) is Literal for word in get_args(member))


def item(annotation: Annotation) -> Annotation | None:
    """The type of a list's items, where a type allows a list."""
    return next((get_args(member)[0] for member in members(annotation) if _origin(member) is tuple), None)


def value(annotation: Annotation) -> Annotation | None:
    """The type of the values of a mapping with free keys, where a type allows one."""
    return next((get_args(member)[1] for member in members(annotation) if _origin(member) in _MAPPINGS), None)


def is_model(annotation: Annotation) -> bool:
    """Whether a type is a mapping with fixed keys: a record, or a dataclass."""
    return isinstance(annotation, type) and "__dataclass_fields__" in vars(annotation)


def model(annotation: Annotation) -> type | None:
    """The model of a mapping with fixed keys, where a type allows one."""
    return next((member for member in members(annotation) if is_model(member)), None)


def nested(annotation: Annotation) -> Iterator[type]:
    """The models that a type mentions at any depth, but not those within these."""
    for member in members(annotation):
        if is_model(member):
            yield member
        for argument in get_args(member):
            if not isinstance(argument, str) and argument is not Ellipsis:
                yield from nested(argument)


def models(root: type) -> Iterator[type]:
    """A model and every one within it, each once."""
    seen: dict[type, None] = {}
    waiting = [root]
    while waiting:
        current = waiting.pop(0)
        if current not in seen:
            seen[current] = None
            yield current
            waiting.extend(found for hint in get_type_hints(current).values() for found in nested(hint))


def words(annotation: Annotation) -> str:
    """A type, as a sentence has it after "must be"."""
    said = [_words(member) for member in members(annotation)]
    return " or ".join(dict.fromkeys(said))


def _words(annotation: Annotation) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = _origin(annotation), get_args(annotation)
    if origin is Literal:
        named = ", ".join(f"`{word}`" for word in arguments)
        return named if len(arguments) == 1 else f"one of {named}"
    if origin is tuple:
        return f"a list of {_plural(arguments[0])}"
    if is_model(annotation):
        return f"a mapping with {listed(key.name for key in keys(annotation))}"
    return f"a mapping of {_plural(arguments[1])}" if origin in _MAPPINGS else str(annotation)


def _plural(annotation: Annotation) -> str:
    named = literals(annotation)
    if named and len(members(annotation)) == 1:
        return ", ".join(f"`{word}`" for word in named)
    said = [
        _PLURALS.get(member, "") or _words(member).replace("a mapping", "mappings", 1) for member in members(annotation)
    ]
    return " or ".join(said)


def listed(names: Iterator[str]) -> str:
    """Names in a sentence: `a`, `b` or `c`."""
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} or {last}" if most else last
