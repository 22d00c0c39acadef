"""Gates that cannot go red."""

import pytest

from govcheck.facts.tree import Blobs, OwnPrograms, TrackedFiles
from govcheck.findings import Finding, Judged, Undecided
from govcheck.rules.gate_liveness import GateLiveness, steps
from written_workflows import workflows

JUDGE = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: eslint . || true}]}}\n"


def judge(text, families=()):
    policy = GateLiveness(id="gates", families=families)
    facts = (OwnPrograms({}), TrackedFiles({".github/workflows/ci.yml": "100644"}), Blobs({}))
    return list(steps.judge(policy, workflows({"ci.yml": text}), *facts))


@pytest.mark.parametrize(("families", "count"), [((), 1), (("judge",), 1), (("codeowners",), 0)])
def test_only_the_families_that_are_asked_for_are_judged(families, count):
    assert len([one for one in judge(JUDGE, families) if isinstance(one, Finding)]) == count


def test_a_dead_gate_is_a_finding_that_says_what_to_do():
    (found,) = [one for one in judge(JUDGE) if isinstance(one, Finding)]
    assert (found.control, found.subject) == ("judge", ".github/workflows/ci.yml:a:eslint . || true:eslint .")
    assert found.message == "nothing heeds the failure of `eslint .`"
    assert (found.location.line, found.location.column) == (2, 50)
    assert (found.expected, found.actual) == ("alive", "dead")
    assert found.fix.text == "let its status be the step's, or take the step out"


def test_a_living_gate_is_counted_and_not_told_of():
    said = judge(JUDGE.replace(" || true", ""))
    assert said == [Judged(1)]


def test_what_nobody_can_tell_is_undecided_with_its_reason():
    text = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{name: Verify it, run: 'if ((('}]}}\n"
    (said,) = [one for one in judge(text) if isinstance(one, Undecided)]
    assert (said.control, said.reason.value) == ("promise", "unparseable")
    assert said.message == 'the step "Verify it": a part of the script cannot be read'
