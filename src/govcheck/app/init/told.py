"""What `init` has to tell, before it is put into words."""

from collections.abc import Mapping

from govcheck.app.init.proposal import Settled
from govcheck.records import frozen
from govcheck.report import PolicyResult, ReportedFinding


@frozen(kw_only=True)
class Told:
    """One run of `init`."""

    folder: str
    files: Mapping[str, str]
    """Path from the root to text."""

    results: tuple[PolicyResult, ...]
    """Of the policies that were written, in their order."""

    settled: tuple[Settled, ...]
    gates: tuple[ReportedFinding, ...]
    """What every gate of the repository came to, whatever policy looks at it."""

    is_dry: bool
    exit_code: int
    live: bool = False
    """Whether GitHub was asked."""

    unimported: tuple[str, ...] = ()
    """What could not be imported: place and reason."""

    asked: tuple[str, ...] = ()
    """Files beside policies that were asked for."""

    instead: tuple[str, ...] = ()
    """What to do by hand, where such a file is there already."""

    notes: tuple[str, ...] = ()
    """What a person should be told of the connection."""
