"""The store that GOVCHECK_STORE names: a folder, a file of SQLite's, or a PostgreSQL server."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from govcheck.errors import UsageError
from govcheck.snapshot.summary import sightings, summary
from govcheck.store.connection import PATIENCE, Connection
from govcheck.store.filing import FolderIndex
from govcheck.store.folder import FolderShelf
from govcheck.store.history import Store
from govcheck.store.index import Index
from govcheck.store.sqlite import open_sqlite
from govcheck.store.table import TableShelf

Answer = TypeVar("Answer")

_SQLITE = "sqlite:///"
_SERVERS = ("postgresql", "postgres")


class _OwnIndex:
    """The index that a database has beside its documents, within the same transactions."""

    def __init__(self, connection: Connection) -> None:
        self.damaged: dict[str, str] = {}
        self._index = Index(connection)
        self._connection = connection

    def ask(self, question: Callable[[Index], Answer]) -> Answer:
        """See `Indexing`."""
        return question(self._index)

    def note(self, document: Mapping[str, Any]) -> None:
        """See `Indexing`."""
        self._index.insert(summary(document), sightings(document))

    def refresh(self) -> None:
        """See `Indexing`. Only what was pruned is not there any more."""
        rows = self._connection.rows("SELECT stem FROM snapshots WHERE hash IN (SELECT hash FROM pruned)")
        self._index.remove([str(stem) for (stem,) in rows])

    def close(self) -> None:
        """See `Indexing`."""
        self._connection.close()


def open_store(value: str | None, default: Path, *, patience: float = PATIENCE) -> Store:
    """The store of that name, or the folder where none is named.

    Args:
        value: GOVCHECK_STORE: a folder, `sqlite:///PATH` or `postgresql://USER@HOST/NAME`.
        default: The folder.
        patience: Seconds that one waits for another process.

    Raises:
        UsageError: where the address is none of these, or the database cannot be had.
    """
    if value is None or not value or "://" not in value:
        shelf = FolderShelf(Path(value) if value else default, patience=patience)
        return Store(shelf, FolderIndex(shelf, patience=patience))
    if value.startswith(_SQLITE) and len(value) > len(_SQLITE):
        return _in_database(open_sqlite(value.removeprefix(_SQLITE), patience=patience))
    scheme = value.partition("://")[0]
    if scheme.partition("+")[0] in _SERVERS:
        from govcheck.store.server import open_server  # noqa: PLC0415 - SQLAlchemy is an extra, and slow to import

        return _in_database(open_server(value, patience=patience))
    raise UsageError(
        f"GOVCHECK_STORE is an address that begins with {scheme}://, which is no store",
        "give the path of a folder, sqlite:///PATH or postgresql://USER@HOST/NAME",
    )


def _in_database(connection: Connection) -> Store:
    return Store(TableShelf(connection), _OwnIndex(connection))
