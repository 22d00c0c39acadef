"""`check --staged`: the index against HEAD. This is the hook's path: it imports nothing that it does not need."""

from govcheck import engine
from govcheck.app.options import CheckOptions
from govcheck.app.policies import DEFAULT_FOLDER, load
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import CHANGE, FILES, WORKFLOW_FOLDER, Gatherer, instant
from govcheck.facts import Facts, Request
from govcheck.facts.change import Change
from govcheck.facts.now import Now
from govcheck.facts.tree import BlobsRequest
from govcheck.facts.workflows import Workflows
from govcheck.plan import plan, requests
from govcheck.policy import Policy
from govcheck.report import Report, Stage
from govcheck.sources.git.change import added_lines, start_staged_change
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import AtRevision, InIndex


def judge(options: CheckOptions, repository: Repository) -> Report:
    """Judges what a commit would change."""
    started = instant(None)
    reading = Reading(repository, InIndex())
    finish = start_staged_change(repository)
    reading.listing(DEFAULT_FOLDER)  # git compares meanwhile
    change = finish()
    touched = _touched(change)
    offered = frozenset(fact.__name__ for fact in CHANGE)
    unchanged = _unchanged_names(touched)
    policies = load(options.setting, reading, lambda outline: engine.nothing_to_judge(outline, offered, unchanged))
    bare = [loaded for loaded in policies.policies if type(loaded.policy) is Policy]
    planned = plan(loaded for loaded in policies.policies if type(loaded.policy) is not Policy)
    wanted = requests(planned, CHANGE)
    same = frozenset(request for request in wanted if _unchanged(request, touched))
    gatherer = Gatherer(
        reading=reading,
        now=instant(options.setting.at),
        change=lambda: change,
        added_lines=lambda: added_lines(repository, change),
    )
    facts = Facts(offered=CHANGE, answers=gatherer.gather(wanted - same), unchanged=same)
    before = _before(repository, wanted - same, gatherer)
    results = engine.judge(planned, facts, Stage.PRE_COMMIT, stop_watch, before=before)
    skipped = (
        engine.not_applicable(loaded, policies.outlines[loaded.policy.kind], offered, unchanged) for loaded in bare
    )
    by_policy = {result.policy: result for result in (*results, *skipped)}
    results = tuple(by_policy[loaded] for loaded in policies.policies)
    run = Run(stage=Stage.PRE_COMMIT, started=started, reading=reading, policies=policies, facts=facts)
    return build(run, results, options.setting, fail_on=options.fail_on, unknown=options.unknown)


def _touched(change: Change) -> frozenset[str]:
    """Every path that the commit would change, on both sides of a rename."""
    now = (changed.path for changed in change.paths)
    then = (changed.previous_path for changed in change.paths if changed.previous_path is not None)
    return frozenset((*now, *then))


def _unchanged_names(touched: frozenset[str]) -> frozenset[str]:
    """Facts without parameters that are the same in the index as at HEAD, by name."""
    return frozenset(fact.__name__ for fact in (Now, Workflows) if _unchanged(Request(fact), touched))


def _unchanged(request: Request, touched: frozenset[str]) -> bool:
    if request.fact is Now:
        return True
    if request.fact is Workflows:
        return not any(path.startswith(f"{WORKFLOW_FOLDER}/") for path in touched)
    if isinstance(request, BlobsRequest):
        from govcheck.globs import compile_globs  # noqa: PLC0415 - few kinds read blobs

        return not any(compile_globs(request.globs).accepted(touched))
    return False


def _before(repository: Repository, requests: frozenset[Request], gatherer: Gatherer) -> Facts | None:
    """The files as HEAD has them, where a check reads files that the commit changes."""
    wanted = [request for request in requests if request.fact in FILES]
    if not wanted or repository.head is None:
        return None
    old = Gatherer(reading=Reading(repository, AtRevision(repository.head)), now=gatherer.now)
    return Facts(offered=FILES | {Now}, answers=old.gather([*wanted, Request(Now)]))
