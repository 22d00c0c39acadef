"""Coercion and comparison: GitHub's tables, and the laws of values that are known in part."""

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from govcheck.actions.values import (
    Array,
    Object,
    Unknown,
    equal,
    fits,
    join_shapes,
    less,
    parse_number,
    to_number,
    to_text,
    truth,
)

SHAPES = st.lists(st.one_of(st.none(), st.text("ab/", max_size=3)), min_size=1, max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.10, "3.1"),
        (1.0, "1"),
        (22, "22"),
        (-2.5, "-2.5"),
        (0, "0"),
        (-0.0, "0"),
        (1e14, "100000000000000"),
        (1e15, "1E+15"),
        (1e22, "1E+22"),
        (1e300, "1E+300"),
        (123456789012345, "123456789012345"),
        (1234567890123456, "1.23456789012346E+15"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (0.1 + 0.2, "0.3"),
        (10**400, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ("Text", "Text"),
        (Array(()), "Array"),
        (Object({}), "Object"),
    ],
)
def test_text_of_a_value(value, text):
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("  ", 0),
        ("12", 12),
        (" -1.5e3 ", -1500),
        (".5", 0.5),
        ("5.", 5),
        ("0x1F", 31),
        ("0xFFFFFFFF", -1),
        ("0o17", 15),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("1e999", math.inf),
    ],
)
def test_number_of_a_text(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["abc", "1_000", "0x", "0x123456789", "1 2", "true", "--1", "NaN", "٣"])
def test_text_that_is_no_number(text):
    assert math.isnan(parse_number(text))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("ABC", "abc", True),
        ("straße", "STRASSE", False),
        ("é", "É", True),
        (None, "", True),
        (None, 0, True),
        (None, False, True),
        (True, 1, True),
        (True, "1", True),
        (True, "true", False),
        ("1.0", 1, True),
        ("", 0, True),
        ("a", 0, False),
        (math.nan, math.nan, False),
        (Array(()), Array(()), False),
        (Object({}), "Object", False),
        (None, Array(()), False),
    ],
)
def test_equality(left, right, expected):
    assert equal(left, right) is expected
    assert equal(right, left) is expected


def test_lists_and_mappings_equal_themselves_only():
    one = Array((1,))
    assert equal(one, one) is True


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(1, 2, True), ("a", "B", True), ("B", "a", False), ("10", 9, False), ("x", 1, False), (False, True, True)],
)
def test_order(left, right, expected):
    assert less(left, right) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", False),
        ("false", True),
        ("0", True),
        (0, False),
        (math.nan, False),
        (None, False),
        (Array(()), True),
        (Object({}), True),
        (Unknown(expression="x"), None),
        (Unknown(expression="x", shape=("a", None)), True),
        (Unknown(expression="x", truth=False), False),
    ],
)
def test_truth(value, expected):
    assert truth(value) is expected


def test_a_list_is_not_a_number():
    assert math.isnan(to_number(Array(())))


def test_keys_are_found_without_regard_to_case():
    found = Object({"Node-Version": 1, "empty": None}, Unknown(expression="rest"))
    assert found.get("node-VERSION") == 1
    assert found.get("empty") is None
    assert found.get("other") == Unknown(expression="rest")


@example((None, "/", ""), "/a")
@given(SHAPES, st.text("ab/", max_size=8))
def test_a_shape_fits_what_its_regular_expression_matches(shape, text):
    expression = "".join(".*" if piece is None else re.escape(piece) for piece in shape)
    assert fits(shape, text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


@given(st.lists(st.one_of(st.text("ab", max_size=3), st.integers(0, 9), SHAPES), min_size=1, max_size=5), st.data())
def test_a_joined_shape_fits_every_text_it_can_become(parts, data):
    values = [Unknown(expression="x", shape=part) if isinstance(part, tuple) else part for part in parts]
    joined = join_shapes(values)
    text = ""
    for part in parts:
        pieces = part if isinstance(part, tuple) else (to_text(part),)
        text += "".join(data.draw(st.text("ab", max_size=2)) if piece is None else piece for piece in pieces)
    assert fits(joined.shape, text) if isinstance(joined, Unknown) else joined == text


def test_fitting_takes_no_time_that_explodes():
    assert not fits((None, "a") * 2000 + (None, "b"), "a" * 20_000)
