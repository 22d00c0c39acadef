"""The tracked tree: every path with its mode."""

from collections.abc import Mapping
from enum import StrEnum

from govcheck.facts import Fact, Missing, Request
from govcheck.records import frozen


class Mode(StrEnum):
    """What git says an entry is."""

    FILE = "100644"
    EXECUTABLE = "100755"
    SYMLINK = "120000"
    SUBMODULE = "160000"


@frozen
class Tree(Fact):
    """The whole tree. Offered where a whole tree is judged: `tree` and `sweep`."""

    modes: Mapping[str, str]
    """Path (see `govcheck.paths.decode`) to git's six-digit mode (see `Mode`), in git's order."""


@frozen
class BlobsRequest(Request):
    """The bytes of every tracked file that a glob matches."""

    globs: tuple[str, ...]


@frozen
class Blobs(Fact):
    """The bytes of tracked files at the state that is judged; symbolic links and submodules are not read."""

    contents: Mapping[str, bytes | Missing]
    """Path to bytes. `Missing` with reason `missing-object`: the clone does not have the blob, a merge conflict is not
    resolved, or the file is not on the disk; with `unparseable`: it is larger than what is read."""
