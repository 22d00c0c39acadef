"""What a clone remembers of its remote, by real git; and the command that takes a branch away."""

import shlex
from datetime import datetime
from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.now import Now
from govcheck.rules.stale_branches import StaleBranches, tracked
from govcheck.sources.git.remote_branches import knows_branches, read_remote_branches
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    made = Repository(tmp_path / "origin")
    made.commit_file("a.txt", "a")
    made.run("branch", "feature/it's-old")
    made.run("branch", "other")
    made.run("config", "receive.denyDeleteCurrent", "ignore")
    return made


def clone(origin: Repository, *arguments: str) -> Repository:
    path = origin.path.parent / "clone"
    origin.run("clone", "--quiet", *arguments, origin.path.as_uri(), str(path))
    return Repository.at(path)


def read(repository: Repository):
    return read_remote_branches(open_repository(str(repository.path)))


def knows(repository: Repository) -> bool:
    return knows_branches(open_repository(str(repository.path)))


def test_a_clone_knows_the_branches_of_its_remote(origin: Repository):
    copy = clone(origin)
    found = read(copy)
    assert {branch.name for branch in found.branches} == {"main", "feature/it's-old", "other"}
    assert {branch.owner for branch in found.branches} == {"Carl Committer"}
    assert (found.default, found.fetched_at) == ("main", None)
    assert all(branch.committed_at and branch.committed_at.tzinfo for branch in found.branches)
    assert knows(copy)


def test_what_it_fetched_later_counts_too(origin: Repository):
    copy = clone(origin, "--single-branch")
    assert not knows(copy)
    copy.run("fetch", "--quiet", "origin", "other:refs/remotes/origin/other")
    assert knows(copy)
    assert {branch.name for branch in read(copy).branches} == {"main", "other"}
    assert read(copy).fetched_at is not None


def test_a_repository_without_a_remote_knows_none(origin: Repository):
    assert not knows(origin)
    assert read(origin).branches == ()


def test_a_branch_whose_commit_is_not_there_is_missing(origin: Repository):
    copy = clone(origin)
    (copy.path / ".git" / "refs" / "remotes" / "origin" / "gone").write_text(f"{'1' * 40}\n")
    found = read(copy)
    assert isinstance(found, Missing)
    assert "for-each-ref" in found.message


def test_what_was_merged_on_the_web_is_its_authors(origin: Repository):
    copy = clone(origin)
    copy.run("commit", "--quiet", "--allow-empty", "-m", "x", variables={"GIT_COMMITTER_NAME": "GitHub"})
    copy.run("update-ref", "refs/remotes/origin/web", "HEAD")
    (web,) = [branch for branch in read(copy).branches if branch.name == "web"]
    assert web.owner == "Ada Author"


def test_the_command_takes_the_branch_away_only_while_it_is_as_it_was_judged(origin: Repository):
    copy = clone(origin)
    policy = StaleBranches(id="old", older_than="14d", keep=("other",))
    (found,) = [
        one
        for one in tracked.judge(policy, read(copy), Now(datetime.fromisoformat("2026-11-27T12:00:00Z")))
        if hasattr(one, "fix")
    ]
    assert found.subject == "feature/it's-old"
    _, *arguments = shlex.split(found.fix.command)
    moved = origin.run("commit-tree", "-m", "x", "HEAD^{tree}").decode().strip()
    before = origin.run("rev-parse", "feature/it's-old").decode().strip()
    origin.run("update-ref", "refs/heads/feature/it's-old", moved)
    assert copy.ask(*arguments).returncode != 0
    origin.run("update-ref", "refs/heads/feature/it's-old", before)
    copy.run(*arguments)
    assert b"feature" not in origin.run("for-each-ref", "refs/heads/")
