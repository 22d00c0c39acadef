"""The examples and the packaged policies are valid, all of them together."""

from pathlib import Path

import pytest

import govcheck
from govcheck.registry import kinds
from govcheck.sources.policy_files import PolicySource, load_policies

ROOT = Path(__file__).parents[1]
SETS = {
    "governed-delivery": ROOT / "examples" / "governed-delivery",
    "starter": Path(govcheck.__file__).parent / "starter",
    "own": ROOT / "policies",
    "benchmarks": ROOT / "benchmarks" / "policies",
}


def policies(name: str):
    files = sorted(file for file in SETS[name].rglob("*.yaml") if file.parent.name != "tests")
    return load_policies([PolicySource(file.name, file.read_bytes()) for file in files])


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_valid(name: str):
    assert policies(name)


def test_the_users_rules_are_there_in_every_kind():
    assert {loaded.policy.kind for loaded in policies("governed-delivery")} == set(kinds())
