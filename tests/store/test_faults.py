"""What the disk, the rights and other processes can do to a store. Each is told; none is taken for an empty store."""

import os
import resource
import shutil
import signal
import sqlite3
import stat
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govcheck.errors import UsageError
from govcheck.report import Phase
from govcheck.snapshot.document import hash_of
from govcheck.store.opening import open_store
from reports import MORNING
from snapshots import snapshot

NOBODY = 65534
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def at(hours, **keys):
    return snapshot(finished=MORNING + timedelta(hours=hours), **keys)


def in_a_fork(work):
    """What the work says in a process of its own, whose limits and rights end with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = work()
        except UsageError as error:
            said = f"UsageError: {error.message}"
        except BaseException as error:  # noqa: BLE001 - a fork must not come back as a test
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def public():
    """A folder that anybody can get at; pytest's are for their owner alone."""
    folder = Path(tempfile.mkdtemp(prefix="govcheck-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def lock_up(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def without_rights(work):
    def run():
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        return work()

    return in_a_fork(run)


@pytest.mark.parametrize("with_index", [True, False])
def test_a_read_only_folder_can_be_read_and_says_that_nothing_is_kept(public, with_index):
    store = open_store(str(public / "store"), public)
    kept = [store.add(at(hour)).snapshot for hour in range(2)]
    store.close()
    if not with_index:
        (public / "store" / "index.sqlite").unlink()
    lock_up(public / "store")

    def read():
        found = open_store(str(public / "store"), public)
        assert found.verify().broken == ()
        return hash_of(found.latest(tuple(Phase), "o/r"))

    assert without_rights(read) == hash_of(kept[1])
    said = without_rights(lambda: str(open_store(str(public / "store"), public).add(at(5))))
    assert said.startswith("UsageError: cannot keep the snapshot")
    assert "Permission denied" in said


def test_a_read_only_database_can_be_read_and_says_that_nothing_is_kept(public):
    address = f"sqlite:///{public}/store/history.sqlite"
    store = open_store(address, public)
    kept = store.add(at(0)).snapshot
    store.close()
    lock_up(public / "store")
    assert without_rights(lambda: hash_of(open_store(address, public).latest(tuple(Phase), "o/r"))) == hash_of(kept)
    said = without_rights(lambda: str(open_store(address, public).add(at(5))))
    assert said.startswith("UsageError: the database")
    assert "it may only be read" in said


def limited(limit, work):
    def run():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return work()

    return in_a_fork(run)


@pytest.mark.parametrize("form", ["folder", "sqlite"])
def test_no_room_is_told_and_leaves_the_store_as_it_was(tmp_path, form):
    address = str(tmp_path / "store") if form == "folder" else f"sqlite:///{tmp_path}/store.sqlite"
    store = open_store(address, tmp_path)
    kept = store.add(at(0)).snapshot
    store.close()
    large = at(1, settings={f"s{number}": os.urandom(32).hex() for number in range(4000)})
    said = limited(64 * 1024, lambda: str(open_store(address, tmp_path).add(large)))
    assert said.startswith("UsageError: ")
    store = open_store(address, tmp_path)
    assert [row.summary.hash for row in store.rows(None)] == [hash_of(kept)]
    assert store.verify().broken == ()
    assert store.add(large).snapshot.previous == hash_of(kept)
    store.close()
    if form == "folder":
        assert sorted(path.suffix for path in (tmp_path / "store" / "snapshots").iterdir()) == [".gz", ".gz"]


def test_no_room_for_the_index_alone_is_no_loss(tmp_path):
    store = open_store(str(tmp_path), tmp_path)
    kept = store.add(at(0)).snapshot
    store.close()
    size = (tmp_path / "index.sqlite").stat().st_size
    said = limited(size, lambda: hash_of(open_store(str(tmp_path), tmp_path).add(at(1)).snapshot))
    store = open_store(str(tmp_path), tmp_path)
    assert [row.summary.hash for row in store.rows(None)] == [said, hash_of(kept)]
    assert store.verify().broken == ()
    store.close()


def test_a_locked_database_is_told(tmp_path):
    path = tmp_path / "history.sqlite"
    store = open_store(f"sqlite:///{path}", tmp_path, patience=0)
    kept = store.add(at(0)).snapshot
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UsageError, match="is locked by another process"):
        store.add(at(1))
    assert store.latest(tuple(Phase), "o/r") == kept
    other.execute("ROLLBACK")
    other.close()
    assert store.add(at(1)).snapshot.previous == hash_of(kept)
    store.close()


def test_a_database_of_a_newer_govcheck_is_told(tmp_path):
    path = tmp_path / "history.sqlite"
    open_store(f"sqlite:///{path}", tmp_path).close()
    raw = sqlite3.connect(path)
    raw.executescript("UPDATE alembic_version SET version_num = '0099'")
    raw.close()
    with pytest.raises(UsageError, match="was written by a newer govcheck: it has step 0099"):
        open_store(f"sqlite:///{path}", tmp_path)


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0 and nothing"])
def test_what_is_no_database_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / "history.sqlite"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="does not work: file is not a database"):
        open_store(f"sqlite:///{path}", tmp_path)
    assert path.read_bytes() == content


def test_a_database_is_its_owners_alone(tmp_path):
    open_store(f"sqlite:///{tmp_path}/new/history.sqlite", tmp_path).close()
    assert stat.S_IMODE((tmp_path / "new" / "history.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_rows_of_a_database_that_were_changed_are_told(tmp_path):
    path = tmp_path / "history.sqlite"
    store = open_store(f"sqlite:///{path}", tmp_path)
    for hour in range(4):
        store.add(at(hour))
    raw = sqlite3.connect(path)
    (first, *_), (second, *_), (third, *_) = raw.execute("SELECT stem FROM documents ORDER BY stem LIMIT 3")
    raw.execute("DELETE FROM documents WHERE stem = ?", [first])
    raw.execute(
        "UPDATE documents SET body = (SELECT body FROM documents WHERE stem = ?) WHERE stem = ?", [third, second]
    )
    raw.execute("UPDATE documents SET body = substr(body, 1, 90) WHERE stem = ?", [third])
    raw.commit()
    raw.close()
    broken = {one.where.partition(" ")[0]: one.what for one in store.verify().broken}
    assert "it is missing" in broken[first]
    assert "holds another snapshot than its name says" in broken[second]
    assert "is damaged" in broken[third]
    assert len(broken) == 3
    store.close()
