"""The code of forks, where secrets are."""

import pytest

from govcheck.actions.fork_code import fetched, secrets
from govcheck.actions.workflow import read
from written_workflows import with_step, workflows

HEAD = "${{ github.event.pull_request.head.sha }}"
CHECKOUT = f"- uses: actions/checkout@v4\n  with: {{ref: '{HEAD}'}}"


def found(steps: str, on: str = "pull_request_target", keys: str = "", **others: str):
    body = "\n".join(f"      {line}" for line in steps.split("\n"))
    text = f"on: {on}\njobs:\n  a:\n    runs-on: x\n{keys}    steps:\n{body}\n"
    facts = workflows({"w.yml": text, **{f"{name}.yml": other for name, other in others.items()}})
    one = next(read(file) for file in facts.files if file.path.endswith("/w.yml"))
    return [("maybe" if each.unclear else "surely", each.event) for each in fetched(one, facts)]


SURELY = [("surely", "pull_request_target")]
MAYBE = [("maybe", "pull_request_target")]


@pytest.mark.parametrize(
    "with_",
    [
        f"{{ref: '{HEAD}'}}",
        "{ref: '${{ github.head_ref }}'}",
        "{ref: 'refs/pull/${{ github.event.number }}/merge'}",
        "{repository: '${{ github.event.pull_request.head.repo.full_name }}'}",
        "{ref: '${{ github.event.pull_request.merge_commit_sha }}'}",
    ],
)
def test_a_forks_code_is_checked_out(with_):
    assert found(f"- uses: actions/checkout@v4\n  with: {with_}\n- run: npm ci") == SURELY


@pytest.mark.parametrize(
    "with_", ["{}", "{ref: main}", "{ref: '${{ github.event.pull_request.base.sha }}'}", "{ref: '${{ inputs.x }}'}"]
)
def test_this_repositorys_code_is(with_):
    assert found(f"- uses: actions/checkout@v4\n  with: {with_}\n- run: npm ci") == []


def test_a_commit_that_a_step_chooses_is_not_known():
    assert found("- uses: actions/checkout@v4\n  with: {ref: '${{ steps.x.outputs.sha }}'}\n- run: make") == MAYBE


@pytest.mark.parametrize(
    "script",
    [
        "gh pr checkout 1",
        "git fetch origin pull/1/head && git checkout FETCH_HEAD",
        "git pull origin refs/pull/1/merge",
        f"git checkout {HEAD}",
    ],
)
def test_by_commands_too(script):
    assert found(f"- run: |\n    {script}\n    make") == SURELY


def test_fetching_alone_is_not_checking_out():
    assert found("- run: git fetch origin pull/1/head\n- run: make") == []


@pytest.mark.parametrize(
    "step", ["- run: npm test", "- run: ./build.sh", "- uses: ./.github/actions/x", "- run: cd x && python setup.py"]
)
def test_what_runs_it(step):
    assert found(f"{CHECKOUT}\n{step}") == SURELY


@pytest.mark.parametrize("step", ["- run: git diff | grep x", "- uses: actions/labeler@v5", "- run: cat README.md"])
def test_what_only_reads_it(step):
    assert found(f"{CHECKOUT}\n{step}") == []


@pytest.mark.parametrize("step", ["- run: unheard-of .", "- uses: o/linter@v1", "- shell: pwsh\n  run: x"])
def test_what_may_run_it(step):
    assert found(f"{CHECKOUT}\n{step}") == MAYBE


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("- run: make", []),
        ("- run: make -C pr", MAYBE),
        ("- run: unheard-of --folder=pr", MAYBE),
        ("- working-directory: pr\n  run: make", SURELY),
        ("- run: cd pr && make", SURELY),
        ("- run: ./pr/build.sh", SURELY),
        ("- uses: ./pr/action", SURELY),
        ("- uses: ./action", []),
    ],
)
def test_in_a_folder_of_its_own(step, told):
    checkout = f"- uses: actions/checkout@v4\n  with: {{ref: '{HEAD}', path: pr}}"
    assert found(f"{checkout}\n{step}") == told


@pytest.mark.parametrize(
    ("on", "told"),
    [("pull_request", []), ("push", []), ("issue_comment", [("surely", "issue_comment")])],
)
def test_the_event_decides_whether_secrets_are_there(on, told):
    assert found("- run: |\n    gh pr checkout 1\n    make", on) == told


def test_a_called_workflow_has_its_callers_event():
    caller = "on: pull_request_target\njobs:\n  c:\n    uses: ./.github/workflows/w.yml\n"
    assert found(f"{CHECKOUT}\n- run: make", "workflow_call", caller=caller) == SURELY
    assert found(f"{CHECKOUT}\n- run: make", "workflow_call") == []


@pytest.mark.parametrize(
    "condition",
    ["github.event.pull_request.head.repo.full_name == github.repository", "github.event_name == 'pull_request'"],
)
def test_a_condition_that_keeps_forks_out(condition):
    assert found(f"{CHECKOUT}\n- run: make", keys=f"    if: {condition}\n") == []


def test_secrets_are_named_whole():
    step = with_step(
        "- run: ${{ secrets.A }} ${{ secrets['b'] }} ${{ toJSON(secrets) }}\n  env: {X: '${{ secrets.A }}'}"
    )
    assert secrets(iter([step.jobs[0].node, None])) == ["*", "A", "B"]
    assert secrets(iter([with_step("- run: ${{ secrets[matrix.x] }}").jobs[0].node])) == ["*"]
