"""The bytes of tracked files: all of them right, or `Missing` with a reason; never a byte from outside."""

import os
from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.globs import compile_globs
from govcheck.sources.git.blobs import read_blob, read_blobs
from govcheck.sources.git.listing import Listing, list_state
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision, InIndex, OnDisk
from repositories import Repository, isolate


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "made")


def read(made: Repository, path: str, **options: int) -> bytes | Missing | None:
    repository = open_repository(str(made.path))
    return read_blob(repository, list_state(repository, OnDisk()), path, **options)


def message(blob: bytes | Missing | None) -> str:
    assert isinstance(blob, Missing)
    return blob.message


def test_regular_files_are_read_in_any_state(made: Repository):
    made.write("docs/a.md", "a\n")
    made.write("docs/deep/b.md", "b\n")
    made.write("c.txt", "c\n")
    made.link("docs/link.md", "a.md")
    made.stage()
    commit = made.commit()
    repository = open_repository(str(made.path))
    docs = compile_globs(("docs/**",))
    for state in (AtRevision(commit), InIndex(), OnDisk()):
        listing = list_state(repository, state)
        assert read_blobs(repository, listing, docs.accepted(listing.modes)) == {
            "docs/a.md": b"a\n",
            "docs/deep/b.md": b"b\n",
        }


def test_each_state_has_its_own_bytes(made: Repository):
    first = made.commit_file("a", "first\n")
    made.commit_file("a", "second\n")
    made.write("a", "staged\n")
    made.stage()
    made.write("a", "on disk\n")
    repository = open_repository(str(made.path))
    states = [AtRevision(first), AtRevision(made.head()), InIndex(), OnDisk()]
    found = [read_blob(repository, list_state(repository, state), "a") for state in states]
    assert found == [b"first\n", b"second\n", b"staged\n", b"on disk\n"]


def test_bytes_are_not_translated(made: Repository):
    made.run("config", "core.autocrlf", "true")
    content = b"a\r\nb\n\0\xff missing\nblob 5\n"
    made.write(".gitattributes", "* -text ident\n")
    made.write("a", content)
    made.stage()
    made.commit()
    repository = open_repository(str(made.path))
    for state in (AtRevision(made.head()), InIndex(), OnDisk()):
        assert read_blob(repository, list_state(repository, state), "a") == content


def test_many_and_large_files(made: Repository):
    expected = {f"{number:04}": os.urandom(2_000) for number in range(400)} | {
        "large": os.urandom(4_000_000),
        "none": b"",
    }
    for path, content in expected.items():
        made.write(path, content)
    made.stage()
    repository = open_repository(str(made.path))
    for state in (InIndex(), OnDisk()):
        listing = list_state(repository, state)
        assert read_blobs(repository, listing, listing.modes) == expected


@pytest.mark.parametrize("state", [InIndex(), OnDisk()])
def test_the_limit_is_exact(made: Repository, state: InIndex | OnDisk):
    made.write("ten", b"x" * 10)
    made.write("eleven", b"x" * 11)
    made.stage()
    repository = open_repository(str(made.path))
    contents = read_blobs(repository, list_state(repository, state), ["ten", "eleven"], limit=10)
    assert contents["ten"] == b"x" * 10
    large = contents["eleven"]
    assert isinstance(large, Missing)
    assert large.reason is Reason.UNPARSEABLE
    assert large.message == "the file has 11 bytes; more than 10 are not read"


def test_a_path_that_is_not_tracked_has_no_entry(made: Repository):
    made.write("untracked", "x")
    assert read(made, "untracked") is None


def test_a_damaged_object_does_not_hide_the_others(made: Repository):
    content = {name: os.urandom(500) for name in "abc"}
    for name, data in content.items():
        made.commit_file(name, data)
    blob = made.run("rev-parse", "HEAD:b").decode().strip()
    file = made.path / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:250])
    repository = open_repository(str(made.path))
    listing = list_state(repository, InIndex())
    contents = read_blobs(repository, listing, ["a", "b", "c"])
    assert (contents["a"], contents["c"]) == (content["a"], content["c"])
    damaged = contents["b"]
    assert isinstance(damaged, Missing)
    assert damaged.reason is Reason.MISSING_OBJECT


def test_an_index_entry_that_is_no_blob(made: Repository):
    made.commit_file("d/a")
    tree = made.run("rev-parse", "HEAD:d").decode().strip()
    made.run("update-index", "--index-info", given=f"100644 {tree}\tfalse\n".encode())
    repository = open_repository(str(made.path))
    assert "not a file's content" in message(read_blob(repository, list_state(repository, InIndex()), "false"))


class TestOnDisk:
    """No path leaves the work tree."""

    def test_deleted(self, made: Repository):
        made.commit_file("d/a")
        made.delete("d/a")
        assert "not on the disk" in message(read(made, "d/a"))
        (made.path / "d").rmdir()
        assert "not on the disk" in message(read(made, "d/a"))

    def test_a_file_that_became_a_link(self, made: Repository, tmp_path: Path):
        (tmp_path / "secret").write_text("secret")
        made.commit_file("a", "a\n")
        made.delete("a")
        made.link("a", str(tmp_path / "secret"))
        assert "symbolic link" in message(read(made, "a"))

    def test_a_folder_that_became_a_link(self, made: Repository, tmp_path: Path):
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "a").write_text("secret")
        made.commit_file("d/a", "a\n")
        made.delete("d/a")
        (made.path / "d").rmdir()
        made.link("d", str(tmp_path / "outside"))
        assert "symbolic link" in message(read(made, "d/a"))

    def test_a_file_that_became_a_folder_and_the_reverse(self, made: Repository):
        made.commit_file("a")
        made.commit_file("d/b")
        for path in ("a", "d/b"):
            made.delete(path)
        (made.path / "d").rmdir()
        made.write("a/x")
        made.write("d")
        assert "no regular file" in message(read(made, "a"))
        assert "no regular file" in message(read(made, "d/b"))

    def test_a_pipe_does_not_block(self, made: Repository):
        made.commit_file("a")
        made.delete("a")
        os.mkfifo(made.path / "a")
        assert "no regular file" in message(read(made, "a"))

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read(self, made: Repository):
        made.commit_file("a")
        (made.path / "a").chmod(0)
        assert "cannot be read" in message(read(made, "a"))

    @pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "d/../../outside", ".git/config", "d//a"])
    def test_an_index_made_by_hand(self, made: Repository, tmp_path: Path, path: str):
        """Git refuses to write such an index; what reads one must not rely on that."""
        (tmp_path / "outside").write_text("secret")
        made.commit_file("d/a")
        repository = open_repository(str(made.path))
        listing = Listing(OnDisk(), {path: "100644"}, {path: "0" * 40})
        assert "leaves the work tree" in message(read_blob(repository, listing, path))
