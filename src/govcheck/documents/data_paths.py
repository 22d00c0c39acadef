"""Paths into data files: `checks.*.context`, `"key.with.dots".0`, `[id=main-checks].checks`.

Names and numbers are steps, `*` is every item or value, and `[key=value]` keeps what has that value under that key: of
a list its items, of anything else itself, so that it picks one document of several.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import frozen

_STEP = re.compile(r"""\[(?P<key>[^\]=]+)=(?P<value>[^\]]*)\]|"(?P<quoted>[^"]+)"|(?P<name>[^.\[\]"]+)""")


class DataPathError(ValueError):
    """A path that is none: why, in a clause."""


@frozen
class Step:
    """One step."""

    name: str
    """A key, or a number; `*` for all; or the key that a filter compares."""

    value: str | None = None
    """What a filter compares with; None where it is no filter."""

    is_every: bool = False


@frozen
class Found:
    """One value."""

    path: str
    """How it is reached: `checks.0.context`; empty for the whole document."""

    node: Node


@lru_cache(maxsize=512)
def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path; none for the whole document.

    Raises:
        DataPathError: where it is none.
    """
    steps: list[Step] = []
    at = 0
    while at < len(path):
        if steps and path[at] == ".":
            at += 1
        elif steps and path[at] != "[":
            raise DataPathError(f"`.` is missing before `{path[at:][:40]}`")
        found = _STEP.match(path, at)
        if found is None:
            raise DataPathError(f"`{path[at:][:40]}` is no step: write a key, a number, `*` or `[key=value]`")
        at = found.end()
        if found["key"] is not None:
            steps.append(Step(found["key"].strip(), found["value"].strip()))
        else:
            name = found["quoted"] or found["name"].strip()
            steps.append(Step(name, is_every=found["quoted"] is None and name == "*"))
    return tuple(steps)


def select(documents: Iterable[Node], path: str) -> Iterator[Found]:
    """Everything that a valid path leads to, in the order of the file."""
    found = [Found("", document) for document in documents]
    for step in steps_of(path):
        found = [below for one in found for below in _below(one, step)]
    yield from found


def at_steps(node: Node, steps: Iterable[str | int]) -> Node:
    """The node at exact steps, or the nearest one above it that is there."""
    for step in steps:
        below = node.get(str(step)) if isinstance(node, Mapping) else None
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            below = node.items[step]
        if below is None:
            return node
        node = below
    return node


def _below(found: Found, step: Step) -> Iterator[Found]:
    if step.value is not None:
        inside = _all(found) if isinstance(found.node, Sequence) else (found,)
        yield from (one for one in inside if _has(one.node, step.name, step.value))
    elif step.is_every:
        yield from _all(found)
    else:
        yield from (one for one in _all(found) if one.path.removeprefix(_prefix(found)) == step.name)


def _all(found: Found) -> Iterator[Found]:
    prefix = _prefix(found)
    if isinstance(found.node, Mapping):
        yield from (Found(f"{prefix}{key}", value) for key, value in found.node.items())
    elif isinstance(found.node, Sequence):
        yield from (Found(f"{prefix}{number}", value) for number, value in enumerate(found.node.items))


def _prefix(found: Found) -> str:
    return f"{found.path}." if found.path else ""


def _has(node: Node, key: str, value: str) -> bool:
    inner = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(inner, Scalar) and inner.text == value
