"""Tasks of just and tox whose failure comes to nothing, and their living twins."""

import pytest

from gates import gates, steps, told

JUST = {
    "a dash": ("test:\n    -pytest\n", "test:\n    pytest\n"),
    "a silent dash": ("test:\n    @-pytest -q\n", "test:\n    @pytest -q\n"),
    "swallowed": ("test:\n    pytest || true\n", "test:\n    pytest || exit 1\n"),
    "by what it needs": (
        "test: lint unit\n\nlint:\n    -ruff check .\n\nunit:\n    -pytest\n",
        "test: lint unit\n\nlint:\n    -ruff check .\n\nunit:\n    pytest\n",
    ),
    "beside others": (
        "name := 'x'\n\n# all\ntest:\n    echo begin\n    -pytest\n",
        "name := 'x'\n\ntest:\n    -pytest\n    ruff check {{ name }}\n",
    ),
    "in another shell": ("test:\n\t-pytest\n", "set shell := ['bash', '-c']\ntest:\n\t-pytest\n"),
}
TOX = {
    "ignored": ("[testenv]\nignore_outcome = true\ncommands = pytest\n", "[testenv]\ncommands = pytest\n"),
    "a dash": ("[testenv]\ncommands =\n    - pytest\n    -ruff\n", "[testenv]\ncommands =\n    - ruff\n    pytest\n"),
    "one of several": (
        "[testenv]\ncommands = - pytest\n[testenv:lint]\nignore_outcome = true\n",
        "[testenv]\ncommands = - pytest\n[testenv:lint]\ncommands = ruff check\n",
    ),
    "no file of tox": ("[testenv]\ncommands = - pytest\n", "commands = - pytest\n"),
}


def judged(command, path, text):
    found = gates(steps(f"- uses: actions/checkout@v4\n- run: {command}"), {path: text})
    return told(found, "judge")


@pytest.mark.parametrize(("deaf", "living"), JUST.values(), ids=JUST)
def test_a_recipe_of_just(deaf, living):
    assert judged("just test", "justfile", deaf) == [("judge", "dead")]
    assert judged("just test", "justfile", living) == [("judge", "alive")]


@pytest.mark.parametrize(("deaf", "living"), TOX.values(), ids=TOX)
def test_an_environment_of_tox(deaf, living):
    assert judged("tox", "tox.ini", deaf) == [("judge", "dead")]
    assert judged("tox", "tox.ini", living) == [("judge", "alive")]


@pytest.mark.parametrize(
    ("command", "state"),
    [("tox -e lint", "dead"), ("tox run -e lint", "dead"), ("tox -e py312", "alive"), ("tox -e $ENV", "alive")],
)
def test_one_environment_of_tox(command, state):
    text = "[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = - ruff check\n"
    assert judged(command, "tox.ini", text) == [("judge", state)]
