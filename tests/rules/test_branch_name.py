"""How branches are named."""

import pytest

from govcheck.facts.commits import BranchName, Commits
from govcheck.findings import Finding, Reason, Undecided
from govcheck.rules.branch_name import BranchNames, branch, detached

POLICY = BranchNames(id="names", names=("batch-{id}/{slug}",), exempt=("dependabot/**",))


def said(name: str | None, default: str | None = None):
    return list(branch.judge(POLICY, BranchName(name, default)))[1:]


@pytest.mark.parametrize("name", ["batch-7/x", "dependabot/npm/x", "main", "master"])
def test_names_that_are_fine(name: str):
    assert said(name) == []


def test_a_name_that_no_template_has():
    (finding,) = said("feature/x")
    assert isinstance(finding, Finding)
    assert (finding.control, finding.subject) == ("name", "feature/x")
    assert finding.message == "The branch `feature/x` is not named as `batch-{id}/{slug}`"
    assert finding.fix is not None
    assert "batch-M10401-stub/chatwoot-health" in finding.fix.text


def test_the_default_branch_is_exempt_and_what_merely_sounds_like_it_is_not():
    assert said("trunk", "trunk") == []
    assert [found.subject for found in said("main", "trunk")] == ["main"]


def test_no_branch_is_nothing_to_a_hook_and_unknown_in_ci():
    assert said(None) == []
    _, doubt = detached.judge(POLICY, BranchName(None), Commits(()))
    assert isinstance(doubt, Undecided)
    assert doubt.reason is Reason.MISSING_OBJECT
    assert len(list(detached.judge(POLICY, BranchName("x"), Commits(())))) == 1


def test_what_the_types_cannot_say():
    wrong = BranchNames(id="x", names=("{a}",), words={"b": ()}, exempt=("{",))
    assert [place for place, _ in wrong.problems()] == [("words", "b"), ("names", 0), ("exempt", 0)]
    assert [place for place, _ in BranchNames(id="x", names=()).problems()] == [("names",)]
