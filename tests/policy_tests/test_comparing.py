"""What was found against what is expected: each entry meets one, and the order changes nothing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.findings import Finding, Outcome, Reason, Undecided
from govcheck.policy import LoadedPolicy, Policy
from govcheck.policy_tests.comparing import compare, matching
from govcheck.policy_tests.model import Expect, ExpectedFinding, ExpectedUnknown
from govcheck.report import PolicyResult, ReportedFinding, ReportedUnknown

POLICY = LoadedPolicy(Policy(kind="any", id="a-policy"), "p.yaml", 1)


def result(*findings, unknowns=(), outcome=Outcome.FAIL, policy=POLICY):
    return PolicyResult(
        policy=policy,
        outcome=outcome,
        findings=tuple(ReportedFinding(policy=policy, finding=finding) for finding in findings),
        unknowns=tuple(ReportedUnknown(policy=policy, undecided=unknown) for unknown in unknowns),
    )


def finding(control="path", subject="a", message="it is there"):
    return Finding(control=control, subject=subject, message=message, plane="repo")


def unknown(reason=Reason.PERMISSION, subject="main"):
    return Undecided(control="approvals", subject=subject, reason=reason, message="not to be seen")


EDGES = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)))


def largest(edges):
    """By trying every assignment."""
    return max(
        sum((one, found) in edges for one, found in enumerate(order)) for order in itertools.permutations(range(5))
    )


@given(EDGES)
def test_the_matching_is_one_and_the_largest(edges):
    pairs = matching(range(5), range(5), lambda one, found: (one, found) in edges)
    assert {(one, found) for found, one in pairs.items()} <= edges
    assert len(set(pairs.values())) == len(pairs) == largest(edges)


FINDINGS = st.lists(
    st.builds(finding, st.sampled_from(["path", "branch"]), st.sampled_from(["a", "b"]), st.sampled_from(["x", "xy"])),
    max_size=5,
)


def exactly(found):
    return ExpectedFinding(control=found.control, subject=found.subject, message=found.message)


@given(FINDINGS, st.randoms())
def test_what_is_found_meets_itself_in_any_order_and_nothing_less_or_more_does(found, random):
    wanted = [exactly(one) for one in found]
    random.shuffle(wanted)
    assert compare(Expect(findings=tuple(wanted)), [result(*found)]).holds
    assert compare(Expect(findings_include=tuple(wanted)), [result(*found, finding("else"))]).holds
    assert not compare(Expect(findings=tuple(wanted)), [result(*found, finding("else"))]).holds
    if wanted:
        less = compare(Expect(findings=tuple(wanted)), [result(*found[1:])])
        assert not less.holds
        assert sum(line.startswith("-  ") for line in less.diff) == 1


def test_a_vague_entry_leaves_the_finding_that_only_another_one_meets():
    wanted = (ExpectedFinding(control="path", subject="a"), ExpectedFinding(control="path", subject="a", message="xy"))
    assert compare(Expect(findings=wanted), [result(finding(message="xy"), finding(message="z"))]).holds


@pytest.mark.parametrize(
    "wanted",
    [
        {"control": "other"},
        {"subject": "b"},
        {"severity": "warning"},
        {"message": "it is not"},
        {"path": "a.py"},
        {"line": 3},
        {"pre_existing": True},
        {"policy": "another"},
    ],
)
def test_every_key_of_an_expected_finding_counts(wanted):
    expected = ExpectedFinding(**{"control": "path", "subject": "a", **wanted})
    assert not compare(Expect(findings_include=(expected,)), [result(finding())]).holds


def test_what_could_not_be_told_is_never_passed_over():
    blind = [result(unknowns=[unknown()], outcome=Outcome.UNKNOWN)]
    assert not compare(Expect(findings=()), blind).holds
    assert not compare(Expect(findings_include=(exactly(finding()),)), [result(finding(), unknowns=[unknown()])]).holds
    assert compare(Expect(outcome="unknown"), blind).holds
    assert compare(Expect(unknowns=(ExpectedUnknown(control="approvals", subject="main"),)), blind).holds
    assert not compare(Expect(unknowns=()), blind).holds
    assert not compare(Expect(outcome="unknown", unknowns=()), blind).holds


def test_what_the_machine_lacks_is_told_apart_from_what_the_policy_gets_wrong():
    lacking = [result(unknowns=[unknown(Reason.TOOL_MISSING)], outcome=Outcome.UNKNOWN)]
    assert compare(Expect(outcome="pass"), lacking).blind == ("not to be seen",)
    assert compare(Expect(outcome="unknown"), lacking).blind == ()
    seen = [result(finding(), unknowns=[unknown()])]
    assert compare(Expect(outcome="pass"), seen).blind == ()


def test_a_policy_that_was_not_judged_meets_no_outcome():
    assert "+  another: not-judged" in compare(Expect(outcome={"another": "pass"}), [result()]).diff


def test_another_outcome_shows_what_it_comes_from():
    assert any("it is there" in line for line in compare(Expect(outcome="pass"), [result(finding())]).diff)
    assert compare(Expect(outcome="fail"), [result(finding())]).diff == ()
