"""Gates that cannot go red."""

import pytest

from govcheck.facts.change import AddedLines
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import Blobs, OwnPrograms, TrackedFiles
from govcheck.findings import Finding, Held, Judged
from govcheck.rules.gate_liveness import GateLiveness, secret_baseline, secret_scan, steps
from written_workflows import workflows

WORKFLOW = "on: push\njobs: {a: {runs-on: x, steps: [{run: ./check.sh}]}}\n"


@pytest.mark.parametrize(("families", "count"), [((), 1), (("comparison",), 1), (("codeowners",), 0)])
def test_only_the_families_that_are_asked_for_are_judged(families, count):
    policy = GateLiveness(id="gates", families=families)
    programs = OwnPrograms({"check.sh": b"git diff --cached --name-only | grep -q secret && exit 1\n"})
    tracked = TrackedFiles({"check.sh": "100755"})
    said = steps.judge(policy, workflows({"ci.yml": WORKFLOW}), programs, tracked, Blobs({}))
    assert len([one for one in said if isinstance(one, Finding)]) == count


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
