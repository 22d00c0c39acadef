"""`check --staged`: the index against HEAD. This is the hook's path: it imports nothing that it does not need."""

from collections.abc import Callable

from govcheck import engine
from govcheck.app.bare import in_order, is_bare, reads, whole
from govcheck.app.configured import configured
from govcheck.app.options import DEFAULT_FILE, DEFAULT_FOLDER, CheckOptions
from govcheck.app.policies import PolicySet, load, read_files, read_waivers
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import WORKFLOW_FOLDER, Gatherer, changes, clock, files, instant
from govcheck.facts import Fact, Facts, Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.now import Now
from govcheck.plan import plan, requests, requests_but
from govcheck.report import Report, Stage
from govcheck.sources.git.change import added_lines
from govcheck.sources.git.listing import Listing
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import AtRevision, InIndex

OFFERED = frozenset(
    {
        "AddedLines",
        "Blobs",
        "BranchName",
        "Change",
        "ChangedFiles",
        "ChangedSizes",
        "DataFiles",
        "Now",
        "RemovedLines",
        "StatedChange",
        "Workflows",
        "Zizmor",
    }
)
"""The facts of this stage, by name: what `offers.STAGED` has."""


def judge(
    options: CheckOptions,
    repository: Repository,
    change_asked: Callable[[], Change],
    listing_asked: Callable[[], Listing],
) -> Report:
    """Judges what a commit would change.

    Args:
        options: As typed.
        repository: Where.
        change_asked: Waits for what is staged.
        listing_asked: Waits for the index's listing of the default policies and configuration.
    """
    started = instant(None)
    reading = Reading(repository, InIndex())
    reading.prime(listing_asked(), DEFAULT_FOLDER, DEFAULT_FILE)
    change = change_asked()
    touched = _touched(change)
    unchanged = _unchanged_names(touched)
    setting = configured(options.setting, reading)
    policies = load(setting, reading, lambda outline: engine.nothing_to_judge(outline, OFFERED, unchanged))
    planned = plan(whole(policies))
    offered = _offered(policies)
    wanted = requests(planned, offered)
    same = frozenset(request for request in wanted if _unchanged(request, touched))
    suppliers = clock(instant(options.setting.at)) | changes(change, lambda: added_lines(repository, change), reading)
    gatherer = Gatherer(suppliers=suppliers | files(reading))
    needed = requests_but(planned, offered, same)
    facts = Facts(offered=offered, answers=gatherer.gather(needed), unchanged=same)
    before = _before(options, repository, needed)
    judged = engine.judge(planned, facts, Stage.PRE_COMMIT, stop_watch, before=before)
    run = Run(
        stage=Stage.PRE_COMMIT,
        started=started,
        commit=reading.commit,
        policies=policies,
        written=lambda: read_files(setting, reading),
        facts=facts,
        moment=setting.at or started,
        waivers=read_waivers(setting, reading),
        git_dir=repository.git_dir,
    )
    results = in_order(policies, judged, OFFERED)
    report = build(run, results, fail_on=options.fail_on, unknown=options.unknown)
    if setting.record is not None:
        from govcheck.app.record import Judged, record  # noqa: PLC0415 - the hook records nothing

        record(Judged(setting=setting, reading=reading, run=run, report=report, options=options, before=before))
    return report


def _offered(policies: PolicySet) -> frozenset[type[Fact]]:
    """The facts of this stage; without those that no policy at hand reads, whose types are dear to import."""
    bare = {loaded.policy.id for loaded in policies.policies if is_bare(loaded)}
    outlines = [outline for name, outline in policies.outlines.items() if name not in bare]
    read = frozenset[str]().union(*map(reads, outlines))
    if policies.outlines and read.isdisjoint(
        {
            "Blobs",
            "BranchName",
            "ChangedFiles",
            "ChangedSizes",
            "DataFiles",
            "RemovedLines",
            "StatedChange",
            "Workflows",
        }
    ):
        return frozenset({Change, AddedLines, Now})
    from govcheck.app.offers import STAGED  # noqa: PLC0415 - see above

    return STAGED


def _touched(change: Change) -> frozenset[str]:
    """Every path that the commit would change, on both sides of a rename."""
    now = (changed.path for changed in change.paths)
    then = (changed.previous_path for changed in change.paths if changed.previous_path is not None)
    return frozenset((*now, *then))


def _unchanged_names(touched: frozenset[str]) -> frozenset[str]:
    """Facts without parameters that are the same in the index as at HEAD, by name."""
    return frozenset({"Now"}) if _touches_workflows(touched) else frozenset({"Now", "Workflows", "Zizmor"})


def _touches_workflows(touched: frozenset[str]) -> bool:
    return any(path.startswith(f"{WORKFLOW_FOLDER}/") for path in touched)


def _unchanged(request: Request, touched: frozenset[str]) -> bool:
    name = request.fact.__name__
    if name in {"Workflows", "Zizmor"}:
        return not _touches_workflows(touched)
    if name in {"Blobs", "DataFiles"}:
        return _blobs_unchanged(request, touched)
    return name == "Now"


def _blobs_unchanged(request: Request, touched: frozenset[str]) -> bool:
    from govcheck.facts.tree import BlobsRequest  # noqa: PLC0415 - few kinds read blobs
    from govcheck.globs import compile_globs  # noqa: PLC0415 - few kinds read blobs

    return isinstance(request, BlobsRequest) and not any(compile_globs(request.globs).accepted(touched))


def _before(options: CheckOptions, repository: Repository, wanted: frozenset[Request]) -> Facts | None:
    """The files as HEAD has them, where a check reads files that the commit changes."""
    old = [request for request in wanted if request.fact.__name__ in {"Blobs", "DataFiles", "Workflows", "Zizmor"}]
    if not old or repository.head is None:
        return None
    from govcheck.app.offers import INDEX  # noqa: PLC0415 - most commits change none of these

    suppliers = clock(instant(options.setting.at)) | files(Reading(repository, AtRevision(repository.head)))
    answers = Gatherer(suppliers=suppliers).gather([*old, Request(Now)])
    return Facts(offered=INDEX | {Now}, answers=answers)
