"""Whose paths a change may touch, and files that only grow."""

import itertools

import pytest

from govcheck.facts import Missing
from govcheck.facts.change import Change, ChangedPath, ChangeType, RemovedLines
from govcheck.facts.commits import BranchName, Commit, Commits
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import LinkedIssues, PullRequest, StatedChange
from govcheck.findings import Reason, Settled, Undecided
from govcheck.rules.allowed_paths import AllowedPaths, Role, growing_files, role_by_issue, role_paths, role_untold

FILE = "100644"
ROLES = (
    Role(name="manager", author=("Boss",), allow=("**",)),
    Role(name="agent", branch=("agent/{agent}/{slug}",), allow=("app/**", "feedback/<agent>/<YYYY-MM-DD>.md")),
    Role(name="docs", label="docs", allow=("docs/**",)),
)
WORDS = {"agent": ("qa", "ads")}
POLICY = AllowedPaths(id="own", roles=ROLES, words=WORDS)
NOBODY = StatedChange(None)
COMMITS = Commits(
    (
        Commit(
            id="a" * 40, parents=(), author_name="", author_email="", committer_name="", committer_email="",
            authored_at=None, message="",
        ),
    )
)  # fmt: skip


def change(*paths: str) -> Change:
    return Change(tuple(ChangedPath(type=ChangeType.MODIFY, path=one, mode=FILE, previous_mode=FILE) for one in paths))


def stated(author: str = "octocat", *labels: str) -> StatedChange:
    return StatedChange(
        PullRequest(
            number=1, title="", body="", author=author, draft=False, base_branch="main", base_commit="a" * 40,
            head_branch="x", head_commit="b" * 40, from_fork=False, labels=labels,
        )
    )  # fmt: skip


def said(check, *facts):
    return list(itertools.islice(check.judge(*facts), 1, None))


@pytest.mark.parametrize(
    ("branch", "who", "wrong"),
    [
        ("agent/qa/tiles", stated(), ["docs/a.md"]),
        ("agent/pm/tiles", stated("o", "DOCS"), ["app/x", "feedback/ads/2025-10-17.md"]),
        ("agent/qa/tiles", stated("boss"), []),
        ("agent/pm/tiles", stated(), ["agent/pm/tiles"]),
    ],
)
def test_the_first_role_that_fits_decides(branch: str, who: StatedChange, wrong: list[str]):
    touched = change("app/x", "docs/a.md", "feedback/ads/2025-10-17.md")
    assert [one.subject for one in said(role_paths, POLICY, touched, BranchName(branch), who)] == wrong


def test_a_finding_names_the_role():
    (finding,) = said(role_paths, POLICY, change("docs/a.md"), BranchName("agent/qa/x"), stated())
    assert finding.message == "`docs/a.md` is modified outside the paths of the role `agent`"
    (finding,) = said(role_paths, POLICY, change("x"), BranchName("y"), stated())
    assert (finding.control, finding.message) == (
        "role",
        "The change belongs to none of the roles `manager`, `agent`, `docs`",
    )


def test_whoever_has_no_role_has_the_policys_own_list():
    policy = AllowedPaths(id="own", roles=ROLES, words=WORDS, allow=("tests/**",))
    found = said(role_paths, policy, change("tests/x", "app/x"), BranchName("y"), stated())
    assert [one.message for one in found] == ["`app/x` is modified outside `allow`, as the change belongs to no role"]


def test_at_a_commit_a_branch_tells_what_it_can_and_ci_says_what_it_cannot():
    by_branch = AllowedPaths(id="own", roles=ROLES[1:2], words=WORDS)
    assert len(said(role_paths, by_branch, change("x"), BranchName("agent/qa/x"), NOBODY)) == 1
    assert said(role_paths, POLICY, change("x"), BranchName("agent/qa/x"), NOBODY) == []
    (doubt,) = said(role_untold, POLICY, change("x"), BranchName("agent/qa/x"), NOBODY, COMMITS)
    assert isinstance(doubt, Undecided)
    assert "the role `manager`'s depends on the pull request's author" in doubt.message
    assert said(role_untold, POLICY, change("x"), BranchName("agent/qa/x"), stated(), COMMITS) == []


def issues(body: str, status: int = 200) -> LinkedIssues:
    answer = Answer(endpoint="issues/1", status=status, message="", body={"body": body} if status == 200 else None)
    return LinkedIssues("o/r", {"o/r#1": answer})


def test_an_issue_tells_the_role():
    policy = AllowedPaths(id="own", roles=(Role(name="qa", issue={"Agent": "qa"}, allow=("tests/**",)),))
    facts = (policy, change("app/x"), BranchName("y"), stated())
    (doubt,) = said(role_paths, *facts)
    settled, finding = said(role_by_issue, *facts, issues("### Agent\n\nQA\n"))
    assert settled == Settled(doubt)
    assert finding.subject == "app/x"
    settled, finding = said(role_by_issue, *facts, issues("### Agent\n\nads\n"))
    assert finding.control == "role"
    (settled,) = said(role_by_issue, *facts, issues("", 404))
    assert settled.instead is not None


def test_files_that_only_grow():
    policy = AllowedPaths(id="own", additions_only=("feedback/**",))
    old = {"mode": FILE, "previous_mode": FILE}
    entries = (
        ChangedPath(type=ChangeType.MODIFY, path="feedback/a", **old),
        ChangedPath(type=ChangeType.MODIFY, path="feedback/b", **old),
        ChangedPath(type=ChangeType.MODIFY, path="feedback/c", **old),
        ChangedPath(type=ChangeType.DELETE, path="feedback/d", mode=None, previous_mode=FILE),
        ChangedPath(type=ChangeType.RENAME, path="x", previous_path="feedback/e", **old),
        ChangedPath(type=ChangeType.ADD, path="feedback/f", mode=FILE, previous_mode=None),
        ChangedPath(type=ChangeType.MODIFY, path="y", **old),
    )
    gone = Missing(reason=Reason.UNPARSEABLE, message="odd")
    removed = RemovedLines({"feedback/a": 0, "feedback/b": 2, "feedback/c": gone, "y": 3})
    found = said(growing_files, policy, Change(entries), removed)
    assert [(type(one).__name__, one.subject) for one in found] == [
        ("Finding", "feedback/b"),
        ("Undecided", "feedback/c"),
        ("Finding", "feedback/d"),
        ("Finding", "feedback/e"),
    ]
    assert found[0].message == "`feedback/b` loses or changes 2 lines, and only additions are allowed to it"
    assert found[2].message == "`feedback/d` is deleted, and only additions are allowed to it"


def test_what_the_types_cannot_say():
    wrong = AllowedPaths(
        id="own",
        roles=(Role(name="a", allow=("<x>",)), Role(name="b", branch=("{x}",), allow=())),
        additions_only=("[",),
    )
    assert [place for place, _ in wrong.problems()] == [
        ("additions_only", 0),
        ("roles", 0, "allow", 0),
        ("roles", 0),
        ("roles", 1, "branch", 0),
    ]
