"""Which environments jobs name, through matrices, choices, conditions and calls."""

import pytest

from govcheck.actions.environments import uses
from written_workflows import workflows

CALLED = """
on: {workflow_call: {inputs: {environment: {type: string}}}}
jobs:
  inner: {environment: "${{ inputs.environment }}", runs-on: x, steps: [{run: "true"}]}
"""


def names(job, on="push", **files):
    text = f"on: {on}\njobs:\n  job: {job}\n"
    found = uses(workflows({"w.yml": text, **{f"{name}.yml": written for name, written in files.items()}}))
    return [use.name if isinstance(use.name, str) else use.name.shape for use in found]


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ("production", ["production"]),
        ("{name: production, url: x}", ["production"]),
        ("''", []),
        ("\"${{ 'production' }}\"", ["production"]),
        ("\"${{ github.ref == 'refs/heads/main' && 'production' || 'staging' }}\"", ["production", "staging"]),
        ("\"${{ github.ref == 'refs/heads/main' && 'production' }}\"", ["production"]),
        ("\"${{ github.ref == 'x' && 'eu' || 'us' }}-live\"", ["eu-live", "us-live"]),
        ('"${{ inputs.to }}"', []),
        ("\"${{ inputs.to || 'staging' }}\"", ["staging"]),
        ('"review/${{ github.head_ref }}"', [("review/", None)]),
        ('"${{ needs.a.outputs.to }}"', [(None,)]),
        ("\"${{ github.event_name == 'push' && 'a' || 'b' }}\"", ["a"]),
        ('"${{ broken"', [(None,)]),
    ],
)
def test_names_on_a_push(environment, found):
    assert names(f"{{environment: {environment}, runs-on: x, steps: []}}") == found


def test_a_matrix():
    job = '{environment: "${{ matrix.to }}", strategy: {matrix: {to: [a, b]}}, runs-on: x, steps: []}'
    assert names(job) == ["a", "b"]


@pytest.mark.parametrize("written", ["inputs.to", "github.event.inputs.to"])
def test_the_choices_of_a_dispatch(written):
    on = "{workflow_dispatch: {inputs: {to: {type: choice, options: [a, b]}, why: {type: string}}}}"
    assert names(f'{{environment: "${{{{ {written} }}}}", runs-on: x, steps: []}}', on) == ["a", "b"]
    assert names('{environment: "${{ inputs.why }}", runs-on: x, steps: []}', on) == [(None,)]


def test_the_default_of_a_dispatch():
    on = "{workflow_dispatch: {inputs: {to: {type: environment, default: a}}}}"
    assert names('{environment: "${{ inputs.to }}", runs-on: x, steps: []}', on) == ["a", (None,)]


def test_a_called_workflow():
    job = "{uses: ./.github/workflows/called.yml, with: {environment: production}}"
    assert names(job, called=CALLED) == ["production"]


def test_a_workflow_that_only_others_call():
    found = uses(workflows({"called.yml": CALLED}))
    assert [use.name.shape for use in found] == [(None,)]


def test_a_workflow_that_calls_itself_ends():
    job = "{uses: ./.github/workflows/w.yml, with: {}}"
    assert names(job, "{push: {}, workflow_call: {}}") == []
