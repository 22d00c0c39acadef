"""`check` and `check --rev`: a whole tree."""

from govcheck import engine
from govcheck.app.bare import in_order, is_bare, reads, whole
from govcheck.app.configured import configured
from govcheck.app.memory import memory
from govcheck.app.offers import CLONE, LIVE, WHOLE_TREE
from govcheck.app.options import CheckOptions
from govcheck.app.policies import PolicySet, load, read_files, read_waivers
from govcheck.app.reporting import Run, build, no_texts, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, Supplier, clock, files, instant
from govcheck.facts import Facts
from govcheck.plan import PlannedPolicy, plan, requests
from govcheck.report import Coverage, Report, Stage
from govcheck.sources.git.remote_branches import knows_branches
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.revisions import resolve
from govcheck.sources.git.states import AtRevision, OnDisk


def judge(options: CheckOptions, repository: Repository) -> Report:
    """Judges every tracked file: as it lies on disk, or as a commit has it."""
    started = instant(None)
    state = AtRevision(resolve(repository, options.revision)) if options.revision else OnDisk()
    reading = Reading(repository, state)
    setting = configured(options.setting, reading)
    live = None
    if options.live:
        from govcheck.app.fetch import fetch_sets  # noqa: PLC0415 - see above
        from govcheck.app.live import connect  # noqa: PLC0415 - offline runs need no network code

        fetch_sets(setting, reading)
        live = connect(setting, repository, options.max_wait)
    now = instant(setting.at)
    offered = WHOLE_TREE | (LIVE if live else CLONE if knows_branches(repository) else frozenset())
    asked: dict[str, Supplier] = {}
    if options.live:
        from govcheck.app import services  # noqa: PLC0415 - see above

        offered |= services.offered(setting.environment)
        asked = services.suppliers(setting.environment, now, setting.carrier)
    names = frozenset(fact.__name__ for fact in offered)
    known = None if options.live else memory(setting, reading, names, revision=options.revision is not None)
    policies = load(setting, reading, lambda outline: engine.nothing_to_judge(outline, names, frozenset()), known)
    planned = plan(whole(policies))
    suppliers = clock(now) | files(reading) | asked
    gatherer = Gatherer(suppliers=suppliers, live=live.gather if live else None)
    facts = Facts(offered=offered, answers=gatherer.gather(requests(planned, offered)))
    judged = engine.judge(planned, facts, Stage.TREE, stop_watch)
    if known is not None:
        known.keep(judged, facts)
    results = in_order(policies, judged, names, known)
    run = Run(
        stage=Stage.TREE,
        started=started,
        commit=reading.commit,
        policies=policies,
        written=lambda: read_files(setting, reading),
        facts=facts,
        remembered=known.texts if known is not None else no_texts,
        moment=setting.at or started,
        waivers=read_waivers(setting, reading),
        git_dir=repository.git_dir,
        repository=live.repository if live else None,
        notes=live.notes if live else _offline(policies, planned),
        coverage=live.coverage(facts, results) if live else Coverage(),
    )
    report = build(run, results, fail_on=options.fail_on, unknown=options.unknown)
    if setting.record is not None:
        from govcheck.app.record import Judged, record  # noqa: PLC0415 - few runs are recorded

        record(Judged(setting=setting, reading=reading, run=run, report=report, options=options, live=live))
    return report


def _offline(policies: PolicySet, planned: tuple[PlannedPolicy, ...]) -> tuple[str, ...]:
    """Says which policies have a part that only GitHub can tell."""
    live = {fact.__name__ for fact in LIVE}
    read = {
        policy.policy.policy.id: {fact.__name__ for call in policy.calls for fact in call.check.facts}
        for policy in planned
    }
    ids = [
        loaded.policy.id
        for loaded in policies.policies
        if not live.isdisjoint(
            reads(policies.outlines[loaded.policy.id]) if is_bare(loaded) else read[loaded.policy.id]
        )
    ]
    return (f"offline: --live judges what only GitHub knows, too ({', '.join(ids)})",) if ids else ()
