"""What is wrong with a custom policy that its types cannot say: conditions, message, and what its examples come to."""

from collections.abc import Iterator

from govcheck.nodes import messages
from govcheck.nodes.conditions import ConditionError, Written, compile_condition
from govcheck.nodes.examples import RuleWithExamples, run

Problem = tuple[tuple[str | int, ...], str]


def problems(policy: RuleWithExamples) -> Iterator[Problem]:
    """Every problem, with its place in the policy. Examples are run where nothing else is wrong."""
    found = [*_lists(policy), *_conditions(policy)]
    if policy.message:
        found += [(("message",), problem) for problem in messages.problems(policy.message, policy.each)]
    yield from found or _examples(policy)


def _lists(policy: RuleWithExamples) -> Iterator[Problem]:
    if not policy.applies_to:
        yield ("applies_to",), "an empty list governs nothing: leave the key out to govern everything"
    if not policy.examples.pass_:
        yield ("examples", "pass"), "give at least one node that holds"
    if not policy.examples.fail:
        yield ("examples", "fail"), "give at least one node that does not hold"


def _conditions(policy: RuleWithExamples) -> Iterator[Problem]:
    if policy.assert_ is None and policy.expr is None:
        yield (), "nothing is asserted: write `assert` (a JSON Schema) or `expr` (a CEL expression)"
    elif policy.assert_ is not None and policy.expr is not None:
        yield ("expr",), "`assert` stands here already: write one of them, or two policies"
    yield from _condition(policy, "where", policy.where)
    yield from _condition(policy, "assert", policy.assert_)
    yield from _condition(policy, "expr", policy.expr)


def _condition(policy: RuleWithExamples, key: str, written: Written | None) -> Iterator[Problem]:
    if written is None:
        return
    try:
        compile_condition(written, policy.each)
    except ConditionError as error:
        yield (key, *error.place), str(error)


def _examples(policy: RuleWithExamples) -> Iterator[Problem]:
    results = run(policy)
    for result in results:
        if not result.as_said:
            yield result.place, result.why
    passing = [one for one in results if one.expected == "pass"]
    if all(one.came_to == "left-out" for one in passing):
        yield ("examples", "pass"), "`where` leaves out every one of these: give at least one node that it selects"
