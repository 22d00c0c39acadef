"""Bounds of numbers and lists, and what can be told where only the weakest possible value is known."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from govcheck.constraints import (
    NumberConstraint,
    SetConstraint,
    allowed_members,
    demanded_members,
    holds,
    holds_for_every_stronger,
    lowest,
    mapped,
    members,
    problems,
    words,
)

NUMBERS = st.integers(0, 6)
LETTERS = st.frozensets(st.sampled_from("abc"))
LISTS = LETTERS.map(lambda letters: tuple(sorted(letters)))
NUMBER_BOUNDS = NUMBERS | st.builds(
    NumberConstraint, min=st.none() | NUMBERS, max=st.none() | NUMBERS, equals=st.none() | NUMBERS
)
SET_BOUNDS = LISTS | st.builds(
    SetConstraint, superset_of=st.none() | LISTS, subset_of=st.none() | LISTS, equals=st.none() | LISTS
)


@pytest.mark.parametrize(
    ("bound", "value", "held"),
    [
        pytest.param(2, 2, True, id="exactly-two"),
        pytest.param(2, 3, False, id="more-than-exactly-two"),
        pytest.param(NumberConstraint(min=2), 3, True, id="at-least"),
        pytest.param(NumberConstraint(min=2), 1, False, id="too-few"),
        pytest.param(NumberConstraint(max=2), None, False, id="no-limit-is-more-than-any-maximum"),
        pytest.param(NumberConstraint(min=2), None, True, id="no-limit-reaches-any-minimum"),
        pytest.param(NumberConstraint(equals=0), 0, True, id="zero"),
        pytest.param((), frozenset(), True, id="exactly-empty"),
        pytest.param((), frozenset("a"), False, id="not-empty"),
        pytest.param(("b", "a", "a"), frozenset("ab"), True, id="order-and-repetition-do-not-matter"),
        pytest.param(SetConstraint(superset_of=("a",)), frozenset("ab"), True, id="superset"),
        pytest.param(SetConstraint(superset_of=("a",)), frozenset("b"), False, id="not-superset"),
        pytest.param(SetConstraint(subset_of=()), frozenset(), True, id="nothing-at-all"),
        pytest.param(SetConstraint(subset_of=("a",)), None, False, id="everything-is-no-subset"),
        pytest.param(SetConstraint(superset_of=("a",)), None, True, id="everything-is-a-superset"),
        pytest.param(SetConstraint(superset_of=("a",), subset_of=("a", "b")), frozenset("abc"), False, id="between"),
    ],
)
def test_holds(bound, value, held):
    assert holds(bound, value) is held


@given(NUMBER_BOUNDS, NUMBERS, st.sampled_from(["larger", "smaller"]))
def test_of_a_number_what_is_told_of_every_stronger_value_is_true_of_every_stronger_value(bound, value, stronger):
    assume(not list(problems(bound)))
    far = 100
    values = range(value, far) if stronger == "larger" else range(-far, value + 1)
    told = {holds(bound, one) for one in values}
    expected = told.pop() if len(told) == 1 else None
    assert holds_for_every_stronger(bound, value, stronger) is expected


@given(SET_BOUNDS, LETTERS, st.sampled_from(["larger", "smaller"]))
def test_of_a_list_nothing_is_told_that_some_stronger_list_denies(bound, value, stronger):
    everything = frozenset("abcd")
    subsets = [frozenset(one for bit, one in enumerate("abcd") if mask >> bit & 1) for mask in range(16)]
    values = [one for one in subsets if (one >= value if stronger == "larger" else one <= value)]
    told = holds_for_every_stronger(bound, value, stronger)
    if told is not None:
        assert {holds(bound, one) for one in values} == {told}
    if holds(bound, value) and holds(bound, everything if stronger == "larger" else frozenset()):
        assert told is not False


@given(NUMBER_BOUNDS | SET_BOUNDS, st.sampled_from(["larger", "smaller"]))
def test_true_of_every_stronger_value_is_true_of_the_value_itself(bound, stronger):
    for value in [None, 0, 3] if not isinstance(bound, tuple | SetConstraint) else [None, frozenset(), frozenset("ab")]:
        told = holds_for_every_stronger(bound, value, stronger)
        assert told is None or told is holds(bound, value)


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (2, "exactly 2"),
        (NumberConstraint(min=2), "at least 2"),
        (NumberConstraint(min=1, max=3), "at least 1 and at most 3"),
        (("a", "b"), "exactly a, b"),
        ((), "nothing at all"),
        (SetConstraint(subset_of=()), "nothing at all"),
        (SetConstraint(superset_of=("a",), subset_of=("a", "b")), "at least a and nothing but a, b"),
    ],
)
def test_words(bound, expected):
    assert words(bound) == expected


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (NumberConstraint(), ["gives no bound: write min, max or equals"]),
        (NumberConstraint(min=3, max=2), ["no number is at least 3 and at most 2"]),
        (NumberConstraint(equals=3, max=2), ["no number is at most 2 and exactly 3"]),
        (SetConstraint(), ["gives no bound: write superset_of, subset_of or equals"]),
        (
            SetConstraint(superset_of=("a", "c"), subset_of=("b", "c")),
            ["no list has at least a, c and nothing but b, c: a is demanded and excluded"],
        ),
        (2, []),
        ((), []),
        (SetConstraint(subset_of=()), []),
    ],
)
def test_problems(bound, expected):
    assert list(problems(bound)) == expected


@given(NUMBER_BOUNDS)
def test_a_number_bound_without_problems_can_be_held(bound):
    if not list(problems(bound)):
        assert any(holds(bound, value) for value in range(10))


@given(SET_BOUNDS)
def test_a_list_bound_without_problems_can_be_held(bound):
    if not list(problems(bound)):
        assert holds(bound, demanded_members(bound))
        assert allowed_members(bound) is None or holds(bound, allowed_members(bound))


def test_members_of_all_keys_are_named_and_mapped():
    bound = SetConstraint(superset_of=("A",), subset_of=("A", "B"))
    assert members(bound) == ("A", "A", "B")
    assert mapped(bound, str.lower) == SetConstraint(superset_of=("a",), subset_of=("a", "b"))
    assert mapped(("X",), str.lower) == ("x",)


def test_the_lowest_number_is_what_a_command_would_set():
    assert [lowest(2), lowest(NumberConstraint(min=1)), lowest(NumberConstraint(max=1))] == [2, 1, None]


NUMBER = TypeAdapter(int | NumberConstraint | None)
SET = TypeAdapter(tuple[str, ...] | SetConstraint | None)


def test_policies_write_a_value_or_a_bound():
    assert NUMBER.validate_json("2") == 2
    assert NUMBER.validate_json('{"min": 2}') == NumberConstraint(min=2)
    assert SET.validate_json('["a"]') == ("a",)
    assert SET.validate_json('{"subset_of": []}') == SetConstraint(subset_of=())


@pytest.mark.parametrize("written", ['{"minimum": 2}', '{"min": "2"}', '{"min": true}', '{"min": 2.5}'])
def test_a_number_bound_that_is_not_one_is_refused(written):
    with pytest.raises(ValidationError):
        NUMBER.validate_json(written)


@pytest.mark.parametrize("written", ['{"subset": []}', '{"subset_of": "a"}', "[1]", '"a"'])
def test_a_list_bound_that_is_not_one_is_refused(written):
    with pytest.raises(ValidationError):
        SET.validate_json(written)
