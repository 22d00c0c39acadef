"""The sweeps that a new one is seen against."""

from govcheck.records import frozen
from govcheck.snapshot import Snapshot


@frozen(kw_only=True)
class Earlier:
    """The sweeps that a new one is seen against."""

    base: Snapshot | None
    """The one to compare with; None: the new one is the first."""

    told: Snapshot | None
    """A later one of the same row, which told part of it already; None where that is `base`."""

    last: Snapshot | None
    """The newest of any phase: the new one's `previous`."""

    older: tuple[Snapshot, ...] = ()
    """What tells of that which the newest of these could not see, the newest first."""

    notes: tuple[str, ...] = ()
    """What had to be passed over because it is damaged, a newer govcheck's, or no snapshot."""
