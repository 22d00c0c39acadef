"""The commits of a change: all of them, with their texts as they are."""

from govcheck.facts.commits import Commit
from govcheck.sources.git.change import change_between
from govcheck.sources.git.commits import read_commits
from govcheck.sources.git.repository import open_repository
from repositories import Repository


def test_every_commit_of_a_branch(tmp_path):
    made = Repository(tmp_path)
    made.commit("start")
    made.checkout("feature", new=True)
    first = made.commit_file("a", "a")
    made.run("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", "Zwei\xa0\n\nBody\n\n  more\n")
    second = made.head()
    made.checkout("main")
    made.commit_file("b", "b")
    made.checkout("feature")
    made.run("merge", "--quiet", "--no-edit", "main")
    repository = open_repository(str(tmp_path))
    found = read_commits(repository, change_between(repository, "main"))
    assert [commit.sha for commit in found.commits] == [made.head(), second, first]
    assert [commit.parents for commit in found.commits] == [2, 1, 1]
    assert found.commits[1] == Commit(
        sha=second,
        message="Zwei\xa0\n\nBody\n\n  more",
        author_name="Ada Author",
        author_email="ada@example.com",
        committer_name="Carl Committer",
        committer_email="carl@example.com",
        parents=1,
    )


def test_a_branch_without_commits_of_its_own(tmp_path):
    made = Repository(tmp_path)
    made.commit()
    repository = open_repository(str(tmp_path))
    assert read_commits(repository, change_between(repository, "main")).commits == ()


def test_text_that_is_not_utf_8_is_latin_1_as_git_has_it(tmp_path):
    made = Repository(tmp_path)
    made.commit()
    made.checkout("feature", new=True)
    made.run("commit", "--quiet", "--allow-empty", "-F", "-", given=b"caf\xe9")
    repository = open_repository(str(tmp_path))
    (found,) = read_commits(repository, change_between(repository, "main")).commits
    assert found.message == "café"
