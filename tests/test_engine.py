"""The engine: one outcome a policy, nothing lost, never a pass by accident."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.engine import judge
from govcheck.facts import Fact, Facts, Missing, Request
from govcheck.findings import Finding, Judged, Location, Outcome, Reason, Undecided
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy, Policy
from govcheck.registry import Check, Kind, check
from govcheck.report import PolicyResult, Stage, exit_code


@dataclass(frozen=True, slots=True)
class Words(Fact):
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hidden(Fact):
    text: str


@dataclass(frozen=True, slots=True)
class PageRequest(Request):
    page: int


@dataclass(frozen=True, slots=True)
class Page(Fact):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBadWords(Policy):
    kind: Literal["no-bad-words"] = "no-bad-words"


def bad(word: str, path: str = "a.txt") -> Finding:
    return Finding(control="word", subject=word, message="is bad", plane="repo", location=Location(path=path))


def cannot_tell(subject: str, reason: Reason = Reason.DYNAMIC, *, grantable: bool = True) -> Undecided:
    return Undecided(control="word", subject=subject, reason=reason, message="hidden", grantable=grantable)


@check()
def words_are_good(_policy: NoBadWords, words: Words) -> Iterator[Finding | Undecided | Judged]:
    yield Judged(len(words.words))
    for word in words.words:
        if word.startswith("bad"):
            yield bad(word)
        if word.startswith("dynamic"):
            yield cannot_tell(word)
        if word.startswith("ungrantable"):
            yield cannot_tell(word, Reason.PERMISSION, grantable=False)
        if word == "crash":
            raise ValueError("a bug\nin the rule")


@check()
def hidden_is_read(_policy: NoBadWords, hidden: Hidden) -> Iterator[Finding | Undecided | Judged]:
    yield bad(hidden.text)


POLICY = LoadedPolicy(NoBadWords(id="words"), "policies/words.yaml", 1)
EVERYTHING = frozenset({Words, Hidden})


def run(
    *words: str,
    checks: tuple[Check, ...] = (words_are_good,),
    stage: Stage = Stage.TREE,
    before: tuple[str, ...] | None = None,
    facts: Facts | None = None,
) -> PolicyResult:
    kind = Kind("no-bad-words", NoBadWords, checks, "")
    given_facts = facts or world(*words)
    old = world(*before) if before is not None else None
    (result,) = judge(plan([POLICY], lambda _: kind), given_facts, stage, lambda: 0.0, before=old)
    return result


def world(*words: str) -> Facts:
    return Facts(offered=frozenset({Words}), answers={Request(Words): Words(words)})


def test_nothing_wrong_is_a_pass():
    result = run("good", "fine")
    assert (result.outcome, result.subjects) == (Outcome.PASS, 2)


def test_a_finding_fails():
    assert run("good", "bad").outcome is Outcome.FAIL


def test_an_undecided_is_unknown_and_a_finding_beside_it_wins():
    assert run("dynamic").outcome is Outcome.UNKNOWN
    both = run("dynamic", "bad")
    assert (both.outcome, len(both.unknowns)) == (Outcome.FAIL, 1)


def test_a_crash_is_unknown_and_keeps_what_was_said_before_it():
    result = run("bad", "crash", "bad2")
    assert [found.finding.subject for found in result.findings] == ["bad"]
    (unknown,) = result.unknowns
    assert unknown.undecided.reason is Reason.RULE_CRASHED
    assert unknown.undecided.message == "the rule itself failed: ValueError: a bug in the rule"


def test_a_crash_while_planning_is_unknown():
    def wants(_policy: Policy) -> list[tuple[Request, ...]]:
        raise KeyError("no such key")

    result = run("good", checks=(check(wants=wants)(words_are_good.judge),))
    assert result.outcome is Outcome.UNKNOWN


def test_a_check_that_reads_what_the_stage_does_not_offer_is_not_applicable_and_listed():
    result = run("good", checks=(hidden_is_read,))
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.not_offered == ("hidden-is-read: reads Hidden, which this stage does not offer",)


def test_one_check_on_offer_is_enough_to_judge():
    result = run("good", checks=(words_are_good, hidden_is_read))
    assert (result.outcome, len(result.not_offered)) == (Outcome.PASS, 1)


@pytest.mark.parametrize("reason", list(Reason))
def test_what_was_on_offer_and_could_not_be_had_is_unknown(reason: Reason):
    missing = Missing(reason=reason, message="gone", permission="administration:read", endpoint="repos", status=403)
    result = run(facts=Facts(offered=EVERYTHING, answers={Request(Words): missing}))
    (unknown,) = result.unknowns
    assert result.outcome is Outcome.UNKNOWN
    assert (unknown.undecided.reason, unknown.undecided.permission) == (reason, "administration:read")


def test_what_nobody_gathered_is_unknown_not_fine():
    assert run(facts=Facts(offered=EVERYTHING)).outcome is Outcome.UNKNOWN


def test_unchanged_inputs_are_not_applicable():
    facts = Facts(
        offered=frozenset({Words}),
        answers={Request(Words): Words(("bad",))},
        unchanged=frozenset({Request(Words)}),
    )
    result = run(facts=facts)
    assert (result.outcome, result.reason) == (Outcome.NOT_APPLICABLE, "unchanged")


def test_what_the_base_had_is_shown_and_does_not_fail():
    result = run("bad1", before=("bad1",))
    assert [found.pre_existing for found in result.findings] == [True]
    assert (result.outcome, exit_code((result,), Stage.CI)) == (Outcome.PASS, 0)


def test_one_more_of_the_same_fails():
    result = run("bad1", "bad1", before=("bad1",))
    assert sorted(found.pre_existing for found in result.findings) == [False, True]
    assert result.outcome is Outcome.FAIL


def test_a_dynamic_unknown_of_the_base_is_pre_existing_a_permission_never_is():
    result = run("dynamic", before=("dynamic",))
    assert (result.outcome, exit_code((result,), Stage.CI)) == (Outcome.PASS, 0)
    missing = Facts(
        offered=frozenset({Words}), answers={Request(Words): Missing(reason=Reason.PERMISSION, message="no")}
    )
    kind = Kind("no-bad-words", NoBadWords, (words_are_good,), "")
    (blind,) = judge(plan([POLICY], lambda _: kind), missing, Stage.CI, lambda: 0.0, before=missing)
    assert exit_code((blind,), Stage.CI) == 3


def test_in_ci_what_no_such_token_can_read_is_not_on_offer_and_never_a_pass():
    result = run("ungrantable", stage=Stage.CI)
    assert (result.outcome, result.unknowns) == (Outcome.NOT_APPLICABLE, ())
    assert run("ungrantable", stage=Stage.SWEEP).outcome is Outcome.UNKNOWN
    partly = run("ungrantable", "good", stage=Stage.CI)
    assert (partly.outcome, len(partly.not_offered)) == (Outcome.PASS, 1)


def test_a_check_is_called_once_for_each_of_its_requests():
    @check(wants=lambda _: [(PageRequest(Page, 1),), (PageRequest(Page, 2),)])
    def pages(_policy: NoBadWords, page: Page, words: Words) -> Iterator[Finding | Undecided | Judged]:
        yield Judged(1)
        yield bad(page.text + words.words[0])

    kind = Kind("no-bad-words", NoBadWords, (pages,), "")
    planned = plan([POLICY], lambda _: kind)
    offer = frozenset({Page, Words})
    assert requests(planned, offer) == {PageRequest(Page, 1), PageRequest(Page, 2), Request(Words)}
    answers = {PageRequest(Page, 1): Page("one "), PageRequest(Page, 2): Page("two "), Request(Words): Words(("x",))}
    (result,) = judge(planned, Facts(offered=offer, answers=answers), Stage.TREE, lambda: 0.0)
    assert [found.finding.subject for found in result.findings] == ["one x", "two x"]


def test_a_whole_tree_in_which_nothing_was_judged_is_3_and_a_change_is_0():
    nothing = run("good", checks=(hidden_is_read,))
    codes = {stage: exit_code((nothing,), stage) for stage in Stage}
    assert codes == {Stage.PRE_COMMIT: 0, Stage.CI: 0, Stage.TREE: 3, Stage.SWEEP: 3}


def test_a_whole_tree_that_has_nothing_a_policy_speaks_of_is_3():
    assert exit_code((run(),), Stage.TREE) == 3
    assert exit_code((run("good"), run()), Stage.TREE) == 0


words_strategy = st.lists(st.sampled_from(["good", "bad", "bad2", "dynamic", "crash", "ungrantable"]), max_size=6)


@given(words_strategy)
def test_every_policy_has_one_outcome_and_only_what_was_told_and_fine_is_green(words: list[str]):
    result = run(*words)
    reached = words[: words.index("crash")] if "crash" in words else words
    expected = (
        Outcome.FAIL
        if any(word.startswith("bad") for word in reached)
        else Outcome.UNKNOWN
        if set(words) - {"good", "bad", "bad2"}
        else Outcome.PASS
    )
    assert result.outcome is expected
    assert (exit_code((result,), Stage.TREE) == 0) is (expected is Outcome.PASS and bool(words))


@given(words_strategy, words_strategy)
def test_a_base_never_adds_a_finding_and_never_hides_a_crash(words: list[str], before: list[str]):
    alone, against = run(*words), run(*words, before=tuple(before))
    assert len(alone.findings) == len(against.findings)
    assert len(alone.unknowns) == len(against.unknowns)
    if "crash" in words:
        assert exit_code((against,), Stage.CI) != 0
