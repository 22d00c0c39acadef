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
class TrackedFiles(Fact):
    """Which files there are, for checks that ask whether something exists. Not offered to the hook.

    Unlike `Tree` it does not say that the whole tree is to be judged: a change is judged by it as well.
    """

    modes: Mapping[str, str]
    """As in `Tree`."""


@frozen
class OwnPrograms(Fact):
    """The repository's own files that its workflows run, directly or through one another. Not offered to the hook.

    Scripts that a step calls, those that they call in turn, and every tracked `package.json`.
    """

    contents: Mapping[str, bytes | Missing]
    """Path to bytes, as in `Blobs`."""


@frozen
class ChangedFilesRequest(Request):
    """The bytes of every file that a change leaves behind and a glob matches."""

    globs: tuple[str, ...]


@frozen
class ChangedFiles(Fact):
    """The bytes of files that a change adds, modifies or renames, as it leaves them. Offered with `Change`."""

    contents: Mapping[str, bytes | Missing]
    """As in `Blobs`."""


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
