"""The examples of every kind, as its page shows them, come out as it says."""

from pathlib import Path

import pytest

from govcheck.app import given
from govcheck.generate.examples import FOLDER, HEADINGS, why_not
from govcheck.policy_tests.comparing import compare
from govcheck.policy_tests.model import Expect
from govcheck.registry import kinds
from govcheck.report import PolicyResult
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_test_files import LoadedTest, WrittenTests, load_tests

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / FOLDER


@pytest.fixture(params=kinds())
def name(request) -> str:
    return request.param


def of_kind(name: str, folder: Path) -> tuple[given.Tested, tuple[LoadedTest, ...]]:
    """The policies of a kind, alone in a folder, and their tests."""
    data = (EXAMPLES / f"{name}.yaml").read_bytes()
    (folder / f"{name}.yaml").write_bytes(data)
    loaded = load_policies([PolicySource(f"{name}.yaml", data)])
    written = WrittenTests(f"{name}.yaml", (EXAMPLES / "tests" / f"{name}.yaml").read_bytes())
    tested = given.Tested(folders=(str(folder),), written=(), loaded=loaded)
    return tested, load_tests([written], tested.ids)


def test_a_kind_shows_every_outcome_with_its_whole_message(name: str, tmp_path: Path):
    tested, tests = of_kind(name, tmp_path)
    assert {one.policy.kind for one in tested.loaded} == {name}
    impossible = why_not((EXAMPLES / "tests" / f"{name}.yaml").read_text())
    failing = {named for one in tests if one.test.expect.outcome == "fail" for named in one.test.ids}
    assert failing == (frozenset() if "fail" in impossible else tested.ids)
    shown = [one.test.expect.outcome for one in tests]
    assert {*shown, *impossible} == set(HEADINGS)
    assert impossible.keys().isdisjoint(shown)
    for one in tests:
        results = given.judge(one.test, EXAMPLES, tested)
        comparison = compare(one.test.expect, results)
        assert comparison.holds, "\n".join((one.test.test, *comparison.diff))
        assert said(one.test.expect) == told(results), one.test.test


def said(expect: Expect) -> list[str]:
    """Every message that the page shows, with its weight."""
    findings = [f"{one.severity or 'error'}: {one.message}" for one in expect.findings or ()]
    return sorted([*findings, *(f"{one.reason}: {one.message}" for one in expect.unknowns or ())])


def told(results: tuple[PolicyResult, ...]) -> list[str]:
    findings = [f"{one.severity}: {one.finding.message}" for result in results for one in result.findings]
    unknowns = [one.undecided for result in results for one in result.unknowns]
    return sorted([*findings, *(f"{one.reason.value}: {one.message}" for one in unknowns)])
