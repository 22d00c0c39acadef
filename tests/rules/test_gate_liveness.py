"""Gates that cannot go red."""

import pytest

from govcheck.facts.tree import Blobs, OwnPrograms, TrackedFiles
from govcheck.findings import Finding
from govcheck.rules.gate_liveness import GateLiveness, steps
from written_workflows import workflows

WORKFLOW = "on: push\njobs: {a: {runs-on: x, steps: [{run: ./check.sh}]}}\n"


@pytest.mark.parametrize(("families", "count"), [((), 1), (("comparison",), 1), (("codeowners",), 0)])
def test_only_the_families_that_are_asked_for_are_judged(families, count):
    policy = GateLiveness(id="gates", families=families)
    programs = OwnPrograms({"check.sh": b"git diff --cached --name-only | grep -q secret && exit 1\n"})
    tracked = TrackedFiles({"check.sh": "100755"})
    said = steps.judge(policy, workflows({"ci.yml": WORKFLOW}), programs, tracked, Blobs({}))
    assert len([one for one in said if isinstance(one, Finding)]) == count
