"""What the packaged sets say of themselves is true: every control is accounted for, and every policy has one."""

from pathlib import Path

import pytest

import govcheck
from govcheck.errors import PolicyError
from govcheck.packaged_sets import CONTROLS, DESCRIPTION, PACKAGED
from govcheck.sources.control_files import load_controls
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.set_files import load_set_file

ROOT = Path(__file__).parents[1]
SETS = Path(govcheck.__file__).parent / "sets"
MAPPED = {"openssf-baseline": 65, "cis-github": 120}
"""Set to how many controls the benchmark has."""


def controls(name: str):
    return load_controls(CONTROLS, (SETS / name / CONTROLS).read_bytes())


@pytest.mark.parametrize("name", MAPPED)
def test_every_control_is_there_and_every_policy_holds_one(name: str):
    files = [file for file in sorted((SETS / name).glob("*.yaml")) if not file.name.startswith("_")]
    ids = {loaded.policy.id for loaded in load_policies([PolicySource(file.name, file.read_bytes()) for file in files])}
    found = controls(name)
    assert len(found.controls) == MAPPED[name]
    assert {policy for control in found.controls for policy in control.policies} == ids
    assert load_set_file(DESCRIPTION, (SETS / name / DESCRIPTION).read_bytes()).said.version in found.version


def test_the_sets_that_are_named_are_those_that_are_there():
    assert sorted(PACKAGED) == sorted([*(folder.name for folder in SETS.iterdir() if folder.is_dir()), "starter"])


def test_one_text_is_both_the_example_and_the_packaged_set():
    example = (ROOT / "examples" / "governed-delivery").resolve()
    assert (SETS / "governed-delivery").resolve() == example
    assert (SETS / "third-party-services").resolve() == example / "third-party-services"


@pytest.mark.parametrize(
    ("control", "why"),
    [
        ("{id: a, title: t}", "exactly one of"),
        ("{id: a, title: t, policies: [p], not_covered: w}", "exactly one of"),
        ("{id: a, title: t, not_covered: w, partly: x}", "it goes with `policies`"),
        ("{id: a, title: t, not_covered: w}, {id: a, title: t, not_covered: w}", "is there twice"),
        ("{id: a, title: t, not_covered: w, state: held}", "unknown key `state`"),
    ],
)
def test_a_control_says_one_thing(control: str, why: str):
    text = f"benchmark: b\nversion: v\nsource: s\ncontrols: [{control}]\n"
    with pytest.raises(PolicyError) as caught:
        load_controls("c.yaml", text.encode())
    assert why in str(caught.value)
