"""Where a job runs."""

import pytest

from govcheck.actions.runners import is_githubs, runners
from written_workflows import workflow


def asked(runs_on: str, strategy: str = ""):
    more = f"    strategy: {strategy}\n" if strategy else ""
    one = workflow(f"on: push\njobs:\n  a:\n{more}    runs-on: {runs_on}\n    steps: []\n")
    return [(found.labels, bool(found.unclear)) for found in runners(one.jobs[0])]


@pytest.mark.parametrize(
    "label",
    [
        *("ubuntu-latest", "Ubuntu-24.04", "ubuntu-24.04-arm", "ubuntu-26.04", "windows-2022", "windows-11-arm"),
        *("macos-15", "macos-latest-xlarge", "macos-13-large", "macos-15-intel", "ubuntu-slim", "windows-2025-vs2026"),
    ],
)
def test_githubs_own(label):
    assert is_githubs(label)


@pytest.mark.parametrize("label", ["self-hosted", "linux", "ubuntu", "ubuntu-latest-8-cores", "buildjet-4vcpu", ""])
def test_not_githubs_own(label):
    assert not is_githubs(label)


@pytest.mark.parametrize(
    ("runs_on", "strategy", "found"),
    [
        ("ubuntu-latest", "", [(("ubuntu-latest",), False)]),
        ("[self-hosted, linux]", "", [(("self-hosted", "linux"), False)]),
        ("{labels: [a, b]}", "", [(("a", "b"), False)]),
        ("{group: big, labels: a}", "", [((), True)]),
        ("'${{ vars.RUNNER }}'", "", [((), True)]),
        ("'${{ matrix.os }}'", "{matrix: {os: [a, b], v: [1, 2]}}", [(("a",), False), (("b",), False)]),
        ("['${{ matrix.os }}', x]", "{matrix: {os: [a]}}", [(("a", "x"), False)]),
        ("'${{ matrix.os }}'", "{matrix: '${{ fromJSON(vars.M) }}'}", [((), True)]),
        ("'${{ matrix.os }}'", "{matrix: {include: [{os: a}, {os: b}]}}", [(("a",), False), (("b",), False)]),
        ("\"${{ 'a' }}\"", "", [(("a",), False)]),
    ],
)
def test_what_a_job_asks_for(runs_on, strategy, found):
    assert asked(runs_on, strategy) == found
