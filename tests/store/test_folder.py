"""What a folder alone has: files under their names, an index that may be lost, a record of what was pruned."""

import fcntl
import gzip
import json
import os
import shutil
import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from govcheck.errors import SourceError, UsageError
from govcheck.report import Phase
from govcheck.snapshot.document import as_document, content_hash, hash_of
from govcheck.store.opening import open_store
from reports import EVENING, MORNING
from snapshots import snapshot

ALL = tuple(Phase)
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def at(hours, phase=Phase.STARTUP, **keys):
    return snapshot(phase=phase, finished=MORNING + timedelta(hours=hours), **keys)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def opened(folder):
    stores = []

    def open_(**keys):
        stores.append(open_store(str(folder), folder, **keys))
        return stores[-1]

    yield open_
    for one in stores:
        one.close()


def files(folder):
    return sorted((folder / "snapshots").iterdir())


def hashes(store):
    return [row.summary.hash for row in store.rows(None)]


def test_a_snapshot_has_its_time_phase_and_hash_in_its_name(folder, opened):
    kept = opened().add(snapshot(phase=Phase.SHUTDOWN, finished=EVENING))
    (path,) = files(folder)
    assert str(path) == kept.where
    assert path.name == f"20261123T170200.000Z-shutdown-{hash_of(kept.snapshot)[:12]}.json.gz"
    assert json.loads(gzip.decompress(path.read_bytes())) == as_document(kept.snapshot)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "index.sqlite").stat().st_mode) == 0o600


def test_looking_into_a_store_that_is_not_there_makes_none(folder, opened):
    assert opened().latest(ALL, "o/r") is None
    assert not folder.exists()


def test_equal_snapshots_are_equal_files(tmp_path):
    for name in "ab":
        open_store(str(tmp_path / name), tmp_path).add(at(0))
    (one,), (other,) = files(tmp_path / "a"), files(tmp_path / "b")
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no database at all" * 99),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: sqlite3.connect(path).executescript("DROP TABLE snapshots"),
    ],
)
def test_an_index_that_is_lost_or_damaged_is_made_anew(folder, opened, damage):
    kept = [opened().add(at(hour)).snapshot for hour in (5, 1, 3)]
    damage(folder / "index.sqlite")
    expected = [hash_of(one) for one in reversed(kept)]
    assert hashes(opened()) == expected
    more = opened().add(at(9)).snapshot
    assert more.previous == hash_of(kept[-1])
    assert hashes(opened()) == [hash_of(more), *expected]
    assert opened().verify().broken == ()


def test_an_index_of_a_newer_govcheck_is_left_alone(folder, opened):
    kept = opened().add(at(0)).snapshot
    raw = sqlite3.connect(folder / "index.sqlite")
    raw.executescript("UPDATE alembic_version SET version_num = '0099'")
    raw.close()
    before = (folder / "index.sqlite").read_bytes()
    assert hashes(opened()) == [hash_of(kept)]
    assert opened().add(at(1)).snapshot.previous == hash_of(kept)
    assert (folder / "index.sqlite").read_bytes() == before


def test_files_that_another_machine_brought_find_their_place(tmp_path, folder, opened):
    kept = [opened().add(at(hour)).snapshot for hour in range(4)]
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "snapshots").mkdir(parents=True)
    paths = files(folder)
    for number in (1, 3, 0, 2):
        shutil.copy(paths[number], elsewhere / "snapshots")
        open_store(str(elsewhere), elsewhere).rows(None)
    other = open_store(str(elsewhere), elsewhere)
    assert hashes(other) == [hash_of(one) for one in reversed(kept)]
    other.close()


def test_a_damaged_snapshot_is_passed_over_and_named(folder, opened):
    kept = [opened().add(at(hour)).snapshot for hour in range(3)]
    newest = files(folder)[-1]
    newest.write_bytes(newest.read_bytes()[:100])
    store = opened()
    earlier = store.earlier(Phase.ADHOC, "o/r")
    assert earlier.base == kept[1]
    assert [str(newest) in note for note in earlier.notes] == [True]
    with pytest.raises(SourceError, match="damaged"):
        store.load(store.find("latest", "o/r"))
    verdict = store.verify()
    assert [str(newest) in one.what for one in verdict.broken] == [True]
    assert verdict.snapshots == 2
    more = store.add(at(5)).snapshot
    assert more.previous == hash_of(kept[2])
    assert len(opened().verify().broken) == 1


def test_a_damaged_snapshot_is_named_where_the_index_is_gone_too(folder, opened):
    kept = [opened().add(at(hour)).snapshot for hour in range(3)]
    files(folder)[1].write_bytes(b"\x1f\x8b\x08 and nothing")
    (folder / "index.sqlite").unlink()
    store = opened()
    assert store.latest(ALL, "o/r") == kept[2]
    assert len(store.earlier(Phase.ADHOC, "o/r").notes) == 1
    assert len(store.verify().broken) == 1


def test_a_missing_snapshot_is_named(folder, opened):
    kept = [opened().add(at(hour)).snapshot for hour in range(3)]
    middle, newest = files(folder)[1:]
    newest.unlink()
    (note,) = opened().earlier(Phase.ADHOC, "o/r").notes
    assert str(newest) in note
    assert [(one.where, "missing" in one.what) for one in opened().verify().broken] == [(str(newest), True)]
    middle.unlink()
    (folder / "index.sqlite").unlink()
    opened().add(at(7))
    assert opened().verify().broken == ()
    shutil.rmtree(folder)
    for hour in range(3):
        opened().add(at(hour))
    files(folder)[1].unlink()
    (folder / "index.sqlite").unlink()
    (gap,) = opened().verify().broken
    assert hash_of(kept[1])[:12] in gap.what
    assert "no record says it was pruned" in gap.what


def test_a_renamed_snapshot_is_told(folder, opened):
    opened().add(at(0))
    (path,) = files(folder)
    path.rename(path.with_name(path.name.replace("startup", "shutdown")))
    (note,) = opened().earlier(Phase.ADHOC, "o/r").notes[:1]
    assert "holds another snapshot than its name says" in note
    assert any("another snapshot" in one.what for one in opened().verify().broken)


@pytest.mark.parametrize("name", ["notes.txt", "20261123T170200.000Z-noon-000000000000.json", "a.json.gz"])
def test_a_foreign_file_is_named(folder, opened, name):
    kept = opened().add(at(0)).snapshot
    (folder / "snapshots" / name).write_text("x")
    earlier = opened().earlier(Phase.ADHOC, "o/r")
    assert earlier.base == kept
    assert [name in note for note in earlier.notes] == [True]
    assert [name in one.where for one in opened().verify().broken] == [True]


def test_what_a_crash_left_behind_is_no_snapshot_and_goes_away(folder, opened):
    kept = opened().add(at(0)).snapshot
    old, fresh = (folder / "snapshots" / f".tmp-{name}" for name in "ab")
    for path in (old, fresh):
        path.write_bytes(b'{"half":')
    os.utime(old, (0, 0))
    assert opened().latest(ALL, "o/r") == kept
    opened().add(at(1))
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_store_that_is_a_file_is_told(folder, opened):
    folder.write_text("x")
    with pytest.raises(UsageError, match="cannot keep the snapshot") as caught:
        opened().add(at(0))
    assert "GOVCHECK_STORE" in caught.value.hint
    with pytest.raises(UsageError, match="cannot read the snapshots"):
        opened().latest(ALL, "o/r")


def test_a_locked_store_is_told_and_may_be_read(folder, opened):
    kept = opened().add(at(0)).snapshot
    with (folder / "lock").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="is locked by another process"):
            opened(patience=0).add(at(1))
        assert opened(patience=0).latest(ALL, "o/r") == kept
    opened().add(at(1))


def test_a_killed_pruning_counts_as_done_and_is_finished_by_the_next_writer(folder, opened):
    kept = [opened().add(at(hour)).snapshot for hour in range(4)]
    copies = {path: path.read_bytes() for path in files(folder)}
    opened().prune("o/r", FAR)
    for path, data in copies.items():
        path.write_bytes(data)
    store = opened()
    assert hashes(store) == [hash_of(kept[3])]
    assert store.verify().broken == ()
    more = store.add(at(9)).snapshot
    assert [path.name[-20:-8] for path in files(folder)] == [hash_of(kept[3])[:12], hash_of(more)[:12]]


def test_a_record_of_pruning_that_is_damaged_is_named(folder, opened):
    for hour in range(3):
        opened().add(at(hour))
    opened().prune("o/r", FAR)
    record = folder / "pruned.json"
    document = json.loads(record.read_bytes())
    assert content_hash(document) == document["hash"]
    record.write_bytes(record.read_bytes().replace(b'"startup"', b'"another"'))
    store = opened()
    assert any(str(record) in one.what for one in store.verify().broken)
    with pytest.raises(SourceError, match="record of what was pruned, is damaged"):
        store.tombstones("o/r")
    store.add(at(8))
    with pytest.raises(SourceError, match="record of what was pruned, is damaged"):
        store.prune("o/r", FAR)


def test_addresses_that_are_no_store_are_told_without_their_passwords(tmp_path):
    for address in ("mysql://user:hunter2@host/db", "sqlite:///", "sqlite://x", "https://user:hunter2@host"):
        with pytest.raises(UsageError) as caught:
            open_store(address, tmp_path)
        assert "hunter2" not in caught.value.message + caught.value.hint
