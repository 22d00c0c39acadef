"""Commits between two states, the branch that is checked out, and the sizes of changed files."""

from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.commits import Commit
from govcheck.facts.sizes import FileSize
from govcheck.sources.git.change import change_between
from govcheck.sources.git.changed_sizes import read_changed_sizes
from govcheck.sources.git.commits import branch_name, read_commits
from govcheck.sources.git.listing import list_state
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision
from repositories import Repository, isolate


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    repository = Repository(tmp_path / "r")
    repository.commit_file("a.txt")
    return repository


def head(made: Repository) -> str:
    return made.run("rev-parse", "HEAD").decode().strip()


def test_commits_come_oldest_first_and_whole(made: Repository):
    base = head(made)
    message = "One: a subject\nof two lines\n\nBody\n\nRefs: #1\n\x01 odd"
    made.run("commit", "--allow-empty", "-q", "-F", "-", given=message.encode())
    made.run("commit", "--allow-empty", "-q", "--allow-empty-message", "-m", "")
    first, second = read_commits(open_repository(str(made.path)), base, head(made)).commits
    assert (first.subject, first.message.rstrip("\n"), first.parents) == (
        "One: a subject of two lines",
        message,
        (base,),
    )
    assert (first.author_name, first.committer_email) == ("Ada Author", "carl@example.com")
    assert (second.subject, second.parents, second.is_merge) == ("", (first.id,), False)
    assert read_commits(open_repository(str(made.path)), head(made), head(made)).commits == ()


def test_a_merge_and_what_it_brings(made: Repository):
    base = head(made)
    made.run("checkout", "-q", "-b", "side")
    made.commit_file("b.txt")
    made.run("checkout", "-q", "main")
    made.commit_file("c.txt")
    made.run("merge", "-q", "--no-ff", "-m", "join", "side")
    commits = read_commits(open_repository(str(made.path)), base, head(made)).commits
    assert [commit.is_merge for commit in commits] == [False, False, True]


def test_the_branch_that_is_checked_out(made: Repository):
    made.run("checkout", "-q", "-b", "feature/ä-1")
    assert branch_name(open_repository(str(made.path))).name == "feature/ä-1"
    made.run("checkout", "-q", "--detach")
    assert branch_name(open_repository(str(made.path))).name is None


def test_sizes_of_what_a_change_leaves(made: Repository):
    base = head(made)
    made.write("big.bin", b"\0" * 2_000_000)
    made.write("small.bin", b"a\0b")
    made.write("text.txt", "ä\n")
    made.link("link", "text.txt")
    made.stage("big.bin", "small.bin", "text.txt", "link")
    made.remove("a.txt")
    made.commit()
    repository = open_repository(str(made.path))
    change = change_between(repository, base, head(made))
    sizes = read_changed_sizes(repository, change, list_state(repository, AtRevision(head(made)))).sizes
    assert sizes == {
        "big.bin": FileSize(bytes=2_000_000, binary=None),
        "small.bin": FileSize(bytes=3, binary=True),
        "text.txt": FileSize(bytes=3, binary=False),
    }
    assert not any(isinstance(size, Missing) for size in sizes.values())


def test_a_subject_is_the_first_paragraph():
    known = {"id": "1", "parents": (), "author_name": "", "author_email": ""}
    commit = Commit(**known, committer_name="", committer_email="", authored_at=None, message="\n\n a\nb \n\nc")
    assert commit.subject == "a b"


def test_the_branch_of_a_rebase_and_the_remotes_default(made: Repository):
    made.run("update-ref", "refs/remotes/origin/trunk", "HEAD")
    made.run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    made.checkout("topic", new=True)
    made.commit_file("t.txt", "t")
    made.ask("rebase", "--exec", "false", "HEAD~1")
    told = branch_name(open_repository(str(made.path)))
    assert (told.name, told.default) == ("topic", "trunk")
    made.run("rebase", "--abort")
    made.run("checkout", "-q", "--detach")
    assert branch_name(open_repository(str(made.path))).name is None
