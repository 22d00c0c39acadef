"""Whatever a gate is of: where its step never counts, it is alive no longer; its living twin is."""

import pytest

from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.liveness import danger, governance, hooks, secret_scanners
from govcheck.liveness.gate import Gate
from govcheck.sources.hook_configuration import read_hook_configuration
from written_workflows import workflows

DANGERFILE = b"const {danger, fail} = require('danger')\nif (danger.git.modified_files.length > 50) fail('big')\n"
HOOKS = b"repos: [{repo: https://github.com/a/b, rev: v1, hooks: [{id: x}]}]\n"
STEPS = {
    "secret-scan": "uses: gitleaks/gitleaks-action@v2",
    "danger": "run: npx danger ci --failOnErrors\n        env: {GITHUB_TOKEN: '${{ github.token }}'}",
    "governance": "run: govcheck check --base origin/main",
    "pre-commit": "run: pre-commit run --all-files",
}


def text(step: str, *, of_step: str = "", of_job: str = "") -> str:
    more = f"\n        {of_step}" if of_step else ""
    return (
        f"on: pull_request\npermissions: {{statuses: write}}\njobs:\n  one:\n    runs-on: ubuntu-latest\n    {of_job}\n"
        f"    steps:\n      - uses: actions/checkout@v4\n        with: {{fetch-depth: 0}}\n      - {step}{more}\n"
    )


def judged(family: str, **keys: str) -> Gate:
    flows = workflows({"ci.yml": text(STEPS[family], **keys)})
    contents = {"dangerfile.js": DANGERFILE}
    tracked = {"dangerfile.js": "100644", ".pre-commit-config.yaml": "100644"}
    match family:
        case "secret-scan":
            canaries = ScannerCanaries(canaries={}, trouble="none is installed")
            found = list(secret_scanners.gates(flows, OwnPrograms({}), ScannerFiles({}), canaries, proof=False))
        case "danger":
            found = list(danger.gates(flows, OwnPrograms(contents), TrackedFiles(tracked)))
            found = [gate for gate in found if gate.subject.endswith(":one")]
        case "governance":
            found = list(governance.gates(flows, {}, {}, {"policies/a.yaml": b"kind: clean-tree\nid: a\n"}))
        case _:
            files = read_hook_configuration(tracked, lambda paths: {path: HOOKS for path in paths if "pre-" in path})
            found = list(hooks.gates(files, TrackedFiles(tracked), flows, OwnPrograms({})))
            found = [gate for gate in found if gate.subject.endswith(":runs")]
    return found[0]


@pytest.mark.parametrize("family", STEPS)
@pytest.mark.parametrize(
    ("keys", "states"),
    [
        ({}, {"alive"}),
        ({"of_step": "if: github.event_name == 'pull_request'"}, {"alive"}),
        ({"of_step": "if: github.event_name == 'push'"}, {"dead"}),
        ({"of_step": "if: runner.os == 'Windows'"}, {"dead"}),
        ({"of_step": "if: false"}, {"dead"}),
        ({"of_job": "strategy: {matrix: {os: []}}"}, {"dead"}),
        ({"of_step": "continue-on-error: true"}, {"dead"}),
        ({"of_step": "continue-on-error: ${{ github.event_name == 'pull_request' }}"}, {"dead", "cannot-tell"}),
        ({"of_step": "continue-on-error: ${{ github.event_name == 'push' }}"}, {"alive", "cannot-tell"}),
        ({"of_job": "continue-on-error: true"}, {"dead", "cannot-tell"}),
    ],
)
def test_a_gate_whose_step_never_counts(family, keys, states):
    gate = judged(family, **keys)
    if family == "pre-commit" and gate.state == "alive" and states == {"dead"}:
        assert gate.severity == "note", "the hooks bite on people's machines, and that is told"
    else:
        assert gate.state.value in states
