"""Actions that judge: what makes each of them harmless, and its living twin."""

import pytest

from gates import gates, steps, told
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

SOFT = {
    "actions/dependency-review-action@v4": ("warn-only: true", "fail-on-severity: high"),
    "aquasecurity/trivy-action@0.28.0": ("image-ref: a", "exit-code: 1"),
    "aquasecurity/trivy-action@0.29.0": ("exit-code: 0", "exit-code: '1'"),
    "golangci/golangci-lint-action@v6": ("args: -v --issues-exit-code=0", "args: -v --issues-exit-code=1"),
    "bridgecrewio/checkov-action@v12": ("soft_fail: true", "soft_fail: false"),
    "aquasecurity/tfsec-action@v1": ("soft_fail: true", "format: json"),
    "hadolint/hadolint-action@v3": ("no-fail: true", "no-fail: false"),
    "lycheeverse/lychee-action@v2": ("fail: false", "fail: true"),
    "wagoid/commitlint-github-action@v6": ("failOnErrors: false", "failOnErrors: true"),
    "anchore/scan-action@v6": ("fail-build: false", "fail-build: true"),
    "raven-actions/actionlint@v2": ("fail-on-error: false", "cache: false"),
    "mheap/github-action-required-labels@v5": ("exit_type: success", "exit_type: failure"),
    "astral-sh/ruff-action@v3": ("args: check --exit-zero", "args: check"),
    "securego/gosec@master": ("args: -no-fail ./...", "args: ./..."),
}


def judged(text: str, *, on: str = "workflow_dispatch", job: str = "") -> list[tuple[str, str]]:
    return told(gates(steps(text, on=on, job=job)), "judge")


@pytest.mark.parametrize(("action", "inputs"), SOFT.items(), ids=SOFT)
def test_an_input_that_makes_it_harmless(action, inputs):
    soft, hard = (f"- uses: {action}\n  with:\n    {one}" for one in inputs)
    assert judged(soft) == [("judge", "dead")]
    assert judged(hard) == [("judge", "alive")]


def test_an_input_that_only_a_run_knows():
    (gate,) = gates(steps("- uses: anchore/scan-action@v6\n  with:\n    fail-build: ${{ inputs.fail }}"))
    assert (gate.state, gate.location.line) == ("cannot-tell", 8)
    assert gate.why.endswith("only a run knows what `${{ inputs.fail }}` comes to")
    assert judged("- uses: securego/gosec@master\n  with:\n    args: -conf ${{ inputs.conf }}") == [("judge", "alive")]


@pytest.mark.parametrize("value", ["  env: {DISABLE_ERRORS: true}", ""])
def test_a_variable_that_makes_it_harmless(value):
    uses = f"- uses: super-linter/super-linter@v7\n{value}"
    assert judged(uses) == [("judge", "dead" if value else "alive")]
    job = "env: {DISABLE_ERRORS: 'true'}\n    runs-on: ubuntu-latest"
    assert judged("- uses: oxsecurity/megalinter/flavors/python@v8", job=job) == [("judge", "dead")]


@pytest.mark.parametrize("action", [*SOFT, "pre-commit/action@v3", "snyk/actions/node@master", "crate-ci/typos@v1"])
@pytest.mark.parametrize(
    ("extra", "state"),
    [
        ("continue-on-error: true", "dead"),
        ("continue-on-error: false", "alive"),
        ("if: false", "dead"),
        ("if: github.event_name == 'push'", "dead"),
        ("if: github.event_name == 'pull_request'", "alive"),
    ],
)
def test_one_that_never_counts(action, extra, state):
    given = "  with: {exit-code: 1}\n" if "trivy" in action else ""
    assert judged(f"- uses: {action}\n{given}  {extra}", on="pull_request") == [("judge", state)]


def test_what_may_judge_in_its_place_leaves_it_open():
    lychee = "- id: links\n  uses: lycheeverse/lychee-action@v2\n  with: {fail: false}\n"
    assert judged(f"{lychee}- run: exit 1\n  if: steps.links.outputs.exit_code != 0") == [("judge", "cannot-tell")]
    assert judged(f"{lychee}- run: exit 1\n  if: steps.other.outputs.exit_code != 0") == [("judge", "dead")]
    trivy = "- uses: aquasecurity/trivy-action@0.28.0\n  with: {format: sarif, output: a.sarif}\n"
    upload = "- uses: github/codeql-action/upload-sarif@v3\n  with: {sarif_file: a.sarif}"
    assert judged(f"{trivy}{upload}") == [("judge", "cannot-tell")]
    assert judged(f"{upload}\n{trivy}") == [("judge", "dead")]


def test_one_that_its_configuration_may_make_bite():
    text = steps("- uses: aquasecurity/trivy-action@0.28.0")
    assert told(gates(text, {"trivy.yaml": "exit-code: 1\n"}), "judge") == [("judge", "alive")]


def test_one_that_means_to_stop_nothing_is_no_gate():
    named = "- name: Link report\n  uses: lycheeverse/lychee-action@v2\n  with: {fail: false}"
    assert not judged(named)
    assert not judged("- uses: actions/checkout@v4\n- uses: codecov/codecov-action@v5")


def test_one_within_an_action_of_the_repository_is_told_where_it_counts():
    action = "runs:\n  using: composite\n  steps:\n    - uses: crate-ci/typos@v1\n"
    files = {"typos/action.yml": action}
    assert told(_gates_with_action(_calling("true", "false"), files), "judge") == [("judge", "alive")]
    assert told(_gates_with_action(_calling("true", "true"), files), "judge") == [("judge", "dead")]


def _calling(*goes_on: str) -> str:
    return "on: push\njobs:\n" + "".join(
        f"  job{number}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
        f"      - uses: ./typos\n        continue-on-error: {value}\n"
        for number, value in enumerate(goes_on)
    )


def _gates_with_action(text: str, files: dict[str, str]):
    contents = {".github/workflows/ci.yml": text.encode(), **{path: said.encode() for path, said in files.items()}}
    return list(step_gates(read_workflows(contents), {}, dict.fromkeys(contents, "100644"), {}))
