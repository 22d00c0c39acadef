"""How large the files are that a change leaves behind."""

from govcheck.facts import Missing
from govcheck.facts.change import Change
from govcheck.facts.sizes import ChangedSizes, FileSize
from govcheck.facts.tree import Mode
from govcheck.sources.git import objects
from govcheck.sources.git.listing import Listing
from govcheck.sources.git.repository import Repository

_READ = 1024 * 1024
"""Bytes; of larger files nobody asks whether they are binary."""

_START = 8000
"""Bytes in which git looks for a zero byte."""


def read_changed_sizes(repository: Repository, change: Change, listing: Listing) -> ChangedSizes:
    """The size of every regular file that the change leaves behind.

    Args:
        repository: Where.
        change: What changed.
        listing: Of the state after the change.
    """
    regular = {Mode.FILE, Mode.EXECUTABLE}
    paths = [entry.path for entry in change.paths if entry.mode in regular and entry.path in listing.blobs]
    blobs = {path: listing.blobs[path] for path in paths}
    sizes = objects.sizes(repository, blobs.values())
    small = [blob for blob, size in sizes.items() if not isinstance(size, Missing) and size <= _READ]
    contents = objects.contents(repository, small, _READ)
    return ChangedSizes({path: _size(sizes[blob], contents.get(blob)) for path, blob in blobs.items()})


def _size(size: int | Missing, content: bytes | Missing | None) -> FileSize | Missing:
    if isinstance(size, Missing):
        return size
    known = isinstance(content, bytes)
    return FileSize(bytes=size, binary=b"\0" in content[:_START] if known and isinstance(content, bytes) else None)
