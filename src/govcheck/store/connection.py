"""What a history asks of a database, whichever it is: SQL that both understand, with `:named` values."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from govcheck.errors import UsageError

Value = str | int | bytes | None
Values = Mapping[str, Value]

PATIENCE = 10.0
"""Seconds that one waits for somebody else's writing to be done."""


class DatabaseError(UsageError):
    """The database does not do what it was asked: locked, full, read-only, gone, or of a newer govcheck."""

    is_damage = False
    """Whether its file is no database, or not a whole one."""


class Connection(Protocol):
    """One connection, of one thread."""

    name: str
    """What it is, in words, without a password."""

    def rows(self, statement: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            DatabaseError: where it cannot be had.
        """

    def run(self, statement: str, values: Values | None = None) -> None:
        """One change.

        Raises:
            DatabaseError: where it cannot be made.
        """

    def run_each(self, statement: str, values: Sequence[Values]) -> None:
        """The same change for many values.

        Raises:
            DatabaseError: where it cannot be made.
        """

    def insert_each(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
        """Many new rows, by the fastest way there is.

        Raises:
            DatabaseError: where they cannot be made.
        """

    def writing(self) -> AbstractContextManager[None]:
        """All changes within happen, or none; nobody else writes meanwhile.

        Raises:
            DatabaseError: where somebody else does not finish, or it cannot be written to.
        """

    def close(self) -> None:
        """Ends it."""
