"""Steps of the repository's own composite actions, as the jobs have them that call them."""

from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.composite import MOST, folder_named
from govcheck.actions.deploy_targets import sites
from govcheck.actions.deploys import deploys
from govcheck.actions.gates import gates
from govcheck.actions.senders import sendings
from govcheck.actions.unseen import unreadable
from govcheck.actions.uses import used, used_by
from govcheck.actions.workflow import read, text
from govcheck.facts import Missing
from govcheck.findings import Reason, Undecided
from govcheck.rules.notification_recipients import NotificationRecipients, recipients
from govcheck.services.recipient_lists import Allowed
from govcheck.sources.workflow_files import read_workflows

CALL = """
on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: before
      - uses: ./.github/actions/it
        if: ${{ github.ref == 'refs/heads/main' }}
        env: {WHERE: outer, TOKEN: "${{ secrets.FLY_API_TOKEN }}"}
        with: {app: shop, who: "${{ github.actor }}"}
      - run: after
"""
ACTION = """
inputs:
  app: {required: true}
  where: {default: "eu-${{ github.run_id }}"}
  who: {}
runs:
  using: composite
  steps:
"""


def called(steps: str, *, call: str = CALL, more: dict[str, str] | None = None):
    """The one workflow of a repository that has the action, and others if given."""
    body = "".join(f"    {line}\n" for line in steps.strip("\n").split("\n"))
    files = {".github/workflows/w.yml": call, ".github/actions/it/action.yml": ACTION + body} | (more or {})
    found = read_workflows({path: written.encode() for path, written in files.items()})
    return read(found.files[0])


def runs(found):
    return [text(step.run) for step in found.jobs[0].steps if step.run is not None]


def test_the_steps_stand_behind_the_call_and_are_numbered():
    found = called("- run: inner\n  shell: bash")
    steps = found.jobs[0].steps
    assert [text(step.run or step.uses) for step in steps] == ["before", "./.github/actions/it", "inner", "after"]
    assert [step.index for step in steps] == [0, 1, 2, 3]
    assert (steps[2].node.line, steps[2].origin) == (8, ".github/actions/it/action.yml:9")
    assert text(steps[2].name) == "inner (.github/actions/it/action.yml:9)"
    assert [step.origin for step in found.jobs[0].own_steps] == ["", "", ""]


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("flyctl deploy --app ${{ inputs.app }}", "flyctl deploy --app shop"),
        ("x ${{ inputs.APP }} ${{ inputs['app'] }}", "x shop shop"),
        ("x ${{ inputs.where }}", "x eu-${{ github.run_id }}"),
        ("x ${{ inputs.who }}", "x ${{ github.actor }}"),
        ("x ${{ inputs.who || 'nobody' }}", "x ${{ (github.actor) || 'nobody' }}"),
        ("x ${{ inputs.where == 'a' }}", "x ${{ format('eu-{0}', (github.run_id)) == 'a' }}"),
        ("x ${{ inputs.unheard_of }}", "x "),
        ("x ${{ format('inputs.app', inputs.app) }}", "x ${{ format('inputs.app', 'shop') }}"),
        ("x ${{ steps.a.outputs.b }}", "x ${{ steps.a-of-1.outputs.b }}"),
        ("${{ github.action_path }}/x.sh", "./.github/actions/it/x.sh"),
        ("$GITHUB_ACTION_PATH/x.sh ${GITHUB_ACTION_PATH}/y", "./.github/actions/it/x.sh ./.github/actions/it/y"),
        ("x ${{ github.event.inputs.app }}", "x ${{ github.event.inputs.app }}"),
        ("x $INPUT", "x $INPUT"),
    ],
)
def test_what_the_call_gives(written, filled):
    assert runs(called(f"- run: {written}"))[1].strip() == filled.strip()


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (None, "github.ref == 'refs/heads/main'"),
        ("inputs.app == 'x'", "(github.ref == 'refs/heads/main') && ('shop' == 'x')"),
        ("${{ always() }}", "(github.ref == 'refs/heads/main') && (true)"),
    ],
)
def test_a_condition_of_the_call_is_one_of_each_step(condition, said):
    line = f"\n  if: {condition}" if condition else ""
    step = called(f"- run: inner{line}").jobs[0].steps[2]
    assert text(step.condition) == said


def test_the_environment_of_the_call_is_there_and_the_steps_own_comes_first():
    env = called("- run: inner\n  env: {WHERE: '${{ inputs.app }}'}").jobs[0].steps[2].env
    assert {name: text(node) for name, node in env.items()} == {
        "WHERE": "shop",
        "TOKEN": "${{ secrets.FLY_API_TOKEN }}",
    }


def test_what_deploys_in_an_action_deploys_in_the_job():
    found = called("- run: flyctl deploy --app ${{ inputs.app }}\n  shell: bash")
    (site,) = sites(found, found.jobs[0])
    assert (site.target.shown, site.deploy.line, site.deploy.column) == ("Fly.io app shop", 8, 15)


def test_what_sends_in_an_action_sends_in_the_job():
    found = called("- uses: dawidd6/action-send-mail@v3\n  with: {to: '${{ inputs.app }}@example.com'}")
    (sending,) = sendings(found)
    assert [(one.value, one.line) for one in sending.recipients] == [("shop@example.com", 8)]


def test_a_gate_in_an_action_is_a_gate_of_the_job():
    found = called("- run: govcheck gate deploy --environment ${{ inputs.app }}\n  shell: bash")
    (gate,) = gates(found, found.jobs[0])
    assert gate.environment.literal == "shop"
    assert gate.weakness == "its step has `if: github.ref == 'refs/heads/main'`, so that it may be skipped"


def test_what_an_action_uses_is_used_once_and_where_it_is_written():
    found = called("- uses: a/b@v1\n- uses: docker://c:1")
    action = found.file.actions[".github/actions/it"]
    assert [one.name for one in used(found)] == []
    assert [(one.name, one.node.line) for one in used_by(action)] == [("a/b", 9), ("docker://c", 10)]


def test_actions_that_call_actions_and_themselves():
    inner = "runs: {using: composite, steps: [{run: deep, shell: bash}, {uses: ./.github/actions/it}]}"
    found = called("- uses: ./deep\n- run: own", more={"deep/action.yaml": inner})
    assert runs(found) == ["before", "deep", "own", "after"]


def test_action_yml_comes_before_action_yaml():
    found = called(
        "- run: yml", more={".github/actions/it/action.yaml": "runs: {using: composite, steps: [{run: no}]}"}
    )
    assert runs(found) == ["before", "yml", "after"]


@pytest.mark.parametrize(
    "action",
    [
        "runs: {using: node20, main: x.js, steps: [{run: no}]}",
        "runs: [",
        "[]",
        "",
        "runs: {using: composite, steps: x}",
    ],
)
def test_what_is_no_composite_action_has_no_steps(action):
    assert runs(called("- run: x", more={".github/actions/it/action.yml": action})) == ["before", "after"]


def test_calls_without_end_are_cut_and_what_stands_behind_them_is_seen():
    steps = "\n".join(["- uses: ./next"] * 50)
    more = {
        f"{'next/' * depth}action.yml": "runs: {using: composite, steps: ["
        + ", ".join([f"{{uses: ./{'next/' * (depth + 1)}}}"] * 50)
        + "]}"
        for depth in range(1, 9)
    }
    found = called(steps, more=more).jobs[0].steps
    assert (len(found), text(found[-1].run)) == (MOST, "after")


@pytest.mark.parametrize(
    ("uses", "folder"),
    [("./", ""), ("./a/b/", "a/b"), ("./a/../b", "b"), ("./../x", None), ("a/b@v1", None), ("./${{ x }}", None)],
)
def test_folders(uses, folder):
    assert folder_named(uses) == folder


def test_what_is_used_is_found_however_it_is_written_and_nothing_else():
    files = {
        ".github/workflows/w.yml": CALL.replace("./.github/actions/it", '"\\u002e/one"') + "      - 'uses': ./two",
        "one/action.yml": "runs: {using: composite, steps: [{uses: ./three/}]}",
        "two/action.yaml": "runs: [",
        "three/action.yml": "runs: {using: node20}",
        "node_modules/x/action.yml": "runs: {using: composite, steps: []}",
    }
    found = read_workflows({path: written.encode() for path, written in files.items()})
    assert [one.path for one in found.actions] == ["one/action.yml", "three/action.yml", "two/action.yaml"]


@given(st.text(alphabet="${} inputs.app'\"()&|\\n", max_size=60), st.text(alphabet="${} x'{0}", max_size=20))
def test_no_text_breaks_it(written, given_value):
    quoted = given_value.replace("'", "''")
    call = CALL.replace("app: shop", f"app: '{quoted}'")
    inner = written.replace("\\", " ").replace("'", "''").replace("\n", " ")
    found = called(f"- run: '{inner}'\n  shell: bash", call=call)
    assert len(list(deploys(found, found.jobs[0]))) == 0
    assert [text(step.run) for step in found.jobs[0].own_steps if step.run] == ["before", "after"]


def test_what_is_cut_or_cannot_be_read_is_told():
    steps = "\n".join(["- run: make\n  shell: bash"] * MOST)
    files = {".github/workflows/w.yml": CALL, ".github/actions/it/action.yml": ACTION + indent(steps, "    ")}
    found = read_workflows({path: written.encode() for path, written in files.items()})
    (told,) = unreadable(found, "enforced")
    assert (told.subject, told.reason) == (".github/workflows/w.yml:one", Reason.UNPARSEABLE)
    gone = Missing(reason=Reason.MISSING_OBJECT, message="the clone does not have it")
    lost = read_workflows({".github/workflows/w.yml": CALL.encode(), ".github/actions/it/action.yml": gone})
    assert [(one.subject, one.reason) for one in unreadable(lost, "enforced")] == [
        (".github/actions/it/action.yml", Reason.MISSING_OBJECT)
    ]
    policy = NotificationRecipients(id="n", allow=Allowed())
    assert [one.reason for one in recipients.judge(policy, lost) if isinstance(one, Undecided)] == [gone.reason]
