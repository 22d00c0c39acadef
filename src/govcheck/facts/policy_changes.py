"""What a change does to the policies that judge it."""

from typing import Literal

from govcheck.facts import Fact
from govcheck.records import frozen

Effect = Literal["adds", "removes", "weakens", "strengthens", "changes"]
"""`changes`: it demands something else, and whether that is more or less nobody can tell."""


@frozen(kw_only=True)
class PolicyChange:
    """One policy that the change adds, removes, or lets demand something else."""

    policy: str
    """Its id."""

    path: str
    """Its file; where the change removes it, the file that it was in."""

    line: int
    effect: Effect
    keys: tuple[str, ...] = ()
    """The keys with another value, each with the way it went: `approvals weakened`."""


@frozen
class PolicyChanges(Fact):
    """Offered at `ci`. Empty where the base has no policies: there is nothing that could be weakened."""

    changes: tuple[PolicyChange, ...]
