"""Gates that cannot go red."""

import pytest

from govcheck.facts.tree import OwnPrograms
from govcheck.findings import Finding
from govcheck.rules.gate_liveness import GateLiveness, comparison
from written_workflows import workflows


@pytest.mark.parametrize(("families", "count"), [((), 1), (("comparison",), 1), (("codeowners",), 0)])
def test_only_the_families_that_are_asked_for_are_judged(families, count):
    policy = GateLiveness(id="gates", families=families)
    programs = OwnPrograms({"check.sh": b"git diff --cached --name-only\n"})
    files = workflows({"ci.yml": "on: push\njobs: {a: {runs-on: x, steps: [{run: ./check.sh}]}}\n"})
    said = comparison.judge(policy, files, programs)
    assert len([one for one in said if isinstance(one, Finding)]) == count
