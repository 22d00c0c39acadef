"""A history's tables in SQLite, by Python's own driver: the default needs nothing installed."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from govcheck.store.connection import PATIENCE, DatabaseError, Value, Values
from govcheck.store.steps import NEWEST, STEPS, VERSION_TABLE, statements

MEMORY = ":memory:"
_FILE_MODE = 0o600
_WORDS = {
    "database is locked": "it is locked by another process",
    "attempt to write a readonly database": "it may only be read",
    "database or disk is full": "the disk is full",
    "unable to open database file": "it cannot be opened",
}


class SqliteConnection:
    """One connection to a file, or to memory."""

    def __init__(self, path: str, *, patience: float = PATIENCE) -> None:
        self.name = path
        with self._told():
            self._raw = sqlite3.connect(path, timeout=patience, isolation_level=None)

    def rows(self, statement: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """See `Connection`."""
        with self._told():
            return self._raw.execute(statement, values or {}).fetchall()

    def run(self, statement: str, values: Values | None = None) -> None:
        """See `Connection`."""
        with self._told():
            self._raw.execute(statement, values or {})

    def run_each(self, statement: str, values: Sequence[Values]) -> None:
        """See `Connection`."""
        with self._told():
            self._raw.executemany(statement, values)

    def insert_each(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
        """See `Connection`. Values by their place are a third faster than those by name."""
        places = ", ".join("?" for _ in columns)
        with self._told():
            self._raw.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608 - our own names

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Connection`."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._raw.rollback()
            raise

    def close(self) -> None:
        """See `Connection`."""
        self._raw.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            told = DatabaseError(
                f"the database {self.name} does not work: {_WORDS.get(said, said)}",
                "try again when the other process is done" if "locked" in said else "GOVCHECK_STORE names the store",
            )
            told.is_damage = type(error) is sqlite3.DatabaseError or "no such" in said
            raise told from error


def open_sqlite(path: str, *, patience: float = PATIENCE) -> SqliteConnection:
    """The tables in a file of that path, made where they are not there, and brought to what this govcheck writes.

    Raises:
        DatabaseError: where it cannot be opened, is no database, or a newer govcheck made it.
    """
    if path != MEMORY:
        _make_private(path)
    connection = SqliteConnection(path, patience=patience)
    try:
        _bring_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: SqliteConnection) -> None:
    if _version(connection) == NEWEST:
        return
    with connection.writing():
        connection.run(VERSION_TABLE)
        version = _version(connection)
        if version > NEWEST:
            raise DatabaseError(
                f"the database {connection.name} was written by a newer govcheck: "
                f"it has step {version}, and this one knows them up to {NEWEST}",
                "use that version, or name another store in GOVCHECK_STORE",
            )
        for step in STEPS:
            if step > version:
                for statement in statements(step, "BLOB"):
                    connection.run(statement)
        connection.run("DELETE FROM alembic_version")
        connection.run("INSERT INTO alembic_version (version_num) VALUES (:version)", {"version": NEWEST})


def _version(connection: SqliteConnection) -> str:
    known = connection.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    found = connection.rows("SELECT version_num FROM alembic_version") if known else []
    return str(found[0][0]) if found else ""


def _make_private(path: str) -> None:
    """The file, if it is new: SQLite itself would make it readable for everybody."""
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, _FILE_MODE))
    except OSError as error:
        raise DatabaseError(
            f"cannot open the database {path}: {error.strerror or error}", "GOVCHECK_STORE names the store"
        ) from error
