"""The bytes of tracked files, in whichever state."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.git import disk, objects
from govcheck.sources.git.listing import Listing
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import InIndex, OnDisk

_REGULAR = "100"
"""How the modes of regular files begin: 100644, 100755, and 100664 of very old repositories."""

_CONFLICT = Missing(
    reason=Reason.MISSING_OBJECT,
    message="the index holds several versions of the file: a merge conflict that is not resolved",
)


def read_blobs(
    repository: Repository, listing: Listing, paths: Iterable[str], limit: int = objects.SIZE_LIMIT
) -> Mapping[str, bytes | Missing]:
    """The bytes of regular files in the listing's state, in the order of `paths`.

    Symbolic links, submodules and paths that are not in the listing have no entry.
    """
    files = [path for path in dict.fromkeys(paths) if listing.modes.get(path, "").startswith(_REGULAR)]
    on_disk = isinstance(listing.state, OnDisk)
    stored = [path for path in files if not on_disk or path in listing.skipped]
    found = dict(_stored(repository, listing, stored, limit))
    if on_disk:
        lying = (path for path in files if path not in listing.skipped)
        found.update(disk.read_files(repository.root, lying, limit))
    return {path: found[path] for path in files}


def read_blob(
    repository: Repository, listing: Listing, path: str, limit: int = objects.SIZE_LIMIT
) -> bytes | Missing | None:
    """The bytes of one file; None where the state has no regular file of that path."""
    return read_blobs(repository, listing, (path,), limit).get(path)


def _stored(
    repository: Repository, listing: Listing, paths: list[str], limit: int
) -> Iterator[tuple[str, bytes | Missing]]:
    conflicted = listing.conflicted if isinstance(listing.state, InIndex) else frozenset()
    wanted = [listing.blobs[path] for path in paths if path not in conflicted]
    read = objects.contents(repository, wanted, limit)
    for path in paths:
        yield path, _CONFLICT if path in conflicted else read[listing.blobs[path]]
