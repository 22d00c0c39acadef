"""A history in a database: the documents are rows beside the index of them."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from govcheck.errors import SourceError
from govcheck.records import names
from govcheck.store.connection import Connection
from govcheck.store.shelf import Tombstone

_COLUMNS = names(Tombstone)


class TableShelf:
    """Documents in the table `documents`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.in_words = connection.name

    def place(self, stem: str) -> str:
        """See `Shelf`."""
        return f"{stem} in {self._connection.name}"

    def stems(self) -> frozenset[str]:
        """See `Shelf`."""
        return frozenset(str(stem) for (stem,) in self._connection.rows("SELECT stem FROM documents"))

    def strangers(self) -> tuple[str, ...]:
        """See `Shelf`."""
        return ()

    def read(self, stem: str) -> bytes:
        """See `Shelf`."""
        found = self._connection.rows("SELECT body FROM documents WHERE stem = :stem", {"stem": stem})
        if not found:
            raise SourceError(f"cannot read {self.place(stem)}: it is not there")
        return bytes(found[0][0])

    def write(self, stem: str, data: bytes) -> None:
        """See `Shelf`."""
        self._connection.run(
            "INSERT INTO documents (stem, body) VALUES (:stem, :body) ON CONFLICT (stem) DO NOTHING",
            {"stem": stem, "body": data},
        )

    def tombstones(self) -> Mapping[str, Tombstone]:
        """See `Shelf`."""
        rows = self._connection.rows(f"SELECT {', '.join(_COLUMNS)} FROM pruned")  # noqa: S608 - our own names
        found = (Tombstone(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)
        return {tombstone.hash: tombstone for tombstone in found}

    def bury(self, tombstones: Iterable[Tombstone]) -> None:
        """See `Shelf`."""
        each = [{name: getattr(one, name) for name in _COLUMNS} for one in tombstones]
        values = ", ".join(f":{name}" for name in _COLUMNS)
        self._connection.run_each(
            f"INSERT INTO pruned ({', '.join(_COLUMNS)}) VALUES ({values}) ON CONFLICT (hash) DO NOTHING",  # noqa: S608 - our own names
            each,
        )
        self._connection.run_each("DELETE FROM documents WHERE stem = :stem", [{"stem": one["stem"]} for one in each])

    def writing(self) -> AbstractContextManager[None]:
        """See `Shelf`."""
        return self._connection.writing()
