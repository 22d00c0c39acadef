"""What secret scanners of the repository read, and what they find of a secret that was made up to be found."""

from collections.abc import Mapping
from enum import StrEnum

from govcheck.facts import Fact, Missing
from govcheck.records import frozen


@frozen
class ScannerFiles(Fact):
    """The configurations and baselines that scans name, and those that lie in well-known places. Not for the hook."""

    contents: Mapping[str, bytes | Missing]
    """Path to bytes. A path that is not in it is not tracked."""


class CanaryOutcome(StrEnum):
    """What a scanner said to the made-up secrets."""

    FOUND = "found"
    MISSED = "missed"
    REFUSED = "refused"
    """It did not take the configuration, or did not end in time."""


@frozen(kw_only=True)
class Canary:
    """One run of a scanner, with one configuration, over secrets that were made up for it."""

    tool: str
    """The scanner: `gitleaks`, `betterleaks`."""

    version: str
    outcome: CanaryOutcome
    exit_code: int
    """As the scanner gave it: 42 was asked for where it finds something."""

    said: str
    """The last thing that the scanner said, on one line."""


@frozen(kw_only=True)
class ScannerCanaries(Fact):
    """A canary for every configuration that scans read. Gathered only where a policy reads it, never for the hook.

    The scanners are those that are installed; each has to find the same secrets by its built-in rules, or is not used.
    """

    canaries: Mapping[str, Canary]
    """Path of the configuration to what came of it; none where no scanner could be run."""

    trouble: str = ""
    """Why there is none: a clause. Empty where every configuration has its canary."""
