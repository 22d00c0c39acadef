"""A YAML document as a value of its model, or everything that is wrong with it, each at its own place."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from govcheck.errors import Problem
from govcheck.facts.document import Mapping, Node, plain
from govcheck.facts.document import Sequence as ListNode
from govcheck.policy import yaml_key
from govcheck.policy_keys import Annotation, item, keys, members, model, value
from govcheck.sources.validation_messages import missing_key, unknown_key, wrong_type
from govcheck.sources.yaml_errors import shown

Path = tuple[str | int, ...]
"""Keys and positions, from the top of a document."""

_UNKNOWN_KEY = "unexpected_keyword_argument"
_MISSING_KEY = "missing"


def validate(model_type: type, path: str, document: Mapping) -> tuple[Any, list[Problem]]:
    """A value of the model; None and the reasons where the document is not valid."""
    try:
        valid = adapter(model_type).validate_json(json.dumps(plain(document)))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        errors = [_read(model_type, document, detail["type"], detail["loc"]) for detail in details]
        return None, list(_problems(path, errors))
    return valid, [_told(path, document, where, message) for where, message in _own_problems(valid)]


@cache
def adapter(model_type: type) -> TypeAdapter[Any]:
    """What pydantic validates a model with; making one takes milliseconds."""
    return TypeAdapter(model_type)


def _own_problems(valid: object) -> Iterator[tuple[Path, str]]:
    """What the model itself has to say."""
    find = getattr(valid, "problems", None)
    return iter(find() if find is not None else ())


def _told(path: str, document: Mapping, where: Path, message: str) -> Problem:
    """A problem that the model found, at the place that it names or at the nearest one that exists."""
    node: Node = document
    for step in where:
        found = _step(node, step)
        if found is None:
            break
        node = found
    prefix = f"`{_shown(where)}`: " if where else ""
    return Problem(path, node.line, node.column, shown(f"{prefix}{message}", len(prefix) + len(message)))


class _Error(NamedTuple):
    """One error of pydantic's, told apart from the alternatives of a union that it names."""

    type: str
    path: Path
    node: Node
    annotation: Annotation
    """The type of what stands at `path`; of a union the alternative that was tried, unless it failed right there."""

    union: tuple[Path, str] | None
    """Where a union had to choose first, and which of its alternatives this error is of."""

    last: str
    """The key that an error of a key is about."""


def _problems(path: str, found: list[_Error]) -> Iterator[Problem]:
    errors = list(_chosen(found))
    meant = set()
    for error in errors:
        if error.type == _UNKNOWN_KEY and isinstance(error.node, Mapping):
            message, near = unknown_key(model(error.annotation), error.last, list(error.node.entries))
            key = error.node.key(error.last)
            meant.add((error.path, near))
            yield Problem(path, key.line, key.column, message)
    for error in errors:
        if error.type == _MISSING_KEY and (error.path, error.last) not in meant:
            message = missing_key(model(error.annotation), error.last)
            yield Problem(path, error.node.line, error.node.column, message)
        if error.type not in {_MISSING_KEY, _UNKNOWN_KEY}:
            message = wrong_type(_shown(error.path), error.annotation, error.node)
            yield Problem(path, error.node.line, error.node.column, message)


def _read(model_type: type, document: Mapping, kind: str, location: Path) -> _Error:
    """Follows an error's location: keys, positions, and of each union the alternative that was tried."""
    node: Node = document
    annotation: Annotation = model_type
    union: tuple[Path, str] | None = None
    path: Path = ()
    of_key = kind in {_MISSING_KEY, _UNKNOWN_KEY}
    steps = list(location[:-1] if of_key else location)
    chosen = False
    while steps:
        step = steps.pop(0)
        if not chosen and len(members(annotation)) > 1:
            chosen = True
            union = union or (path, str(step))
            annotation = _alternative(annotation, str(step)) if of_key or steps else annotation
            continue
        inner = _step(node, step)
        if inner is None:
            break
        node, annotation, path, chosen = inner, _below(annotation, step), (*path, step), False
    return _Error(kind, path, node, annotation, union, str(location[-1]))


def _step(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(str(step)) or node.get(yaml_key(str(step)))
    if isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _below(annotation: Annotation, step: str | int) -> Annotation:
    """The type of a member."""
    if isinstance(step, int):
        return item(annotation)
    fixed = model(annotation)
    named = [key.type for key in keys(fixed) if key.name == step] if fixed else []
    return named[0] if named else value(annotation)


def _alternative(annotation: Annotation, label: str) -> Annotation:
    """The member of a union that pydantic names so; the whole union, where only its first word is known."""
    named = [member for member in members(annotation) if getattr(member, "__name__", "") == label]
    return named[0] if named else annotation


def _chosen(errors: list[_Error]) -> Iterator[_Error]:
    """Of a union's alternatives the one that was meant, which got furthest; one error where none got anywhere."""
    unions = dict.fromkeys(error.union[0] for error in errors if error.union)
    yield from (error for error in errors if not error.union)
    for place in unions:
        inside = [error for error in errors if error.union and error.union[0] == place]
        deeper = [
            error for error in inside if len(error.path) > len(place) or error.type in {_MISSING_KEY, _UNKNOWN_KEY}
        ]
        if deeper:
            meant = deeper[0].union
            yield from (error for error in deeper if error.union == meant)
        else:
            yield inside[0]


def _shown(path: Path) -> str:
    """A path as a message has it: `checks[0].app`."""
    shown_path = ""
    for step in path:
        if isinstance(step, int):
            shown_path += f"[{step}]"
        else:
            shown_path += f".{yaml_key(step)}" if shown_path else yaml_key(step)
    return shown_path
