"""Targets of make whose failure comes to nothing, and their living twins."""

import pytest

from gates import gates, steps, told

TWINS = {
    "a dash": ("test:\n\t-pytest\n", "test:\n\tpytest\n"),
    "swallowed": ("test:\n\tpytest || true\n", "test:\n\tpytest || exit 1\n"),
    "spoken over": ("test:\n\tpytest; echo done\n", "test:\n\tpytest && echo done\n"),
    "a pipe": ("test:\n\tpytest | tee out\n", "SHELL = bash -o pipefail\ntest:\n\tpytest\n"),
    "another line": ("test:\n\t@echo begin\n\t@pytest || true\n", "test:\n\t@echo begin\n\t@pytest\n"),
    "all ignored": (".IGNORE:\n\ntest:\n\tpytest\n", "other:\n\ntest:\n\tpytest\n"),
    "ignored by name": (".IGNORE: test\n\ntest:\n\tpytest\n", ".IGNORE: other\n\ntest:\n\tpytest\n"),
    "by a variable": ("RUN ?= pytest\ntest:\n\t$(RUN) -q || true\n", "RUN ?= pytest\ntest:\n\t$(RUN) -q\n"),
    "by what it needs": (
        "test: lint unit\nlint:\n\t-ruff check .\nunit:\n\tpytest || true\n",
        "test: lint unit\nlint:\n\t-ruff check .\nunit:\n\tpytest\n",
    ),
    "beside what only makes something": (
        "test:\n\tmkdir -p out\n\tpytest > out/log || true\n",
        "test:\n\tmkdir -p out\n\tpytest > out/log\n",
    ),
}


@pytest.mark.parametrize("command", ["make test", "make -j4 -k test", "make -C app test", "make test test"])
@pytest.mark.parametrize(("deaf", "living"), TWINS.values(), ids=TWINS)
def test_a_target_that_cannot_fail(deaf, living, command):
    path = "app/Makefile" if "-C" in command else "Makefile"
    text = steps(f"- uses: actions/checkout@v4\n- run: {command}")
    assert told(gates(text, {path: deaf}), "judge") == [("judge", "dead")]
    assert told(gates(text, {path: living}), "judge") == [("judge", "alive")]


@pytest.mark.parametrize("command", ["make -i test", "make --ignore-errors test", "make -n test"])
def test_an_option_with_which_nothing_fails(command):
    text = steps(f"- uses: actions/checkout@v4\n- run: {command}")
    assert told(gates(text, {"Makefile": "test:\n\tpytest\n"}), "judge") == [("judge", "dead")]


def test_a_variable_from_elsewhere_may_be_anything():
    text = steps("- uses: actions/checkout@v4\n- run: make test")
    for recipe in ("$(RUN) || true", "pytest $(AND) || true", "pytest || $(OR)"):
        assert told(gates(text, {"Makefile": f"test:\n\t{recipe}\n"}), "judge") == [("judge", "alive")]


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("mvn -B test -Dmaven.test.failure.ignore=true", "dead"),
        ("mvn --fail-never test", "dead"),
        ("mvn -B test", "alive"),
        ("semgrep scan --config auto && pip install semgrep", "dead"),
        ("semgrep --config auto --error && pip install semgrep", "alive"),
        ("semgrep ci && pip install semgrep", "alive"),
        ("rspec --failure-exit-code 0", "dead"),
        ("rspec --failure-exit-code 2", "alive"),
    ],
)
def test_options_of_other_programs(command, state):
    assert told(gates(steps(f"- run: {command}")), "judge") == [("judge", state)]


def test_a_script_that_promises_and_cannot_be_told_is_judged_by_what_it_runs():
    text = steps("- uses: actions/checkout@v4\n- run: npm run lint")
    piped, plain = ('{"scripts": {"lint": "eslint . | tee lint.txt"}}', '{"scripts": {"lint": "eslint ."}}')
    assert set(told(gates(text, {"package.json": piped, "package-lock.json": "{}"}))) == {("judge", "dead")}
    assert told(gates(text, {"package.json": plain, "package-lock.json": "{}"})) == [("promise", "alive")]


def test_a_script_that_is_passed_over_where_it_is_not_there():
    text = steps("- uses: actions/checkout@v4\n- run: npm test --if-present")
    files = {"package.json": '{"scripts": {"lint": "eslint ."}}', "package-lock.json": "{}"}
    assert told(gates(text, files), "judge") == [("judge", "dead")]
    files["package.json"] = '{"scripts": {"test": "jest"}}'
    assert told(gates(text, files), "judge") == [("judge", "alive")]
