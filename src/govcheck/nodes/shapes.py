"""The nodes that a custom policy judges one by one, and every value that an expression, a schema or a message sees.

Their classes are the documentation: `docs/guides/custom-nodes.md` is written from them. Within one version nothing is
taken away or given another meaning; what is new has an empty value wherever an example leaves it out.
"""

from collections.abc import Mapping
from typing import Any

from govcheck.nodes.shapes_of_changes import Change, Commit, File, PullRequest
from govcheck.nodes.shapes_of_settings import Environment, Ruleset, Setting
from govcheck.nodes.shapes_of_workflows import Job, Step, Workflow
from govcheck.nodes.values import Object, Objects, Texts

__all__ = [
    "SHAPES",
    "VERSION",
    "Change",
    "Commit",
    "Environment",
    "File",
    "Job",
    "PullRequest",
    "Ruleset",
    "Setting",
    "Step",
    "Workflow",
    "plain",
    "types_of",
]

VERSION = 1
"""Of the shapes below; the key `facts` of a policy names it."""

Shape = type[Any]
"""One of the classes above."""

SHAPES: Mapping[str, Shape] = {
    "file": File,
    "change": Change,
    "commit": Commit,
    "pull-request": PullRequest,
    "workflow": Workflow,
    "job": Job,
    "step": Step,
    "environment": Environment,
    "ruleset": Ruleset,
    "setting": Setting,
}
"""What `each` may name, with what it selects."""


class Value:
    """One value of a data file, or a whole document: what a policy of structured files looks at."""

    value: Any


INNER: Mapping[str, Shape] = {"value": Value}
"""What other kinds than `custom` hold to conditions."""

TYPES: Mapping[Any, str] = {
    str: "text",
    int: "number",
    bool: "truth",
    Texts: "texts",
    Object: "object",
    Objects: "objects",
    Any: "any",
}
"""What a value is, by its annotation."""

IN_WORDS: Mapping[str, str] = {
    "text": "text",
    "number": "a whole number",
    "truth": "`true` or `false`",
    "texts": "a list of texts",
    "object": "a mapping",
    "objects": "a list of mappings",
    "any": "anything",
}


def types_named(each: str) -> dict[str, str]:
    """The values of the nodes of that name, as `types_of` has them."""
    return types_of(SHAPES[each] if each in SHAPES else INNER[each])


def types_of(shape: Shape) -> dict[str, str]:
    """The values of a node, each with what it is: a word of `TYPES`."""
    return {name: TYPES[annotation] for name, annotation in shape.__annotations__.items()}


def plain(node: object) -> dict[str, Any]:
    """A node as JSON has it."""
    return {name: _plain(getattr(node, name)) for name in type(node).__annotations__}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
