"""`audit`: every policy is able to fail, or it is said that nobody knows how."""

from pathlib import Path

import pytest

from govcheck import registry
from govcheck.app.audit import audit
from govcheck.packaged_sets import PACKAGED
from govcheck.sources.policy_files import PolicySource, load_policies
from program import Govcheck, program
from repositories import Repository
from without_worlds import WITHOUT_WORLDS

ROOT = Path(__file__).parents[2]
AUDITED_ABOVE = {"starter", "governed-delivery"}
"""The second of them is `examples/governed-delivery` itself."""

TOOTHLESS = """
kind: allowed-paths
id: anything-goes
allow: ["**"]
"""
TEETH = """
kind: allowed-paths
id: nested
applies_to: ["src/**"]
allow: ["src/**"]
deny: ["**/utils/**"]
"""


def test_a_policy_that_nothing_can_fail_is_told(repository: Repository, govcheck: Govcheck):
    repository.write("policies/p.yaml", f"{TOOTHLESS}---{TEETH}")
    ran = govcheck("audit")
    assert ran.code == 3
    assert "not shown to fail: anything-goes (allowed-paths, policies/p.yaml:2)" in ran.out
    assert "does not fail it: it finds nothing wrong with it" in ran.out
    assert "can fail: nested (allowed-paths, policies/p.yaml:6)" in ran.out
    assert ran.out.endswith("3 policies: 2 can fail, 1 not shown to; 3 can pass\n")


@pytest.mark.parametrize("folder", ["policies", "examples/governed-delivery", "govcheck:starter"])
def test_every_policy_that_we_ship_is_able_to_fail_and_to_pass(repository: Repository, folder: str):
    name = folder if ":" in folder else str(ROOT / folder)
    ran = program(repository.path)("audit", "--policies", name)
    lines = ran.out.splitlines()
    idle = {lines[number - 2] for number, line in enumerate(lines) if "could not build" in line}
    assert (ran.code, "not shown to fail" in ran.out) == (0, False), ran.out
    assert [line for line in idle if not any(f"({kind}, " in line for kind in WITHOUT_WORLDS)] == [], ran.out


@pytest.mark.parametrize("folder", sorted(f"govcheck:{name}" for name in set(PACKAGED) - AUDITED_ABOVE))
def test_every_policy_of_a_packaged_set_is_able_to_fail(repository: Repository, folder: str):
    ran = program(repository.path)("audit", "--policies", folder)
    assert (ran.code, "not shown to fail" in ran.out) == (0, False), ran.out


@pytest.mark.parametrize("name", registry.kinds())
def test_the_example_of_every_kind_is_able_to_fail(name: str):
    example = registry.kind(name).text.partition("```yaml\n")[2].partition("```")[0]
    for policy in load_policies([PolicySource("policy.yaml", example.encode())]):
        assert audit(policy).finding is not None


IMPOSSIBLE = """
kind: allowed-paths
id: nothing-goes
allow: ["src/**"]
deny: ["src/**"]
---
kind: required-secrets
id: secrets
secrets: [TOKEN]
"""
PASSING = """
test: the secret is read, and there
policy: secrets
given:
  otherwise: nothing-set
  files:
    .github/workflows/ci.yml: "on: push\\njobs: {a: {runs-on: x, steps: [{run: a, env: {T: '${{ secrets.TOKEN }}'}}]}}"
  live: {actions/secrets: {body: {total_count: 1, secrets: [{name: TOKEN, updated_at: 2026-01-01T00:00:00Z}]}}}
expect: {outcome: pass, findings: []}
"""


def test_what_no_repository_was_made_for_is_told_and_shown_by_a_test(repository: Repository, govcheck: Govcheck):
    repository.write("policies/p.yaml", IMPOSSIBLE)
    alone = govcheck("audit")
    assert alone.out.count("could not build a repository that passes: ") == len(["nothing-goes", "secrets"])
    assert "no workflow reads a secret TOKEN" in alone.out
    repository.write("policies/tests/t.yaml", PASSING)
    ran = govcheck("audit")
    assert "can pass: the test at policies/tests/t.yaml:2" in ran.out
    repository.write("policies/tests/t.yaml", PASSING.replace("outcome: pass", "outcome: fail"))
    assert "no workflow reads a secret TOKEN" in govcheck("audit").out


def test_installs_without_a_cache_are_in_the_worst_world():
    text = b"kind: workflow-hygiene\nid: tidy\ncaches: true\n"
    (loaded,) = load_policies([PolicySource("p.yaml", text)])
    assert audit(loaded).finding is not None
