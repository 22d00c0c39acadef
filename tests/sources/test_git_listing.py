"""What is tracked, in a commit, in the index and on the disk."""

from pathlib import Path

import pytest

from govcheck.errors import SourceError
from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.git.blobs import read_blobs
from govcheck.sources.git.listing import list_state, tracked, tree_at, tree_of_index
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision, InIndex, OnDisk
from repositories import Repository, isolate

ODD = [b"-rf", b":(glob)x", b"a\nb", b"a\tb", b'q"uote', b"back\\slash", b"\xff\xfe", "é.md".encode(), b"sp ace", b"*"]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "made")


def test_an_empty_repository_tracks_nothing(made: Repository):
    assert tree_of_index(open_repository(str(made.path))).modes == {}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_modes(tmp_path: Path, object_format: str):
    made = Repository(tmp_path / "odd", object_format=object_format)
    made.write("file", "f")
    made.write("tool", "t", executable=True)
    made.link("link", "../outside")
    made.stage()
    inner = "1" * (40 if object_format == "sha1" else 64)
    made.stage_entry("module", inner, "160000")
    expected = {"file": "100644", "link": "120000", "module": "160000", "tool": "100755"}
    repository = open_repository(str(made.path))
    assert tree_of_index(repository).modes == expected
    commit = made.commit()
    assert tree_at(repository, commit).modes == expected
    listing = list_state(repository, AtRevision(commit))
    assert listing.blobs["module"] == inner
    assert read_blobs(repository, listing, listing.modes) == {"file": b"f", "tool": b"t"}


def test_odd_names(made: Repository):
    for name in ODD:
        made.write(b"d/" + name, name)
    made.stage()
    commit = made.commit()
    expected = {b"d/" + name: "100644" for name in ODD}
    repository = open_repository(str(made.path))
    for tree in (tree_of_index(repository), tree_at(repository, commit), tracked(repository)):
        assert {path.encode("utf-8", "surrogateescape"): mode for path, mode in tree.modes.items()} == expected


def test_only_what_is_below(made: Repository):
    for path in ("a", "d/one", "d/deep/two", "d*/three", "dd/four"):
        made.write(path)
    made.stage()
    states = (AtRevision(made.commit()), InIndex(), OnDisk())
    repository = open_repository(str(made.path))
    for state in states:
        assert list(list_state(repository, state, under=["d"]).modes) == ["d/deep/two", "d/one"]
        assert list(list_state(repository, state, under=["d*"]).modes) == ["d*/three"]
        assert list(list_state(repository, state, under=["nowhere"]).modes) == []


def test_an_intention_to_add_is_tracked_and_yet_no_part_of_the_next_commit(made: Repository):
    made.write("empty")
    made.write("intended", "text\n")
    made.stage("empty")
    made.run("add", "--intent-to-add", "intended")
    repository = open_repository(str(made.path))
    assert list(tree_of_index(repository).modes) == ["empty"]
    assert list(tracked(repository).modes) == ["empty", "intended"]
    listing = list_state(repository, OnDisk())
    assert read_blobs(repository, listing, listing.modes) == {"empty": b"", "intended": b"text\n"}


def conflict(made: Repository) -> None:
    made.commit_file("both", "base\n")
    made.checkout("side", new=True)
    made.commit_file("both", "theirs\n")
    made.checkout("main")
    made.commit_file("both", "ours\n")
    made.commit_file("calm", "calm\n")
    assert made.ask("merge", "side").returncode == 1


def test_a_conflict_has_no_bytes_in_the_index(made: Repository):
    conflict(made)
    repository = open_repository(str(made.path))
    listing = list_state(repository, InIndex())
    assert listing.modes == {"both": "100644", "calm": "100644"}
    assert listing.conflicted == {"both"}
    contents = read_blobs(repository, listing, listing.modes)
    assert contents["calm"] == b"calm\n"
    both = contents["both"]
    assert isinstance(both, Missing)
    assert "merge conflict" in both.message
    lying = read_blobs(repository, list_state(repository, OnDisk()), ["both"])["both"]
    assert isinstance(lying, bytes)
    assert lying.startswith(b"<<<<<<< HEAD\n")


def test_a_sparse_checkout_is_read_from_the_index(made: Repository):
    made.commit_file("in/a", "a\n")
    made.commit_file("out/b", "b\n")
    made.run("sparse-checkout", "set", "--sparse-index", "in")
    assert not (made.path / "out").exists()
    repository = open_repository(str(made.path))
    for state in (InIndex(), OnDisk()):
        listing = list_state(repository, state)
        assert read_blobs(repository, listing, listing.modes) == {"in/a": b"a\n", "out/b": b"b\n"}


def test_a_linked_work_tree_has_its_own_index(made: Repository, tmp_path: Path):
    made.commit_file("a")
    made.run("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repository.at(tmp_path / "linked")
    linked.write("b")
    linked.stage()
    assert list(tree_of_index(open_repository(str(linked.path))).modes) == ["a", "b"]
    assert list(tree_of_index(open_repository(str(made.path))).modes) == ["a"]


def test_a_missing_tree_is_an_error_and_not_an_empty_folder(made: Repository):
    made.commit_file("d/a")
    made.lose(made.run("rev-parse", "HEAD:d").decode().strip())
    with pytest.raises(SourceError, match="git ls-tree failed"):
        tree_at(open_repository(str(made.path)), made.head())


def test_a_missing_blob_is_missing_wherever_it_stands(made: Repository):
    made.commit_file("lost", "lost\n")
    made.commit_file("same/lost", "lost\n")
    made.commit_file("kept", "kept\n")
    made.lose(made.run("rev-parse", "HEAD:lost").decode().strip())
    repository = open_repository(str(made.path))
    for state in (AtRevision(made.head()), InIndex()):
        listing = list_state(repository, state)
        contents = read_blobs(repository, listing, ["lost", "kept", "same/lost"])
        assert list(contents) == ["lost", "kept", "same/lost"]
        assert contents["kept"] == b"kept\n"
        for path in ("lost", "same/lost"):
            blob = contents[path]
            assert isinstance(blob, Missing)
            assert blob.reason is Reason.MISSING_OBJECT
    on_disk = read_blobs(repository, list_state(repository, OnDisk()), ["lost"])
    assert on_disk == {"lost": b"lost\n"}
