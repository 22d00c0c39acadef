"""What holds of every store: a folder, SQLite, a PostgreSQL server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from govcheck.errors import UsageError
from govcheck.facts.live import Answer
from govcheck.findings import Finding, Reason, Undecided
from govcheck.report import Phase, ReportedFinding, ReportedUnknown
from govcheck.snapshot.document import hash_of
from govcheck.store.opening import open_store
from reports import MORNING, policy, result
from snapshots import snapshot

ALL = tuple(Phase)


def at(hours, phase=Phase.STARTUP, **keys):
    return snapshot(phase=phase, finished=MORNING + timedelta(hours=hours), **keys)


def found(*subjects, unknown=()):
    of = policy("docs")
    return result(
        *(
            ReportedFinding(policy=of, finding=Finding(control="c", subject=one, message="m", plane="repo"))
            for one in subjects
        ),
        *(
            ReportedUnknown(
                policy=of, undecided=Undecided(control="c", subject=one, reason=Reason.API_ERROR, message="no answer")
            )
            for one in unknown
        ),
        of=of,
    )


@pytest.fixture
def store(address, tmp_path):
    opened = open_store(address, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def reopened(address, tmp_path):
    stores = []

    def reopen(**keys):
        stores.append(open_store(address, tmp_path, **keys))
        return stores[-1]

    yield reopen
    for one in stores:
        one.close()


def test_what_is_kept_is_found_again(store, reopened):
    kept = store.add(at(0, settings={"branches/main/approvals": 2})).snapshot
    assert store.latest(ALL, "o/r") == kept
    assert reopened().latest(ALL, "o/r") == kept


def test_an_empty_store_has_no_sweep(store):
    assert store.latest(ALL, "o/r") is None
    assert store.rows(None) == []
    assert store.lifetimes("o/r") == []
    verdict = store.verify()
    assert (verdict.snapshots, verdict.broken, verdict.remarks) == (0, (), ())


def test_the_latest_of_some_phases(store):
    first, second, third = (store.add(one).snapshot for one in (at(0), at(1, Phase.SHUTDOWN), at(2, Phase.ADHOC)))
    assert store.latest(ALL, "o/r") == third
    assert store.latest({Phase.STARTUP, Phase.SHUTDOWN}, "o/r") == second
    assert store.latest({Phase.STARTUP}, "o/r") == first


def test_repositories_in_one_store_do_not_mix(store):
    mine, _ = store.add(at(0)).snapshot, store.add(at(1, repository="o/other"))
    assert store.latest(ALL, "O/R") == mine
    assert store.latest(ALL, "o/third") is None
    assert store.latest(ALL, None) is None
    assert [row.summary.repository for row in store.rows(None)] == ["o/other", "o/r"]
    assert len(store.rows("O/Other")) == 1


def test_a_renamed_repository_is_known_by_its_number(store):
    def named(name, number, hours):
        answer = Answer(endpoint=f"repos/{name}", status=200, message="", body={"id": number, "full_name": name})
        return at(hours, repository=name, answers=[answer])

    for hours, name in enumerate(["o/old", "o/older", "o/new"]):
        store.add(named(name, 7, hours))
    store.add(named("o/other", 8, 5))
    assert store.other_names(named("o/new", 7, 9)) == ["o/older", "o/old"]
    assert store.other_names(named("o/other", 8, 9)) == []
    assert store.other_names(at(9, repository="o/new")) == []


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
def test_what_a_new_sweep_is_compared_with(store, history, phase, base, told):
    sweeps = [store.add(at(hour, of)).snapshot for hour, of in enumerate(history)]
    earlier = store.earlier(phase, "o/r")
    assert earlier.base == (None if base is None else sweeps[base])
    assert earlier.told == (None if told is None else sweeps[told])
    assert earlier.last == (sweeps[-1] if sweeps else None)
    assert earlier.notes == ()


def test_each_sweep_names_the_one_before_it(store):
    first = store.add(at(0)).snapshot
    second = store.add(at(1, Phase.ADHOC)).snapshot
    other = store.add(at(2, repository="o/other")).snapshot
    assert (first.previous, second.previous, other.previous) == (None, hash_of(first), None)
    assert store.verify().broken == ()


def test_a_first_sweep_carries_on_from_a_file(store):
    carried = at(-5)
    kept = store.add(at(0, previous=carried)).snapshot
    assert kept.previous == hash_of(carried)
    verdict = store.verify()
    assert verdict.broken == ()
    assert [remark.what for remark in verdict.remarks] == [
        f"it carries on from {hash_of(carried)[:12]}, which is not in this store"
    ]


def test_a_clock_that_was_set_back_changes_no_order(store, reopened):
    first, second = store.add(at(5)).snapshot, store.add(at(1)).snapshot
    for one in (store, reopened()):
        assert one.latest(ALL, "o/r") == second
        assert [row.summary.hash for row in one.rows("o/r")] == [hash_of(second), hash_of(first)]
        verdict = one.verify()
        assert verdict.broken == ()
        assert "a clock was set back" in verdict.remarks[0].what


def test_the_index_tells_what_came_of_each_sweep(store):
    store.add(at(0))
    kept = store.add(snapshot(found("a", "b", unknown=["c"]), finished=MORNING + timedelta(hours=1))).snapshot
    newest = store.rows("o/r")[0].summary
    assert (newest.findings, newest.unknowns, newest.phase) == (2, 1, "startup")
    assert newest.outcomes == {"fail": 1}
    assert newest.commit == kept.commit
    assert newest.previous == kept.previous


def test_a_finding_has_a_lifetime(store):
    for hour, subjects in enumerate([("a", "b"), ("a",), ("a", "b"), ("a", "c\0")]):
        store.add(snapshot(found(*subjects), finished=MORNING + timedelta(hours=hour)))
    lifetimes = {one.subject: one for one in store.lifetimes("O/R")}
    seen = {
        subject: (one.seen, one.is_there, one.first_seen[11:13], one.last_seen[11:13])
        for subject, one in lifetimes.items()
    }
    start = MORNING.astimezone(UTC).hour
    hours = [f"{start + hour:02}" for hour in range(4)]
    assert seen["a"] == (4, True, hours[0], hours[3])
    assert seen["b"] == (2, False, hours[0], hours[2])
    assert seen["c\\x00"] == (1, True, hours[3], hours[3])


def test_a_sweep_is_found_by_its_name(store):
    first, second = store.add(at(0)).snapshot, store.add(at(1, Phase.SHUTDOWN)).snapshot
    assert store.load(store.find("latest", "o/r")) == second
    assert store.load(store.find("startup", "o/r")) == first
    assert store.load(store.find(hash_of(first)[:6].upper(), None)) == first
    assert store.load(store.before(second, "o/r")) == first
    with pytest.raises(UsageError, match="no sweep before"):
        store.before(first, "o/r")
    for name in ("adhoc", "000", hash_of(first)[:3], "ffffffff%"):
        with pytest.raises(UsageError, match="there is no snapshot"):
            store.find(name, "o/r")


def test_many_may_write_at_once_and_the_chain_is_one(address, tmp_path):
    sweeps = [at(hour % 3, settings={"s": hour // 2}) for hour in range(24)]

    def add(one):
        store = open_store(address, tmp_path)
        try:
            return store.add(one).snapshot
        finally:
            store.close()

    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(add, sweeps))
    store = open_store(address, tmp_path)
    try:
        assert {hash_of(one) for one in kept} == {row.summary.hash for row in store.rows("o/r")}
        assert len({one.previous for one in kept}) == len(sweeps)
        verdict = store.verify()
        assert (verdict.snapshots, verdict.broken) == (24, ())
    finally:
        store.close()


def test_what_is_old_is_pruned_and_the_chain_still_holds(store, reopened):
    kept = [store.add(at(24 * day, phase)).snapshot for day, phase in enumerate([*ALL, *ALL, *ALL])]
    taken = store.prune("o/r", MORNING + timedelta(days=4, hours=1))
    assert [one.hash for one in taken] == [hash_of(one) for one in reversed(kept[:5])]
    for one in (store, reopened()):
        assert [row.summary.hash for row in one.rows("o/r")] == [hash_of(each) for each in reversed(kept[5:])]
        assert [each.hash for each in one.tombstones("o/r")] == [hash_of(each) for each in kept[:5]]
        verdict = one.verify()
        assert (verdict.snapshots, verdict.pruned, verdict.broken, verdict.remarks) == (4, 5, (), ())
        with pytest.raises(UsageError, match="was pruned at"):
            one.find(hash_of(kept[0])[:8], "o/r")
    assert store.prune("o/r", MORNING + timedelta(days=4, hours=1)) == []
    more = store.add(at(24 * 20)).snapshot
    assert more.previous == hash_of(kept[-1])
    assert store.verify().broken == ()


def test_pruning_leaves_what_the_next_sweep_is_compared_with(store):
    kept = [store.add(at(hour, phase)).snapshot for hour, phase in enumerate([*ALL, Phase.ADHOC])]
    store.add(at(9, repository="o/other"))
    taken = store.prune("o/r", datetime(2100, 1, 1, tzinfo=UTC))
    assert [one.hash for one in taken] == [hash_of(kept[2])]
    assert store.earlier(Phase.SHUTDOWN, "o/r").base == kept[0]
    assert store.earlier(Phase.STARTUP, "o/r").base == kept[1]
    assert store.rows("o/other")


def test_pruned_findings_are_forgotten_by_the_index(store):
    for hour, subject in enumerate(["a", "b", "c"]):
        store.add(snapshot(found(subject), finished=MORNING + timedelta(hours=hour)))
    store.prune("o/r", datetime(2100, 1, 1, tzinfo=UTC))
    assert [one.subject for one in store.lifetimes("o/r")] == ["c"]


def test_a_long_history_keeps_its_order(store):
    hours = [number * 37 % 23 for number in range(12)]
    kept = [store.add(at(hour, settings={"n": number})).snapshot for number, hour in enumerate(hours)]
    assert [row.summary.hash for row in store.rows("o/r")] == [hash_of(one) for one in reversed(kept)]
