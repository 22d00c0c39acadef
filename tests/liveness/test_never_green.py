"""What make does, schedules without a day, actions and scripts that are not there."""

import pytest

from gates import gates, steps, told
from govcheck.actions.programs import program_of
from govcheck.actions.shell import read
from govcheck.liveness.makefiles import never_fails, target_of
from govcheck.liveness.schedules import never
from govcheck.sources.own_programs import read_own_programs
from written_workflows import workflows

CHECKOUT = "- uses: actions/checkout@v4\n"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("check:\n\t-pytest\n", ["-pytest"]),
        ("check:\n\t@- pytest\n\techo done\n", ["@- pytest"]),
        (".PHONY: check\ncheck: lint # all\n\ttrue\nlint:\n\t-ruff check \\\n\t  src\n", ["-ruff check \t  src"]),
        ("check:\n\tpytest\n", []),
        ("check:\n\t-pytest\n\truff check\n", []),
        ("check: other.txt\n\t-pytest\n", []),
        ("include x.mk\ncheck:\n\t-pytest\n", []),
        ("check:\n\t-pytest\ncheck: lint\n", []),
        ("check:\n\techo $(shell false)\n\t-pytest\n", []),
        ("check::\n\t-pytest\n", []),
        ("other:\n\t-pytest\n", []),
        ("check:\n\techo done\n", []),
    ],
)
def test_what_make_ignores(source, lines):
    found = [one.text for one in never_fails(source, "check")]
    assert found == lines


@pytest.mark.parametrize("command", ["make", "make -C x check", "make check lint", "make $TARGET", "make V=1 check"])
def test_a_target_that_is_not_told_plainly(command):
    assert target_of(program_of(read(command).commands[0])) is None


def test_a_target_that_cannot_fail():
    (gate,) = gates(steps("- run: make check"), {"Makefile": "check:\n\t-pytest\n"})
    assert (gate.family, gate.state) == ("judge", "dead")
    assert gate.why == "`make check` cannot fail its step: make ignores how `-pytest` in line 2 of Makefile ends"
    (promise,) = gates(steps("- name: Verify\n  run: make check"), {"Makefile": "check:\n\t-pytest\n"})
    assert (promise.family, promise.state) == ("promise", "dead")
    assert told(gates(steps("- run: make check"), {"Makefile": "check:\n\tpytest\n"})) == [("judge", "alive")]


def test_a_makefile_is_read_where_make_is_run():
    found = read_own_programs(
        workflows({"ci.yml": steps("- working-directory: sub\n  run: make check")}),
        {"sub/Makefile": "100644", "Makefile": "100644"},
        lambda paths: dict.fromkeys(paths, b""),
    )
    assert list(found.contents) == ["sub/Makefile"]


def test_no_makefile_at_all():
    (gate,) = (one for one in gates(steps(CHECKOUT + "- run: make check")) if one.family == "cannot-go-green")
    assert gate.why == "`make check` always fails: no Makefile is tracked"


@pytest.mark.parametrize(
    ("before", "files"),
    [
        ("- run: ./configure\n", {"configure": ""}),
        ("- run: cmake .\n", {}),
        ("- uses: someone/action@v1\n", {}),
        ("", {"check.sh": "true"}),
        ("", {"Makefile": "include x\n"}),
    ],
)
def test_a_makefile_may_come_from_elsewhere(before, files):
    assert "cannot-go-green" not in dict(told(gates(steps(CHECKOUT + before + "- run: make check"), files)))


@pytest.mark.parametrize("command", ["bash scripts/no.sh", "./scripts/no.sh", "python tools/no.py"])
def test_a_script_in_a_folder_that_is_not_there(command):
    path = command.split()[-1].removeprefix("./")
    (gate,) = gates(steps(f"{CHECKOUT}- run: {command}"))
    assert (gate.family, gate.why) == (
        "cannot-go-green",
        f"`{command}` always fails: {path} is not tracked",
    )
    assert not gates(steps(f"{CHECKOUT}- run: ./generate\n- run: {command}"), {"generate": ""})
    assert not gates(steps(f"{CHECKOUT}- uses: someone/action@v1\n- run: {command}"))


def test_an_action_that_is_not_there():
    (gate,) = gates(steps(CHECKOUT + "- uses: ./.github/actions/none"))
    assert gate.why == "the step always fails: `./.github/actions/none` has no action.yml that is tracked"
    assert not gates(
        steps(CHECKOUT + "- uses: ./.github/actions/none"), {".github/actions/none/action.yaml": "runs: {}"}
    )
    assert not gates(steps("- uses: actions/checkout@v4\n  with: {path: x}\n- uses: ./x/none"))
    assert not gates(steps(CHECKOUT + "- run: ./make-it\n- uses: ./none"))


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 3 31 2 *", True),
        ("0 3 30,31 2 *", True),
        ("0 3 31 4,6 *", True),
        ("0 3 29 2 *", False),
        ("0 3 31 2 1", False),
        ("0 3 31 1,2 *", False),
        ("0 3 1-31 2 *", False),
        ("@daily", False),
    ],
)
def test_a_schedule_without_a_day(cron, expected):
    assert never(cron) is expected


def test_a_schedule_that_starts_nothing():
    (gate,) = gates(steps("- run: 'true'", on="{schedule: [{cron: '0 3 31 2 *'}]}"))
    assert (gate.family, gate.state) == ("trigger", "dead")


def test_a_script_of_package_json_that_does_nothing():
    manifest = '{\n  "scripts": {\n    "test": "echo \\"no test\\" && exit 0"\n  }\n}\n'
    (gate,) = gates(steps(CHECKOUT + "- run: npm test"), {"package.json": manifest})
    assert gate.why == '`npm test` runs `echo "no test" && exit 0`, which ends as a success whatever happens'
    assert (gate.evidence[0].location.path, gate.evidence[0].location.line) == ("package.json", 3)
