"""A history in a folder: one packed file for each sweep, a lock, and the record of what was pruned.

FOLDER/snapshots/20261123T170200.000Z-shutdown-0123456789ab.json.gz
FOLDER/pruned.json
FOLDER/index.sqlite      made from the files; it may be deleted at any time
FOLDER/lock
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from govcheck.errors import GovcheckError, SourceError, UsageError
from govcheck.findings import Json
from govcheck.records import names
from govcheck.snapshot.document import canonical, content_hash
from govcheck.store.connection import PATIENCE
from govcheck.store.files import TEMPORARY, make_folder, save
from govcheck.store.shelf import Tombstone, buried, is_stem

_SUFFIXES = (".json.gz", ".json")
"""Of packed files, and of those that older versions wrote."""

_PRUNED_SCHEMA = "urn:govcheck:pruned:1"
_POLL = 0.02
_STALE = 3600.0
"""Seconds after which a file that was begun is a crash's."""


class FolderShelf:
    """Files in `FOLDER/snapshots`. Several processes may write at once."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self.folder = folder
        self.in_words = str(folder)
        self._patience = patience

    @property
    def files(self) -> Path:
        """The folder of the snapshots."""
        return self.folder / "snapshots"

    @property
    def record(self) -> Path:
        """The file that tells what was pruned."""
        return self.folder / "pruned.json"

    def place(self, stem: str) -> str:
        """See `Shelf`."""
        return str(self._file(stem))

    def stems(self) -> frozenset[str]:
        """See `Shelf`."""
        found = [stem for stem in map(_stem, self._names()) if stem is not None]
        with suppress(SourceError):  # `verify` tells of a record that is damaged
            return frozenset(found) - buried(found, self.tombstones())
        return frozenset(found)

    def strangers(self) -> tuple[str, ...]:
        """See `Shelf`."""
        return tuple(str(self.files / name) for name in sorted(self._names()) if _stem(name) is None)

    def read(self, stem: str) -> bytes:
        """See `Shelf`."""
        path = self._file(stem)
        try:
            return path.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot read {path}: {error.strerror or error}") from error

    def write(self, stem: str, data: bytes) -> None:
        """See `Shelf`."""
        path = self.files / f"{stem}{_SUFFIXES[0]}"
        try:
            save(path, data)
        except OSError as error:
            raise _unwritable(path, error) from error

    def tombstones(self) -> Mapping[str, Tombstone]:
        """See `Shelf`."""
        try:
            data = self.record.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SourceError(f"cannot read {self.record}: {error.strerror or error}") from error
        return {tombstone.hash: tombstone for tombstone in _tombstones(data, self.record)}

    def bury(self, tombstones: Iterable[Tombstone]) -> None:
        """See `Shelf`."""
        known = {**self.tombstones(), **{tombstone.hash: tombstone for tombstone in tombstones}}
        rows: list[Json] = [
            {name: getattr(tombstone, name) for name in names(Tombstone)}
            for tombstone in sorted(known.values(), key=lambda one: (one.finished_at, one.hash))
        ]
        document: dict[str, Json] = {"schema": _PRUNED_SCHEMA, "pruned": rows}
        try:
            save(self.record, canonical({**document, "hash": content_hash(document)}))
            self._take_away()
        except OSError as error:
            raise _unwritable(self.record, error) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Shelf`."""
        try:
            make_folder(self.files)
            descriptor = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            self._lock(descriptor)
            self._tidy()
            yield
        finally:
            os.close(descriptor)  # which gives the lock back, as the process's end does

    def _lock(self, descriptor: int) -> None:
        end = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() >= end:
                    raise UsageError(
                        f"the store {self.folder} is locked by another process",
                        "try again when that one is done; its lock ends with it",
                    ) from error
                time.sleep(_POLL)
            else:
                return

    def _tidy(self) -> None:
        """What a run that was killed left behind."""
        with suppress(OSError, GovcheckError):
            for path in self.files.glob(f"{TEMPORARY}*"):
                if time.time() - path.stat().st_mtime > _STALE:
                    path.unlink()
            if self.record.exists():
                self._take_away()

    def _take_away(self) -> None:
        for stem in buried([one for one in map(_stem, self._names()) if one], self.tombstones()):
            for suffix in _SUFFIXES:
                with suppress(FileNotFoundError):
                    (self.files / f"{stem}{suffix}").unlink()

    def _file(self, stem: str) -> Path:
        old = self.files / f"{stem}{_SUFFIXES[1]}"
        packed = self.files / f"{stem}{_SUFFIXES[0]}"
        return old if old.exists() and not packed.exists() else packed

    def _names(self) -> list[str]:
        try:
            return [path.name for path in self.files.iterdir() if not path.name.startswith(".")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UsageError(
                f"cannot read the snapshots in {self.files}: {error.strerror or error}",
                "GOVCHECK_STORE names the folder for snapshots",
            ) from error


def _stem(name: str) -> str | None:
    found = (name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix))
    return next((stem for stem in found if is_stem(stem)), None)


def _tombstones(data: bytes, path: Path) -> list[Tombstone]:
    try:
        document = json.loads(data)
        whole = document["schema"] == _PRUNED_SCHEMA and content_hash(document) == document["hash"]
        found = [Tombstone(**row) for row in document["pruned"]] if whole else None
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise _damaged_record(path, str(error)[:200]) from error
    if found is None:
        raise _damaged_record(path, "its content is not what its hash says, or it has another form")
    return found


def _damaged_record(path: Path, why: str) -> SourceError:
    return SourceError(
        f"{path}, the record of what was pruned, is damaged: {why}",
        "move it away: the chain then has gaps that nothing accounts for, and `govcheck verify` names them",
    )


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"cannot keep the snapshot {path}: {error.strerror or error}",
        "GOVCHECK_STORE names the folder for snapshots",
    )
