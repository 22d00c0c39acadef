"""Lengths of time, as policies write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.settings.durations import parse, show


@given(st.integers(1, 10**7))
def test_what_is_shown_is_read_as_the_same(seconds):
    length = timedelta(seconds=seconds)
    assert parse(show(length)) == length


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("5m", 300), ("1h", 3600), ("1h30m", 5400), ("1h1m1s", 3661), ("120m", 7200)]
)
def test_a_duration(written, seconds):
    assert parse(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "0s", "5", "5 m", "m", "5m1h", "-5m", "5min", "1.5h", "٣m", "5m\n"])
def test_what_is_no_duration(written):
    assert parse(written) is None


def test_no_time_at_all_is_shown():
    assert show(timedelta(0)) == "0s"
