"""What a PostgreSQL server alone has."""

import pytest
import sqlalchemy
from sqlalchemy import text

from govcheck.errors import UsageError
from govcheck.store.opening import open_store
from snapshots import snapshot


def raw(address):
    url = sqlalchemy.make_url(address).set(drivername="postgresql+psycopg")
    return sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path):
    with pytest.raises(UsageError, match="does not work") as caught:
        open_store(f"postgresql://user:hunter2@/db?host={tmp_path}", tmp_path, patience=0)
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_a_locked_server_is_told(server_address, tmp_path):
    one, other = (open_store(server_address, tmp_path, patience=0.05) for _ in range(2))
    with one.shelf.writing(), pytest.raises(UsageError, match="lock timeout"):
        other.add(snapshot())
    other.add(snapshot())
    one.close()
    other.close()


def test_tables_of_a_newer_govcheck_are_told(server_address, tmp_path):
    open_store(server_address, tmp_path).close()
    with raw(server_address).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(UsageError, match="was written by a newer govcheck: it has step 0099"):
        open_store(server_address, tmp_path)


def test_a_failure_within_leaves_nothing_behind(server_address, tmp_path):
    store = open_store(server_address, tmp_path)
    with raw(server_address).begin() as connection:
        connection.execute(text("ALTER TABLE snapshots ADD CHECK (findings < 0)"))
    with pytest.raises(UsageError, match="does not work"):
        store.add(snapshot())
    with raw(server_address).begin() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM documents")).scalar() == 0
    store.close()


def test_a_connection_that_is_lost_is_told(server_address, tmp_path):
    store = open_store(server_address, tmp_path)
    with raw(server_address).begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND state = 'idle'"
            )
        )
    with pytest.raises(UsageError, match="does not work"):
        store.add(snapshot())
    store.close()
