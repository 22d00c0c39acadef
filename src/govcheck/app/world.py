"""Who gathers what: from the requests of a plan to the facts of a run."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from govcheck.app.state import Reading
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.now import Now
from govcheck.records import frozen

if TYPE_CHECKING:  # the hook seldom reads these, and a class is dear to make
    from govcheck.facts.branches import RemoteBranches
    from govcheck.facts.change import RemovedLines
    from govcheck.facts.commits import BranchName
    from govcheck.facts.data_files import DataFiles
    from govcheck.facts.decisions import AuditLog
    from govcheck.facts.hooks import HookConfiguration
    from govcheck.facts.last_commits import LastCommits
    from govcheck.facts.pull_request import PullRequest, StatedChange
    from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
    from govcheck.facts.sizes import ChangedSizes
    from govcheck.facts.sweeps import KeptSweeps
    from govcheck.facts.tree import Blobs, ChangedFiles, OwnPrograms, TrackedFiles
    from govcheck.facts.workflows import Workflows
    from govcheck.facts.zizmor import Zizmor

WORKFLOW_FOLDER = ".github/workflows"

Answers = dict[Request, Fact | Missing]
Supplier = Callable[[Request], Fact | Missing]
LiveGatherer = Callable[[Iterable[Request]], Mapping[Request, Fact | Missing]]


@frozen(kw_only=True)
class Gatherer:
    """Everything that facts can be gathered from in one run."""

    suppliers: Mapping[str, Supplier]
    """The name of a fact's type to what gathers it."""

    live: LiveGatherer | None = None
    """Gathers everything else, all at once."""

    def gather(self, requests: Iterable[Request]) -> Answers:
        """Every request with its fact, or with what stood in the way."""
        answers: Answers = {}
        live = []
        for request in requests:
            supplier = self.suppliers.get(request.fact.__name__)
            if supplier is not None:
                answers[request] = supplier(request)
            else:
                live.append(request)
        if live and self.live is not None:
            answers.update(self.live(live))
        return answers


def instant(at: datetime | None) -> datetime:
    """The instant to judge by: `--at`, or else now."""
    return at or datetime.now(UTC)


def files(reading: Reading) -> dict[str, Supplier]:
    """What is gathered from the files of a state."""
    workflows = cache(lambda: workflows_of(reading))
    programs = cache(lambda: _own_programs(reading, workflows()))
    scanned = cache(lambda: _scanner_files(reading, workflows(), programs()))
    return {
        "AuditLog": lambda request: _audit_log(reading, request),
        "Blobs": lambda request: _blobs(reading, request),
        "DataFiles": lambda request: _data_files(reading, request),
        "HookConfiguration": lambda _: _hook_configuration(reading),
        "LastCommits": lambda request: _last_commits(reading, request),
        "OwnPrograms": lambda _: programs(),
        "RemoteBranches": lambda _: _remote_branches(reading),
        "ScannerCanaries": lambda _: _scanner_canaries(reading, workflows(), programs(), scanned()),
        "ScannerFiles": lambda _: scanned(),
        "TrackedFiles": lambda _: _tracked_files(reading),
        "Tree": lambda _: reading.listing().tree(),
        "Workflows": lambda _: workflows(),
        "Zizmor": lambda _: _zizmor(workflows()),
    }


def clock(now: datetime) -> dict[str, Supplier]:
    """The time to judge by."""
    return {"Now": lambda _: Now(now)}


def sweeping(reading: Reading, sweeps: "KeptSweeps") -> dict[str, Supplier]:
    """What only a sweep looks at: the clone that it runs in, the sweeps before it, and its own phase."""
    from govcheck.facts.work_tree import AdhocSweep, ShutdownSweep, StartupSweep  # noqa: PLC0415 - a hook reads none
    from govcheck.sources.git.work_tree import read_work_tree  # noqa: PLC0415 - as above

    return {
        "AdhocSweep": lambda _: AdhocSweep(),
        "KeptSweeps": lambda _: sweeps,
        "ShutdownSweep": lambda _: ShutdownSweep(),
        "StartupSweep": lambda _: StartupSweep(),
        "WorkTree": lambda _: read_work_tree(reading.repository),
    }


def changes(change: Change, lines: Callable[[], AddedLines], after: Reading) -> dict[str, Supplier]:
    """A change, the lines that it adds, the files that it leaves, and the branch that is checked out.

    Args:
        change: What changed.
        lines: Reads the lines.
        after: The state that it leads to.
    """
    return {
        "Change": lambda _: change,
        "AddedLines": lambda _: lines(),
        "ChangedFiles": lambda request: _changed_files(after, change, request),
        "ChangedSizes": lambda _: _changed_sizes(change, after),
        "BranchName": lambda _: _branch_name(after),
        "RemovedLines": lambda _: _removed_lines(change, after),
        "StatedChange": lambda _: stated(None),
    }


def stated(pull_request: "PullRequest | None") -> "StatedChange":
    """What the change says of itself."""
    from govcheck.facts.pull_request import StatedChange  # noqa: PLC0415 - few policies ask for it

    return StatedChange(pull_request)


def _changed_sizes(change: Change, after: Reading) -> "ChangedSizes":
    from govcheck.sources.git.changed_sizes import read_changed_sizes  # noqa: PLC0415 - few policies ask for them

    return read_changed_sizes(after.repository, change, after.listing())


def _removed_lines(change: Change, after: Reading) -> "RemovedLines | Missing":
    from govcheck.sources.git.removed_lines import read_removed_lines  # noqa: PLC0415 - few policies ask for them

    return read_removed_lines(after.repository, change)


def _branch_name(reading: Reading) -> "BranchName":
    from govcheck.sources.git.commits import branch_name  # noqa: PLC0415 - few policies ask for it

    return branch_name(reading.repository)


def workflows_of(reading: Reading) -> "Workflows":
    """The workflow files of a state."""
    from govcheck.sources.workflow_files import read_workflows  # noqa: PLC0415 - brings YAML along
    from govcheck.sources.workflow_paths import is_action_path, is_workflow_path  # noqa: PLC0415 - as above

    listing = reading.listing(WORKFLOW_FOLDER)
    contents = dict(reading.blobs(filter(is_workflow_path, listing.modes), WORKFLOW_FOLDER))
    if contents:
        contents |= reading.blobs(filter(is_action_path, reading.listing().modes))
    return read_workflows(contents)


def _zizmor(workflows: "Workflows") -> "Zizmor | Missing":
    from govcheck.sources import zizmor  # noqa: PLC0415 - few policies ask for it

    return zizmor.gather(workflows)


def _blobs(reading: Reading, request: Request) -> "Blobs":
    from govcheck.facts.tree import Blobs, BlobsRequest  # noqa: PLC0415 - few runs read blobs
    from govcheck.globs import compile_globs  # noqa: PLC0415 - as above

    if not isinstance(request, BlobsRequest):
        raise TypeError("blobs are asked for by globs")
    return Blobs(reading.blobs(compile_globs(request.globs).accepted(reading.listing().modes)))


def _audit_log(reading: Reading, request: Request) -> "AuditLog | Missing":
    from govcheck.app.gate_log import audit_log  # noqa: PLC0415 - few policies ask for it

    return audit_log(reading, request)


def _data_files(reading: Reading, request: Request) -> "DataFiles":
    from govcheck.sources.data_files import read_data_files  # noqa: PLC0415 - brings YAML along

    return read_data_files(_blobs(reading, request).contents)


def _last_commits(reading: Reading, request: Request) -> "LastCommits":
    from govcheck.facts.tree import BlobsRequest  # noqa: PLC0415 - few policies ask for them
    from govcheck.globs import compile_globs  # noqa: PLC0415 - as above
    from govcheck.sources.git.last_commits import read_last_commits  # noqa: PLC0415 - as above

    if not isinstance(request, BlobsRequest):
        raise TypeError("files are asked for by globs")
    paths = tuple(compile_globs(request.globs).accepted(reading.listing().modes))
    return read_last_commits(reading.repository, paths, reading.commit)


def _changed_files(reading: Reading, change: Change, request: Request) -> "ChangedFiles":
    from govcheck.facts.tree import ChangedFiles, ChangedFilesRequest  # noqa: PLC0415 - few policies read them
    from govcheck.globs import compile_globs  # noqa: PLC0415 - as above

    if not isinstance(request, ChangedFilesRequest):
        raise TypeError("changed files are asked for by globs")
    left = (entry.path for entry in change.paths if entry.mode is not None)
    return ChangedFiles(reading.blobs(compile_globs(request.globs).accepted(left)))


def _tracked_files(reading: Reading) -> "TrackedFiles":
    from govcheck.facts.tree import TrackedFiles  # noqa: PLC0415 - the hook is not offered it

    return TrackedFiles(reading.listing().modes)


def _remote_branches(reading: Reading) -> "RemoteBranches | Missing":
    from govcheck.sources.git.remote_branches import read_remote_branches  # noqa: PLC0415 - few policies ask for them

    return read_remote_branches(reading.repository)


def _own_programs(reading: Reading, workflows: "Workflows") -> "OwnPrograms":
    from govcheck.sources.own_programs import read_own_programs  # noqa: PLC0415 - the hook is not offered them

    return read_own_programs(workflows, reading.listing().modes, reading.blobs)


def _scanner_files(reading: Reading, workflows: "Workflows", programs: "OwnPrograms") -> "ScannerFiles":
    from govcheck.sources.scanner_files import read_scanner_files  # noqa: PLC0415 - the hook is not offered them

    return read_scanner_files(workflows, programs, reading.listing().modes, reading.blobs)


def _scanner_canaries(
    reading: Reading, workflows: "Workflows", programs: "OwnPrograms", scanned: "ScannerFiles"
) -> "ScannerCanaries":
    from govcheck.sources.scanner_canaries import read_scanner_canaries  # noqa: PLC0415 - starts a scanner

    repository = reading.repository
    path = repository.git.environment.get("PATH", "")
    return read_scanner_canaries(workflows, programs, scanned, path, repository.root)


def _hook_configuration(reading: Reading) -> "HookConfiguration":
    from govcheck.sources.hook_configuration import read_hook_configuration  # noqa: PLC0415 - the hook has no time

    return read_hook_configuration(reading.listing().modes, reading.blobs)
