"""Who gathers what: from the requests of a plan to the facts of a run."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from govcheck.app.state import Reading
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.now import Now
from govcheck.records import frozen

if TYPE_CHECKING:  # the hook seldom reads these, and a class is dear to make
    from govcheck.facts.tree import Blobs
    from govcheck.facts.workflows import Workflows

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
    return {
        "Blobs": lambda request: _blobs(reading, request),
        "Tree": lambda _: reading.listing().tree(),
        "Workflows": lambda _: workflows_of(reading),
    }


def clock(now: datetime) -> dict[str, Supplier]:
    """The time to judge by."""
    return {"Now": lambda _: Now(now)}


def changes(change: Change, lines: Callable[[], AddedLines]) -> dict[str, Supplier]:
    """A change, and the lines that it adds."""
    return {"Change": lambda _: change, "AddedLines": lambda _: lines()}


def workflows_of(reading: Reading) -> "Workflows":
    """The workflow files of a state."""
    from govcheck.sources.workflow_files import is_workflow_path, read_workflows  # noqa: PLC0415 - brings YAML along

    listing = reading.listing(WORKFLOW_FOLDER)
    return read_workflows(reading.blobs(filter(is_workflow_path, listing.modes), WORKFLOW_FOLDER))


def _blobs(reading: Reading, request: Request) -> "Blobs":
    from govcheck.facts.tree import BlobsRequest  # noqa: PLC0415 - few runs read blobs
    from govcheck.sources.git.blobs import blobs_fact  # noqa: PLC0415 - few runs read blobs

    if not isinstance(request, BlobsRequest):
        raise TypeError("blobs are asked for by globs")
    return blobs_fact(reading.repository, reading.listing(), request)
