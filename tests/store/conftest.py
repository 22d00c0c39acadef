"""A store of each sort: the same tests hold for all of them."""

import importlib.util
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from servers import NoServerError, server

_SCHEMAS = count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server; the test is skipped where there can be none."""
    for module in ("sqlalchemy", "alembic", "psycopg"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    try:
        with server() as address:
            yield address
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture
def server_address(postgresql: str) -> str:
    """An address with tables of its own."""
    import sqlalchemy  # noqa: PLC0415 - skipped where it is not installed

    schema = f"test{next(_SCHEMAS)}"
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(postgresql).set(drivername="postgresql+psycopg"), poolclass=sqlalchemy.pool.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"CREATE SCHEMA {schema}"))
    return f"{postgresql}&options=-csearch_path%3D{schema}"


@pytest.fixture(params=["folder", "sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What GOVCHECK_STORE may be."""
    if request.param == "postgresql":
        return request.getfixturevalue("server_address")
    return str(tmp_path / "store") if request.param == "folder" else f"sqlite:///{tmp_path}/history.sqlite"
