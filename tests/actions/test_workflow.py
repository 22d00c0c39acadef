"""The typed reading of a workflow file: whole, with places, and never a crash."""

from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.contexts import derive
from govcheck.actions.workflow import location, read, text
from govcheck.facts.document import Mapping, Scalar, Sequence
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Location, Reason
from workflow_texts import workflows

FULL = """
name: CI
on:
  push: {branches: [main], tags-ignore: [v1]}
  schedule: [{cron: "0 5 * * 1", timezone: Europe/Berlin}]
permissions: {contents: read}
env: {A: b}
concurrency: deploy
jobs:
  build:
    name: Build
    runs-on: ubuntu-latest
    needs: lint
    if: github.actor == 'me'
    environment: {name: production, url: https://example.com}
    timeout-minutes: 5
    continue-on-error: true
    steps:
      - id: one
        name: First
        uses: actions/checkout@v4
        with: {ref: 1.10}
      - {run: make, shell: bash, working-directory: app, env: {C: d}, if: always(), timeout-minutes: 1}
  lint: {runs-on: x, environment: "${{ inputs.where }}"}
  call: {uses: ./.github/workflows/x.yml, with: {a: 1}, secrets: inherit}
"""


def test_everything_has_its_place():
    (file,) = workflows(ci=FULL).files
    workflow = read(file)
    assert (workflow.title, workflow.odd) == ("CI", ())
    push, schedule = workflow.triggers
    assert (push.event, push.branches.values, push.tags_ignore.values) == ("push", ("main",), ("v1",))
    assert location(file.path, push.branches.key) == Location(path=file.path, line=4, column=10)
    (cron,) = schedule.crons
    assert (text(cron.cron), text(cron.timezone)) == ("0 5 * * 1", "Europe/Berlin")
    build, lint, call = workflow.jobs
    assert (build.key.line, text(build.name), [text(need) for need in build.needs]) == (10, "Build", ["lint"])
    assert (text(build.environment.name), build.environment.dynamic) == ("production", False)
    assert (lint.environment.dynamic, text(call.uses), text(call.secrets)) == (
        True,
        "./.github/workflows/x.yml",
        "inherit",
    )
    first, second = build.steps
    assert (text(first.uses), text(first.with_.get("ref")), first.index) == ("actions/checkout@v4", "1.1", 0)
    assert (text(second.run), text(second.shell), text(second.working_directory)) == ("make", "bash", "app")
    assert workflow.job("BUILD") is build
    assert workflow.trigger("schedule") is schedule
    assert read(file) is workflow


def test_a_workflow_without_a_name_is_shown_by_its_path():
    (file,) = workflows(ci="on: push\njobs: {b: {runs-on: x}}").files
    assert read(file).title == ".github/workflows/ci.yml"


def test_what_cannot_be_read_is_empty():
    file = WorkflowFile("a.yml", Unreadable("no", 1, 1, Reason.UNPARSEABLE), "")
    assert (read(file).jobs, read(file).triggers) == ((), ())


ODD = """
on: {push: [a], pull_request: {branches: [{a: b}]}, schedule: [{x: y}, z]}
env: [a]
jobs:
  a: {runs-on: x, name: [a], if: {a: b}, needs: [{a: b}], environment: [a], with: a, steps: a}
  b: {runs-on: x, steps: [a, {run: [x]}], env: "${{ fromJSON(vars.x) }}"}
"""


def test_odd_shapes_are_left_out_and_told():
    (file,) = workflows(ci=ODD).files
    workflow = read(file)
    first, second = workflow.jobs
    assert (first.name, first.condition, first.needs, first.environment, first.steps) == (None, None, (), None, ())
    assert [step.run for step in second.steps] == [None]
    assert {odd.message for odd in workflow.odd} == {
        "the settings of push are not a mapping",
        "`branches` holds something that is not text",
        "an entry of `schedule` has no `cron`",
        "`env` is not a mapping",
        "`name` is not a single value",
        "`if` is not a single value",
        "`needs` holds something that is not a job's id",
        "`environment` has no name",
        "`with` is not a mapping",
    }


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)).map(
    lambda value: Scalar(value, str(value), "plain", 1, 1)
)
KEYS = st.sampled_from(
    [
        *(
            "on",
            "jobs",
            "name",
            "if",
            "needs",
            "strategy",
            "matrix",
            "include",
            "exclude",
            "uses",
            "with",
            "steps",
            "runs-on",
        ),
        *(
            "pull_request",
            "branches",
            "types",
            "paths",
            "schedule",
            "cron",
            "inputs",
            "workflow_call",
            "a",
            "b",
            "${{ x }}",
        ),
    ]
)
NODES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items), 1, 1)),
        st.dictionaries(KEYS, inner, max_size=4).map(
            lambda entries: Mapping(
                {key: (Scalar(key, key, "plain", 1, 1), node) for key, node in entries.items()}, 1, 1
            )
        ),
    ),
    max_leaves=25,
)


@given(NODES, NODES)
def test_no_shape_is_a_crash(on, jobs):
    key = Scalar("on", "on", "plain", 1, 1)
    file = WorkflowFile(".github/workflows/a.yml", Mapping({"on": (key, on), "jobs": (key, jobs)}, 1, 1), "")
    for job in read(file).jobs:
        assert all(step.node for step in job.steps)
    for moment in ("pull-request", "merge-queue", "push"):
        assert derive(Workflows((file,)), "main", moment).complete
