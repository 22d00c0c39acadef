"""`examples/governed-delivery/README.md` is true of the policies beside it, and its sums are those of its rows."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from govcheck.findings import Json
from govcheck.policy import LoadedPolicy
from govcheck.policy_tests.model import PolicyTest
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_test_files import WrittenTests, load_tests

FOLDER = Path(__file__).parents[1] / "examples" / "governed-delivery"
README = (FOLDER / "README.md").read_text("utf-8")
SECTIONS = {
    "direction": "The direction",
    "lists and gates": "Lists, rules and gates",
    "contradictions": "Contradictions",
}
HELD, NEVER, LATER = "held", "no machine can", "not yet"

_LINK = re.compile(r"\[([a-z0-9-]+)\]\(([a-z0-9/.-]+\.yaml)\)")
_SHOWN_BY_AUDIT = frozenset({"alert-receivers", "clean-tree", "service-level", "stale-branches", "sweep-freshness"})
"""Kinds whose facts no test of policies can give: a clone's state, kept sweeps, other services."""

_NEEDS_A_TOOL = frozenset({"zizmor-agrees", "no-secrets-in-deploy-logs"})


def files() -> list[Path]:
    return [file for file in sorted(FOLDER.rglob("*.yaml")) if "tests" not in file.relative_to(FOLDER).parts]


def policies() -> tuple[LoadedPolicy, ...]:
    return load_policies([PolicySource(file.relative_to(FOLDER).as_posix(), file.read_bytes()) for file in files()])


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the tables of a section, without heads and rules."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and not cells[0].startswith("---") and cells[0] not in {"where", "contradiction"}:
            yield cells


def state(cells: list[str]) -> str:
    """What a row says: its cell of policies begins with one, or with why there is none."""
    said = [cell for cell in cells if cell.startswith(("[", f"{NEVER}, ", f"{LATER}: "))]
    assert len(said) == 1, cells
    return next((word for word in (NEVER, LATER) if said[0].startswith(word)), HELD)


def sums() -> dict[str, Json]:
    return {
        cells[0]: [int(cell) for cell in cells[1:]]
        for cells in rows("How much is held")
        if len(cells) == 5 and cells[0] not in {"", "together"}
    }


def test_every_policy_that_is_named_is_in_the_file_that_is_linked():
    there = {(loaded.policy.id, loaded.path) for loaded in policies()}
    assert set(_LINK.findall(README)) <= there


def test_every_policy_is_named():
    assert {loaded.policy.id for loaded in policies()} <= {name for name, _ in _LINK.findall(README)}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_sums_are_those_of_the_rows(name: str):
    counted = Counter(state(cells) for cells in rows(SECTIONS[name]))
    assert sums()[name] == [counted.total(), counted[HELD], counted[NEVER], counted[LATER]]


def test_the_reasons_add_up():
    reasons = Counter(
        cell.removeprefix(f"{NEVER}, ").partition(":")[0]
        for name in ("direction", "lists and gates")
        for cells in rows(SECTIONS[name])
        for cell in cells
        if cell.startswith(f"{NEVER}, ")
    )
    told = README.partition("by reason: ")[2].partition(". ")[0]
    assert Counter({reason: int(number) for number, reason in re.findall(r"(\d+) ([a-zA-Z ]+)", told)}) == reasons


def test_the_whole_is_the_sum_of_the_parts():
    (together,) = [cells for cells in rows("How much is held") if cells[0] == "together"]
    assert [int(cell) for cell in together[1:]] == [sum(column) for column in zip(*sums().values(), strict=True)]


def shown_to_fail(one: PolicyTest) -> set[str]:
    """The policies of which a test expects a finding, or the outcome `fail`."""
    (alone, *others) = one.ids
    said = one.expect.outcome
    outcomes = said if isinstance(said, dict) else {alone: said or ""}
    told = [*(one.expect.findings or ()), *one.expect.findings_include]
    found = {finding.policy or alone for finding in told} if told and (not others or told[0].policy) else set[str]()
    return found | {name for name, outcome in outcomes.items() if outcome == "fail"}


def test_every_policy_is_shown_to_fail():
    """By a test beside it; where no test can give the facts, `audit` shows it (tests/app/test_audit.py)."""
    loaded = policies()
    written = [WrittenTests(str(file), file.read_bytes()) for file in sorted((FOLDER / "tests").glob("*.yaml"))]
    tests = load_tests(written, [one.policy.id for one in loaded])
    failing = {name for one in tests for name in shown_to_fail(one.test)}
    left = [one.policy for one in loaded if one.policy.id not in failing and one.policy.kind != "custom"]
    assert {policy.kind for policy in left if policy.id not in _NEEDS_A_TOOL} <= _SHOWN_BY_AUDIT
