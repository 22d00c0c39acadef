import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from govcheck.errors import SourceError, UsageError
from govcheck.report import Phase
from govcheck.snapshot.document import hash_of
from govcheck.store.folder import FolderStore, open_store
from reports import EVENING, MORNING
from snapshots import snapshot

ALL = tuple(Phase)


def at(hours, phase=Phase.STARTUP, **keys):
    return snapshot(phase=phase, finished=MORNING + timedelta(hours=hours), **keys)


def kept(tmp_path, *snapshots):
    store = FolderStore(tmp_path / "store")
    for one in snapshots:
        store.add(one)
    return store


def test_a_snapshot_has_its_time_phase_and_hash_in_its_name(tmp_path):
    one = snapshot(phase=Phase.SHUTDOWN, finished=EVENING)
    path = FolderStore(tmp_path / "store").add(one)
    assert path == tmp_path / "store" / "snapshots" / f"20261123T170200.000Z-shutdown-{hash_of(one)[:12]}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_store_has_no_sweep(tmp_path):
    store = FolderStore(tmp_path / "store")
    assert store.latest(ALL, "o/r") is None
    (tmp_path / "store" / "snapshots").mkdir(parents=True)
    assert store.latest(ALL, "o/r") is None


def test_the_latest_of_some_phases(tmp_path):
    first, second, third = at(0), at(1, Phase.SHUTDOWN), at(2, Phase.ADHOC)
    store = kept(tmp_path, third, first, second)
    assert store.latest(ALL, "o/r") == third
    assert store.latest({Phase.STARTUP, Phase.SHUTDOWN}, "o/r") == second
    assert store.latest({Phase.STARTUP}, "o/r") == first


def test_repositories_in_one_store_do_not_mix(tmp_path):
    mine, other = at(0), at(1, repository="o/other")
    store = kept(tmp_path, mine, other)
    assert store.latest(ALL, "O/R") == mine
    assert store.latest(ALL, "o/third") is None
    assert store.latest(ALL, None) is None


@pytest.mark.parametrize(
    ("history", "phase", "base", "told"),
    [
        ([], Phase.STARTUP, None, None),
        ([], Phase.ADHOC, None, None),
        ([Phase.STARTUP], Phase.SHUTDOWN, 0, None),
        ([Phase.STARTUP, Phase.SHUTDOWN], Phase.SHUTDOWN, 0, 1),
        ([Phase.STARTUP, Phase.SHUTDOWN, Phase.SHUTDOWN], Phase.SHUTDOWN, 0, 2),
        ([Phase.STARTUP, Phase.SHUTDOWN], Phase.STARTUP, 1, None),
        ([Phase.SHUTDOWN, Phase.STARTUP], Phase.STARTUP, 0, 1),
        ([Phase.STARTUP, Phase.ADHOC], Phase.SHUTDOWN, 0, None),
        ([Phase.STARTUP, Phase.ADHOC], Phase.ADHOC, 1, None),
        ([Phase.STARTUP, Phase.SHUTDOWN], Phase.ADHOC, 1, None),
        ([Phase.SHUTDOWN], Phase.SHUTDOWN, 0, None),
        ([Phase.ADHOC], Phase.STARTUP, None, None),
    ],
)
def test_what_a_new_sweep_is_compared_with(tmp_path, history, phase, base, told):
    sweeps = [at(hour, of) for hour, of in enumerate(history)]
    earlier = kept(tmp_path, *sweeps).earlier(phase, "o/r")
    assert earlier.base == (None if base is None else sweeps[base])
    assert earlier.told == (None if told is None else sweeps[told])
    assert earlier.last == (sweeps[-1] if sweeps else None)


def test_a_damaged_snapshot_is_never_skipped(tmp_path):
    store = kept(tmp_path, at(0))
    path = store.add(at(1))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SourceError, match="is damaged or foreign") as caught:
        store.latest(ALL, "o/r")
    assert str(path) in caught.value.message


def test_a_renamed_snapshot_is_told(tmp_path):
    store = kept(tmp_path)
    path = store.add(at(0))
    path.rename(path.with_name(path.name.replace("startup", "shutdown")))
    with pytest.raises(SourceError, match="holds another snapshot than its name says"):
        store.latest(ALL, "o/r")


@pytest.mark.parametrize("name", ["notes.txt", "20261123T170200.000Z-noon-000000000000.json", "a.json"])
def test_a_foreign_file_is_told(tmp_path, name):
    store = kept(tmp_path, at(0))
    (tmp_path / "store" / "snapshots" / name).write_text("x")
    with pytest.raises(SourceError, match="is no snapshot") as caught:
        store.latest(ALL, "o/r")
    assert name in caught.value.message


def test_what_a_crash_left_behind_is_no_snapshot(tmp_path):
    one = at(0)
    store = kept(tmp_path, one)
    (tmp_path / "store" / "snapshots" / ".tmp-abc").write_bytes(b'{"half":')
    assert store.latest(ALL, "o/r") == one


def test_a_store_that_is_a_file_is_told(tmp_path):
    (tmp_path / "store").write_text("x")
    store = FolderStore(tmp_path / "store")
    with pytest.raises(UsageError, match="cannot keep the snapshot") as caught:
        store.add(at(0))
    assert "GOVCHECK_STORE" in caught.value.hint
    with pytest.raises(UsageError, match="cannot read the snapshots"):
        store.latest(ALL, "o/r")


def test_many_may_write_at_once(tmp_path):
    sweeps = [at(hour % 3, settings={"s": hour // 2}) for hour in range(24)]
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(FolderStore(tmp_path / "store").add, sweeps))
    store = FolderStore(tmp_path / "store")
    assert {path.name for path in (tmp_path / "store" / "snapshots").iterdir()} == {path.name for path in paths}
    assert store.latest(ALL, "o/r").finished_at == MORNING + timedelta(hours=2)


def test_the_environment_names_a_folder(tmp_path):
    assert open_store(None, tmp_path) == FolderStore(tmp_path)
    assert open_store("", tmp_path) == FolderStore(tmp_path)
    assert open_store(str(tmp_path / "x"), tmp_path) == FolderStore(tmp_path / "x")
    with pytest.raises(UsageError, match="sqlite://"):
        open_store("sqlite:///x", tmp_path)
    with pytest.raises(UsageError) as caught:
        open_store("postgresql://user:hunter2@host/db", tmp_path)
    assert "hunter2" not in caught.value.message
