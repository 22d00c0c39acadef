"""The examples of a custom policy: nodes of which it says whether they hold, and what really comes of them.

    for result in run(policy):
        print(result.expected, result.number, result.came_to, result.as_said, result.why)

A partial node is enough: what an example leaves out has its empty value. `applies_to` is not asked of examples.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from govcheck.nodes import shapes
from govcheck.nodes.conditions import ConditionError, tell
from govcheck.nodes.judging import Rule, asked_of, message_of
from govcheck.nodes.messages import on_one_line
from govcheck.nodes.shapes import IN_WORDS, SHAPES, types_of
from govcheck.records import frozen

Expected = Literal["pass", "fail"]
Came = Literal["pass", "fail", "left-out", "error"]


class Examples(Protocol):
    """The examples that a policy has."""

    @property
    def pass_(self) -> Sequence[Mapping[str, Any]]:
        """Nodes that hold, or that `where` leaves out."""

    @property
    def fail(self) -> Sequence[Mapping[str, Any]]:
        """Nodes that do not."""


class RuleWithExamples(Rule, Protocol):
    """What a custom policy is."""

    @property
    def examples(self) -> Examples:
        """Its examples."""


@frozen(kw_only=True)
class Result:
    """What came of one example."""

    expected: Expected
    number: int
    """Its place in its list; the first is 0."""

    came_to: Came
    """`left-out` where `where` leaves it out; `error` where it is no such node, or could not be told."""

    message: str
    """What a finding about it would say; empty where there would be none."""

    why: str
    """Why it is not as it says; empty where it is."""

    place: tuple[str | int, ...]
    """Where it stands in the policy: `("examples", "pass", 0)`."""

    @property
    def as_said(self) -> bool:
        """Whether it does what its list says."""
        return not self.why


def run(policy: RuleWithExamples) -> tuple[Result, ...]:
    """What comes of every example of a policy, those that pass first."""
    return tuple(_run(policy))


def first_failing(policy: RuleWithExamples) -> Result | None:
    """The first example that fails as it says: what shows that the policy can."""
    return next((one for one in run(policy) if one.expected == "fail" and one.as_said), None)


def _run(policy: RuleWithExamples) -> Iterator[Result]:
    lists: tuple[tuple[Expected, Sequence[Mapping[str, Any]]], ...] = (
        ("pass", policy.examples.pass_),
        ("fail", policy.examples.fail),
    )
    for expected, written in lists:
        for number, example in enumerate(written):
            yield _result(policy, expected, number, example)


def _result(policy: Rule, expected: Expected, number: int, example: Mapping[str, Any]) -> Result:
    place = ("examples", expected, number)
    wrong = next(_problems(policy.each, example), None)
    if wrong is not None:
        key, why = wrong
        where = (*place, key) if key in example else place
        return Result(expected=expected, number=number, came_to="error", message="", why=why, place=where)
    node = {**shapes.plain(SHAPES[policy.each]()), **example}
    came, said = _came_to(policy, node)
    return Result(
        expected=expected,
        number=number,
        came_to=came,
        message=said if came == "fail" else "",
        why=_why(expected, came, said),
        place=place,
    )


def _came_to(policy: Rule, node: Mapping[str, Any]) -> tuple[Came, str]:
    try:
        if policy.where is not None and not tell(policy.where, policy.each, node, explain=False).holds:
            return "left-out", ""
        told = tell(asked_of(policy), policy.each, node)
    except ConditionError as error:
        return "error", str(error)
    return ("pass", "") if told.holds else ("fail", message_of(policy, f"the {policy.each}", node, told))


def _why(expected: Expected, came: Came, said: str) -> str:
    if came == "error":
        return f"it could not be told: {on_one_line(said)}"
    if expected == "fail" and came != "fail":
        return "it holds, and should not" if came == "pass" else "`where` leaves it out, so that nothing is asked of it"
    if expected == "pass" and came == "fail":
        return f"it does not hold, and should: {on_one_line(said)}"
    return ""


def _problems(each: str, example: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    legal = types_of(SHAPES[each])
    for key, value in example.items():
        if key not in legal:
            yield key, f"a {each} has no `{key[:40]}`: it has {', '.join(legal)}"
        elif not _fits(value, legal[key]):
            yield key, f"`{key}` of a {each} is {IN_WORDS[legal[key]]}"


def _fits(value: object, kind: str) -> bool:
    if kind == "any":
        return True
    if kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in {"text", "truth"}:
        return isinstance(value, str if kind == "text" else bool)
    if kind == "object":
        return isinstance(value, Mapping)
    inner = str if kind == "texts" else Mapping
    return isinstance(value, list) and all(isinstance(item, inner) for item in value)
