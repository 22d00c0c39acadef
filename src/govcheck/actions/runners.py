"""Where a job runs: on GitHub's own runners, or on somebody's machines.

Source: https://docs.github.com/en/actions/reference/runners/github-hosted-runners
"""

import re
from collections.abc import Iterator

from govcheck.actions.evaluation import Scope
from govcheck.actions.matrix import expand
from govcheck.actions.templates import fill_node, has_expressions
from govcheck.actions.values import Array, Object, Unknown, Value, to_text
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Node, Scalar
from govcheck.records import frozen

_GITHUBS = re.compile(
    r"(?:ubuntu-(?:latest|slim|[0-9]{2}\.04)|windows-(?:latest|20[0-9]{2}|[0-9]{2})(?:-vs20[0-9]{2})?"
    r"|macos-(?:latest|[0-9]{2}(?:\.[0-9]+)?)(?:-(?:large|xlarge|intel))?)(?:-arm)?",
    re.IGNORECASE,
)
"""A family with its version: a new version is GitHub's as well."""

_LONGEST = 120


@frozen(eq=False)
class Runner:
    """One set of labels that a job asks for."""

    labels: tuple[str, ...]
    node: Node
    unclear: str = ""
    """Why the labels are not known, or do not say whose machine it is."""


def is_githubs(label: str) -> bool:
    """Whether a label is one of GitHub's own runners, in whatever case."""
    return _GITHUBS.fullmatch(label) is not None


def runners(job: Job) -> Iterator[Runner]:
    """Every set of labels that a job asks for, one for each leg of its matrix; each set once."""
    node = job.runs_on
    if node is None:
        return
    seen: set[tuple[tuple[str, ...], str]] = set()
    for value in _values(job, node):
        runner = _runner(value, node)
        if (runner.labels, runner.unclear) not in seen:
            seen.add((runner.labels, runner.unclear))
            yield runner


def _values(job: Job, node: Node) -> Iterator[Value]:
    if not has_expressions(node):
        yield fill_node(node, Scope({}))
        return
    expansion = expand(job.strategy, Scope({}))
    legs: list[Value] = [leg.matrix for leg in expansion.legs] if expansion else [None]
    if expansion is not None and expansion.open is not None:
        legs.append(expansion.open)
    for matrix in legs:
        yield fill_node(node, Scope({"matrix": matrix}))


def _runner(value: Value, node: Node) -> Runner:
    if isinstance(value, Object):
        if value.entries.get("group") is not None:
            group = value.entries["group"]
            shown = group.expression if isinstance(group, Unknown) else to_text(group)
            return Runner((), node, f"the runner group {shown}, whose machines only the settings tell")
        value = value.entries.get("labels")
    items = value.items if isinstance(value, Array) else (value,)
    doubt = next((item for item in items if isinstance(item, Unknown)), None)
    if doubt is not None:
        return Runner((), node, f"what `{_written(node) or doubt.expression}` comes to")
    return Runner(tuple(to_text(item) for item in items if not isinstance(item, Array | Object)), node)


def _written(node: Node) -> str:
    shown = " ".join(text(node).split()) if isinstance(node, Scalar) else ""
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
