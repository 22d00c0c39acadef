"""Which contexts report on every pull request: the table of GitHub's rules, row by row."""

import pytest

from govcheck.actions.contexts import MOST_LEGS
from workflow_texts import contexts, jobs, levels

JOB = "jobs: {b: {runs-on: x}}"
MATRIX = 'jobs: {b: {runs-on: x, strategy: {matrix: {v: [1]}}, if: "%s"}}'


def level(text, **more):
    (found,) = levels(contexts(ci=text, **more)).values()
    return found


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("pull_request", "always"),
        ("[push, pull_request]", "always"),
        ("{pull_request: }", "always"),
        ("{pull_request: {}}", "always"),
        ("pull_request_target", "always"),
        ("{pull_request: {branches: [main]}}", "always"),
        ("{pull_request: {branches: main}}", "always"),
        ("{pull_request: {branches: ['**']}}", "always"),
        ("{pull_request: {branches: ['m*', '!master']}}", "always"),
        ("{pull_request: {branches: ['m*', '!main']}}", "never"),
        ("{pull_request: {branches: [develop]}}", "never"),
        ("{pull_request: {branches: [Main]}}", "never"),
        ("{pull_request: {branches-ignore: [develop]}}", "always"),
        ("{pull_request: {branches-ignore: ['ma*']}}", "never"),
        ("{pull_request: {branches: }}", "always"),
        ("{pull_request: {paths: ['src/**']}}", "sometimes"),
        ("{pull_request: {paths: ['**']}}", "always"),
        ("{pull_request: {paths: ['**', '!docs/**']}}", "sometimes"),
        ("{pull_request: {paths-ignore: ['docs/**']}}", "sometimes"),
        ("{pull_request: {types: [opened]}}", "sometimes"),
        ("{pull_request: {types: [labeled, synchronize]}}", "sometimes"),
        ("{pull_request: {types: [opened, synchronize]}}", "always"),
        ("{pull_request: {types: [opened, synchronize, reopened, edited]}}", "always"),
        ("{pull_request: {types: }}", "always"),
        ("push", "sometimes"),
        ("{push: {branches: ['**']}}", "sometimes"),
        ("{push: {branches: [main]}}", "never"),
        ("{push: {tags: ['v*']}}", "never"),
        ("{push: {branches: [main]}, pull_request: {paths: [x]}}", "sometimes"),
        ("{pull_request: {paths: [x]}, pull_request_target: }", "always"),
        ("{schedule: [{cron: '0 0 * * *'}]}", "never"),
        *((event, "never") for event in ("workflow_dispatch", "workflow_run", "issue_comment", "check_run")),
        ("merge_group", "never"),
        ("pull_request_review", "sometimes"),
    ],
)  # fmt: skip
def test_triggers(on, expected):
    assert level(f"on: {on}\n{JOB}") == expected


def test_the_default_branch_is_not_known_offline():
    assert level(f"on: {{pull_request: {{branches: [main]}}}}\n{JOB}", branch=None) == "untold"
    assert level(f"on: {{pull_request: {{branches: ['**']}}}}\n{JOB}", branch=None) == "always"
    assert level(f"on: pull_request\n{JOB}", branch=None) == "always"


def test_a_workflow_that_is_only_called_reports_nothing_itself():
    assert levels(contexts(ci=f"on: workflow_call\n{JOB}")) == {}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("true", "always"),
        ("false", "sometimes"),
        ("github.event_name == 'pull_request'", "always"),
        ("github.event_name == 'push'", "sometimes"),
        ("${{ github.event_name != 'schedule' }}", "always"),
        ("github.base_ref == 'main'", "always"),
        ("github.ref == 'refs/heads/main'", "sometimes"),
        ("github.ref != 'refs/heads/main'", "always"),
        ("github.ref == 'refs/heads/main' || github.event_name == 'pull_request'", "always"),
        ("!github.event.pull_request.draft", "sometimes"),
        ("github.event.schedule == ''", "always"),
        ("github.event.inputs.full == 'true'", "sometimes"),
        ("github.actor != 'dependabot[bot]'", "sometimes"),
        ("github.repository == 'o/r'", "untold"),
        ("vars.ENABLED == 'yes'", "untold"),
        ("vars.ENABLED == 'yes' && github.actor == 'me'", "sometimes"),
        ("always()", "always"),
        ("!cancelled()", "always"),
        ("success() || failure()", "always"),
        ("failure()", "sometimes"),
        ("inputs.run", "sometimes"),
        ("${{ false }} && x", "always"),
        ("broken (", "sometimes"),
        ("", "always"),
    ],
)
def test_a_matrix_job_that_is_skipped_reports_another_name(condition, expected):
    assert level(f"on: pull_request\n{MATRIX % condition}") == expected


def test_a_plain_job_that_is_skipped_reports_all_the_same():
    assert level(f"on: pull_request\n{JOB.replace('runs-on: x', 'runs-on: x, if: github.actor == 1')}") == "always"


def test_a_name_is_not_evaluated_where_the_job_is_skipped():
    text = jobs("b: {runs-on: x, name: 'to ${{ github.base_ref }}', if: \"github.actor == 'me'\"}")
    assert levels(contexts(ci=text)) == {"to main": "sometimes"}


NEEDS = """
changes: {runs-on: x}
maybe: {runs-on: x, if: "%s"}
far: {runs-on: x, needs: maybe, if: always()}
legs: {runs-on: x, needs: [%s], strategy: {matrix: {v: [1]}}%s}
"""


@pytest.mark.parametrize(
    ("condition", "needs", "own", "expected"),
    [
        ("github.actor == 'me'", "changes", "", "always"),
        ("github.actor == 'me'", "changes, maybe", "", "sometimes"),
        ("github.actor == 'me'", "far", "", "sometimes"),
        ("github.actor == 'me'", "MAYBE", "", "sometimes"),
        ("github.actor == 'me'", "maybe", ", if: always()", "always"),
        ("github.actor == 'me'", "maybe", ", if: '!cancelled()'", "always"),
        ("true", "far", "", "always"),
        ("vars.x == 1", "maybe", "", "untold"),
        ("true", "changes", ", if: needs.changes.outputs.code == 'true'", "sometimes"),
        ("true", "changes", ", if: always() && needs.changes.result == 'success'", "always"),
        ("false", "maybe", ", if: always() && needs.maybe.result == 'success'", "sometimes"),
        ("false", "maybe", ", if: \"always() && !contains(needs.*.result, 'failure')\"", "always"),
    ],
)
def test_a_job_is_skipped_where_a_job_before_it_is(condition, needs, own, expected):
    found = levels(contexts(ci=jobs(NEEDS % (condition, needs, own))))
    assert found["legs (1)"] == expected


CALLED = """
on: workflow_call
jobs:
  t: {runs-on: x}
  m: {runs-on: x, strategy: {matrix: {v: [1]}}, if: github.actor == 'me'}
"""


def test_a_caller_that_is_skipped_leaves_nested_contexts_pending():
    call = "c: {uses: ./.github/workflows/called.yml, if: \"github.actor == 'me'\"}"
    assert levels(contexts(ci=jobs(call), called=CALLED)) == {"c / t": "sometimes", "c / m (1)": "sometimes"}
    always = "c: {uses: ./.github/workflows/called.yml}"
    assert levels(contexts(ci=jobs(always), called=CALLED)) == {"c / t": "always", "c / m (1)": "sometimes"}


@pytest.mark.parametrize(
    ("uses", "called", "message"),
    [
        ("./.github/workflows/none.yml", "on: workflow_call\njobs: {t: {runs-on: x}}", "does not exist"),
        ("./.github/workflows/called.yml", "on: push\njobs: {t: {runs-on: x}}", "no `workflow_call` trigger"),
        ("./.github/workflows/called.yml", "on: workflow_call", "which GitHub rejects: the file has no `jobs`"),
        (
            "./.github/workflows/called.yml",
            "on: workflow_call\njobs: {t: {uses: ./.github/workflows/called.yml}}",
            "10 levels",
        ),
        (
            "./.github/workflows/called.yml",
            "on: workflow_call\njobs: {t: {uses: $/x.yml}}",
            "it calls $/x.yml, which does not",
        ),
    ],
)
def test_github_does_not_start_a_workflow_whose_call_is_wrong(uses, called, message):
    found = contexts(ci=jobs(f"c: {{uses: {uses}}}\nother: {{runs-on: x}}"), called=called)
    assert [one for one in found.reported if one.workflow.path.endswith("ci.yml")] == []
    (broken,) = found.broken
    assert (broken.path, broken.node.line) == (".github/workflows/ci.yml", 3)
    assert message in broken.message


def test_calls_that_multiply_are_not_followed_for_ever():
    leg = "strategy: {matrix: {v: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}"
    texts = {
        f"w{number}": jobs(
            f"c: {{uses: ./.github/workflows/w{number + 1}.yml, {leg}}}", on="[workflow_call, pull_request]"
        )
        for number in range(8)
    }
    found = contexts(**texts, w8="on: workflow_call\njobs: {t: {runs-on: x}}")
    assert not found.complete
    assert len(found.reported) <= MOST_LEGS


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("[pull_request, merge_group]", "always"),
        ("{merge_group: {types: [checks_requested]}}", "always"),
        ("{merge_group: {types: [destroyed]}}", "never"),
        ("pull_request", "never"),
    ],
)
def test_a_merge_queue_has_its_own_trigger(on, expected):
    assert level(f"on: {on}\n{JOB}", moment="merge-queue") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"on: push\n{JOB}", "always"),
        (f"on: {{push: {{branches: [main]}}}}\n{JOB}", "always"),
        (f"on: {{push: {{branches: [dev]}}}}\n{JOB}", "never"),
        (f"on: {{push: {{paths: [x]}}}}\n{JOB}", "sometimes"),
        (f"on: pull_request\n{JOB}", "never"),
        ("on: push\n" + MATRIX % "github.ref == 'refs/heads/main'", "always"),
        ("on: push\n" + MATRIX % "github.ref == 'refs/heads/dev'", "sometimes"),
    ],
)
def test_pushes_to_the_branch(text, expected):
    assert level(text, moment="push") == expected


def test_one_name_in_two_events_is_told_by_the_surer_one():
    text = "on: {push: , pull_request: {paths: [x]}, pull_request_target: }\n" + JOB
    (one,) = contexts(ci=text).reported
    assert (one.event, one.reach.level.name) == ("pull_request_target", "ALWAYS")


def test_names_that_differ_by_event_are_both_told():
    text = "on: [push, pull_request]\njobs: {b: {runs-on: x, name: 'on ${{ github.event_name }}'}}"
    assert levels(contexts(ci=text)) == {"on pull_request": "always", "on push": "sometimes"}
