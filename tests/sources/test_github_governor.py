"""All waiting of one run."""

from hypothesis import given
from hypothesis import strategies as st

from fake_github import Time
from govcheck.sources.github.governor import Clock, Governor


def governor(most, time, sleep=None):
    return Governor(most, Clock(wall=time.now, steady=time.now, sleep=sleep or time.sleep))


def test_what_several_wait_at_once_counts_once():
    time = Time()
    run = governor(5.0, time, sleep=lambda _: None)
    assert all(run.wait(3.0) for _ in range(8))
    assert run.wait(5.0)
    assert not run.wait(5.1)


def test_what_one_waits_after_the_other_adds_up():
    time = Time()
    run = governor(5.0, time)
    assert run.wait(3.0)
    assert not run.wait(2.5)
    assert run.wait(2.0)
    assert time.slept == [3.0, 2.0]


def test_time_lost_on_answers_that_did_not_come_counts_too():
    time = Time()
    run = governor(5.0, time)
    time.sleep(4.0)
    run.lost(4.0)
    assert not run.wait(2.0)
    assert run.wait(1.0)


def test_more_may_be_lost_than_there_was():
    time = Time()
    run = governor(5.0, time)
    time.sleep(20.0)
    run.lost(20.0)
    assert not run.wait(0.1)


@given(st.lists(st.floats(0, 10), max_size=20), st.floats(0, 30))
def test_no_run_waits_longer_than_it_may(waits, most):
    time = Time()
    run = governor(most, time)
    for seconds in waits:
        run.wait(seconds)
    assert sum(time.slept) <= most + 1e-3


def test_a_token_is_closed_by_itself():
    time = Time()
    run = governor(5.0, time)
    run.close("a", "core", 10.0)
    run.close("a", "core", 3.0)
    assert run.opens_in("a", "core") == 10.0
    assert run.opens_in("b", "core") == 0.0
    assert run.opens_in("a", "graphql") == 0.0
    time.sleep(12.0)
    assert run.opens_in("a", "core") == 0.0
