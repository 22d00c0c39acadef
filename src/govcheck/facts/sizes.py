"""How large the changed files are."""

from collections.abc import Mapping

from govcheck.facts import Fact, Missing
from govcheck.records import frozen


@frozen(kw_only=True)
class FileSize:
    """One file after the change."""

    bytes: int
    binary: bool | None
    """Whether it has a zero byte near its start, as git tells; None where it is too large to be read."""


@frozen
class ChangedSizes(Fact):
    """Every regular file that the change adds, modifies or renames. Offered at `pre-commit` and `ci`."""

    sizes: Mapping[str, FileSize | Missing]
    """By its path after the change."""
