"""What the store costs: writing 10,000 findings, asking a year of sweeps, the size of a snapshot; and a storm of kills.

    benchmarks/store.py [--server ADDRESS] [--snapshot FILE] [--kills ROUNDS]

`--snapshot` is a file of `sweep --write`, of the repository whose figure is wanted. A server's tables are made in the
database that its address names, and are not taken away.
"""

import argparse
import gc
import gzip
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from govcheck.findings import Evidence, Finding, Fix, Location, Outcome
from govcheck.policy import LoadedPolicy, Policy
from govcheck.records import replace
from govcheck.report import Coverage, Phase, PolicyResult, Report, ReportedFinding, Stage
from govcheck.snapshot import Snapshot, build
from govcheck.snapshot.summary import sightings, summary
from govcheck.store.history import Store
from govcheck.store.opening import open_store
from govcheck.store.packing import packed

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
ROUNDS = 7


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server")
    parser.add_argument("--snapshot", type=Path)
    parser.add_argument("--kills", type=int, default=0)
    given = parser.parse_args()
    gc.set_threshold(100_000, 50, 50)  # as the program does
    folder = Path(tempfile.mkdtemp())
    try:
        stores = {"folder": str(folder / "store"), "sqlite": f"sqlite:///{folder}/history.sqlite"}
        if given.server:
            stores["postgresql"] = given.server
        if given.kills:
            for name, address in stores.items():
                print(name, kills(address, given.kills))
            return
        for name, address in stores.items():
            print(name, year(address))
        large = taken(START - timedelta(days=9), range(10_000))
        for name, address in stores.items():
            print(name, written(address, large))
    finally:
        shutil.rmtree(folder)
    if given.snapshot:
        document = json.loads(given.snapshot.read_bytes())
        compact = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        size = len(gzip.compress(compact, 3, mtime=0))
        print(f"a snapshot with {len(document['findings'])} findings: {size:,} bytes packed, {len(compact):,} plain")


def taken(moment: datetime, numbers: range, phase: Phase = Phase.STARTUP) -> Snapshot:
    """A snapshot with findings of that many subjects, as long as they are in earnest."""
    policy = LoadedPolicy(Policy(kind="allowed-paths", id="docs-only"), "policies/docs.yaml", 1)
    found = tuple(ReportedFinding(policy=policy, finding=_finding(number)) for number in numbers)
    result = PolicyResult(policy=policy, outcome=Outcome.FAIL, subjects=len(found), findings=found)
    return build(
        Report(
            repository="octo/app",
            stage=Stage.SWEEP,
            phase=phase,
            commit="c0ffee" * 6 + "c0ff",
            policies_from="policies/",
            started_at=moment - timedelta(seconds=3),
            finished_at=moment,
            results=(result,),
            coverage=Coverage(),
            exit_code=1,
        )
    )


def _finding(number: int) -> Finding:
    path = f"docs/reports/2026/{number % 97:02}/a-file-with-some-name-{number}.md"
    return Finding(
        control="allow",
        subject=path,
        message=f"{path} is not below any of the 12 allowed folders",
        plane="repo",
        location=Location(path=path),
        expected=["docs/**", "policies/**"],
        actual=path,
        fix=Fix(text=f"Move {path} below docs/, or delete it.", command=f"git mv -- {path} docs/"),
        evidence=(Evidence(text="the tree of HEAD has it", location=Location(path=path)),),
    )


def written(address: str, large: Snapshot) -> str:
    """Milliseconds: of the rows alone, and of all there is to keeping a snapshot."""
    store = open_store(address, Path())
    rows, whole = [], []
    for number in range(ROUNDS):
        one = replace(large, finished_at=large.finished_at + timedelta(seconds=number))
        # Each round has findings of its own: names that nobody has seen yet are the dear ones.
        one = replace(one, repository=f"octo/app{number}")
        begin = time.perf_counter()
        store.add(one)
        whole.append(time.perf_counter() - begin)
        rows.append(_rows_alone(store, one))
    store.close()
    return f"10,000 findings: {_ms(rows)} the rows, {_ms(whole)} with the document, its hash, packing and fsync"


def _rows_alone(store: Store, one: Snapshot) -> float:
    document, _ = packed(replace(one, repository=f"{one.repository}-rows"))
    found, seen = summary(document), list(sightings(document))

    def insert(index) -> float:
        begin = time.perf_counter()
        with index.writing():
            index.insert(found, seen)
        return time.perf_counter() - begin

    return store._indexing.ask(insert)  # noqa: SLF001 - what is measured is inside


def year(address: str) -> str:
    """Milliseconds: of one more sweep at the end of a year of two a day, and of what is asked of that year."""
    store = open_store(address, Path())
    generator = random.Random(6)
    gone = {generator.randrange(500) for _ in range(40)}
    for number in range(730):
        phase = Phase.SHUTDOWN if number % 2 else Phase.STARTUP
        begin = number // 10 if number % 50 in gone else number // 10 + 1
        store.add(taken(START + timedelta(hours=12 * number), range(begin, begin + 500), phase))
    store.close()
    timelines, lists, opened, latest = [], [], [], []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        store = open_store(address, Path())
        rows = store.rows("octo/app")
        opened.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        lifetimes = store.lifetimes("octo/app")
        timelines.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        store.rows("octo/app")
        lists.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        store.latest((Phase.STARTUP,), "octo/app")
        latest.append(time.perf_counter() - begin)
        store.close()
    store = open_store(address, Path())
    begin = time.perf_counter()
    verdict = store.verify()
    verified = time.perf_counter() - begin
    store.close()
    assert not verdict.broken
    return (
        f"{len(rows)} sweeps of 500 findings: timeline of {len(lifetimes)} findings {_ms(timelines)}, "
        f"list {_ms(lists)}, opening and list {_ms(opened)}, the newest whole {_ms(latest)}, verify {verified:.1f} s"
    )


def kills(address: str, rounds: int) -> str:
    """Writers that are killed at some moment of their own; after each, the store is read whole."""
    generator = random.Random(6)
    open_store(address, Path()).close()
    kept = 0
    died = 0
    for number in range(rounds):
        child = os.fork()
        if child == 0:
            store = open_store(address, Path())
            store.add(taken(START + timedelta(hours=number), range(300)))
            os._exit(0)
        time.sleep(generator.uniform(0.03, 0.11))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        died += os.WIFSIGNALED(status)
        store = open_store(address, Path())
        verdict = store.verify()
        rows = store.rows(None)
        store.close()
        assert not verdict.broken, verdict.broken
        assert not verdict.remarks, verdict.remarks
        assert kept <= len(rows) <= kept + 1
        assert verdict.snapshots == len(rows)
        kept = len(rows)
    return f"{rounds} writers, {died} killed at work, {kept} snapshots kept whole, 0 broken"


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms ({min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f})"


if __name__ == "__main__":
    sys.exit(main())
