"""What a `lefthook.yml` runs: whether it can run, and stop anything."""

import json
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.document import Mapping
from govcheck.facts.tree import TrackedFiles
from govcheck.liveness.gate import State
from govcheck.liveness.lefthook import gates
from govcheck.sources.hook_configuration import read_file

TRACKED = TrackedFiles({"src/a.ts": "100644", "tools/lint.sh": "100755", ".lefthook/pre-push/check.sh": "100755"})
HOOKS = frozenset({"pre-commit", "pre-push"})


def judged(text: str):
    document = read_file("lefthook.yml", dedent(text).encode()).document
    return list(gates("lefthook.yml", document, HOOKS, TRACKED)) if isinstance(document, Mapping) else []


@pytest.mark.parametrize(
    ("command", "state", "why"),
    [
        ("run: npx eslint {staged_files}", State.ALIVE, "the failure of `npx eslint x` stops git"),
        ("run: npx eslint {staged_files} || true", State.DEAD, "no command's failure stops anything"),
        ("run: ruff check --exit-zero", State.DEAD, "`--exit-zero` makes ruff end as a success"),
        ("{run: npm test, skip: true}", State.DEAD, "`skip: true` switches it off"),
        ("{run: npm test, skip: [merge, {ref: main}]}", State.ALIVE, "the failure of `npm test`"),
        ("{run: npm test, glob: '*.rb'}", State.DEAD, "`glob` `*.rb` matches no tracked file"),
        ("{run: npm test, glob: ['*.{ts,tsx}', 'src/**/*.ts']}", State.ALIVE, "the failure of"),
        ("run: ./tools/lint.sh {staged_files}", State.ALIVE, "the failure of"),
        ("run: ./scripts/lint.sh", State.DEAD, "it runs `./scripts/lint.sh`, and no such file is tracked"),
        ("{run: ./lint.sh, root: tools/}", State.ALIVE, "the failure of"),
        ("run: echo done", State.ALIVE, "it only says something"),
        ("tags: x", State.UNTOLD, "it says no `run`"),
    ],
)
def test_a_command(command, state, why):
    (gate,) = judged(f"pre-commit:\n  commands:\n    lint:\n      {command}\n")
    assert (gate.state, gate.subject) == (state, "lefthook.yml:pre-commit:lint")
    assert why in gate.why


def test_jobs_groups_and_scripts():
    found = judged(
        """
        pre-commit:
          jobs:
            - run: npm test
            - name: all
              skip: true
              group: {jobs: [{name: inner, run: npm run lint}]}
            - script: gone.sh
              runner: bash
        pre-push:
          scripts:
            check.sh: {runner: bash}
            other.sh: {runner: bash}
        post-commit:
          commands: {x: {run: "true"}}
        """
    )
    assert [(gate.subject.removeprefix("lefthook.yml:"), gate.state, gate.location.line) for gate in found] == [
        ("pre-commit:job 1", State.ALIVE, 4),
        ("pre-commit:inner", State.DEAD, 6),
        ("pre-commit:job 3", State.DEAD, 8),
        ("pre-push:check.sh", State.ALIVE, 12),
        ("pre-push:other.sh", State.DEAD, 13),
    ]
    assert "`.lefthook/pre-commit/gone.sh`" in found[2].why


def test_a_hook_that_is_skipped_skips_all_that_it_has():
    (gate,) = judged("pre-commit:\n  skip: true\n  commands: {a: {run: npm test}}\n")
    assert (gate.state, gate.location.line) == (State.DEAD, 2)


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(alphabet="*{}[]\\?a.", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["run", "glob", "skip", "script", "group", "jobs", "commands"]), inner)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_no_shape_breaks_it(value):

    for gate in judged(json.dumps({"pre-commit": value, "pre-push": {"commands": {"a": value}}})):
        assert gate.why
