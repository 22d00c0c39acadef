"""Gates that cannot go red."""

import pytest

from govcheck.facts.change import AddedLines
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import Blobs, OwnPrograms, TrackedFiles
from govcheck.findings import Finding, Held, Judged, Undecided
from govcheck.rules.gate_liveness import GateLiveness, secret_baseline, secret_scan, steps
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
    assert found.actual == "dead"
    assert found.fix.text == "let its status be the step's, or take the step out"


def test_a_living_gate_is_counted_and_says_how_it_can_go_red():
    counted, held = judge(JUDGE.replace(" || true", ""))
    assert counted == Judged(1)
    assert isinstance(held, Held)
    assert held.message == "where `eslint .` fails, the step does"


def test_what_nobody_can_tell_is_undecided_with_its_reason():
    text = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{name: Verify it, run: 'if ((('}]}}\n"
    (said,) = [one for one in judge(text) if isinstance(one, Undecided)]
    assert (said.control, said.reason.value) == ("promise", "unparseable")
    assert said.message == 'the step "Verify it": a part of the script cannot be read'


SCAN = "on: push\njobs: {a: {runs-on: x, steps: [{run: gitleaks dir .}]}}\n"
NOTHING = ScannerCanaries(canaries={}, trouble="neither gitleaks nor betterleaks is installed here")


@pytest.mark.parametrize(
    ("policy", "content", "expected"),
    [
        (GateLiveness(id="gates"), b"title = 'x'\n", ("secret-scan", ".gitleaks.toml", "dead")),
        (GateLiveness(id="gates", families=("codeowners",)), b"title = 'x'\n", None),
        (GateLiveness(id="gates"), b"[extend]\nuseDefault = true\n", None),
        (
            GateLiveness(id="gates", canary="required"),
            b"[extend]\nuseDefault = true\n",
            ("secret-scan", ".gitleaks.toml", "tool-missing"),
        ),
    ],
)
def test_secret_scanners_are_gates(policy, content, expected):
    files = ScannerFiles({".gitleaks.toml": content})
    judged, *found = secret_scan.judge(policy, workflows({"s.yml": SCAN}), OwnPrograms({}), files, NOTHING)
    assert isinstance(judged, Judged)
    told = [
        (one.control, one.subject, getattr(one, "actual", None) or one.reason.value)
        for one in found
        if not isinstance(one, Held)
    ]
    assert told == ([expected] if expected else [])


def test_a_baseline_that_grows_is_weak():
    lines = AddedLines({".gitleaksignore": ((1, b"a:b:c:1"),)})
    (_, found) = secret_baseline.judge(GateLiveness(id="gates"), lines)
    assert (found.control, found.subject, found.actual) == ("secret-scan", ".gitleaksignore:entries", "weak")
