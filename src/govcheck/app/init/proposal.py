"""What a proposer says: a policy in which each key has values to try, the strictest first."""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.records import field, frozen


@frozen(kw_only=True)
class Ladder:
    """One key, and what it may be."""

    key: str
    rungs: tuple[Json, ...]
    """The strictest first. The first that holds today is written; the one before it becomes a comment."""

    why: str = ""
    """What the key is good for, as a comment above it."""


@frozen(kw_only=True)
class Members:
    """A key that is a list, of which each member that holds today by itself is taken."""

    key: str
    members: tuple[Json, ...]
    why: str = ""


@frozen(kw_only=True)
class Proposal:
    """One policy to be."""

    kind: str
    id: str
    file: str
    """The file's name in the folder of policies."""

    why: str
    fixed: Mapping[str, Json] = field(default_factory=dict)
    """Keys that are written as they are."""

    tried: tuple[Ladder | Members, ...] = ()
    """In the order of writing: each is tried with those before it that hold."""

    explained: tuple[str, ...] = ()
    """Sentences above the policy: what was looked at, and why it is proposed."""

    tighten: tuple[str, ...] = ()
    """Lines below it, as comments: what else it could say."""

    declared: bool = False
    """Whether somebody said so already, as an import does: then it is written whether or not it holds today."""


@frozen(kw_only=True)
class Stricter:
    """What a policy could say, and does not hold today."""

    key: str
    value: Json
    reason: str
    """What stands against it, in one sentence."""

    more: int = 0
    """How many more things do."""

    untold: bool = False
    """Whether it could only not be told."""

    @property
    def told(self) -> str:
        """The reason, and how many there are beside it."""
        return self.reason + (f" (and {self.more} more)" if self.more else "")


@frozen(kw_only=True)
class Settled:
    """A proposal with values that hold."""

    proposal: Proposal
    keys: Mapping[str, Json]
    """All that is written, in order; empty where nothing of it holds."""

    comments: Mapping[str, str] = field(default_factory=dict)
    """Key to what is good about it."""

    stricter: tuple[Stricter, ...] = ()
