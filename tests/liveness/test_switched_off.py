"""Workflows that GitHub does not start, whatever their files say."""

import pytest

from govcheck.facts.live import LiveWorkflows
from govcheck.findings import Finding, Held, Reason, Undecided
from govcheck.liveness.switched_off import gates
from live_branches import REPOSITORY, answer
from written_workflows import workflows

STEPS = "jobs: {a: {runs-on: x, steps: [{run: make}]}}\n"
NIGHTLY = "on: {schedule: [{cron: '0 3 * * *'}]}\n" + STEPS
CI = "on: push\n" + STEPS


def said(files, states, **keys):
    listed = [{"path": f".github/workflows/{name}", "state": state} for name, state in states.items()]
    live = LiveWorkflows(
        answer(f"{REPOSITORY}/actions/workflows", {"total_count": len(listed), "workflows": listed}, **keys)
    )
    return [one for gate in gates(workflows(files), live) for one in gate.said()]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("disabled_inactivity", "nothing happened in the repository for 60 days"),
        ("disabled_manually", "somebody disabled it by hand"),
        ("asleep", "its state is asleep"),
    ],
)
def test_a_workflow_that_is_not_active_is_dead(state, why):
    (finding,) = said({"nightly.yml": NIGHTLY}, {"nightly.yml": state})
    assert isinstance(finding, Finding)
    assert finding.message.startswith("nightly.yml is switched off")
    assert why in finding.message
    assert finding.fix is not None
    assert finding.fix.command == "gh workflow enable nightly.yml"


def test_an_active_workflow_is_alive():
    (held,) = said({"nightly.yml": NIGHTLY}, {"nightly.yml": "active"})
    assert isinstance(held, Held)


def test_a_schedule_that_no_default_branch_has_never_starts():
    (finding,) = said({"nightly.yml": NIGHTLY, "ci.yml": CI}, {})
    assert isinstance(finding, Finding)
    assert finding.subject == ".github/workflows/nightly.yml:schedule"
    assert (finding.location.path, finding.location.line) == (".github/workflows/nightly.yml", 1)


def test_a_list_that_is_not_shown_is_unknown_and_no_schedule_is_called_dead():
    (undecided,) = said({"nightly.yml": NIGHTLY}, {}, status=403, message="Resource not accessible by integration")
    assert isinstance(undecided, Undecided)
    assert undecided.reason is Reason.PERMISSION


def test_of_an_unfinished_list_only_what_it_has_is_judged():
    first, second = said({"ci.yml": CI, "nightly.yml": NIGHTLY}, {"ci.yml": "disabled_manually"}, complete=False)
    assert isinstance(first, Finding)
    assert isinstance(second, Undecided)
