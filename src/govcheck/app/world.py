"""Who gathers what: from the requests of a plan to the facts of a run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from govcheck.app.state import Reading
from govcheck.facts import Fact, Facts, Missing, Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.live import HeadChecks, LiveBranch, LiveRepository
from govcheck.facts.now import Now
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.facts.workflows import Workflows

WORKFLOW_FOLDER = ".github/workflows"

LIVE: frozenset[type[Fact]] = frozenset({LiveRepository, LiveBranch, HeadChecks})
FILES: frozenset[type[Fact]] = frozenset({Workflows, Blobs})
WHOLE_TREE: frozenset[type[Fact]] = FILES | {Tree, Now}
CHANGE: frozenset[type[Fact]] = FILES | {Change, AddedLines, Now}

Answers = dict[Request, Fact | Missing]
LiveGatherer = Callable[[Iterable[Request]], Mapping[Request, Fact | Missing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """Everything that facts can be gathered from in one run."""

    reading: Reading
    now: datetime
    change: Callable[[], Change] | None = None
    added_lines: Callable[[], AddedLines] | None = None
    pull_request: PullRequest | Missing | None = None
    live: LiveGatherer | None = None

    def gather(self, requests: Iterable[Request]) -> Answers:
        """Every request with its fact, or with what stood in the way."""
        answers: Answers = {}
        live = []
        for request in requests:
            if request.fact in LIVE:
                live.append(request)
            else:
                answers[request] = self._one(request)
        if live and self.live is not None:
            answers.update(self.live(live))
        return answers

    def _one(self, request: Request) -> Fact | Missing:
        if request.fact is Now:
            return Now(self.now)
        if request.fact is Change and self.change is not None:
            return self.change()
        if request.fact is AddedLines and self.added_lines is not None:
            return self.added_lines()
        if request.fact is PullRequest and self.pull_request is not None:
            return self.pull_request
        if request.fact is Tree:
            return self.reading.listing().tree()
        if request.fact is Workflows:
            return workflows_of(self.reading)
        if isinstance(request, BlobsRequest):
            return _blobs(self.reading, request)
        raise LookupError(f"nothing gathers {request.fact.__name__} here")


def facts(offered: frozenset[type[Fact]], answers: Answers, unchanged: frozenset[Request] = frozenset()) -> Facts:
    """The facts of a run."""
    return Facts(offered=offered, answers=answers, unchanged=unchanged)


def instant(at: datetime | None) -> datetime:
    """The instant to judge by: `--at`, or else now."""
    return at or datetime.now(UTC)


def workflows_of(reading: Reading) -> Workflows:
    """The workflow files of a state."""
    from govcheck.sources.workflow_files import is_workflow_path, read_workflows  # noqa: PLC0415 - brings YAML along

    listing = reading.listing(WORKFLOW_FOLDER)
    return read_workflows(reading.blobs(filter(is_workflow_path, listing.modes), WORKFLOW_FOLDER))


def _blobs(reading: Reading, request: BlobsRequest) -> Blobs:
    from govcheck.globs import compile_globs  # noqa: PLC0415 - few runs read blobs

    return Blobs(reading.blobs(compile_globs(request.globs).accepted(reading.listing().modes)))
