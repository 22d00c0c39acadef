"""A throwaway repository of given files: commits made by git itself, with nothing ever written to a work tree."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from govcheck.sources.git.runner import Git

BASE = "main"
"""The branch that has the files."""

CHANGED = "change"
"""The branch that has the change as well."""

_WHO = b"govcheck <govcheck@example.invalid> 1767225600 +0000"


def make_repository(folder: Path, files: Mapping[str, str], change: Mapping[str, str | None]) -> None:
    """Makes an empty folder a repository: `main` has the files, `change` the change, and so does the index.

    Args:
        folder: Where; it is there already.
        files: Path to content. Paths are good ones: see `policy_tests.given_paths`.
        change: Path to content, or to None where it is deleted.

    Raises:
        GovcheckError: where git refuses, or is not installed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    git = Git(str(folder), kept)
    git.run("init", "--quiet", "--template=", f"--initial-branch={BASE}", "--object-format=sha1", ".")
    git.run("fast-import", "--quiet", given=b"".join(_stream(files, change)))
    git.run("read-tree", CHANGED)


def _stream(files: Mapping[str, str], change: Mapping[str, str | None]) -> Iterator[bytes]:
    """Both commits. The format: https://git-scm.com/docs/git-fast-import#_input_format."""
    yield b"commit refs/heads/%s\nmark :1\ncommitter %s\ndata 0\n" % (BASE.encode(), _WHO)
    yield from _changes(files)
    yield b"commit refs/heads/%s\ncommitter %s\ndata 0\nfrom :1\n" % (CHANGED.encode(), _WHO)
    yield from _changes(change)


def _changes(paths: Mapping[str, str | None]) -> Iterator[bytes]:
    """Deletions first: what was a file may become a folder."""
    for path, content in sorted(paths.items(), key=lambda one: one[1] is not None):
        if content is None:
            yield b"D %s\n" % _quoted(path)
        else:
            data = content.encode()
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data)
    yield b"\n"


def _quoted(path: str) -> bytes:
    return b'"%s"' % path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')
