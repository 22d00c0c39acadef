"""Layers add up: order never matters, and one layer more never weakens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.settings.strength import Strength

SETS = st.frozensets(st.sampled_from("abc"))
VALUES = {
    Strength.TOGGLE: st.booleans(),
    Strength.BAN: st.booleans(),
    Strength.AT_LEAST: st.integers(0, 10),
    Strength.AT_MOST: st.none() | st.integers(1, 10),
    Strength.DEMANDED: SETS,
    Strength.CHOICE: st.none() | SETS,
    Strength.ACTORS: st.none() | SETS,
}
LAYERS = st.sampled_from(Strength).flatmap(
    lambda strength: st.tuples(st.just(strength), st.lists(VALUES[strength], max_size=5), VALUES[strength])
)


@given(LAYERS, st.randoms())
def test_the_order_of_layers_does_not_matter(layers, random):
    strength, values, one = layers
    shuffled = [*values, one]
    random.shuffle(shuffled)
    assert strength.join(shuffled) == strength.join([one, *values])
    assert strength.join([*values, one, one]) == strength.join([*values, one])


@given(LAYERS)
def test_one_layer_more_never_weakens(layers):
    strength, values, one = layers
    before, after = strength.join(values), strength.join([*values, one])
    assert all(any(strength.at_least(new, old) for new in after) for old in before)
    assert any(strength.at_least(new, one) for new in after)


@given(LAYERS)
def test_no_layer_is_the_weakest(layers):
    strength, _, one = layers
    assert strength.join([]) == (strength.weakest,)
    assert strength.at_least(one, strength.weakest)
    assert strength.join([one, strength.weakest]) == strength.join([one])


@given(LAYERS, st.data())
def test_direction_is_the_other_way_round_when_the_values_are(layers, data):
    strength, _, one = layers
    other = data.draw(VALUES[strength])
    opposite = {"weakened": "strengthened", "strengthened": "weakened", "changed": "changed", None: None}
    there = strength.direction(strength.as_json(one), strength.as_json(other))
    assert strength.direction(strength.as_json(other), strength.as_json(one)) == opposite[there]
    assert (there is None) == (one == other)


@pytest.mark.parametrize(
    ("strength", "before", "after", "expected"),
    [
        (Strength.AT_LEAST, 2, 1, "weakened"),
        (Strength.BAN, "forbidden", "allowed", "weakened"),
        (Strength.TOGGLE, False, True, "strengthened"),
        (Strength.DEMANDED, ["a", "b"], ["a"], "weakened"),
        (Strength.DEMANDED, ["a"], ["b"], "changed"),
        (Strength.ACTORS, ["team:o/a"], None, "weakened"),
        (Strength.ACTORS, None, [], "strengthened"),
        (Strength.AT_MOST, None, 10, "strengthened"),
        (Strength.AT_LEAST, None, 2, "strengthened"),
        (Strength.DEMANDED, ["a", "b"], ["b", "a"], None),
    ],
)
def test_direction(strength, before, after, expected):
    assert strength.direction(before, after) == expected


@pytest.mark.parametrize(
    ("strength", "value", "words"),
    [
        (Strength.BAN, True, "forbidden"),
        (Strength.TOGGLE, False, "off"),
        (Strength.AT_LEAST, 0, "0"),
        (Strength.AT_MOST, None, "no limit"),
        (Strength.ACTORS, None, "everyone with write access"),
        (Strength.ACTORS, frozenset(), "none"),
        (Strength.CHOICE, None, "any"),
        (Strength.DEMANDED, frozenset("ba"), "a, b"),
    ],
)
def test_words(strength, value, words):
    assert strength.words(value) == words


def test_two_groups_that_limit_both_count():
    """Who is in both cannot be told from their names: so neither is dropped, unless it holds the other."""
    one, other = frozenset({"team:o/a"}), frozenset({"user:b"})
    assert set(Strength.ACTORS.join([one, other])) == {one, other}
    assert Strength.ACTORS.join([one, one | other]) == (one,)
