"""Which state of a repository is meant: a commit, the index, or the disk."""

from typing import NamedTuple


class AtRevision(NamedTuple):
    """A commit's tree and its blobs."""

    commit: str
    """A full object id, as `revisions.resolve` gives it."""


class InIndex:
    """What is staged: the next commit."""

    __slots__ = ()


class OnDisk:
    """What is tracked (the paths and modes of the index), with the bytes that lie on the disk."""

    __slots__ = ()


State = AtRevision | InIndex | OnDisk
