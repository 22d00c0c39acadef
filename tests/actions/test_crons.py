"""Crons by what they mean, right through every change of the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.actions.crons import Cron, cron_problem, first_missed, longest_gap, zone

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = ("UTC", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")


def cron(expression, name="UTC"):
    return Cron(expression, zone(name))


def field(low, high):
    number = st.integers(low, high).map(str)
    return st.one_of(st.just("*"), number, st.integers(2, 7).map(lambda step: f"*/{step}"))


CRONS = st.builds(
    lambda *fields: " ".join(fields), st.integers(0, 59).map(str), field(0, 23), st.just("*"), st.just("*"), field(0, 6)
)


@settings(max_examples=15, deadline=None)
@given(CRONS, st.sampled_from(ZONES))
def test_a_cron_never_misses_itself(expression, name):
    assert first_missed(cron(expression, name), [cron(expression, name)], NOW) is None


@settings(max_examples=15, deadline=None)
@given(CRONS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_every_minute_misses_nothing(expression, name, other):
    assert first_missed(cron(expression, name), [cron("* * * * *", other)], NOW) is None


@settings(max_examples=15, deadline=None)
@given(CRONS, st.sampled_from(ZONES))
def test_nothing_starts_less_often_than_it_is_asked_to(expression, name):
    gap = longest_gap([cron(expression, name)], NOW)
    assert gap is not None
    assert timedelta() < gap.length <= timedelta(days=7)


@pytest.mark.parametrize(
    ("asked", "had", "right"),
    [
        (("30 2 * * *", "America/Los_Angeles"), [("30 10 * * *", "UTC")], False),
        (("30 1 * * *", "America/Los_Angeles"), [("30 8,9 * * *", "UTC")], True),
        (("0 9 * * *", "Asia/Kolkata"), [("30 3 * * *", "UTC")], True),
        (("0 9 * * *", "America/Los_Angeles"), [("0 9 * * *", "US/Pacific")], True),
        (("0 9 * * *", "America/Los_Angeles"), [("0 10 * * *", "America/Denver")], True),
        (("0 9 * * *", "America/Phoenix"), [("0 16 * * *", "UTC")], True),
        (("0 9 * * *", "America/Phoenix"), [("0 9 * * *", "America/Denver")], False),
        (("*/10 9-17 * * 1-5", "Europe/Berlin"), [("*/10 8-16 * * 1-5", "UTC")], False),
        (("*/5 * * * *", "UTC"), [("*/5 * * * *", "Europe/Berlin")], True),
        (("* * * * *", "UTC"), [("* 1-23 * * *", "UTC")], False),
        (("0 0 29 2 *", "UTC"), [("0 0 1 3 *", "UTC")], False),
        (("0 0 * * 0", "UTC"), [("0 0 * * SUN", "UTC")], True),
        (("0 0 * * 7", "UTC"), [("0 0 * * 0", "UTC")], True),
    ],
    ids=str,
)
def test_what_two_crons_mean(asked, had, right):
    missed = first_missed(cron(*asked), [cron(*one) for one in had], NOW)
    assert (missed is None) is right


def test_the_hour_that_a_clock_skips_is_the_next_one():
    march = datetime(2026, 3, 7, tzinfo=UTC)
    missed = first_missed(cron("30 2 * * *", "America/Los_Angeles"), [cron("30 10 * * *")], march)
    assert missed is not None
    assert missed.at.isoformat() == "2026-03-08T03:00:00-07:00"


def test_the_day_on_which_clocks_go_back_is_a_day():
    gap = longest_gap([cron("0 9 * * *", "America/Los_Angeles")], NOW)
    assert gap is not None
    assert gap.length == timedelta(days=1)


def test_the_longest_gap_is_over_all_of_them():
    gap = longest_gap([cron("0 9 1 * *"), cron("0 9 15 * *")], NOW)
    assert gap is not None
    assert gap.length == timedelta(days=17)


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "@daily",
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "0 0 31 2 *",
            "0 0 L * *",
            "0 0 * * MON#2",
            "0 0 ? * *",
        ),
        *("a", "\0 * * * *", "*/0 * * * *", "5-1 * * * *", "1,, * * * *", "0 0 * FEBRUARY *", "0 0 1W * *"),
        "\N{FULLWIDTH DIGIT NINE} * * * *",
    ],
)
def test_what_github_does_not_take(expression):
    assert cron_problem(expression)


@pytest.mark.parametrize("expression", ["0 9 * * 1-5", "*/15 0,12 1-7 JAN-MAR mon", "5/20 * * * *", "0 0 29 2 *"])
def test_what_github_takes(expression):
    assert cron_problem(expression) is None


@given(st.text(max_size=40))
def test_any_text_is_a_cron_or_has_a_problem(text):
    problem = cron_problem(text)
    assert problem is None or isinstance(problem, str)


@pytest.mark.parametrize("name", ["PT", "../../etc/passwd", "", "America", "x\0y", "/etc/localtime"])
def test_a_zone_that_is_none(name):
    assert zone(name) is None
