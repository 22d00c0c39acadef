"""Tests, linters and scanners whose failure nothing heeds."""

import pytest

from gates import PATH, gates, steps, told
from govcheck.actions.programs import program_of
from govcheck.actions.shell import read
from govcheck.liveness.judging_programs import judges


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("eslint .", True),
        ("npx eslint .", True),
        ("python -m pytest", True),
        ("npm test", True),
        ("npm run lint:js", True),
        ("npm run build", False),
        ("npm audit", True),
        ("yarn lint", True),
        ("pnpm run test", True),
        ("cargo clippy -- -D warnings", True),
        ("cargo build", False),
        ("go vet ./...", True),
        ("go build", False),
        ("ruff check", True),
        ("ruff format", False),
        ("prettier --check .", True),
        ("prettier --write .", False),
        ("mvn -B verify", True),
        ("make check", True),
        ("make install", False),
        ("eslint --version", False),
        ("pytest --collect-only", False),
        ("echo eslint", False),
    ],
)
def test_which_programs_judge(command, expected):
    assert judges(program_of(read(command).commands[0])) is expected


DEAD = [
    "eslint . || true",
    "eslint . || :",
    "eslint . || exit 0",
    "eslint . || echo failed",
    "eslint . | cat",
    "eslint . | tee report.txt",
    "eslint . 2>&1 | tee -a report.txt",
    "eslint . | tee $GITHUB_STEP_SUMMARY",
    "eslint . &",
    "set +e\neslint .\necho done",
    "! eslint . || true",
    "if eslint .; then echo fine; fi",
    "eslint . 2>/dev/null || true",
    "eslint . || true\nnpm run build",
]


@pytest.mark.parametrize("script", DEAD)
def test_judges_that_nobody_heeds(script):
    body = script.replace("\n", "\n    ")
    (gate,) = gates(steps(f"- name: Lint\n  run: |\n    {body}"))
    assert (gate.family, gate.state, gate.why) == ("judge", "dead", "nothing heeds the failure of `eslint .`")
    assert gate.subject == f"{PATH}:one:Lint:eslint ."
    assert gate.fix.text == "let its status be the step's, or take the step out"


HEEDED = [
    "eslint .",
    "eslint . && npm run build",
    "set +e\neslint .\nrc=$?\nexit $rc",
    "eslint . || failed=1\nexit $failed",
    "if ! eslint .; then exit 1; fi",
    "for d in a b; do eslint .; done",
    "check() { eslint .; }\ncheck",
    "fail() { [ $rc = 0 ] || exit 1; }\nset +e\neslint .\nrc=$?\nfail",
]


@pytest.mark.parametrize("script", HEEDED)
def test_judges_that_are_heeded(script):
    body = script.replace("\n", "\n    ")
    (gate,) = gates(steps(f"- name: Lint\n  run: |\n    {body}"))
    assert (gate.family, gate.state, gate.why) == ("judge", "alive", "where `eslint .` fails, the step does")


def test_to_ask_for_a_program_is_not_to_run_it():
    found = gates(steps("- name: Lint\n  run: |\n    command -v eslint >/dev/null || exit 0\n    eslint ."))
    assert [(gate.state, gate.why) for gate in found] == [("alive", "where `eslint .` fails, the step does")]


MANIFEST = {"package.json": '{"scripts": {"test": "jest"}}'}


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("npm run lint --if-present", "dead"),
        ("npm run --if-present lint", "dead"),
        ("pnpm run --if-present lint", "dead"),
        ("npm test --if-present", "alive"),
        ("npm run lint --if-present --workspaces", "alive"),
        ("npm run lint --if-present --prefix web", "alive"),
        ("cd web && npm run lint --if-present", "alive"),
        ("(cd web; npm run lint --if-present)", "alive"),
    ],
)
def test_a_script_that_is_run_only_if_it_is_there(command, state):
    (gate,) = (one for one in gates(steps(f"- run: {command}"), MANIFEST) if one.family == "judge")
    assert gate.state == state
    if state == "dead":
        assert gate.why.endswith("package.json has no script `lint`, and `--if-present` takes that for a success")


KEPT = [
    "eslint . -f json -o report.json || true",
    "eslint . > report.txt || true",
    "eslint . | tee report.txt\n./judge report.txt",
    'eslint . | tee "$report"',
    "eslint . | tee -a $GITHUB_OUTPUT",
    "report=$(eslint . || true)",
    "trivy fs --format sarif --output x.sarif . || true",
    "eslint . || echo failed=true >> $GITHUB_OUTPUT",
    "set +e\neslint .\necho status=$? >> $GITHUB_OUTPUT",
]


@pytest.mark.parametrize("script", KEPT)
def test_a_result_that_is_kept_may_be_heeded_elsewhere(script):
    body = script.replace("\n", "\n    ")
    assert "dead" not in dict(told(gates(steps(f"- name: Lint\n  run: |\n    {body}")))).values()


@pytest.mark.parametrize("name", ["Lint (optional)", "Coverage report", "Autofix", "Experimental lint"])
def test_a_step_that_does_not_mean_to_stop_anything(name):
    assert not gates(steps(f"- name: {name}\n  run: eslint . || true"))


def test_a_judge_that_is_let_pass():
    (gate,) = gates(steps("- name: Lint\n  continue-on-error: true\n  run: eslint ."))
    assert gate.why == "`eslint .` cannot fail its step, whose `continue-on-error` nothing makes up for"
    assert (gate.location.line, gate.location.column) == (7, 28)


@pytest.mark.parametrize(
    "asks",
    [
        "- if: steps.lint.outcome == 'failure'\n  run: exit 1",
        "- if: steps.LINT.outcome == 'failure'\n  run: exit 1",
        "- run: echo '${{ toJSON(steps) }}' | ./judge",
    ],
)
def test_a_judge_that_is_let_pass_and_asked_after(asks):
    found = gates(steps(f"- name: Lint\n  id: lint\n  continue-on-error: true\n  run: eslint .\n{asks}"))
    assert ("judge", "dead") not in told(found)


def test_an_output_of_the_job_asks_too():
    text = steps("- name: Lint\n  id: lint\n  continue-on-error: true\n  run: eslint .").replace(
        "    steps:", "    outputs: {lint: '${{ steps.lint.outcome }}'}\n    steps:"
    )
    assert ("judge", "dead") not in told(gates(text))


def test_a_judge_in_a_script_of_the_repository():
    files = {"lint.sh": "#!/bin/bash\neslint . || true\n"}
    (gate,) = gates(steps("- name: Lint\n  run: ./lint.sh"), files)
    assert (gate.state, gate.location.path, gate.location.line) == ("dead", PATH, 6)
    (evidence,) = gate.evidence
    assert (evidence.text, evidence.location.path, evidence.location.line) == ("lint.sh runs it", "lint.sh", 2)


LENIENT = "runs-on: ubuntu-latest\n    continue-on-error: {}"


def test_nobody_can_tell_what_a_job_stops_whose_failure_does_not_fail_the_run():
    found = gates(steps("- run: eslint .\n- run: jest\n", job=LENIENT.format("true")))
    assert [gate.state for gate in found] == ["cannot-tell", "cannot-tell"]


@pytest.mark.parametrize("value", ["false", "${{ matrix.next }}"])
def test_a_job_that_may_fail_its_run_is_not(value):
    assert told(gates(steps("- run: eslint .", job=LENIENT.format(value)))) == [("judge", "alive")]
    assert told(gates(steps("- run: ./deploy", job=LENIENT.format("true")))) == []
