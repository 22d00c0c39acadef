"""What lies in a clone and nowhere else: uncommitted files, commits that no remote has, stashes."""

from datetime import datetime
from typing import Literal

from govcheck.facts import Fact
from govcheck.records import frozen

DirtyState = Literal["changed", "staged", "untracked", "conflicted"]


@frozen(kw_only=True)
class DirtyFile:
    """One path that is not as HEAD has it."""

    path: str
    """As `paths.decode` gives it."""

    state: DirtyState


@frozen(kw_only=True)
class LocalBranch:
    """A branch of this clone with commits that no remote-tracking branch has."""

    name: str
    """Without `refs/heads/`; `HEAD` where no branch is checked out."""

    upstream: str | None
    """Where it is pushed to, as git names it: `origin/main`; None where it has none."""

    commits: int
    """How many commits no remote-tracking branch has."""


@frozen(kw_only=True)
class Stash:
    """Changes that were put aside."""

    commit: str
    message: str
    at: datetime | None
    """None where git's date is none that can be read."""


@frozen(kw_only=True)
class WorkTree(Fact):
    """The work tree, the local branches and the stashes of one clone. Offered in sweeps."""

    dirty: tuple[DirtyFile, ...]
    ahead: tuple[LocalBranch, ...]
    stashes: tuple[Stash, ...]
    operation: str | None
    """What git is in the middle of: `merge`, `rebase`, `cherry-pick`, `revert`, `bisect`."""

    has_remote: bool
    """False where the clone has no remote: then nothing can have been pushed."""


@frozen
class StartupSweep(Fact):
    """Marks a startup sweep. Offered there alone."""


@frozen
class ShutdownSweep(Fact):
    """Marks a shutdown sweep. Offered there alone."""


@frozen
class AdhocSweep(Fact):
    """Marks an adhoc sweep. Offered there alone."""
