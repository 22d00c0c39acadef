"""The time a run judges by. There is no other clock below `app`."""

from datetime import datetime

from govcheck.facts import Fact
from govcheck.records import frozen


@frozen
class Now(Fact):
    """One aware instant."""

    instant: datetime
    """Always with a time zone; UTC unless `--at` said otherwise."""
