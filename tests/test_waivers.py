"""Waivers: what they excuse, what they do not, and what is said of them."""

import fnmatch
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.errors import Problem
from govcheck.findings import Outcome
from govcheck.report import Stage, exit_code
from govcheck.waiver import LoadedWaiver, Waiver, matches
from govcheck.waivers import Waivers, apply, would_waive
from reports import found, policy, report, result, results, unknown

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TERMS = {"reason": "known", "owner": "@ops", "created": "2026-11-01", "expires": "2026-12-31"}
SUBJECT = {"policy": "docs", "control": "path", "subject": "a.md"}


def waiver(**keys):
    return Waiver(**(TERMS | SUBJECT | keys))


def loaded(*waivers, problems=()):
    entries = tuple(LoadedWaiver(one, "policies/waivers.yaml", 3 + number) for number, one in enumerate(waivers))
    return Waivers(waivers=entries, problems=problems, files=1)


def judged(said, *waivers, stage=Stage.TREE, moment=NOW, problems=()):
    """The outcome, what the waivers' own findings are, and the exit code."""
    applied = apply((said,), loaded(*waivers, problems=problems), moment=moment, stage=stage)
    own = [(one.finding.control, one.severity) for one in applied[-1].findings]
    return applied[0].outcome, own, exit_code(applied, stage)


def test_without_files_nothing_is_said_of_waivers():
    assert apply((result(found()),), Waivers(), moment=NOW, stage=Stage.TREE) == (result(found()),)


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"subject": "*.md*", "actual": None},
        {"fingerprint": found().fingerprint, "policy": "", "control": "", "subject": ""},
        {"created": "2026-11-28T13:00:00+01:00"},
        {"expires": "2026-11-28T23:00:00-05:00"},
        {"actual": "tracked"},
    ],
)
def test_what_is_excused_does_not_fail_and_is_counted(selector):
    keys = {} if selector.get("actual") is None else {"actual": selector["actual"]}
    said = result(found(**keys))
    applied = apply((said,), loaded(waiver(**selector)), moment=NOW, stage=Stage.TREE)
    assert applied[0].outcome is Outcome.WAIVED
    assert exit_code(applied, Stage.TREE) == 0
    summary = report(*applied).summary
    assert (summary.waived, summary.findings["error"], summary.outcomes[Outcome.WAIVED]) == (1, 0, 1)


def test_an_unknown_can_be_excused():
    said = result(unknown())
    assert judged(said, waiver(control="approvals", subject="main")) == (Outcome.WAIVED, [], 0)


def test_a_waiver_of_a_value_does_not_excuse_that_nobody_can_tell():
    said = result(unknown())
    assert judged(said, waiver(control="approvals", subject="main", actual=1))[::2] == (Outcome.UNKNOWN, 3)


@pytest.mark.parametrize(
    "other", [{"policy": "docs2"}, {"control": "pattern"}, {"subject": "a.mdx"}, {"subject": "b*md.x"}]
)
def test_another_name_excuses_nothing(other):
    outcome, _, code = judged(result(found()), waiver(**other))
    assert (outcome, code) == (Outcome.FAIL, 1)


@pytest.mark.parametrize(
    ("keys", "moment", "told"),
    [
        ({"expires": "2026-11-27"}, NOW, ("expired", "warning")),
        ({"expires": "2026-11-28T12:00:00Z"}, NOW, ("expired", "warning")),
        ({"expires": "2026-11-28T13:59:00+02:00"}, NOW, ("expired", "warning")),
        ({"created": "2026-11-29"}, NOW, ("not-begun", "warning")),
        ({"created": "2024-01-01"}, NOW, ("refused", "error")),
        ({"actual": 3}, NOW, ("grown", "warning")),
    ],
)
def test_what_does_not_hold_excuses_nothing_and_says_so(keys, moment, told):
    outcome, own, code = judged(result(found(actual=2)), waiver(**keys), moment=moment)
    assert (outcome, own, code) == (Outcome.FAIL, [told], 1)


def test_the_last_day_is_whole():
    last = waiver(expires="2026-12-31")
    before, after = datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert judged(result(found()), last, moment=before) == (Outcome.WAIVED, [("expiring", "warning")], 0)
    assert judged(result(found()), last, moment=after)[0] is Outcome.FAIL


def test_a_policy_can_refuse_and_limit():
    never = policy(waivable=False)
    short = policy(waivable_for="30d")
    assert judged(result(found(of=never)), waiver())[1:] == ([("refused", "error")], 1)
    assert judged(result(found(of=short)), waiver())[1:] == ([("refused", "error")], 1)
    assert judged(result(found(of=short)), waiver(created="2026-12-01", expires="2026-12-31"))[1][0][0] == "not-begun"


def test_no_more_than_were_counted():
    three = result(found(), found(), found())
    assert judged(three, waiver(count=3))[0] is Outcome.WAIVED
    assert judged(three, waiver(count=2))[:2] == (Outcome.FAIL, [("grown", "warning")])


def test_a_list_may_shrink_and_not_grow():
    some = waiver(actual=["a", "b"])
    assert judged(result(found(actual=["a"])), some)[0] is Outcome.WAIVED
    assert judged(result(found(actual=["a", "c"])), some)[0] is Outcome.FAIL
    assert not waiver(actual=True).covers(1)


def test_unused_and_gone_are_told_where_everything_was_judged():
    fine = result()
    assert judged(fine, waiver())[1] == [("unused", "warning")]
    assert judged(fine, waiver(), stage=Stage.CI)[1] == []
    partly = result(not_offered=("approvals: reads LiveBranch",))
    assert judged(partly, waiver())[1] == []
    assert judged(partly, waiver(), stage=Stage.SWEEP)[1] == [("unused", "warning")]
    assert judged(fine, waiver(policy="gone"), stage=Stage.PRE_COMMIT)[1] == [("policy-gone", "warning")]


def test_an_invalid_waiver_is_a_finding_that_fails():
    broken = (Problem("policies/waivers.yaml", 7, 3, "the key `expires` is missing"),)
    assert judged(result(), problems=broken)[1:] == ([("malformed", "error")], 1)


def test_what_a_merge_would_waive():
    said = (result(found(), found(subject="b.md")),)
    assert would_waive(said, loaded(waiver(), waiver(subject="c.md")), NOW) == {"docs path (a.md)": 1}


@given(st.lists(results(), max_size=3).map(tuple), st.sampled_from(Stage))
def test_waivers_never_make_a_failure_out_of_nothing_nor_lose_one(said, stage):
    applied = apply(said, loaded(waiver(subject="* a *")), moment=NOW, stage=stage)[:-1]
    for before, after in zip(said, applied, strict=True):
        assert [one.finding for one in before.findings] == [one.finding for one in after.findings]
        assert [one.undecided for one in before.unknowns] == [one.undecided for one in after.unknowns]
        assert (before.outcome == after.outcome) or any(one.waiver for one in (*after.findings, *after.unknowns))


@given(st.text("ab*", min_size=1, max_size=8), st.text("ab", max_size=10))
def test_a_star_is_any_text(pattern, subject):
    assert matches(pattern, subject) == (re.fullmatch(fnmatch.translate(pattern), subject) is not None)


@given(st.text(max_size=30))
def test_whatever_stands_for_a_day_is_a_day_or_a_problem(written):
    problems = {where for where, _ in waiver(expires=written).problems()}
    if ("expires",) not in problems:
        assert waiver(expires=written).ends().utcoffset() == timedelta()


@pytest.mark.parametrize(
    "keys",
    [
        {"subject": "*"},
        {"subject": "**a*"},
        {"policy": "*"},
        {"policy": "govcheck"},
        {"subject": ""},
        {"fingerprint": "abc"},
        {"reason": " "},
        {"owner": ""},
        {"expires": "2026-10-31"},
        {"expires": "tomorrow"},
        {"expires": "2026-12-31T00:00:00"},
        {"created": "2026-13-01"},
        {"count": -1},
    ],
)
def test_what_is_no_waiver(keys):
    assert list(waiver(**keys).problems())
