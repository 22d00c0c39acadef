"""Hostile workflows: nothing crashes, and nothing takes long."""

import tarfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "workflow-corpus.tar.gz"
PATH = ".github/workflows/ci.yml"
FILES = {
    "package.json": b'{"scripts": {"test": "jest || true", "lint": "npm run lint", "ci": "npm run x"}}',
    "x.sh": b"#!/bin/bash -e\n./y.sh || true\n",
    "y.sh": b"\xff\xfe\0exit 1\n",
    "z.mjs": b"execSync('git diff --cached')",
    "gone.sh": Missing(reason=Reason.MISSING_OBJECT, message="gone"),
    "web/package.json": b"[",
}
EXAMPLE = b"""\
on: pull_request
env: {CI: 'x', A: &a [b]}
defaults: {run: {shell: bash, working-directory: web}}
jobs:
  test:
    runs-on: ubuntu-latest
    container: {image: x, env: {A: b}}
    outputs: {x: '${{ steps.a.outputs.y }}'}
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 1}
      - id: a
        name: Verify it
        if: always()
        continue-on-error: ${{ inputs.x }}
        env: {B: '${{ c }}'}
        run: |
          set -euo pipefail
          ./x.sh && npm test || node z.mjs
          if [ -n "$(git ls-files x)" ]; then echo '::error::no'; exit 1; fi
      - run: 'gitleaks detect; npm ci; ./gone.sh'
  all-green:
    needs: [test]
    if: always()
    runs-on: [ubuntu-latest]
    steps: [{run: 'exit ${{ needs.test.outputs.z }}'}]
"""


def check(data, path=PATH):
    contents = dict(FILES)
    tracked = dict.fromkeys((path, *contents), "100644")
    ignoring = {".gitignore": b"[\n\\\n!\n**\npackage-lock.json\n\xff", "web/.gitignore": b""}
    for gate in step_gates(read_workflows({path: data}), contents, tracked, ignoring):
        assert gate.why
        assert gate.subject.startswith(path)
        list(gate.said())


@cache
def corpus():
    with tarfile.open(CORPUS) as archive:
        files = [member for member in archive if member.isfile() and "/.github/workflows/" in member.name]
        return [archive.extractfile(member).read() for member in files]


ODD_VALUES = [b": [a, {b: c}]", b": 1.0e3", b":", b": *a", b": !!binary x", b": ''", b": |", b": ${{ fromJSON('x') }}"]
ODD_ENDS = [
    b"\0",
    b"\xff\xfe",
    b" #",
    b" " + b"x" * 1_000_000,
    b" " + b"$(" * 300_000,
    b"${{ " * 9000,
    b"'",
    b" && " * 9000,
]
WHOLE = [
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.decode("utf-8", "replace").encode("utf-16"),
    lambda data: data.replace(b"  ", b"\t"),
    lambda data: data + data,
    lambda data: data[: len(data) // 2],
]


def mutated(data, draw):
    """One of the ways in which a file goes wrong."""
    lines = data.split(b"\n")
    at = draw(st.integers(0, len(lines) - 1))
    key = lines[at].partition(b":")[0]
    changed = draw(
        st.sampled_from(
            [
                [],
                [lines[at], lines[at]],
                [lines[at].replace(b"  ", b"\t", 1)],
                [key + draw(st.sampled_from(ODD_VALUES))],
                [lines[at] + draw(st.sampled_from(ODD_ENDS))],
                None,
            ]
        )
    )
    if changed is None:
        return draw(st.sampled_from(WHOLE))(data)
    return b"\n".join([*lines[:at], *changed, *lines[at + 1 :]])


def test_the_example_is_read():
    check(EXAMPLE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_mutation_of_an_example(data):
    mutant = EXAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        mutant = mutated(mutant, data.draw)
    check(mutant)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of workflows is not at ../shared/data: not part of a clone")
class TestCorpus:
    def test_every_file(self):
        for number, data in enumerate(corpus()):
            check(data, f".github/workflows/{number}.yml")

    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def test_mutations_of_its_files(self, data):
        check(mutated(data.draw(st.sampled_from(corpus())), data.draw))


def test_many_jobs_that_each_need_all_before_them():
    """A walk that comes by a job once for each way to it would take 2 ** 60 steps."""
    names = [f"j{number}" for number in range(60)]
    jobs = "".join(
        f"  {name}: {{runs-on: x, needs: [{', '.join(names[:number])}], steps: [{{name: Verify, run: ./x}}]}}\n"
        for number, name in enumerate(names)
    )
    text = f"on: pull_request\njobs:\n{jobs}".replace("needs: [], ", "if: false, ")
    found = list(step_gates(read_workflows({PATH: text.encode()}), {}, {}, {}))
    assert {(gate.family, gate.state) for gate in found} == {("promise", "dead")}
