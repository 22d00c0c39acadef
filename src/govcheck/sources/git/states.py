"""Which state of a repository is meant: a commit, the index, or the disk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AtRevision:
    """A commit's tree and its blobs."""

    commit: str
    """A full object id, as `revisions.resolve` gives it."""


@dataclass(frozen=True, slots=True)
class InIndex:
    """What is staged: the next commit."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is tracked (the paths and modes of the index), with the bytes that lie on the disk."""


State = AtRevision | InIndex | OnDisk
