"""`why` tells everything about one finding; `explain gates` about every gate."""

import json

import pytest

from program import Govcheck
from repositories import Repository

GATES = """
on: pull_request
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - name: Verify nothing
        run: echo "all is well"
      - name: Verify something
        run: test -f here
      - run: ./check.sh
"""


@pytest.fixture
def fingerprint(repository: Repository, govcheck: Govcheck) -> str:
    repository.commit_file("stray.txt")
    found = next(one for one in govcheck("check", "--format", "json").report["findings"] if one["control"] == "path")
    return found["fingerprint"]


@pytest.mark.parametrize("digits", [4, 16])
def test_a_finding_by_the_beginning_of_its_fingerprint(govcheck: Govcheck, fingerprint: str, digits: int):
    ran = govcheck("why", fingerprint[:digits].upper())
    assert ran.code == 1
    assert ran.out.startswith(f"{fingerprint}: path of stray.txt\npolicy: docs-only (allowed-paths), policies/")
    assert "since: no sweep has seen it yet" in ran.out
    assert "`stray.txt` is tracked outside the allowed paths" in ran.out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("ffff", "nothing here has a fingerprint that begins with ffff"),
        ("stray.txt", "'stray.txt' is no fingerprint"),
    ],
)
def test_what_names_nothing(govcheck: Govcheck, fingerprint: str, given: str, said: str):
    assert not fingerprint.startswith("ffff")
    ran = govcheck("why", given)
    assert (ran.code, said in ran.err) == (2, True)


def test_the_fingerprint_is_shown_with_verbose(govcheck: Govcheck, fingerprint: str):
    assert f"= fingerprint {fingerprint}" in govcheck("check", "--verbose").out
    assert fingerprint not in govcheck("check").out


def test_all_gates_dead_and_alive(repository: Repository, govcheck: Govcheck):
    repository.write(".github/workflows/gates.yml", GATES)
    repository.write("check.sh", "#!/bin/bash\ngrep -q x y || exit 2\n")
    repository.stage()
    ran = govcheck("explain", "gates")
    assert ran.code == 1
    dead, _, alive = ran.out.partition("alive (")
    assert "promise: .github/workflows/gates.yml:one:Verify nothing (.github/workflows/gates.yml:7:15)" in dead
    assert "governance: govcheck (policies" in dead
    assert ".github/workflows/gates.yml:one:Verify something" in alive
    assert "`exit 2` in check.sh fails it" in alive
    assert ran.out.endswith("2 dead, 0 that nobody can tell of, 2 alive\n")


def test_living_gates_are_in_the_report(repository: Repository, govcheck: Govcheck):
    repository.write(".github/workflows/gates.yml", GATES)
    repository.write("policies/gates.yaml", "kind: gate-liveness\nid: gates\n")
    repository.stage()
    (held, *_) = govcheck("check", "--format", "json").report["held"]
    assert (held["policy"], held["control"]) == ("gates", "promise")
    assert json.dumps(held["location"]["line"]) == "9"
    assert "holds[promise]:" in govcheck("check", "--verbose").out
