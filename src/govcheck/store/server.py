"""A history's tables on a PostgreSQL server, by SQLAlchemy Core, psycopg and alembic (extra `db`)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govcheck.errors import UsageError
from govcheck.store.connection import PATIENCE, DatabaseError, Value, Values
from govcheck.store.steps import NEWEST

try:
    import psycopg
    import sqlalchemy
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError
except ImportError as missing:
    raise UsageError(
        f"GOVCHECK_STORE names a server, which needs {missing.name}, and it is not installed",
        "install govcheck[db]",
    ) from missing

_LOCK = 7_046_029_254
"""The number by which writers of govcheck wait for one another; any number does that nobody else uses."""

_DRIVER = "postgresql+psycopg"
_MIGRATIONS = Path(__file__).parent / "migrations"


class ServerConnection:
    """One connection to a server."""

    def __init__(self, address: sqlalchemy.URL, *, patience: float = PATIENCE) -> None:
        self.name = address.render_as_string(hide_password=True)
        self._patience = patience
        engine = sqlalchemy.create_engine(
            address, poolclass=sqlalchemy.pool.NullPool, connect_args={"connect_timeout": max(2, int(patience))}
        )
        with self._told():
            self._raw = engine.connect()

    def rows(self, statement: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """See `Connection`."""
        with self._told(), self._whole():
            return [tuple(row) for row in self._raw.execute(sqlalchemy.text(statement), values or {})]

    def run(self, statement: str, values: Values | None = None) -> None:
        """See `Connection`."""
        with self._told(), self._whole():
            self._raw.execute(sqlalchemy.text(statement), values or {})

    def run_each(self, statement: str, values: Sequence[Values]) -> None:
        """See `Connection`."""
        if values:
            with self._told(), self._whole():
                self._raw.execute(sqlalchemy.text(statement), list(values))

    def insert_each(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
        """See `Connection`."""
        with self._told(), self._whole():
            driver: psycopg.Connection[Any] = self._raw.connection.driver_connection  # type: ignore[assignment]
            with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Connection`."""
        with self._told(), self._raw.begin():
            self._raw.execute(sqlalchemy.text(f"SET LOCAL lock_timeout = {int(self._patience * 1000)}"))
            self._raw.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield

    def bring_up(self) -> None:
        """Makes the tables, or brings them to what this govcheck writes.

        Raises:
            DatabaseError: where that is not allowed, or a newer govcheck made them.
        """
        if self._version() == NEWEST:
            return
        with self.writing():
            version = self._version()
            if version is not None and version > NEWEST:
                raise DatabaseError(
                    f"the database {self.name} was written by a newer govcheck: "
                    f"it has step {version}, and this one knows them up to {NEWEST}",
                    "use that version, or name another store in GOVCHECK_STORE",
                )
            configuration = Config()
            configuration.set_main_option("script_location", str(_MIGRATIONS))
            configuration.attributes["connection"] = self._raw
            command.upgrade(configuration, "head")

    def close(self) -> None:
        """See `Connection`."""
        self._raw.close()

    def _version(self) -> str | None:
        with self._told(), self._whole():
            return MigrationContext.configure(self._raw).get_current_revision()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A transaction of its own, where there is none yet."""
        if self._raw.in_transaction():
            yield
            return
        with self._raw.begin():
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:
            # The server's own words: SQLAlchemy's would tell the statement and its values.
            origin = getattr(error, "orig", None)
            words = str(origin or type(error).__name__).strip().partition("\n")[0]
            raise DatabaseError(
                f"the database {self.name} does not work: {words}", "GOVCHECK_STORE names the store"
            ) from None


def open_server(address: str, *, patience: float = PATIENCE) -> ServerConnection:
    """The tables on a server, made where they are not there, and brought to what this govcheck writes.

    Raises:
        DatabaseError: where it cannot be reached, does not allow that, or a newer govcheck made them.
    """
    try:
        parsed = sqlalchemy.make_url(address)
    except (ArgumentError, ValueError):
        raise DatabaseError("GOVCHECK_STORE is no address of a database", "postgresql://USER@HOST/NAME") from None
    connection = ServerConnection(parsed.set(drivername=_DRIVER), patience=patience)
    try:
        connection.bring_up()
    except BaseException:
        connection.close()
        raise
    return connection
