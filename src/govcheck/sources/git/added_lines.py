"""The lines that a change adds, with their numbers."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.errors import SourceError
from govcheck.facts import Missing
from govcheck.facts.change import AddedLines
from govcheck.sources.git import objects
from govcheck.sources.git.comparison import (
    PLAIN,
    RAW,
    RENAMES,
    Comparison,
    RawChange,
    raw_changes,
    read_raw,
)
from govcheck.sources.git.patch import OPTIONS, Line, Section, read_patch
from govcheck.sources.git.repository import Repository

_Lines = tuple[Line, ...] | Missing
_KIND = slice(0, 3)
"""The part of a mode that says what an entry is: `100` for a regular file."""

_REGULAR = "100"
_OUT_OF_STEP = "git's patch does not have the files of its own records"


def read_added_lines(repository: Repository, comparison: Comparison, limit: int = objects.SIZE_LIMIT) -> AddedLines:
    """The added lines of every regular file that the comparison has after the change.

    A file larger than `limit` bytes, or with a side that this clone does not have, is `Missing`.

    Raises:
        SourceError: where git refuses, or the index changes meanwhile.
    """
    changes = raw_changes(repository, comparison)
    if not changes:
        return AddedLines({})
    sizes = objects.sizes(repository, _blobs(changes))
    unread = dict(_unread(sizes, limit))
    if unread:
        return AddedLines(
            {change.path_after: _one(repository, change, unread, limit) for change in changes if _has_lines(change)}
        )
    return AddedLines(dict(_all(repository, comparison, changes)))


def _blobs(changes: Iterable[RawChange]) -> Iterator[str]:
    for change in changes:
        if change.mode_before[_KIND] == _REGULAR:
            yield change.blob_before
        if change.mode_after[_KIND] == _REGULAR:
            yield change.blob_after


def _has_lines(change: RawChange) -> bool:
    return change.mode_after[_KIND] == _REGULAR


def _unread(sizes: Mapping[str, int | Missing], limit: int) -> Iterator[tuple[str, Missing]]:
    for blob, size in sizes.items():
        if isinstance(size, Missing):
            yield blob, size
        elif size > limit:
            yield blob, objects.too_large(size, limit)


def _all(
    repository: Repository, comparison: Comparison, expected: list[RawChange]
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Everything by one process, whose raw records stand before its patch, in the same order."""
    output = repository.git.run(*comparison.arguments(*RAW, *RENAMES, *OPTIONS))
    # No path is empty, so that two zero bytes in a row only stand where the records end.
    records, end, patch = output.partition(b"\0\0")
    if read_raw(records + end[:1]) != expected:
        raise SourceError("the index has changed while govcheck was reading it", "run govcheck again")
    sections = read_patch(patch)
    for change in expected:
        section = _section(sections, change)
        if _has_lines(change):
            yield change.path_after, section.lines
    if next(sections, None) is not None:
        raise SourceError(_OUT_OF_STEP)


def _section(sections: Iterator[Section], change: RawChange) -> Section:
    """The section of a change; of the two that a change of type has, the second."""
    section = next(sections, None)
    if change.status == "T":
        section = next(sections, None)
    if section is None or (section.blobs is not None and section.blobs[1] != change.blob_after):
        raise SourceError(_OUT_OF_STEP)
    return section


def _one(repository: Repository, change: RawChange, unread: Mapping[str, Missing], limit: int) -> _Lines:
    """One file by itself: the slow way, for a clone that lacks some."""
    before, after = change.blob_before, change.blob_after
    if before == after:
        return ()
    if after in unread:
        return unread[after]
    if change.mode_before[_KIND] != _REGULAR:
        return _whole(objects.contents(repository, (after,), limit)[after])
    if before in unread:
        return unread[before]
    patch = repository.git.run("diff", *PLAIN, *OPTIONS, before, after)
    return tuple(line for section in read_patch(patch) for line in section.lines)


def _whole(content: bytes | Missing) -> _Lines:
    if isinstance(content, Missing):
        return content
    return tuple(enumerate(content.removesuffix(b"\n").split(b"\n"), 1)) if content else ()
