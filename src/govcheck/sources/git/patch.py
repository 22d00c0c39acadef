"""Git's patch format, read by its counts: no line of a file can pass for a header, and no name is read from it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from govcheck.errors import SourceError

OPTIONS = (
    "-p",
    "-U0",
    "--text",
    "--full-index",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "--no-indent-heuristic",
    "--submodule=short",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
"""Every file as text: an attribute of the checked repository (`-diff`) must not hide lines."""

_SECTION = b"diff --git "
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_IDS = re.compile(rb"index ([0-9a-f]+)\.\.([0-9a-f]+)")

Line = tuple[int, bytes]
"""The line's number after the change, from 1; its bytes without the newline."""


class Section(NamedTuple):
    """What a patch says of one file."""

    blobs: tuple[str, str] | None
    """The object ids before and after; None where the content is the same."""

    lines: tuple[Line, ...]
    """The added ones."""


def read_patch(patch: bytes) -> Iterator[Section]:
    """The sections of a patch, in order. A file that becomes a symbolic link, or the reverse, has two.

    Raises:
        SourceError: where the patch is not what git documents.
    """
    lines = patch.split(b"\n")
    place = 0
    while place < len(lines) - 1:
        if not lines[place].startswith(_SECTION):
            raise SourceError("git's patch is not in the format that git documents")
        section, place = _section(lines, place + 1)
        yield section


def _section(lines: list[bytes], place: int) -> tuple[Section, int]:
    blobs = None
    added: list[Line] = []
    while place < len(lines) and not lines[place].startswith(_SECTION):
        if hunk := _HUNK.match(lines[place]):
            place = _hunk(lines, place + 1, hunk, added)
            continue
        if ids := _IDS.match(lines[place]):
            blobs = (ids[1].decode("ascii"), ids[2].decode("ascii"))
        place += 1
    return Section(blobs, tuple(added)), place


def _hunk(lines: list[bytes], place: int, header: re.Match[bytes], added: list[Line]) -> int:
    old, number, new = int(header[1] or 1), int(header[2]), int(header[3] or 1)
    while (old or new) and place < len(lines):
        line = lines[place]
        place += 1
        if line.startswith(b"+"):
            added.append((number, line[1:]))
            number += 1
            new -= 1
        elif line.startswith(b"-"):
            old -= 1
        elif not line.startswith(b"\\"):  # the remark that a file has no newline at its end
            break
    if old or new:
        raise SourceError("git's patch breaks off inside of a hunk")
    return place
