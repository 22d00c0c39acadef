"""Laws of telling: nothing twice, nothing lost, whatever the order of sweeps and failures."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from govcheck.records import replace
from govcheck.report import Drift, DriftEvent, DriftStep, Phase, Stage
from govcheck.report_json import as_json
from govcheck.telling.memory import Memory, as_document, parse
from govcheck.telling.news import Reader, counted, news, remembered, threads
from govcheck.telling.sweep import Event, of_report
from reports import EVENING, found, hostile, policy, report, result

READER = Reader(channel="mail", address="ops@example.com")
OPEN = st.sets(st.sampled_from(["a.md", "b.md", "c.md"]))


def sweep(day, subjects):
    results = result(*[found(subject=one) for one in sorted(subjects)], of=policy())
    at = EVENING + timedelta(days=day)
    return of_report(as_json(report(results, stage=Stage.SWEEP, phase=Phase.ADHOC, finished_at=at)))


@given(st.lists(st.tuples(OPEN, st.booleans()), max_size=8))
def test_what_a_reader_believes_is_what_the_last_sweep_that_reached_it_said(days):
    memory, believed, reached = Memory(), set(), set()
    for day, (subjects, is_up) in enumerate(days):
        now = sweep(day, subjects)
        memory = counted(memory, now, [READER])
        if not is_up:
            continue
        told = news(memory, now, READER, "note")
        for one in told:
            is_opening = one.item is not None
            assert (one.fingerprint in believed) is not is_opening
            (believed.add if is_opening else believed.remove)(one.fingerprint)
        memory = parse(as_document(remembered(memory, READER, told, f"<{day}@x>")))
        reached = {item.fingerprint for item in now.items}
        assert news(memory, now, READER, "note") == ()
        assert counted(memory, now, [READER]) == memory
    assert believed == reached


@given(st.lists(OPEN, min_size=2, max_size=6))
def test_a_thread_keeps_its_name(days):
    memory, first = Memory(), {}
    for day, subjects in enumerate(days):
        now = sweep(day, subjects)
        memory = counted(memory, now, [READER])
        for group in threads(news(memory, now, READER, "note"), most=1):
            for one in group:
                assert one.thread == first.get(one.fingerprint)
                first.setdefault(one.fingerprint, f"<{day}@x>")
            assert len({one.thread for one in group}) == 1
            memory = remembered(memory, READER, group, f"<{day}@x>")


@given(st.lists(st.builds(Event, name=hostile, title=hostile, before=hostile, after=hostile, by=hostile), max_size=3))
def test_an_event_waits_until_it_is_told(events):
    memory = counted(Memory(), replace(sweep(0, set()), events=tuple(events)), [READER])
    later = sweep(1, set())
    memory = counted(memory, later, [READER])
    told = news(memory, later, READER, "note")
    assert {one.event for one in told} == set(events)
    assert news(remembered(memory, READER, told, "<0@x>"), later, READER, "note") == ()


def test_a_weakening_that_is_over_is_told_once_and_its_mending_is_not():
    def change(hour, way, before, after):
        step = DriftStep(name="rulesets/7/enforcement", title="enforcement", direction=way, before=before, after=after)
        at = EVENING + timedelta(hours=hour)
        return DriftEvent(kind="ruleset-changed", at=at, actor="mona", what="ruleset 7", changes=(step,))

    off, on = change(1, "weakened", "active", "disabled"), change(2, "strengthened", "disabled", "active")
    untold = DriftEvent(kind="ruleset-changed", at=EVENING, actor=None, what="ruleset 8")
    drift = Drift(
        since=EVENING,
        since_phase=Phase.STARTUP,
        since_snapshot="0" * 64,
        entries=(),
        unchanged_findings=0,
        events=(untold, off, on),
    )
    at = EVENING + timedelta(hours=8)
    now = of_report(as_json(report(result(), stage=Stage.SWEEP, phase=Phase.ADHOC, finished_at=at, drift=drift)))
    (event,) = now.events
    assert (event.before, event.after, event.by) == ("active", "disabled", "mona")
