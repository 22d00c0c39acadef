"""The time a run judges by. There is no other clock below `app`."""

from dataclasses import dataclass
from datetime import datetime

from govcheck.facts import Fact


@dataclass(frozen=True, slots=True)
class Now(Fact):
    """One aware instant."""

    instant: datetime
    """Always with a time zone; UTC unless `--at` said otherwise."""
