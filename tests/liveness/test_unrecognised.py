"""What the list of gates does not tell of."""

from govcheck.facts.tree import TrackedFiles
from govcheck.findings import Location
from govcheck.liveness.unrecognised import unrecognised
from written_workflows import workflows

PATH = ".github/workflows/ci.yml"
TEXT = """
on: pull_request
jobs:
  build:
    runs-on: x
    steps:
      - run: npm ci
      - name: Build
        run: npm run build
      - uses: actions/checkout@v4
  test:
    runs-on: x
    steps:
      - run: npm test
      - run: ${{ matrix.task.run }}
  deploy:
    runs-on: x
    steps:
      - run: ${{ inputs.command }}
"""


def found(places, tracked=()):
    modes = dict.fromkeys(tracked, "100644")
    return unrecognised(
        workflows({"ci.yml": TEXT}), TrackedFiles(modes), [Location(path=PATH, line=one) for one in places]
    )


def test_steps_without_a_gate_are_counted():
    assert found([]).steps == 4
    assert found([13]).steps == 3
    assert found([7, 13]).steps == 2  # in the step that begins in line 6
    assert found([10]).steps == 4  # a job is no step


def test_what_an_expression_gives_in_a_job_that_judges_cannot_be_told():
    (one,) = found([13]).computed
    assert (one.control, one.subject) == ("judge", f"{PATH}:test:${{{{ matrix.task.run }}}}")
    assert one.message == ("job test of ci.yml runs `${{ matrix.task.run }}`, and what that is, an expression says")
    assert one.location.line == 14


def test_ci_that_lives_elsewhere():
    tracked = [
        ".depot/workflows/a.yml",
        ".depot/workflows/b.yml",
        ".circleci/config.yml",
        "Jenkinsfile",
        "x/Jenkinsfile",
    ]
    assert found([], tracked).elsewhere == (".circleci", ".depot/workflows", "Jenkinsfile")


def test_a_folder_of_the_runner_is_no_command():
    text = TEXT.replace("${{ matrix.task.run }}", "${{ github.workspace }}/setup.ps1").replace(
        "${{ inputs.command }}", "${{ runner.temp }}/x"
    )
    files = workflows({"ci.yml": text.replace("deploy:", "test-deploy:")})
    assert unrecognised(files, TrackedFiles({}), []).computed == ()
