"""One snapshot in one file: written whole or not at all, and read only if it is whole."""

import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from govcheck.errors import SourceError, UsageError
from govcheck.findings import Json
from govcheck.snapshot import Snapshot
from govcheck.snapshot.document import as_document, canonical
from govcheck.store.packing import snapshot_in

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700

TEMPORARY = ".tmp-"
"""How a file begins while it is written; what a crash leaves behind is never taken for a snapshot."""


def read_file(path: Path) -> Snapshot:
    """The snapshot that `--since FILE` names.

    Raises:
        UsageError: where there is no such file, or it is not a whole snapshot, or a newer govcheck's.
    """
    try:
        return load(path)
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no snapshot {path}",
            "the first sweep has nothing to compare with: leave --since out until --write has made the file",
        ) from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {_words(error)}") from error
    except SourceError as error:
        raise UsageError(
            error.message, "name a file that `sweep --write` wrote, or leave --since out: nothing is compared then"
        ) from error


def write_file(path: Path, snapshot: Snapshot) -> None:
    """Writes the file that `--write FILE` names; one that is there is replaced in one step.

    Raises:
        UsageError: where it cannot be written.
    """
    write_document(path, as_document(snapshot))


def read_document(path: Path, what: str) -> object:
    """The JSON document in a file that a caller named; it has yet to be looked at.

    Raises:
        UsageError: where there is no such file, or it is not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read the {what} {path}: {_words(error)}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is no {what}: it is not JSON", f"it was cut off, or is something else: {error}"
        ) from error


def write_document(path: Path, document: Mapping[str, Json]) -> None:
    """Writes a document to a file that a caller named; one that is there is replaced in one step.

    Raises:
        UsageError: where it cannot be written.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"cannot write {path}: it is not a regular file")
    try:
        save(path, canonical(document))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {_words(error)}") from error


def save(path: Path, data: bytes) -> None:
    """Writes a file in one step: a reader sees the old one or the new one, also after a crash.

    Raises:
        OSError: where the folder or the disk does not allow it.
    """
    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_FILE_MODE)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _flush_folder(path.parent)


def load(path: Path) -> Snapshot:
    """The snapshot in a file, plain or packed, of any form so far.

    Raises:
        OSError: where the file cannot be read.
        SourceError: where it is damaged, no snapshot, or a newer govcheck's.
    """
    return snapshot_in(path.read_bytes(), str(path))


def make_folder(path: Path) -> None:
    """Makes a folder that only its owner can read, unless it is there.

    Raises:
        OSError: where it cannot be made, or something else has its name.
    """
    path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)


def _words(error: OSError) -> str:
    return error.strerror or str(error)


def _flush_folder(folder: Path) -> None:
    """Makes the new name last; a file system that cannot flush a folder is no reason to fail."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
