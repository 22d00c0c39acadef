"""Which of the repository's own files a command runs."""

import pytest

from govcheck.actions.own_programs import (
    Called,
    called,
    called_by,
    called_by_workflow,
    folder_of,
    known_folder,
    language_of,
    package_scripts,
)
from govcheck.actions.programs import program_of
from govcheck.actions.shell import read
from written_workflows import workflow


def shown(script, folder="", *, guess=True):
    program = program_of(read(script).commands[0])
    return [f"{one.path}#{one.script}" if one.script else one.path for one in called(program, folder, guess=guess)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("./x.sh a", ["x.sh"]),
        ("bash x.sh a", ["x.sh"]),
        ("bash -e scripts/../x.sh", ["x.sh"]),
        ("source lib.sh", ["lib.sh"]),
        (". ./lib.sh", ["lib.sh"]),
        ("node scripts/x.mjs", ["scripts/x.mjs"]),
        ("deno run x.ts", ["x.ts"]),
        ("npx tsx x.ts", ["x.ts"]),
        ("python3 x.py", ["x.py"]),
        ("python3 -m x", []),
        ("bash -c 'exit 1'", ["exit 1"]),
        ("/usr/bin/x", []),
        ("../x.sh", []),
        ("~/x.sh", []),
        ("eslint .", []),
        ("npm run lint", ["package.json#lint"]),
        ("npm run-script lint -- --fix", ["package.json#lint"]),
        ("npm test", ["package.json#test"]),
        ("npm t", ["package.json#test"]),
        ("npm ci", []),
        ("npm run", []),
        ("npm", []),
        ("npm --prefix web run lint", ["web/package.json#lint"]),
        ("npm run lint -w web", []),
        ("npm test --workspaces", []),
        ("yarn lint", ["package.json#lint"]),
        ("yarn install", []),
        ("yarn audit", []),
        ("yarn workspace web test", []),
        ("pnpm lint", ["package.json#lint"]),
        ("pnpm -r test", []),
        ("pnpm --filter=web test", []),
        ("bun test", ["test"]),
        ("bun run lint", ["package.json#lint", "lint"]),
        ("danger ci --dangerfile x.js", ["x.js"]),
    ],
)
def test_what_a_command_runs(script, expected):
    assert shown(script) == expected


def test_a_path_may_be_one_from_the_root_as_well():
    assert shown("./x.sh", "web") == ["web/x.sh", "x.sh"]
    assert shown("./x.sh", "web", guess=False) == ["web/x.sh"]
    assert shown("../x.sh", "web", guess=False) == ["x.sh"]


def test_danger_runs_a_dangerfile():
    assert "Dangerfile.js" in shown("danger ci")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"scripts": {"a": "b", "c": 1, "d": null}}', {"a": "b"}),
        (b'{"scripts": []}', {}),
        (b"[]", {}),
        (b"{", {}),
        (b"\xff\xfe", {}),
        (b"", {}),
        (b"[" * 100_000, {}),
        (
            b'{"scripts": {%s}}' % b",".join(b'"s%d": "x"' % n for n in range(10_000)),
            {f"s{n}": "x" for n in range(10_000)},
        ),
    ],
)
def test_the_scripts_of_a_manifest(content, expected):
    assert package_scripts(content) == expected


def test_a_manifest_with_very_many_scripts():
    listed = ",".join(f'"s{number}": "x"' for number in range(10_000))
    assert len(package_scripts(f'{{"scripts": {{{listed}}}}}'.encode())) == 10_000


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("x.sh", b"", "shell"),
        ("x.MJS", b"", "javascript"),
        ("x.py", b"", "python"),
        ("x", b"#!/usr/bin/env bash\n", "shell"),
        ("x", b"#!/bin/sh -e\n", "shell"),
        ("x", b"#!/usr/bin/env node\n", "javascript"),
        ("x", b"#!/usr/bin/python3\n", "python"),
        ("x", b"\x7fELF", "other"),
        ("Dangerfile", b"#!/bin/bash", "other"),
    ],
)
def test_languages(path, content, expected):
    assert language_of(path, content) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("", ""),
        ("working-directory: web", "web"),
        ("working-directory: ./web/", "web"),
        ("working-directory: .", ""),
        ("working-directory: ../x", None),
        ("working-directory: /tmp", None),
        ("working-directory: '${{ inputs.x }}'", None),
    ],
)
def test_where_a_step_runs(where, expected):
    found = workflow(f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: x\n        {where}\n")
    job = found.jobs[0]
    assert known_folder(found, job, job.steps[0]) == expected
    assert folder_of(found, job, job.steps[0]) == (expected or "")


def test_defaults_say_where_steps_run():
    text = "on: push\ndefaults: {run: {working-directory: a}}\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x}]\n"
    found = workflow(text)
    assert folder_of(found, found.jobs[0], found.jobs[0].steps[0]) == "a"


def test_what_a_workflow_and_its_files_run():
    found = workflow("on: push\njobs: {a: {runs-on: x, steps: [{run: ./x.sh && npm run lint}]}}\n")
    assert list(called_by_workflow(found)) == [
        Called("package.json"),
        Called("x.sh"),
        Called("package.json", "lint"),
    ]
    assert list(called_by(Called("x.sh"), b"./y.sh\n")) == [Called("y.sh")]
    assert list(called_by(Called("web/package.json", "lint"), b'{"scripts": {"lint": "./z.sh"}}')) == [
        Called("web/z.sh"),
        Called("z.sh"),
    ]
    assert not list(called_by(Called("package.json", "gone"), b"{}"))
    assert not list(called_by(Called("x.py"), b"./y.sh\n"))
    assert (Called("x.sh").shown, Called("package.json", "lint").shown) == ("x.sh", "npm run lint")
