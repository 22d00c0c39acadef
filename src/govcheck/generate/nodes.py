"""`docs/guides/custom-nodes.md`: what each node of a custom policy is made of, from the nodes' own classes."""

import inspect
import json
from collections.abc import Iterator

from govcheck.nodes import shapes
from govcheck.nodes.shapes import IN_WORDS, SHAPES, VERSION, Shape, types_of
from govcheck.policy_docs import descriptions

PATH = "docs/guides/custom-nodes.md"

_NOTICE = "<!-- Written by `govcheck generate` from the classes in src/govcheck/nodes: edit those. -->"
_INTRODUCTION = f"""\
What expressions, schemas and messages of [custom policies](../rules/custom.md) see of each node. This is version
{VERSION}, which a policy names by `facts: {VERSION}` or by leaving that out. Within a version no value is taken away or
changes its meaning; new ones may come. What an example leaves out has its empty value.

In CEL, text is `string`, a whole number `int`, a list of texts `list(string)`, a mapping `map(string, dyn)`, and
anything is `dyn`. A key with a hyphen is read as `raw["timeout-minutes"]`. Paths are text: a byte that is not UTF-8
stands there as `\\xNN`, and a backslash twice."""


def files() -> dict[str, str]:
    """The page."""
    sections = ["# Nodes of custom policies", _NOTICE, _INTRODUCTION]
    for name, shape in SHAPES.items():
        sections += [f"## {name}", inspect.cleandoc(shape.__doc__ or ""), "\n".join(_table(shape))]
    return {PATH: "\n\n".join(sections) + "\n"}


def _table(shape: Shape) -> Iterator[str]:
    said = descriptions(shape)
    empty = shapes.plain(shape())
    yield from ("| value | what it is | empty | meaning |", "| --- | --- | --- | --- |")
    for name, kind in types_of(shape).items():
        meaning = said.get(name, "").replace("|", "\\|")
        yield f"| `{name}` | {IN_WORDS[kind]} | `{json.dumps(empty[name])}` | {meaning} |"
