"""Which code this is: what a run remembers of its judgements holds for the very same code."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

import govcheck
from govcheck import __version__


@cache
def code_identity() -> str:
    """A name for the code of this process: for govcheck's own files, for Python, and for what is installed beside them.

    Files are known by size and times, as Python itself knows those that it has compiled. What is installed beside them
    is known by the folders that modules come from: to install, upgrade or remove a package is to put its folder
    `NAME-VERSION.dist-info` there, or to take it away.

    Raises:
        OSError: where govcheck's own files cannot be looked at.
    """
    own = sorted(_modules(os.path.dirname(govcheck.__file__)))
    beside = [(folder, _changed(folder)) for folder in sys.path if folder]
    return sha256(repr((__version__, sys.version, own, beside)).encode("utf-8", "surrogatepass")).hexdigest()


def _modules(root: str) -> Iterator[tuple[str, int, int, int]]:
    folders = [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith((".py", ".so", ".yaml")):
                    state = entry.stat()
                    yield entry.path, state.st_size, state.st_mtime_ns, state.st_ctime_ns
                elif name != "__pycache__" and entry.is_dir():
                    folders.append(entry.path)


def _changed(folder: str) -> int | None:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return None
