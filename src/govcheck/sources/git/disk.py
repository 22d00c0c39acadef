"""Tracked files as they lie on the disk. No path leaves the work tree: symbolic links are never followed."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.paths import encode
from govcheck.sources.git.objects import too_large

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_BELOW = frozenset({b"", b".", b"..", b".git"})

_NOT_THERE = Missing(reason=Reason.MISSING_OBJECT, message="the file is tracked, but it is not on the disk")
_NOT_A_FILE = Missing(
    reason=Reason.MISSING_OBJECT,
    message="on the disk there is no regular file at this path, or the path goes through a symbolic link",
)
_NOT_A_PATH = Missing(reason=Reason.MISSING_OBJECT, message="git's index has a path here that leaves the work tree")


class _Folders:
    """The open folders from the root down to the last file: the next file shares most of them."""

    def __init__(self, root: str) -> None:
        self._names: list[bytes] = []
        self._descriptors = [os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]

    def enter(self, names: list[bytes]) -> int:
        """The descriptor of a folder below the root."""
        shared = 0
        for ours, wanted in zip(self._names, names, strict=False):
            if ours != wanted:
                break
            shared += 1
        self._leave(shared)
        for name in names[shared:]:
            self._descriptors.append(os.open(name, _FOLDER, dir_fd=self._descriptors[-1]))
            self._names.append(name)
        return self._descriptors[-1]

    def close(self) -> None:
        self._leave(0)
        os.close(self._descriptors.pop())

    def _leave(self, depth: int) -> None:
        while len(self._names) > depth:
            self._names.pop()
            os.close(self._descriptors.pop())


def read_files(root: str, paths: Iterable[str], limit: int) -> Iterator[tuple[str, bytes | Missing]]:
    """Each path with its bytes, or with why there are none."""
    folders = _Folders(root)
    try:
        for path in paths:
            yield path, _read(folders, encode(path).split(b"/"), limit)
    finally:
        folders.close()


def _read(folders: _Folders, names: list[bytes], limit: int) -> bytes | Missing:
    if not _NOT_BELOW.isdisjoint(names):
        return _NOT_A_PATH
    try:
        descriptor = os.open(names[-1], _FILE, dir_fd=folders.enter(names[:-1]))
    except FileNotFoundError:
        return _NOT_THERE
    except OSError as error:
        return _why(error)
    try:
        return _content(descriptor, limit)
    except OSError as error:
        return _why(error)
    finally:
        os.close(descriptor)


def _content(descriptor: int, limit: int) -> bytes | Missing:
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        return _NOT_A_FILE
    chunks, left = [], limit + 1
    while left and (chunk := os.read(descriptor, min(left, max(about.st_size + 1, 1 << 16)))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks) if left else too_large(max(about.st_size, limit + 1), limit)


def _why(error: OSError) -> Missing:
    if isinstance(error, NotADirectoryError | IsADirectoryError) or error.errno in {errno.ELOOP, errno.ENXIO}:
        return _NOT_A_FILE
    return Missing(reason=Reason.MISSING_OBJECT, message=f"the file cannot be read: {error.strerror}")
