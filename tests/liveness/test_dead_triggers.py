"""Triggers that start nothing, and their living twins."""

import pytest

from gates import PATH, steps, told
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

BUILD = "name: Build\non: push\njobs: {b: {runs-on: ubuntu-latest, steps: [{run: ./x}]}}\n"


def judged(on, *, beside=BUILD):
    files = {PATH: steps("- run: pytest", on=on), ".github/workflows/build.yml": beside}
    tracked = dict.fromkeys([*files, "src/a.py", "docs/b.md"], "100644")
    workflows = read_workflows({path: text.encode() for path, text in files.items()})
    return [gate for gate in step_gates(workflows, {}, tracked, {}) if gate.family == "trigger"]


TWINS = {
    "paths that were renamed": ("{pull_request: {paths: ['source/**']}}", "{pull_request: {paths: ['src/**']}}"),
    "paths that are taken out again": ("{push: {paths: ['src/**', '!**']}}", "{push: {paths: ['**', '!src/**']}}"),
    "all paths": ("{pull_request: {paths-ignore: ['**']}}", "{pull_request: {paths-ignore: ['docs/**']}}"),
    "all branches": ("{pull_request: {branches-ignore: ['**']}}", "{pull_request: {branches-ignore: ['wip/**']}}"),
    "a workflow that there is not": (
        "{workflow_run: {workflows: [Bild], types: [completed]}}",
        "{workflow_run: {workflows: [Bild, Build], types: [completed]}}",
    ),
}


@pytest.mark.parametrize(("deaf", "living"), TWINS.values(), ids=TWINS)
def test_a_trigger_that_starts_nothing(deaf, living):
    (gate,) = judged(deaf)
    assert (gate.state.value, gate.severity) == ("dead", "warning")
    assert "never starts this workflow" in gate.why
    assert not judged(living)


def test_of_a_workflow_that_cannot_be_read_the_name_is_not_known():
    waits = "{workflow_run: {workflows: [Bild]}}"
    assert told(judged(waits)) == [("trigger", "dead")]
    assert not told(judged(waits, beside="a: [\n"))


def test_patterns_that_cannot_be_read_let_everything_in():
    assert not judged("{push: {paths: ['[']}}")
