"""The index of a history: what is asked of many sweeps at once, without reading one of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from govcheck.records import frozen
from govcheck.snapshot.summary import Sighting, Summary
from govcheck.store.connection import Connection, Value
from govcheck.store.shelf import stem_of

_COLUMNS = (
    "hash",
    "repository",
    "repository_id",
    "phase",
    "commit_id",
    "started_at",
    "finished_at",
    "previous",
    "form",
    "exit_code",
    "outcomes",
    "findings",
    "unknowns",
    "drift",
)
_SELECT = f"SELECT number, stem, {', '.join(_COLUMNS)} FROM snapshots"  # noqa: S608 - our own names
_INSERT = (
    f"INSERT INTO snapshots (number, stem, {', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"VALUES (:number, :stem, {', '.join(f':{name}' for name in _COLUMNS)})"
)


@frozen
class Row:
    """One sweep in the index."""

    number: int
    """Its place in the order in which sweeps were kept."""

    stem: str
    summary: Summary


@frozen(kw_only=True)
class Lifetime:
    """One finding, or one unknown, over all sweeps of a repository."""

    fingerprint: str
    policy: str
    control: str
    subject: str
    first_seen: str
    """When the first sweep that saw it finished, as in `Summary`; the same for `last_seen`."""

    last_seen: str
    seen: int
    """By how many sweeps."""

    is_there: bool
    """Whether the newest sweep sees it."""


class Index:
    """Summaries and sightings in a database's tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def writing(self) -> AbstractContextManager[None]:
        """All changes within happen, or none."""
        return self._connection.writing()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def stems(self) -> frozenset[str]:
        """Every sweep that it knows."""
        return frozenset(str(stem) for (stem,) in self._connection.rows("SELECT stem FROM snapshots"))

    def insert(self, summary: Summary, sightings: Iterable[Sighting]) -> None:
        """Adds a sweep, as the newest. Within `writing`."""
        highest = self._connection.rows("SELECT COALESCE(MAX(number), 0) FROM snapshots")[0][0]
        number = int(highest) + 1
        self._connection.run(_INSERT, {"number": number, "stem": stem_of(summary), **_values(summary)})
        self._add_sightings(number, summary.repository, list(sightings))

    def clear(self) -> None:
        """Forgets every sweep. Within `writing`."""
        for table in ("sightings", "names", "snapshots"):
            self._connection.run(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def remove(self, stems: Iterable[str]) -> None:
        """Forgets some sweeps. Within `writing`."""
        each: list[dict[str, Value]] = [{"stem": stem} for stem in stems]
        self._connection.run_each(
            "DELETE FROM sightings WHERE number IN (SELECT number FROM snapshots WHERE stem = :stem)", each
        )
        self._connection.run_each("DELETE FROM snapshots WHERE stem = :stem", each)
        if each:
            self._connection.run("DELETE FROM names WHERE id NOT IN (SELECT name FROM sightings)")

    def rows(self, repository: str | None = None, phases: Sequence[str] = (), limit: int | None = None) -> list[Row]:
        """Sweeps, the newest first.

        Args:
            repository: As in `Summary`; None for those of every repository.
            phases: Of these phases alone; empty for all.
            limit: So many at most.
        """
        values: dict[str, Value] = {f"phase{number}": phase for number, phase in enumerate(phases)}
        conditions = [f"phase IN ({', '.join(f':{name}' for name in values)})"] if phases else []
        if repository is not None:
            conditions.append("repository = :repository")
            values["repository"] = repository
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        end = "" if limit is None else f" LIMIT {int(limit)}"
        found = self._connection.rows(f"{_SELECT}{where} ORDER BY number DESC{end}", values)
        return [_row(row) for row in found]

    def names_of(self, repository_id: int) -> list[str]:
        """What the repository with this number was called in sweeps, the last name first."""
        found = self._connection.rows(
            "SELECT repository FROM snapshots WHERE repository_id = :id GROUP BY repository ORDER BY MAX(number) DESC",
            {"id": repository_id},
        )
        return [str(name) for (name,) in found]

    def lifetimes(self, repository: str) -> list[Lifetime]:
        """Every finding and unknown that some sweep of a repository saw, the one that was seen first first."""
        newest = self._connection.rows(
            "SELECT COALESCE(MAX(number), 0) FROM snapshots WHERE repository = :repository", {"repository": repository}
        )[0][0]
        found = self._connection.rows(
            "SELECT names.fingerprint, names.policy, names.control, names.subject,"
            " one.finished_at, other.finished_at, life.seen, life.newest"
            " FROM (SELECT name, MIN(number) AS oldest, MAX(number) AS newest, COUNT(*) AS seen"
            " FROM sightings GROUP BY name) AS life"
            " JOIN names ON names.id = life.name"
            " JOIN snapshots AS one ON one.number = life.oldest"
            " JOIN snapshots AS other ON other.number = life.newest"
            " WHERE names.repository = :repository"
            " ORDER BY life.oldest, names.policy, names.control, names.subject, names.fingerprint",
            {"repository": repository},
        )
        return [
            Lifetime(
                fingerprint=row[0],
                policy=row[1],
                control=row[2],
                subject=row[3],
                first_seen=row[4],
                last_seen=row[5],
                seen=int(row[6]),
                is_there=row[7] == newest,
            )
            for row in found
        ]

    def _add_sightings(self, number: int, repository: str, sightings: Sequence[Sighting]) -> None:
        known = self._known(repository)
        highest = int(self._connection.rows("SELECT COALESCE(MAX(id), 0) FROM names")[0][0])
        fresh = [sighting for sighting in sightings if sighting.fingerprint not in known]
        known.update({sighting.fingerprint: highest + place for place, sighting in enumerate(fresh, 1)})
        self._connection.insert_each(
            "names",
            ("id", "repository", "fingerprint", "policy", "control", "subject"),
            [
                (
                    known[one.fingerprint],
                    repository,
                    _text(one.fingerprint),
                    _text(one.policy),
                    _text(one.control),
                    _text(one.subject),
                )
                for one in fresh
            ],
        )
        self._connection.insert_each(
            "sightings",
            ("name", "number", "state"),
            [(known[one.fingerprint], number, one.state) for one in sightings],
        )

    def _known(self, repository: str) -> dict[str, int]:
        rows = self._connection.rows(
            "SELECT fingerprint, id FROM names WHERE repository = :repository", {"repository": repository}
        )
        return {str(fingerprint): int(number) for fingerprint, number in rows}


def _values(summary: Summary) -> Mapping[str, Value]:
    return {
        "hash": summary.hash,
        "repository": _text(summary.repository),
        "repository_id": summary.repository_id,
        "phase": summary.phase,
        "commit_id": summary.commit,
        "started_at": summary.started_at,
        "finished_at": summary.finished_at,
        "previous": summary.previous,
        "form": summary.form,
        "exit_code": summary.exit_code,
        "outcomes": json.dumps(dict(summary.outcomes), sort_keys=True),
        "findings": summary.findings,
        "unknowns": summary.unknowns,
        "drift": summary.drift,
    }


def _row(row: tuple[Any, ...]) -> Row:
    number, stem, *rest = row
    known = dict(zip(_COLUMNS, rest, strict=True))
    known["commit"] = known.pop("commit_id")
    known["outcomes"] = json.loads(known["outcomes"])
    return Row(int(number), str(stem), Summary(**known))


def _text(value: str) -> str:
    """PostgreSQL's text has no NUL."""
    return value.replace("\0", "\\x00")
