"""The Actions workflow files, as they stand in the state that is judged."""

from govcheck.facts import Fact
from govcheck.facts.document import Mapping
from govcheck.findings import Reason
from govcheck.records import frozen


@frozen
class Unreadable:
    """Why a workflow file has no document."""

    message: str
    line: int
    column: int
    reason: Reason | None
    """None: GitHub rejects the file as well (a finding). Otherwise only we cannot read it (an unknown)."""


@frozen(eq=False)
class WorkflowFile:
    """One file of `.github/workflows`, dot-files included. Compared by identity, so that it can be a cache key."""

    path: str
    """From the repository's root."""

    document: Mapping | Unreadable
    text: str
    """The file's text, for excerpts; empty where it could not be read."""


@frozen(eq=False)
class Workflows(Fact):
    """Every workflow file, by path. Offered at every stage."""

    files: tuple[WorkflowFile, ...]
