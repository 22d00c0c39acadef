"""Workflow files that GitHub rejects are no repository without gates."""

import pytest

from govcheck.facts import Missing
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.liveness.gate import State
from govcheck.liveness.rejected_files import gates
from govcheck.rules import gate_liveness as kind
from govcheck.rules.gate_liveness import GateLiveness
from govcheck.sources.workflow_files import read_workflows

GOOD = b"on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
PATH = ".github/workflows/w.yml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"on: [push\n", "mapping"),
        (b"", "mapping"),
        (b"hello\n", "mapping"),
        (GOOD.replace(b"runs-on", b"needs: [nothere], runs-on"), "nothere"),
    ],
)
def test_what_github_rejects_runs_nothing(content, said):
    policy, facts = GateLiveness(id="gates-bite"), read_workflows({PATH: content, f"{PATH[:-5]}x.yml": GOOD})
    (finding,) = [one for one in kind.readable.judge(policy, facts) if not isinstance(one, Judged)]
    assert isinstance(finding, Finding)
    assert (finding.control, finding.subject, finding.location.path) == ("workflow", PATH, PATH)
    assert finding.message.startswith("GitHub rejects this workflow file, so that nothing in it ever runs")
    assert said in finding.message or finding.location.line


def test_what_only_we_cannot_read_is_unknown():
    gone = Missing(reason=Reason.MISSING_OBJECT, message="the clone does not have it")
    facts = read_workflows({PATH: gone})
    (said,) = [one for one in kind.readable.judge(GateLiveness(id="g"), facts) if not isinstance(one, Judged)]
    assert isinstance(said, Undecided)
    assert (said.reason, said.subject) == (Reason.MISSING_OBJECT, PATH)


def test_an_action_that_github_rejects():
    caller = GOOD.replace(b"run: make", b"uses: ./act")
    (gate,) = gates(read_workflows({PATH: caller, "act/action.yml": b"runs: [\n"}))
    assert (gate.state, gate.subject) == (State.DEAD, "act/action.yml")
    assert "every step that uses it fails" in gate.why


def test_good_files_are_no_gates():
    assert list(gates(read_workflows({PATH: GOOD}))) == []
