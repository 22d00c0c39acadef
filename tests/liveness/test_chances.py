"""A gate that never runs, or whose failure is let pass wherever it runs, is alive no longer; its living twin is."""

import pytest

from gates import PATH, told
from govcheck.liveness.gate import Gate
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

WORKFLOW = """\
name: CI
on: {on}
jobs:
  test:
{job}    runs-on: {runner}
    steps:
      - uses: actions/checkout@v4
      - run: pytest
{step}"""

CALLED = ".github/workflows/called.yml"
ACTION = ".github/actions/test/action.yml"


def workflow(on: str = "pull_request", job: str = "", step: str = "", runner: str = "ubuntu-latest") -> str:
    """One job that tests, with more keys of the job (4 columns in) and of the step (8 columns in)."""
    return WORKFLOW.format(
        on=on,
        job="".join(f"    {line}\n" for line in job.splitlines()),
        step="".join(f"        {line}\n" for line in step.splitlines()),
        runner=runner,
    )


def judged(files: dict[str, str]) -> list[tuple[str, str]]:
    return told(found(files), "judge")


def found(files: dict[str, str]) -> list[Gate]:
    contents = {path: text.encode() for path, text in files.items()}
    tracked = dict.fromkeys(files, "100644")
    workflows = {path: data for path, data in contents.items() if path.startswith(".github/")}
    return list(step_gates(read_workflows(workflows), contents, tracked, {}))


MATRIX = "strategy:\n  matrix:\n    soft: [{}]\n"
INCLUDED = "strategy:\n  matrix:\n    include: [{{os: ubuntu-latest, soft: {}}}]\n"

PAIRS = {
    "let pass on the only event": (
        {"step": "continue-on-error: ${{ github.event_name == 'pull_request' }}"},
        {"step": "continue-on-error: ${{ github.event_name == 'push' }}"},
    ),
    "let pass by the matrix": (
        {"job": MATRIX.format("true"), "step": "continue-on-error: ${{ matrix.soft }}"},
        {"job": MATRIX.format("true, false"), "step": "continue-on-error: ${{ matrix.soft }}"},
    ),
    "let pass by the environment": (
        {"job": "env: {SOFT: true}", "step": "continue-on-error: ${{ env.SOFT == 'true' }}"},
        {"job": "env: {SOFT: false}", "step": "continue-on-error: ${{ env.SOFT == 'true' }}"},
    ),
    "for another event": (
        {"step": "if: github.event_name == 'push'"},
        {"step": "if: github.event_name == 'push'", "on": "[push, pull_request]"},
    ),
    "for another branch": (
        {"on": "{push: {branches: [main]}}", "step": "if: github.ref == 'refs/heads/master'"},
        {"on": "{push: {branches: [main]}}", "step": "if: github.ref == 'refs/heads/main'"},
    ),
    "for another base": (
        {"on": "{pull_request: {branches: [main]}}", "job": "if: github.base_ref == 'master'"},
        {"on": "{pull_request: {branches: [main]}}", "job": "if: github.base_ref == 'main'"},
    ),
    "for a type that does not start it": (
        {"job": "if: github.event.action == 'merged'"},
        {"job": "if: github.event.action == 'opened'"},
    ),
    "once merged": (
        {"job": "if: github.event.pull_request.merged == true"},
        {"on": "{pull_request: {types: [closed]}}", "job": "if: github.event.pull_request.merged == true"},
    ),
    "with inputs that there are not": ({"job": "if: inputs.all"}, {"on": "workflow_dispatch", "job": "if: inputs.all"}),
    "on another system": ({"step": "if: runner.os == 'Windows'"}, {"step": "if: runner.os == 'Linux'"}),
    "on another leg": (
        {"job": "strategy: {matrix: {py: ['3.11']}}", "step": "if: matrix.py == '3.10'"},
        {"job": "strategy: {matrix: {py: ['3.11']}}", "step": "if: matrix.py == '3.11'"},
    ),
    "on no leg": ({"job": "strategy: {matrix: {py: []}}"}, {"job": "strategy: {matrix: {py: ['3.11']}}"}),
    "on excluded legs": (
        {"job": "strategy: {matrix: {py: [3], exclude: [{py: 3}]}}"},
        {"job": "strategy: {matrix: {py: [3, 4], exclude: [{py: 3}]}}"},
    ),
    "never": ({"step": "if: false"}, {"step": "if: true"}),
    "where it was cancelled": ({"step": "if: cancelled()"}, {"step": "if: '!cancelled()'"}),
    "too late": ({"step": "if: failure() && github.ref != ''"}, {"step": "if: success() || failure()"}),
}


@pytest.mark.parametrize(("dead", "living"), PAIRS.values(), ids=PAIRS)
def test_a_gate_whose_failure_never_counts(dead, living):
    assert judged({PATH: workflow(**dead)}) == [("judge", "dead")]
    assert judged({PATH: workflow(**living)}) == [("judge", "alive")]


@pytest.mark.parametrize(
    ("soft", "hard"),
    [
        ("continue-on-error: true", "continue-on-error: false"),
        ("continue-on-error: ${{ true }}", "continue-on-error: ${{ false }}"),
        (
            f"{INCLUDED.format('true')}continue-on-error: ${{{{ matrix.soft }}}}",
            f"{INCLUDED.format('false')}continue-on-error: ${{{{ matrix.soft }}}}",
        ),
    ],
)
def test_a_job_that_leaves_the_run_green(soft, hard):
    assert judged({PATH: workflow(job=soft)}) == [("judge", "cannot-tell")]
    assert judged({PATH: workflow(job=hard)}) == [("judge", "alive")]


CALLS = "name: CI\non: pull_request\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n"
DECLARES = "{{workflow_call: {{inputs: {{go: {{type: boolean, default: {}}}}}}}}}"


@pytest.mark.parametrize(
    ("called", "calls", "state"),
    [
        ({"on": "workflow_call", "job": "if: github.event_name == 'workflow_call'"}, "", "dead"),
        ({"on": "workflow_call", "job": "if: github.event_name == 'push'"}, "", "dead"),
        ({"on": "workflow_call", "job": "if: github.event_name == 'pull_request'"}, "", "alive"),
        ({"on": DECLARES.format("false"), "job": "if: inputs.go"}, "", "dead"),
        ({"on": DECLARES.format("false"), "job": "if: inputs.go"}, "    with: {go: true}\n", "alive"),
        ({"on": DECLARES.format("true"), "job": "if: inputs.go"}, "    with: {go: false}\n", "dead"),
        ({"on": DECLARES.format("true"), "step": "continue-on-error: ${{ inputs.go }}"}, "", "dead"),
        ({"on": DECLARES.format("false"), "step": "continue-on-error: ${{ inputs.go }}"}, "", "alive"),
        ({"on": "workflow_call"}, "    if: false\n", "dead"),
        ({"on": "workflow_call"}, "    if: github.event_name == 'push'\n", "dead"),
        ({"on": "workflow_call"}, "    if: github.event_name == 'pull_request'\n", "alive"),
    ],
)
def test_a_workflow_that_is_called(called, calls, state):
    assert judged({PATH: CALLS + calls, CALLED: workflow(**called)}) == [("judge", state)]


def test_one_caller_that_lets_it_count_is_enough():
    other = CALLS.replace("  call:", "  never:").replace("name: CI", "name: B") + "    if: false\n"
    files = {PATH: CALLS, ".github/workflows/b.yml": other, CALLED: workflow(on="workflow_call")}
    assert judged(files) == [("judge", "alive")]


def test_a_caller_of_another_repository_may_say_anything():
    assert judged({CALLED: workflow(on="workflow_call", job="if: github.event_name == 'push'")}) == [("judge", "alive")]


USES = "name: CI\non: pull_request\njobs:\n  {job}:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
CHECKOUT = "      - uses: actions/checkout@v4\n"
COMPOSITE = (
    "inputs: {go: {default: 'false'}}\nruns:\n  using: composite\n  steps:\n"
    "    - {run: pytest, shell: bash, if: inputs.go == 'true'}\n"
)


def test_a_step_of_an_action_is_judged_where_it_runs():
    without = f"{CHECKOUT}      - uses: ./.github/actions/test\n"
    with_ = f"{without}        with: {{go: 'true'}}\n"
    never = {PATH: USES.format(job="one", steps=without), ACTION: COMPOSITE}
    assert judged(never) == [("judge", "dead")]
    both = {**never, ".github/workflows/z.yml": USES.format(job="two", steps=with_)}
    assert judged(both) == [("judge", "alive")]


@pytest.mark.parametrize(
    "condition",
    [
        "always() && needs.earlier.result == 'failure'",
        "always() && needs.earlier.result != 'success'",
        "always() && !cancelled()",
        "needs.earlier.outputs.code == 'true'",
        "github.actor != 'dependabot[bot]'",
        "contains(github.event.pull_request.labels.*.name, 'test')",
        "github.event.pull_request.draft == false",
        "vars.ON == 'yes' || github.event.repository.fork",
    ],
)
def test_what_only_a_run_can_tell_is_not_dead(condition):
    earlier = "  earlier:\n    runs-on: ubuntu-latest\n    steps: [{id: x, run: ./x}]\n"
    text = workflow(job="needs: earlier", step=f"if: {condition}") + earlier
    assert judged({PATH: text}) == [("judge", "alive")]


def test_what_waits_for_a_failure_before_is_a_remark():
    (gate,) = [one for one in found({PATH: workflow(step="if: failure()")}) if one.family == "judge"]
    assert (gate.state.value, gate.severity) == ("dead", "note")
    assert "a step before it has failed already" in gate.why
