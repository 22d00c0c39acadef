"""Which sweeps there have been, as the store of snapshots has them."""

from datetime import datetime

from govcheck.facts import Fact
from govcheck.records import frozen


@frozen(kw_only=True)
class KeptSweeps(Fact):
    """When the newest sweep of each phase finished; the one that asks is not among them. Offered in sweeps."""

    phase: str
    """Of the sweep that asks: `startup`, `shutdown`, `adhoc`."""

    startup: datetime | None
    """None where there is none of this repository."""

    shutdown: datetime | None
    adhoc: datetime | None
    unread: tuple[str, ...] = ()
    """Where one of them is None: snapshots that are there and cannot be read, a sentence each."""
