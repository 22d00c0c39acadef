"""What is staged, and what a branch adds: each path with both sides, whatever its name."""

from pathlib import Path

import pytest

from govcheck.errors import SourceError, UsageError
from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.sources.git.change import added_lines, change_between, staged_change
from govcheck.sources.git.comparison import read_raw
from govcheck.sources.git.patch import read_patch
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.revisions import merge_base, resolve
from repositories import Repository, isolate

ADD, MODIFY, DELETE, RENAME = ChangeType.ADD, ChangeType.MODIFY, ChangeType.DELETE, ChangeType.RENAME
TEXT = "".join(f"line {number}\n" for number in range(40))


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "made")


def staged(made: Repository) -> Change:
    return staged_change(open_repository(str(made.path)))


def short(change: Change) -> list[tuple[str, str | None, str]]:
    return [(changed.type.value, changed.previous_path, changed.path) for changed in change.paths]


def test_nothing_is_staged(made: Repository):
    made.commit_file("a", "a\n")
    made.write("a", "changed on disk only\n")
    made.write("untracked")
    assert staged(made).paths == ()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_before_the_first_commit_everything_is_new(tmp_path: Path, object_format: str):
    made = Repository(tmp_path / "new", object_format=object_format)
    made.write("a")
    made.write("b", executable=True)
    made.stage()
    assert staged(made).paths == (
        ChangedPath(type=ADD, path="a", mode="100644", previous_mode=None),
        ChangedPath(type=ADD, path="b", mode="100755", previous_mode=None),
    )


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_every_type_of_change(tmp_path: Path, object_format: str):
    made = Repository(tmp_path / "new", object_format=object_format)
    for name in ("deleted", "edited", "mode", "type"):
        made.write(name, f"{name}\n")
    made.write("old/moved", TEXT)
    made.write("old/edited", TEXT.replace("line", "row"))
    made.stage()
    before = made.commit()
    made.remove("deleted")
    made.write("edited", "other\n")
    made.write("mode", "mode\n", executable=True)
    made.delete("type")
    made.link("type", "mode")
    made.rename("old/moved", "new/moved")
    made.rename("old/edited", "new/edited")
    made.write("new/edited", TEXT.replace("line", "row") + "and more\n", executable=True)
    made.write("added")
    made.stage()
    made.stage_entry("module", "1" * len(before), "160000")
    change = staged(made)
    assert change.paths == (
        ChangedPath(type=ADD, path="added", mode="100644", previous_mode=None),
        ChangedPath(type=DELETE, path="deleted", mode=None, previous_mode="100644"),
        ChangedPath(type=MODIFY, path="edited", mode="100644", previous_mode="100644"),
        ChangedPath(type=MODIFY, path="mode", mode="100755", previous_mode="100644"),
        ChangedPath(type=ADD, path="module", mode="160000", previous_mode=None),
        ChangedPath(type=RENAME, path="new/edited", previous_path="old/edited", mode="100755", previous_mode="100644"),
        ChangedPath(type=RENAME, path="new/moved", previous_path="old/moved", mode="100644", previous_mode="100644"),
        ChangedPath(type=MODIFY, path="type", mode="120000", previous_mode="100644"),
    )
    assert (change.before, change.after) == (before, None)
    after = made.commit()
    between = change_between(open_repository(str(made.path)), before)
    assert (between.paths, between.before, between.after) == (change.paths, before, after)


def test_a_submodules_new_commit_is_a_change_whatever_the_configuration_ignores(made: Repository):
    made.stage_entry("module", "1" * 40, "160000")
    made.write(".gitmodules", '[submodule "module"]\n\tpath = module\n\turl = ./m\n\tignore = all\n')
    made.stage(".gitmodules")
    made.commit()
    made.run("config", "diff.ignoreSubmodules", "all")
    made.run("config", "submodule.module.ignore", "all")
    made.stage_entry("module", "2" * 40, "160000")
    assert short(staged(made)) == [("modify", None, "module")]


def test_the_users_configuration_of_renames_does_not_count(made: Repository):
    made.commit_file("old", TEXT)
    made.rename("old", "new")
    made.write("new", TEXT + "more\n")
    made.stage()
    for key, value in (("diff.renames", "false"), ("diff.renameLimit", "1"), ("diff.noprefix", "true")):
        made.run("config", key, value)
    assert short(staged(made)) == [("rename", "old", "new")]


def test_a_rename_that_is_not_seen_has_still_both_sides(made: Repository):
    made.commit_file("old", TEXT)
    made.remove("old")
    made.write("new", TEXT.upper())
    made.stage()
    assert short(staged(made)) == [("add", None, "new"), ("delete", None, "old")]


def test_a_copy_is_an_addition(made: Repository):
    made.commit_file("a", TEXT)
    made.run("config", "diff.renames", "copies")
    made.write("a", TEXT + "more\n")
    made.write("b", TEXT)
    made.stage()
    assert short(staged(made)) == [("modify", None, "a"), ("add", None, "b")]


def test_a_lost_blob_hides_no_path(made: Repository):
    made.commit_file("old", TEXT)
    made.lose(made.run("rev-parse", "HEAD:old").decode().strip())
    made.run("update-index", "--force-remove", "old")
    made.stage_entry("new", TEXT + "more\n")
    assert short(staged(made)) == [("add", None, "new"), ("delete", None, "old")]


def test_an_intention_to_add_is_no_change(made: Repository):
    made.commit_file("a")
    made.write("intended", "x\n")
    made.run("add", "--intent-to-add", "intended")
    assert staged(made).paths == ()


def test_a_conflict_stops_the_run(made: Repository):
    made.commit_file("both\n", "base\n")
    made.checkout("side", new=True)
    made.commit_file("both\n", "theirs\n")
    made.checkout("main")
    made.commit_file("both\n", "ours\n")
    assert made.ask("merge", "side").returncode == 1
    with pytest.raises(UsageError, match="a merge conflict is not resolved") as raised:
        staged(made)
    assert "git add" in raised.value.hint


def test_a_missing_commit_is_an_error_and_not_an_empty_change(made: Repository):
    made.lose(made.commit_file("a"))
    with pytest.raises(SourceError, match="git diff-index failed"):
        staged(made)


def test_a_broken_head_is_an_error(made: Repository):
    made.commit_file("a")
    (made.path / ".git/HEAD").write_text("no reference\n")
    with pytest.raises(UsageError, match="not in a git repository"):
        staged(made)


class TestBetween:
    """A branch since it left its base."""

    @pytest.fixture
    def branched(self, made: Repository) -> Repository:
        made.commit_file("shared", "1\n")
        made.checkout("topic", new=True)
        made.commit_file("mine", "m\n")
        made.checkout("main")
        made.commit_file("theirs", "t\n")
        made.checkout("topic")
        return made

    def test_only_what_the_head_adds(self, branched: Repository):
        repository = open_repository(str(branched.path))
        assert short(change_between(repository, "main")) == [("add", None, "mine")]
        assert short(change_between(repository, "topic", "main")) == [("add", None, "theirs")]
        assert change_between(repository, "topic").paths == ()

    def test_the_first_of_several_merge_bases_as_git_has_it(self, made: Repository):
        made.commit_file("root")
        for name in ("one", "two"):
            made.run("branch", name)
            made.checkout(name)
            made.commit_file(name)
            made.checkout("main")
        first, second = (made.run("rev-parse", name).decode().strip() for name in ("one", "two"))
        for name, commit in (("one", second), ("two", first)):
            made.checkout(name)
            made.run("merge", "--quiet", "--no-edit", commit)
        made.commit_file("last")
        repository = open_repository(str(made.path))
        raw = made.run("diff", "--name-only", "one...two").decode().split()
        assert [changed.path for changed in change_between(repository, "one", "two").paths] == raw

    def test_a_base_that_only_the_remote_has(self, branched: Repository, tmp_path: Path):
        clone = branched.clone(tmp_path / "clone")
        repository = open_repository(str(clone.path))
        assert clone.ask("rev-parse", "--verify", "main").returncode
        assert short(change_between(repository, "main")) == [("add", None, "mine")]

    def test_an_unknown_base_names_what_was_tried_and_what_to_do(self, branched: Repository):
        repository = open_repository(str(branched.path))
        with pytest.raises(UsageError) as raised:
            change_between(repository, "release/9")
        assert raised.value.exit_code == 2
        assert "'release/9' and 'origin/release/9'" in raised.value.message
        assert "has no remote `origin`" in raised.value.hint

    def test_the_remote_is_no_part_of_what_is_to_be_fetched(self, branched: Repository, tmp_path: Path):
        clone = branched.clone(tmp_path / "clone")
        with pytest.raises(UsageError) as raised:
            change_between(open_repository(str(clone.path)), "origin/release/9")
        assert "fetch-depth: 0" in raised.value.hint
        assert raised.value.hint.endswith("`git fetch origin release/9`")

    def test_a_shallow_clone_without_the_merge_base(self, branched: Repository, tmp_path: Path):
        clone = branched.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
        with pytest.raises(UsageError, match=r"no common ancestor of 'main' .* in this shallow clone") as raised:
            change_between(open_repository(str(clone.path)), "main")
        assert "fetch-depth: 0" in raised.value.hint

    def test_unrelated_histories(self, branched: Repository):
        branched.run("checkout", "--quiet", "--orphan", "other")
        branched.commit_file("o")
        with pytest.raises(UsageError, match="no common ancestor"):
            merge_base(open_repository(str(branched.path)), "main", "other")


@pytest.mark.parametrize(
    "revision",
    ["", "-", "--all", "--output=x", "nothing", "main..main", "HEAD:a", "HEAD^{tree}", "a\0b", "HEAD\n", "^main"],
)
def test_names_that_stand_for_no_commit(made: Repository, revision: str):
    made.commit_file("a")
    with pytest.raises(UsageError):
        resolve(open_repository(str(made.path)), revision)


@pytest.mark.parametrize("revision", ["HEAD", "main", "refs/heads/main", "v1", "HEAD~0", "@"])
def test_names_of_a_commit(made: Repository, revision: str):
    commit = made.commit_file("a")
    made.run("tag", "--annotate", "--message", "m", "v1")
    assert resolve(open_repository(str(made.path)), revision) == commit
    assert resolve(open_repository(str(made.path)), commit[:10]) == commit


class TestAddedLines:
    """Lines that were added, with their numbers."""

    def lines(self, made: Repository) -> object:
        repository = open_repository(str(made.path))
        return added_lines(repository, staged_change(repository)).lines

    def test_numbers_are_those_after_the_change(self, made: Repository):
        made.commit_file("a", "1\n2\n3\n4\n5\n")
        made.write("a", "0\n1\n3\nfour\n5\n6\n7")
        made.stage()
        assert self.lines(made) == {"a": ((1, b"0"), (4, b"four"), (6, b"6"), (7, b"7"))}

    def test_no_lines_at_all(self, made: Repository):
        made.commit_file("a", "1\n2\n")
        made.commit_file("gone", "g\n")
        made.commit_file("mode", "m\n")
        made.write("a", "2\n")
        made.remove("gone")
        made.write("mode", "m\n", executable=True)
        made.write("empty")
        made.stage()
        assert self.lines(made) == {"a": (), "empty": (), "mode": ()}

    def test_lines_that_look_like_headers(self, made: Repository):
        made.commit_file("a", "-- old\n@@ -1 +1 @@\nkept\n")
        content = "++ b/x\n@@ -1,9 +1,9 @@\ndiff --git a/x b/x\nkept\n\\ No newline at end of file\n-- a/x\n"
        made.write("a", content)
        made.write("z", "diff --git a/a b/a\n+++ b/q")
        made.stage()
        assert self.lines(made) == {
            "a": (
                (1, b"++ b/x"),
                (2, b"@@ -1,9 +1,9 @@"),
                (3, b"diff --git a/x b/x"),
                (5, b"\\ No newline at end of file"),
                (6, b"-- a/x"),
            ),
            "z": ((1, b"diff --git a/a b/a"), (2, b"+++ b/q")),
        }

    def test_renames_links_modules_and_types(self, made: Repository):
        made.commit_file("old", TEXT)
        made.link("was-link", "old")
        made.write("will-be-link", "text\n")
        made.stage()
        made.commit()
        made.rename("old", "new")
        made.write("new", TEXT + "more\n")
        made.delete("was-link")
        made.write("was-link", "a file\n")
        made.delete("will-be-link")
        made.link("will-be-link", "x")
        made.link("link", "x")
        made.stage()
        made.stage_entry("module", "1" * 40, "160000")
        made.write("zz", "last\n")
        made.stage("zz")
        assert self.lines(made) == {"new": ((41, b"more"),), "was-link": ((1, b"a file"),), "zz": ((1, b"last"),)}

    def test_no_attribute_and_no_zero_byte_hides_lines(self, made: Repository):
        made.write(".gitattributes", "* -diff binary\n")
        made.write("a", b"\0\r\nkey\n")
        made.stage()
        assert self.lines(made) == {".gitattributes": ((1, b"* -diff binary"),), "a": ((1, b"\0\r"), (2, b"key"))}

    def test_odd_names(self, made: Repository):
        for name in (b"a\nb", b"q\"'", b"t\tb", b"\xff", b" -> ", b"b/x b/x"):
            made.write(name, name + b"!")
        made.stage()
        assert self.lines(made) == {
            "a\nb": ((1, b"a"), (2, b"b!")),
            "q\"'": ((1, b"q\"'!"),),
            "t\tb": ((1, b"t\tb!"),),
            "\udcff": ((1, b"\xff!"),),
            " -> ": ((1, b" -> !"),),
            "b/x b/x": ((1, b"b/x b/x!"),),
        }

    def test_one_lost_blob_leaves_the_others(self, made: Repository):
        made.commit_file("lost", "1\n2\n")
        made.commit_file("kept", "1\n2\n")
        made.commit_file("kept", "one\n2\n")
        made.lose(made.run("rev-parse", "HEAD:lost").decode().strip())
        made.stage_entry("lost", "1\n2\n3\n")
        made.stage_entry("kept", "one\n2\nthree\n")
        made.stage_entry("new", "n\nm")
        lines = self.lines(made)
        assert isinstance(lines, dict)
        assert "does not have the file's content" in lines.pop("lost").message
        assert lines == {"kept": ((3, b"three"),), "new": ((1, b"n"), (2, b"m"))}


@pytest.mark.parametrize(
    "patch",
    [
        b"no header\n",
        b"diff --git a/a b/a\n@@ -0,0 +1,2 @@\n+one\n",
        b"diff --git a/a b/a\n@@ -0,0 +1,2 @@\n+one\ndiff --git a/b b/b\n",
        b"diff --git a/a b/a\n@@ -1,2 +1 @@\n-one\n context\n",
    ],
)
def test_a_patch_that_is_not_as_documented_is_an_error(patch: bytes):
    with pytest.raises(SourceError, match="git's patch"):
        list(read_patch(patch))


@pytest.mark.parametrize(
    "output", [b"junk\0", b":100644 100644 1 2 M\0", b":100644 100644 1 2 R100\0a\0", b"1 2 3 4 M\0a\0"]
)
def test_records_that_are_not_as_documented_are_an_error(output: bytes):
    with pytest.raises(SourceError, match="not in the format"):
        read_raw(output)
