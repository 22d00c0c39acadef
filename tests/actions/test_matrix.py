"""Matrices, against a slow and literal reading of GitHub's documentation."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.evaluation import Scope
from govcheck.actions.functions import from_plain
from govcheck.actions.matrix import MOST_COMBINATIONS, combine, expand
from govcheck.actions.values import Array, Object, Unknown, to_text
from govcheck.sources.yaml_document import load_one

KEYS = ("os", "node", "color")
EXTRAS = ("shape", "flag")
VALUES = ("a", "b", "c")


def legs(matrix):
    return [
        ({key: to_text(value) for key, value in leg.matrix.entries.items()}, list(map(to_text, leg.named)))
        for leg in combine(from_plain(matrix)).legs
    ]


def oracle(vectors, include, exclude):
    """The rules of "Running variations of jobs in a workflow", one sentence after the other."""
    originals = (
        [dict(zip(vectors, values, strict=True)) for values in itertools.product(*vectors.values())] if vectors else []
    )
    kept = [one for one in originals if not any(item.items() <= one.items() for item in exclude)]
    combinations = [dict(one) for one in kept]
    new = []
    for item in include:
        added = False
        for original, combination in zip(kept, combinations, strict=True):
            overwrites = any(key in original and original[key] != value for key, value in item.items())
            if not overwrites:
                combination.update(item)
                added = True
        if not added:
            new.append(dict(item))
    names = [list(original.values()) for original in kept] + [list(item.values()) for item in new]
    return [*combinations, *new], names


@st.composite
def matrices(draw):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=3))
    vectors = {key: draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True)) for key in keys}
    known = st.dictionaries(st.sampled_from(KEYS + EXTRAS), st.sampled_from(VALUES), min_size=1, max_size=4)
    include = draw(st.lists(known, max_size=4))
    exclude = (
        draw(st.lists(st.dictionaries(st.sampled_from(keys), st.sampled_from(VALUES), min_size=1), max_size=3))
        if keys
        else []
    )
    return vectors, include, exclude


@given(matrices())
def test_combinations_are_those_of_the_documentation(given_matrix):
    vectors, include, exclude = given_matrix
    # A name lists the vectors' values before the others: put an item's keys in that order for the oracle.
    ordered = [{key: item[key] for key in sorted(item, key=lambda one: one not in vectors)} for item in include]
    expected, names = oracle(vectors, ordered, exclude)
    found = legs({**vectors, "include": include, "exclude": exclude})
    assert [combination for combination, _ in found] == expected
    assert [name for _, name in found] == names


def test_the_example_of_the_documentation():
    found = legs(
        {
            "fruit": ["apple", "pear"],
            "animal": ["cat", "dog"],
            "include": [
                {"color": "green"},
                {"color": "pink", "animal": "cat"},
                {"fruit": "apple", "shape": "circle"},
                {"fruit": "banana"},
                {"fruit": "banana", "animal": "cat"},
            ],
        }
    )
    assert [combination for combination, _ in found] == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_comparison_is_that_of_expressions():
    found = legs({"os": ["Linux"], "n": [1], "include": [{"OS": "linux", "n": "1.0", "extra": "x"}]})
    assert found == [({"os": "Linux", "n": "1", "extra": "x"}, ["Linux", "1"])]


def test_nested_values_match_by_their_leaves_and_name_every_leaf():
    matrix = {
        "cell": [{"os": "linux", "deep": [1, {"v": True}]}, {"os": "mac", "deep": [None, ""]}],
        "exclude": [{"cell": {"deep": [2]}}],
        "include": [{"cell": {"os": "mac"}, "extra": "x"}],
    }
    expansion = combine(from_plain(matrix))
    assert [list(map(to_text, leg.named)) for leg in expansion.legs] == [["linux", "1", "true"], ["mac"]]
    assert [leg.matrix.get("extra") for leg in expansion.legs] == [None, "x"]


def test_only_includes():
    assert legs({"include": [{"a": "1"}, {"a": "1"}, {"b": "2"}]}) == [
        ({"a": "1"}, ["1"]),
        ({"a": "1"}, ["1"]),
        ({"b": "2"}, ["2"]),
    ]


def strategy(text, **contexts):
    return expand(load_one(text.encode()), Scope({"needs": Unknown(expression="needs"), **contexts}))


def test_no_matrix():
    assert expand(None, Scope({})) is None
    assert strategy("{fail-fast: false}") is None


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("{matrix: '${{ fromJSON(needs.a.outputs.m) }}'}", "needs.a.outputs.m"),
        ("'${{ fromJSON(needs.a.outputs.m) }}'", "needs.a.outputs.m"),
        ("{matrix: {os: '${{ fromJSON(needs.a.outputs.m) }}', n: [1]}}", "needs.a.outputs.m"),
        ("{matrix: {'${{ insert }}': '${{ needs.x }}'}}", "${{ insert }}"),
        ("{matrix: text}", "matrix"),
        ("{matrix: {os: text}}", "matrix.os"),
    ],
)
def test_a_matrix_that_is_made_at_run_time(text, expression):
    expansion = strategy(text)
    assert expansion.legs == ()
    assert expansion.open.expression == expression


def test_a_matrix_from_json_that_is_known():
    expansion = strategy('{matrix: {os: "${{ fromJSON(vars.os) }}"}}', vars=Object({"os": '["a", "b"]'}))
    assert [leg.named for leg in expansion.legs] == [("a",), ("b",)]
    assert expansion.open is None


def test_an_include_that_is_not_known_leaves_the_rest_certain():
    expansion = strategy("{matrix: {os: [a, b], include: '${{ fromJSON(needs.x.y) }}'}}")
    assert [(leg.named, leg.doubt) for leg in expansion.legs] == [(("a",), None), (("b",), None)]
    assert expansion.open.expression == "needs.x.y"


def test_an_exclude_that_is_not_known_makes_what_it_may_take_away_doubtful():
    expansion = strategy("{matrix: {os: [a, b], n: [1, 2], exclude: [{os: a, n: '${{ needs.x.y }}'}]}}")
    assert [(leg.named, leg.doubt is not None) for leg in expansion.legs] == [
        (("a", 1), True),
        (("a", 2), True),
        (("b", 1), False),
        (("b", 2), False),
    ]


def test_an_include_that_may_match_is_perhaps_a_leg_of_its_own():
    expansion = strategy("{matrix: {os: [a], include: [{os: '${{ needs.x.y }}', extra: 1}]}}")
    first, second = expansion.legs
    assert (first.named, first.doubt) == (("a",), None)
    assert isinstance(first.matrix.get("extra"), Unknown)
    assert second.doubt is not None


def test_a_hostile_matrix_is_not_expanded():
    wide = {f"v{number}": list(range(40)) for number in range(20)}
    assert combine(from_plain(wide)).open is not None
    many = {"os": ["a"], "include": [{"n": number} for number in range(MOST_COMBINATIONS + 1)]}
    assert combine(from_plain(many)).open is not None


def test_a_leg_may_hold_what_is_not_known():
    (leg,) = combine(Object({"os": Array((Unknown(expression="x"),))})).legs
    assert leg.named == (Unknown(expression="x"),)
