"""A run that is killed at any point leaves the store whole: with the new snapshot, or as it was."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from killing import killed_at

from govcheck.report import Phase
from govcheck.snapshot.document import hash_of
from govcheck.store.opening import open_store
from reports import MORNING
from snapshots import snapshot

FAR = datetime(2100, 1, 1, tzinfo=UTC)
FEWEST = 15
MOST = 400


def at(hours):
    return snapshot(finished=MORNING + timedelta(hours=hours), settings={"s": hours})


@pytest.fixture(params=["folder", "sqlite"])
def address(request, tmp_path):
    return str(tmp_path / "store") if request.param == "folder" else f"sqlite:///{tmp_path}/store/history.sqlite"


def every_kill(address, tmp_path, work):
    """A copy of the store as each kill leaves it, one after the other; the last one is of the work when it is done."""
    before = tmp_path / "before"
    if (tmp_path / "store").exists():
        shutil.copytree(tmp_path / "store", before)
    for number in range(1, MOST):
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
        if before.exists():
            shutil.copytree(before, tmp_path / "store")
        killed = killed_at(number, lambda: work(open_store(address, tmp_path)))
        yield number
        if not killed:
            assert number > FEWEST
            return
    raise AssertionError(f"more than {MOST} writes")


def look(address, tmp_path, question):
    store = open_store(address, tmp_path)
    try:
        verdict = store.verify()
        assert (verdict.broken, verdict.remarks) == ((), ())
        return question(store)
    finally:
        store.close()


def test_keeping_a_snapshot(address, tmp_path):
    kept = look(address, tmp_path, lambda store: [store.add(at(hour)).snapshot for hour in range(2)])
    old = [hash_of(one) for one in reversed(kept)]
    seen = set()
    for _ in every_kill(address, tmp_path, lambda store: store.add(at(5))):
        hashes = look(address, tmp_path, lambda store: [row.summary.hash for row in store.rows("o/r")])
        assert hashes[-2:] == old
        seen.add(len(hashes))
        more = look(address, tmp_path, lambda store: store.add(at(7)).snapshot)
        assert more.previous == hashes[0]
        assert look(address, tmp_path, lambda store: store.latest((Phase.STARTUP,), "o/r")) == more
    assert seen == {2, 3}


def test_the_first_snapshot(address, tmp_path):
    seen = set()
    for _ in every_kill(address, tmp_path, lambda store: store.add(at(5))):
        hashes = look(address, tmp_path, lambda store: [row.summary.hash for row in store.rows("o/r")])
        seen.add(len(hashes))
        more = look(address, tmp_path, lambda store: store.add(at(7)).snapshot)
        assert more.previous == (hashes[0] if hashes else None)
    assert seen == {0, 1}


def test_pruning(address, tmp_path):
    kept = look(address, tmp_path, lambda store: [store.add(at(hour)).snapshot for hour in range(4)])
    names = [hash_of(one) for one in reversed(kept)]
    seen = set()
    for _ in every_kill(address, tmp_path, lambda store: store.prune("o/r", FAR)):
        hashes, buried = look(
            address,
            tmp_path,
            lambda store: (
                [row.summary.hash for row in store.rows("o/r")],
                [one.hash for one in store.tombstones("o/r")],
            ),
        )
        assert hashes + buried[::-1] == names
        seen.add(len(hashes))
        more = look(address, tmp_path, lambda store: store.add(at(9)).snapshot)
        assert more.previous == names[0]
        assert look(address, tmp_path, lambda store: len(store.prune("o/r", FAR))) == len(hashes)
    assert seen == {4, 1}


def test_a_kill_between_the_tables_steps_leaves_none_of_them(tmp_path):
    address = f"sqlite:///{tmp_path}/store/history.sqlite"
    for _ in every_kill(address, tmp_path, lambda store: store.add(at(1))):
        path = tmp_path / "store" / "history.sqlite"
        if path.exists():
            raw = sqlite3.connect(path)
            tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            raw.close()
            assert not tables or {"alembic_version", "pruned", "documents"} <= tables
