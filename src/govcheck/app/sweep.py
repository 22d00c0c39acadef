"""`sweep`: everything, live settings included; a snapshot of it; and what drifted since the one before."""

from pathlib import Path

from govcheck import drift, engine, snapshot
from govcheck.app import services
from govcheck.app.configured import configured
from govcheck.app.fetch import fetch_sets
from govcheck.app.history import pruned
from govcheck.app.live import Connection, Live, answers, connect, settings
from govcheck.app.offers import OF_PHASE, SWEEP
from govcheck.app.options import SweepOptions
from govcheck.app.policies import load, read_files, read_waivers
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, clock, files, instant, sweeping
from govcheck.drift import events as drift_events
from govcheck.drift.renames import adopted, as_now
from govcheck.errors import UsageError
from govcheck.facts import Facts, Request
from govcheck.facts.events import LiveEvents, LiveEventsRequest
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveRepository,
    LiveRulesets,
    LiveRulesetsRequest,
)
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.sweeps import KeptSweeps
from govcheck.plan import plan, requests
from govcheck.records import replace
from govcheck.report import Phase, PolicyResult, Report, Stage
from govcheck.settings import registered
from govcheck.snapshot.document import hash_of
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision
from govcheck.store.earlier import Earlier
from govcheck.store.files import read_file, write_file
from govcheck.store.history import Store
from govcheck.store.opening import open_store

SNAPSHOT_REQUESTS: frozenset[Request] = frozenset(
    {
        Request(LiveRepository),
        LiveBranchRequest(LiveBranch, DEFAULT_BRANCH),
        HeadChecksRequest(HeadChecks, DEFAULT_BRANCH),
        LiveRulesetsRequest(LiveRulesets, ("tag", "push")),
        LiveAnswersRequest(LiveAnswers, registered.endpoints()),
    }
)
"""What a snapshot has beside what the policies read."""

_CALLED = "this repository was called {} before: it was renamed or transferred, and is compared with that one's sweeps"


def run_sweep(options: SweepOptions) -> Report:
    """Judges HEAD and the live settings, keeps a snapshot, and tells what changed.

    Raises:
        GovcheckError: where nothing could be evaluated, or the store cannot be had.
    """
    repository = open_repository(options.setting.directory)
    if repository.head is None:
        raise UsageError("there is no commit yet: a sweep judges HEAD", "commit something first, or use `check`")
    reading = Reading(repository, AtRevision(repository.head))
    options = replace(options, setting=configured(options.setting, reading))
    fetch_sets(options.setting, reading)
    live = connect(options.setting, repository, options.max_wait)
    store = open_store(options.setting.environment.get("GOVCHECK_STORE"), Path(repository.git_dir) / "govcheck")
    earlier = _earlier(options, store, live)
    run, results = _judge(options, reading, live, _kept(options, store, live))
    judged = build(run, results, fail_on=options.fail_on, unknown=options.unknown)
    report, taken = compared(judged, run.facts, live.connection, earlier)
    called = store.name_before(taken) if options.since is None else None
    further = called or (report.drift is not None and drift.regained(report.drift))
    if further:
        earlier = _further(options, store, taken, earlier, called)
        report, taken = compared(judged, run.facts, live.connection, earlier)
    latest = earlier.told or earlier.base
    asked = drift_events.wanted(report.drift, latest, taken) if report.drift and latest else None
    if asked is not None:
        run = _with_events(run, live, asked)
        report = build(run, results, fail_on=options.fail_on, unknown=options.unknown)
        report, taken = compared(report, run.facts, live.connection, earlier)
    if options.setting.record is not None:
        from govcheck.app.record import Judged, record  # noqa: PLC0415 - few runs are recorded

        setting = options.setting
        record(
            Judged(
                setting=setting, reading=reading, run=run, report=report, options=options, live=live, earlier=earlier
            )
        )
    report = replace(report, notes=(*report.notes, *([_CALLED.format(called)] if called else [])))
    kept = store.add(taken)
    if options.write is not None:
        write_file(Path(options.write), kept.snapshot)
    report = replace(report, notes=(*report.notes, *pruned(store, live.repository, options.setting.retention)))
    store.close()
    return report


def compared(
    report: Report, facts: Facts, connection: Connection, earlier: Earlier
) -> tuple[Report, snapshot.Snapshot]:
    """The report with what drifted, and the snapshot of this sweep."""
    taken = snapshot.build(
        report,
        answers=answers(facts),
        settings=settings(facts),
        tokens=connection.tokens,
        api_versions=connection.api_versions,
    )
    if earlier.last is not None:
        last = as_now(earlier.last, taken)
        taken = snapshot.following(taken, last, hash_of(last))
        taken = replace(taken, fixed=drift.returns(last, taken))
    told = _told(report, facts, taken, earlier)
    if told.drift is None:
        return told, taken
    news = sum(not entry.told for entry in told.drift.entries)
    return told, replace(taken, drift=news, fixed=drift.with_unseen(taken.fixed, told.drift))


def _earlier(options: SweepOptions, store: Store, live: Live) -> Earlier:
    """Read before anything is gathered, so that a file that cannot be used is told at once."""
    if options.since is None:
        return store.earlier(options.phase, live.repository)
    since = read_file(Path(options.since))
    return Earlier(base=since, told=None, last=since)


def _further(
    options: SweepOptions, store: Store, taken: snapshot.Snapshot, earlier: Earlier, called: str | None
) -> Earlier:
    """What it takes beyond the last sweeps of that name: the ones under another name, and those before an outage."""
    if called:
        found = store.earlier(options.phase, called)
        base, told, last = (one and adopted(one, taken) for one in (found.base, found.told, found.last))
        earlier = replace(found, base=base, told=told, last=last)
    latest = earlier.told or earlier.base
    if latest is None or options.since is not None:
        return earlier
    older = (adopted(one, taken) for one in store.older(latest))
    return replace(earlier, older=drift.needed(latest, taken, older))


def _kept(options: SweepOptions, store: Store, live: Live) -> KeptSweeps:
    last = {phase: store.latest({phase}, live.repository) for phase in Phase}
    at = {phase.value: found.finished_at if found else None for phase, found in last.items()}
    lost = [phase for phase, found in last.items() if found is None]
    unread = dict.fromkeys(one for phase in lost for one in store.damaged({phase}, live.repository))
    return KeptSweeps(
        phase=options.phase.value,
        startup=at["startup"],
        shutdown=at["shutdown"],
        adhoc=at["adhoc"],
        unread=tuple(unread),
    )


def _judge(
    options: SweepOptions, reading: Reading, live: Live, kept: KeptSweeps
) -> tuple[Run, tuple[PolicyResult, ...]]:
    started = instant(None)
    policies = load(options.setting, reading)
    planned = plan(policies.policies)
    now, environment = instant(options.setting.at), options.setting.environment
    offered = SWEEP | {OF_PHASE[options.phase]} | services.offered(environment)
    suppliers = clock(now) | files(reading) | sweeping(reading, kept)
    suppliers |= services.suppliers(environment, now, options.setting.carrier)
    gatherer = Gatherer(suppliers=suppliers, live=live.gather)
    facts = Facts(offered=offered, answers=gatherer.gather(requests(planned, offered) | SNAPSHOT_REQUESTS))
    results = engine.judge(planned, facts, Stage.SWEEP, stop_watch)
    run = Run(
        stage=Stage.SWEEP,
        phase=options.phase,
        started=started,
        commit=reading.commit,
        policies=policies,
        written=lambda: read_files(options.setting, reading),
        facts=facts,
        moment=options.setting.at or started,
        waivers=read_waivers(options.setting, reading),
        git_dir=reading.repository.git_dir,
        repository=live.repository,
        notes=live.notes,
        coverage=live.coverage(facts, results),
    )
    return run, results


def _with_events(run: Run, live: Live, asked: LiveEventsRequest) -> Run:
    """The run with what happened since the last sweep, and with what asking for it cost."""
    facts = replace(run.facts, answers={**run.facts.answers, asked: live.events(asked)})
    counts = live.client.counts
    cost = replace(run.coverage, requests=counts.requests, not_modified=counts.not_modified)
    return replace(run, facts=facts, coverage=cost, notes=live.notes)


def _told(report: Report, facts: Facts, taken: snapshot.Snapshot, earlier: Earlier) -> Report:
    report = replace(report, notes=(*report.notes, *earlier.notes))
    if earlier.base is None:
        first = "there is no earlier sweep to compare with: this is the first"
        missing = "no earlier sweep is left to compare with"
        return replace(report, notes=(*report.notes, missing if earlier.notes else first))
    found = drift.with_compliance(
        drift.compare(earlier.base, taken, told=earlier.told, older=earlier.older), report.results
    )
    events = next((fact for fact in facts.answers.values() if isinstance(fact, LiveEvents)), None)
    if events is not None:
        found = drift_events.attributed(found, events, earlier.told or earlier.base, taken)
    return replace(report, drift=found)
