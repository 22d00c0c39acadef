"""What was told, in one file of the store's folder; one process writes at a time."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govcheck.errors import SourceError, UsageError
from govcheck.records import mutable
from govcheck.store.files import make_folder, write_document
from govcheck.telling.memory import MEMORY_SCHEMA, Memory, as_document, parse

_NAME = "notifications.json"


@mutable
class NotificationFile:
    """The memory of every repository that is told of from one folder."""

    path: Path
    repositories: dict[str, Any]

    def memory(self, repository: str) -> Memory:
        """What is remembered of a repository.

        Raises:
            SourceError: where the file is damaged.
        """
        document = self.repositories.get(repository.lower())
        try:
            return Memory() if document is None else parse(document)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(self.path, f"what it says of {repository} cannot be read") from error

    def keep(self, repository: str, memory: Memory) -> None:
        """Writes it, in one step.

        Raises:
            UsageError: where it cannot be written.
        """
        self.repositories[repository.lower()] = as_document(memory)
        write_document(self.path, {"schema": MEMORY_SCHEMA, "repositories": self.repositories})


@contextmanager
def opened(folder: Path) -> Iterator[NotificationFile]:
    """The file, while nobody else has it.

    Raises:
        UsageError: where the folder cannot be written, or another process is telling.
        SourceError: where the file is damaged.
    """
    path = folder / _NAME
    try:
        make_folder(folder)
        lock = (folder / f".{_NAME}.lock").open("w")
    except OSError as error:
        raise UsageError(f"cannot keep what was told in {folder}: {error.strerror or error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another govcheck is telling from {folder}", "wait until it is done") from error
        yield NotificationFile(path, _read(path))


def _read(path: Path) -> dict[str, Any]:
    try:
        document: object = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is not JSON") from error
    if not isinstance(document, Mapping) or document.get("schema") != MEMORY_SCHEMA:
        raise _damaged(path, f"it is not of this version ({MEMORY_SCHEMA})")
    repositories = document.get("repositories")
    if not isinstance(repositories, dict):
        raise _damaged(path, "it has no repositories")
    return repositories


def _damaged(path: Path, why: str) -> SourceError:
    return SourceError(
        f"{path} is damaged or foreign: {why}", "once it is moved away, everything that is open is told anew"
    )
