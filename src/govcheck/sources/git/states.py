"""Which state of a repository is meant: a commit, the index, or the disk.

No dataclasses here and in `listing` and `comparison`: making one takes the hook as long as a file's reading.
"""

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
