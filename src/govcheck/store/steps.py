"""The tables of a history, step after step: SQLite is taken through them here, a server by alembic.

Statements are those that SQLite and PostgreSQL both understand; `{binary}` is how each of them calls bytes. A step
that has been released is never changed: another one follows it. `alembic_version` is alembic's own table, so that a
file of SQLite's could be handed to alembic as well.
"""

VERSION_TABLE = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"

STEPS: dict[str, tuple[str, ...]] = {
    "0001": (
        """CREATE TABLE snapshots (
            number INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            stem TEXT NOT NULL UNIQUE,
            repository TEXT NOT NULL,
            repository_id BIGINT,
            phase TEXT NOT NULL,
            commit_id TEXT,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            previous TEXT,
            form INTEGER NOT NULL,
            exit_code INTEGER NOT NULL,
            outcomes TEXT NOT NULL,
            findings INTEGER NOT NULL,
            unknowns INTEGER NOT NULL,
            drift INTEGER
        )""",
        "CREATE INDEX snapshots_of ON snapshots (repository, number)",
        """CREATE TABLE names (
            id INTEGER PRIMARY KEY,
            repository TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            policy TEXT NOT NULL,
            control TEXT NOT NULL,
            subject TEXT NOT NULL,
            UNIQUE (repository, fingerprint)
        )""",
        """CREATE TABLE sightings (
            name INTEGER NOT NULL,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            PRIMARY KEY (name, number)
        )""",
        "CREATE INDEX sightings_in ON sightings (number)",
        "CREATE TABLE documents (stem TEXT NOT NULL PRIMARY KEY, body {binary} NOT NULL)",
        """CREATE TABLE pruned (
            hash TEXT NOT NULL PRIMARY KEY,
            stem TEXT NOT NULL,
            repository TEXT NOT NULL,
            phase TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            previous TEXT,
            pruned_at TEXT NOT NULL
        )""",
    ),
}
"""By their numbers, in order. `snapshots.number` is the order in which sweeps were kept; a clock may go backwards."""

NEWEST = max(STEPS)


def statements(step: str, binary: str) -> list[str]:
    """What one step does."""
    return [statement.format(binary=binary) for statement in STEPS[step]]
