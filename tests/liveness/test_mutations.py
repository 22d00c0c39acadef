"""A living gate that is made to succeed whatever it finds is alive no longer."""

import itertools

import pytest

from gates import gates, steps

SCRIPTS = {
    "exit": "exit 1",
    "if": "if ! grep -q x y; then\n  echo '::error::no'\n  exit 1\nfi",
    "else": "if [ -f x ]; then\n  echo fine\nelse\n  exit 1\nfi",
    "or": "[ -f x ] || exit 1",
    "test": "test -s report.txt",
    "program": "./judge --strict",
    "function": 'fail() {\n  echo "$1"\n  exit 1\n}\n./judge || fail no',
    "loop": "for f in a b; do\n  [ -f $f ] || exit 1\ndone",
    "case": 'case "$STATE" in\n  open) exit 1;;\n  *) echo fine;;\nesac',
    "counted": "failed=0\n./judge || failed=1\nexit $failed",
    "substitution": 'found=$(./judge)\n[ -z "$found" ] || exit 1',
    "pipe": "set -o pipefail\n./judge | tee log",
    "required": ': "${TOKEN:?is not set}"',
    "nounset": 'set -u\necho "$TOKEN" > /dev/null',
    "document": "python3 - <<END\nimport sys\nsys.exit(1)\nEND",
    "inline": "bash -ec './judge; echo fine'",
    "linter": "eslint .",
    "tests": "npm test",
    "trap": "trap 'rm -rf tmp' EXIT\n./judge",
}

MUTATIONS = {
    "or true": "(\n{}\n) || true",
    "exit first": "exit 0\n{}",
    "never asked": "if false; then\n{}\nfi",
    "asked and forgotten": "if (\n{}\n); then true; fi",
    "behind": "(\n{}\n) &",
    "piped away": "set +o pipefail\n(\n{}\n) | cat > /dev/null",
    "taken as a value": 'echo "$(\n{}\n)"',
    "exported": "export X=$(\n{}\n)",
    "a function that is never called": "unused() {{\n{}\n}}\necho fine",
    "not stopped by": "set +e\n(\n{}\n)\ntrue",
    "negated twice and let go": "! (\n{}\n) || true",
    "trapped": "trap 'exit 0' EXIT\n{}",
}


def states(script, extra="", name="Verify it"):
    body = "\n".join(f"    {line}" for line in script.split("\n"))
    found = gates(
        steps(f"- name: {name}\n  run: |\n{body}\n{extra}"), {"package.json": '{"scripts": {"test": "jest"}}'}
    )
    return {gate.state.value for gate in found if gate.family in {"promise", "judge"}}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_examples_are_alive(script):
    assert states(script) == {"alive"}


@pytest.mark.parametrize(
    ("script", "mutation"),
    list(itertools.product(SCRIPTS.values(), MUTATIONS.values())),
    ids=[" ".join(names) for names in itertools.product(SCRIPTS, MUTATIONS)],
)
def test_a_script_that_succeeds_whatever_it_finds(script, mutation):
    assert "alive" not in states(mutation.format(script))


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("extra", ["  continue-on-error: true", "  if: false", "  if: ${{ false }}"])
def test_a_step_that_succeeds_whatever_it_finds(script, extra):
    assert "alive" not in states(script, extra)


@pytest.mark.parametrize("name", ["exit", "if", "else", "or", "function", "loop", "case"])
def test_success_in_the_place_of_failure(name):
    assert "alive" not in states(SCRIPTS[name].replace("exit 1", "exit 0").replace("./judge ||", "true ||"))


@pytest.mark.parametrize("mutation", [one for name, one in MUTATIONS.items() if name != "exit first"])
@pytest.mark.parametrize("script", ["eslint .", "pytest -q", "npm test"])
def test_a_judge_in_a_step_without_a_promise(script, mutation):
    assert "alive" not in states(mutation.format(script), name="Lint")


AGGREGATE = """
on: pull_request
jobs:
  test: {runs-on: ubuntu-latest, steps: [{run: ./x}]}
  all-green:
    needs: [test]
    if: always()
    runs-on: ubuntu-latest
    steps:
      - if: contains(needs.*.result, 'failure')
        run: exit 1
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    if: always()\n", ""),
        ("if: always()", "if: success()"),
        ("exit 1", "exit 0"),
        ("exit 1", "exit 1 || true; echo fine"),
        ("exit 1", "echo no"),
        ("        run: exit 1", "        continue-on-error: true\n        run: exit 1"),
        ("if: contains(needs.*.result, 'failure')", "if: false"),
    ],
)
def test_a_job_that_stands_for_others(old, new):
    def state(text):
        (gate,) = [one for one in gates(text) if one.family == "aggregate"]
        return gate.state.value

    assert state(AGGREGATE) == "alive"
    assert (state(AGGREGATE.replace(old, new)) != "alive") is (new != "exit 1 || true; echo fine")


COMPARES = "- uses: actions/checkout@v4\n- run: git fetch origin main\n- run: git diff --quiet origin/main...HEAD\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [("- run: git fetch origin main\n", ""), ("git diff --quiet origin/main...HEAD", "git diff --cached")],
)
def test_a_comparison_whose_base_is_taken_away(old, new):
    def dead(text):
        return [gate for gate in gates(steps(text)) if gate.family == "comparison"]

    assert not dead(COMPARES)
    assert dead(COMPARES.replace(old, new))
