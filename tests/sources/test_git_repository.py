"""Which repository is at hand, and what is said where there is none."""

import os
from pathlib import Path

import pytest

from govcheck.errors import UsageError
from govcheck.sources.git import discovery
from govcheck.sources.git.change import staged_change
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "made")
    made.commit_file("docs/a.md", "a\n")
    return made


def staged_paths(directory: str | None) -> list[str]:
    return [changed.path for changed in staged_change(open_repository(directory)).paths]


def test_the_root_is_found_from_a_folder_below(made: Repository):
    repository = open_repository(str(made.path / "docs"))
    assert repository.root == str(made.path)
    assert repository.git_dir == repository.common_dir == str(made.path / ".git")
    assert repository.head == made.head()
    assert not repository.is_shallow


def test_the_current_directory_counts_without_a_name(made: Repository, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(made.path / "docs")
    assert open_repository().root == str(made.path)


def test_a_symbolic_link_to_a_repository_is_that_repository(made: Repository, tmp_path: Path):
    (tmp_path / "link").symlink_to(made.path)
    assert open_repository(str(tmp_path / "link")).root == str(made.path)


def test_no_commit_yet(tmp_path: Path):
    made = Repository(tmp_path / "made")
    assert open_repository(str(made.path)).head is None


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("how", ["loose", "packed", "detached", "moved"])
def test_head_is_what_git_says(tmp_path: Path, object_format: str, how: str):
    made = Repository(tmp_path / "made", object_format=object_format)
    made.commit_file("a")
    made.commit_file("b")
    if how == "packed":
        made.run("pack-refs", "--all")
    elif how == "detached":
        made.checkout("HEAD~1")
    elif how == "moved":
        made.checkout("topic/one", new=True)
    assert open_repository(str(made.path)).head == made.head()


def test_a_linked_work_tree_has_its_own_root_and_head(made: Repository, tmp_path: Path):
    made.run("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repository.at(tmp_path / "linked")
    commit = linked.commit_file("b.md")
    repository = open_repository(str(linked.path))
    assert repository.root == str(linked.path)
    assert repository.git_dir == str(made.path / ".git/worktrees/linked")
    assert repository.common_dir == str(made.path / ".git")
    assert repository.head == commit != made.head()


def test_a_submodule_is_a_repository_of_its_own(made: Repository, tmp_path: Path):
    outer = Repository(tmp_path / "outer")
    outer.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(made.path), "inner")
    repository = open_repository(str(outer.path / "inner"))
    assert repository.root == str(outer.path / "inner")
    assert repository.git_dir == str(outer.path / ".git/modules/inner")
    assert repository.head == made.head()


def test_a_separate_git_directory(tmp_path: Path):
    tree = tmp_path / "tree"
    tree.mkdir()
    made = Repository.at(tree)
    made.run("init", "--quiet", "--separate-git-dir", str(tmp_path / "elsewhere"))
    repository = open_repository(str(tree))
    assert (repository.root, repository.git_dir) == (str(tree), str(tmp_path / "elsewhere"))


def test_a_configured_work_tree_is_gits_to_find(tmp_path: Path):
    made = Repository(tmp_path / "made")
    (tmp_path / "tree").mkdir()
    made.run("config", "core.worktree", str(tmp_path / "tree"))
    made.stage_entry("a", "a\n")
    assert discovery.find(str(made.path), {}) is None
    assert open_repository(str(made.path)).root == str(tmp_path / "tree")
    assert staged_paths(str(made.path)) == ["a"]


def test_a_root_with_a_newline_in_its_name(tmp_path: Path):
    made = Repository(tmp_path / "a\nb")
    made.commit_file("c")
    made.run("config", "core.bare", "no")
    assert discovery.find(str(made.path), {}) is None
    assert open_repository(str(made.path)).root == str(made.path)


def test_looking_agrees_with_asking(made: Repository):
    """What is found without git is what git finds."""
    found = discovery.find(str(made.path / "docs"), {})
    assert found is not None
    assert found.root == made.run("rev-parse", "--show-toplevel").decode().strip()
    assert found.git_dir == made.run("rev-parse", "--absolute-git-dir").decode().strip()


def test_no_repository(tmp_path: Path):
    with pytest.raises(UsageError, match="is not in a git repository") as raised:
        open_repository(str(tmp_path))
    assert raised.value.exit_code == 2
    assert "-C" in raised.value.hint


def test_no_such_directory(tmp_path: Path):
    with pytest.raises(UsageError, match="is not a directory"):
        open_repository(str(tmp_path / "nowhere"))


def test_a_bare_repository_has_nothing_to_check(tmp_path: Path):
    (tmp_path / "bare").mkdir()
    bare = Repository.at(tmp_path / "bare")
    bare.run("init", "--quiet", "--bare")
    with pytest.raises(UsageError, match="bare repository"):
        open_repository(str(bare.path))


def test_inside_of_a_git_directory(made: Repository):
    with pytest.raises(UsageError, match="no work tree"):
        open_repository(str(made.path / ".git"))


def test_another_users_repository_gets_the_command(made: Repository, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch for its tests
    with pytest.raises(UsageError, match="another user") as raised:
        staged_paths(str(made.path))
    assert f"git config --global --add safe.directory {made.path}" in raised.value.hint


def test_git_is_not_installed(made: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        staged_paths(str(made.path))


def test_a_shallow_clone_says_so(made: Repository, tmp_path: Path):
    made.commit_file("b")
    clone = made.clone(tmp_path / "clone", "--depth=1")
    assert open_repository(str(clone.path)).is_shallow


class TestEnvironment:
    """A hook that git runs has variables of its repository."""

    def test_git_dir_and_work_tree_count(self, made: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        (tmp_path / "tree").mkdir()
        monkeypatch.chdir(tmp_path / "tree")
        monkeypatch.setenv("GIT_DIR", "../made/.git")
        monkeypatch.setenv("GIT_WORK_TREE", ".")
        repository = open_repository()
        assert repository.root == str(tmp_path / "tree")
        assert repository.git_dir == str(made.path / ".git")
        assert repository.head == made.head()
        assert staged_change(repository).paths == ()

    def test_a_named_directory_is_not_confused_by_them(
        self, made: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        other = Repository(tmp_path / "other")
        other.commit_file("o")
        other.write("staged", "x")
        other.stage()
        monkeypatch.chdir(made.path)
        monkeypatch.setenv("GIT_DIR", str(made.path / ".git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(made.path / ".git/index"))
        assert open_repository(str(other.path)).root == str(other.path)
        assert staged_paths(str(other.path)) == ["staged"]

    @pytest.mark.parametrize("directory", [None, ".", "docs"])
    def test_the_index_of_this_very_commit_counts(
        self, made: Repository, monkeypatch: pytest.MonkeyPatch, directory: str | None
    ):
        """`git commit FILE` gives its hook another index than `.git/index`, by a name from the root."""
        made.write("other", "x")
        made.run("add", "other", variables={"GIT_INDEX_FILE": ".git/next"})
        monkeypatch.chdir(made.path)
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/next")
        assert "other" in staged_paths(directory)

    def test_variables_of_no_repository_at_all(self, made: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
        assert open_repository(str(made.path)).root == str(made.path)

    def test_ceilings_are_gits_to_respect(self, made: Repository, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(made.path))
        with pytest.raises(UsageError, match="not in a git repository"):
            open_repository(str(made.path / "docs"))

    def test_a_real_hook_in_a_linked_work_tree(self, made: Repository, tmp_path: Path):
        made.run("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
        hook = made.path / ".git/hooks/pre-commit"
        hook.parent.mkdir()
        hook.write_text('#!/bin/sh\nenv | grep ^GIT_ > "$RECORD"\n')
        hook.chmod(0o755)
        linked = Repository.at(tmp_path / "linked")
        linked.write("new", "x")
        linked.stage()
        record = tmp_path / "record"
        linked.run("commit", "--quiet", "--message", "m", variables={"RECORD": str(record)})
        given = dict(line.split("=", 1) for line in record.read_text().splitlines())
        assert {"GIT_DIR", "GIT_INDEX_FILE"} <= given.keys()
        linked.write("newer", "x")
        linked.stage()
        with pytest.MonkeyPatch.context() as context:
            context.chdir(linked.path)
            for name in ("GIT_DIR", "GIT_INDEX_FILE"):
                context.setenv(name, given[name])
            repository = open_repository()
            assert (repository.root, repository.head) == (str(linked.path), linked.head())
            assert staged_paths(None) == ["newer"]
            assert os.environ["GIT_DIR"] == given["GIT_DIR"]
