"""Holding the nodes of one policy to it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from govcheck import globs
from govcheck.findings import Finding, Fix, Json, Judged, Location, Plane, Undecided
from govcheck.nodes import messages
from govcheck.nodes.conditions import ConditionError, Told, Written, mentions, tell
from govcheck.nodes.shapes import SHAPES, types_of
from govcheck.records import frozen

EVERYTHING = ("**",)
_MOST_VALUES = 10
_SIMPLE = frozenset({"text", "number", "truth", "any", "texts"})


class Rule(Protocol):
    """What a policy says of nodes."""

    @property
    def each(self) -> str:
        """Which nodes; a key of `SHAPES`."""

    @property
    def applies_to(self) -> tuple[str, ...]:
        """Globs of what nodes go by."""

    @property
    def where(self) -> Written | None:
        """Which of them are judged; all, where it is None."""

    @property
    def assert_(self) -> Mapping[str, Any] | None:
        """The schema that they are held to."""

    @property
    def expr(self) -> str | None:
        """The expression that they are held to."""

    @property
    def message(self) -> str:
        """What is said of one that does not hold; empty for a message made up."""


@frozen(kw_only=True, eq=False)
class Node:
    """One node, and where it is."""

    values: Mapping[str, Any]
    subject: str
    """Its name in findings, which lasts as long as the node is the same."""

    goes_by: str
    """What `applies_to` is held against."""

    location: Location
    plane: Plane = "repo"
    setting: str = ""
    """The live setting that it is, by its name in reports, where it is one."""

    troubles: Mapping[str, Undecided] | None = None
    """Values that could not be told, each with what stood in the way."""


def asked_of(rule: Rule) -> Written:
    """The one condition that nodes are held to."""
    return rule.assert_ if rule.assert_ is not None else rule.expr or ""


def reads(rule: Rule, *keys: str) -> bool:
    """Whether the rule may look at one of these values of its nodes."""
    written = [one for one in (rule.where, asked_of(rule)) if one is not None]
    named = messages.named(rule.message)
    return any(key in named or any(mentions(one, rule.each, key) for one in written) for key in keys)


def governed(rule: Rule, nodes: Iterable[Node]) -> list[Node]:
    """Those that the globs are for."""
    if rule.applies_to == EVERYTHING:
        return list(nodes)
    wanted = globs.compile_globs(rule.applies_to)
    return [node for node in nodes if wanted.matches(node.goes_by)]


def judge(rule: Rule, nodes: Iterable[Node]) -> list[Finding | Undecided | Judged]:
    """What there is to say of every node; the first thing is how many of them are selected.

    One of which it cannot be told whether it is counts as one.
    """
    found = governed(rule, nodes)
    said = [judge_one(rule, node) for node in found]
    selected = sum(not isinstance(one, LeftOut) for one in said)
    names = tuple(node.setting for node in found if node.setting)
    return [Judged(selected, names), *(one for one in said if isinstance(one, Finding | Undecided))]


def is_empty(said: Iterable[Finding | Undecided | Judged]) -> bool:
    """Whether nothing was selected."""
    return all(isinstance(one, Judged) and not one.subjects for one in said)


@frozen
class LeftOut:
    """A node that `where` leaves out."""


@frozen
class Holds:
    """A node that is as the rule says."""


def judge_one(rule: Rule, node: Node) -> Finding | Undecided | Holds | LeftOut:
    """What there is to say of one node."""
    trouble = next((one for key, one in (node.troubles or {}).items() if reads(rule, key)), None)
    if trouble is not None:
        return trouble
    try:
        if rule.where is not None and not tell(rule.where, rule.each, node.values, explain=False).holds:
            return LeftOut()
        told = tell(asked_of(rule), rule.each, node.values)
    except ConditionError as error:
        return _untold(rule, node, error)
    return Holds() if told.holds else _finding(rule, node, told)


def _untold(rule: Rule, node: Node, error: ConditionError) -> Undecided:
    """A node of which the rule could not be told."""
    return Undecided(
        control=rule.each,
        subject=node.subject,
        reason=error.reason,
        message=f"the condition could not be told of {node.subject}: {messages.on_one_line(str(error))}",
        location=node.location,
    )


def message_of(rule: Rule, subject: str, values: Mapping[str, Any], told: Told) -> str:
    """What is said of a node that does not hold."""
    if rule.message:
        return messages.rendered(rule.message, values)
    why = f": {messages.on_one_line(told.why)}" if told.why else ""
    return f"{messages.on_one_line(subject)} is not as the policy says{why}"


def _finding(rule: Rule, node: Node, told: Told) -> Finding:
    read = [key for key, kind in types_of(SHAPES[rule.each]).items() if kind in _SIMPLE and reads(rule, key)]
    asked = asked_of(rule)
    return Finding(
        control=rule.each,
        subject=node.subject,
        message=message_of(rule, node.subject, node.values, told),
        plane=node.plane,
        location=node.location,
        expected=messages.on_one_line(asked) if isinstance(asked, str) else "as its schema says",
        actual={key: _actual(node.values[key]) for key in read[:_MOST_VALUES]},
        fix=Fix(text=f"Change it so that it holds{_why(told)}, or change what the policy asserts"),
    )


def _actual(value: Any) -> Json:  # noqa: ANN401 - JSON of any form
    return value if value is None or isinstance(value, bool | int | float) else messages.shown(value)


def _why(told: Told) -> str:
    return f" ({messages.on_one_line(told.why)})" if told.why else ""
