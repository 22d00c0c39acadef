"""A history of sweeps: kept, found again, pruned and verified, wherever its documents are."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from govcheck.errors import SourceError, UsageError
from govcheck.records import frozen, replace
from govcheck.report import Phase
from govcheck.report_json import instant
from govcheck.snapshot import Snapshot, own_answer
from govcheck.snapshot.document import hash_of
from govcheck.snapshot.summary import key_of, number_in, summary
from govcheck.store.chain import Link, Said, Verdict, in_order, judged
from govcheck.store.earlier import Earlier
from govcheck.store.index import Index, Lifetime, Row
from govcheck.store.packing import document_in, packed, snapshot_of
from govcheck.store.shelf import Shelf, Tombstone, named, stem_of

_OPPOSITE = {Phase.STARTUP: Phase.SHUTDOWN, Phase.SHUTDOWN: Phase.STARTUP}
_OF_THE_DAY = frozenset(_OPPOSITE)
_FEWEST_DIGITS = 4
_HASH_SHOWN = 12
_OLDER = 30
LATEST = "latest"

Answer = TypeVar("Answer")


class Indexing(Protocol):
    """How a history has its index."""

    damaged: dict[str, str]
    """What is there and could not be indexed, by its stem, with the reason."""

    def ask(self, question: Callable[[Index], Answer]) -> Answer:
        """The answer to a question."""

    def note(self, document: Mapping[str, Any]) -> None:
        """A snapshot was just written."""

    def refresh(self) -> None:
        """Takes in what was written or pruned."""

    def close(self) -> None:
        """Ends its connection."""


@frozen
class Kept:
    """A snapshot as it was kept."""

    snapshot: Snapshot
    """Linked to the newest one that was there when it was written."""

    where: str


class Store:
    """One history, of any number of repositories. Several processes may write at once."""

    def __init__(self, shelf: Shelf, indexing: Indexing) -> None:
        self.shelf = shelf
        self._indexing = indexing

    def add(self, snapshot: Snapshot) -> Kept:
        """Keeps a snapshot behind the newest one of its repository.

        Raises:
            UsageError: where nothing can be written, there is no room, or somebody else does not finish.
        """
        with self.shelf.writing():
            self._indexing.refresh()
            newest = self._newest(snapshot)
            previous = newest.summary.hash if newest else snapshot.previous
            linked = replace(snapshot, previous=previous)
            document, data = packed(linked)
            stem = stem_of(summary(document))
            self.shelf.write(stem, data)
            self._indexing.note(document)
        return Kept(linked, self.shelf.place(stem))

    def latest(self, phases: Collection[Phase], repository: str | None) -> Snapshot | None:
        """The newest whole snapshot of a repository and of some phases, or None where there is none."""
        return self._latest(phases, repository, {})

    def damaged(self, phases: Collection[Phase], repository: str | None) -> tuple[str, ...]:
        """What `latest` passed over because nobody can read it: a sentence each."""
        passed: dict[str, str] = {}
        self._latest(phases, repository, passed)
        each = {**self._indexing.damaged, **passed}
        return tuple(each[stem] for stem in sorted(each))

    def earlier(self, phase: Phase, repository: str | None) -> Earlier:
        """What a new sweep is to be compared with.

        startup: the last shutdown; shutdown: the last startup; where there is none of that phase, the last of the
        same. adhoc: the last sweep. What a later startup or shutdown sweep told already is not told again; an adhoc
        sweep is somebody's own look, and uses nothing up. What is damaged is passed over, and named.
        """
        passed: dict[str, str] = {}
        last = self._latest(tuple(Phase), repository, passed)
        if phase is Phase.ADHOC:
            return Earlier(base=last, told=None, last=last, notes=self._notes(passed))
        newest = self._latest(_OF_THE_DAY, repository, passed)
        base = self._latest({_OPPOSITE[phase]}, repository, passed) or newest
        told = newest if newest != base else None
        return Earlier(base=base, told=told, last=last, notes=self._notes(passed))

    def older(self, than: Snapshot) -> Iterator[Snapshot]:
        """Whole sweeps that were kept before one of them, the newest first, and not too many.

        They are those that it follows, whatever its repository was called then.
        """
        rows = {row.summary.hash: row for row in self.rows(None)}
        found: list[Row] = []
        at = than.previous
        while at in rows and len(found) < _OLDER:
            found.append(rows[at])
            at = rows[at].summary.previous
        return self._whole(found, {})

    def other_names(self, snapshot: Snapshot) -> list[str]:
        """What the snapshot's repository was called before, by GitHub's number of it: the last name first."""
        own = key_of(snapshot.repository)
        return [name for name in self._names(snapshot) if name != own]

    def name_before(self, snapshot: Snapshot) -> str | None:
        """What the repository was called in its newest sweep; None where that is its name, or there is no sweep."""
        newest = self._newest(snapshot)
        name = newest.summary.repository if newest else None
        return None if name == key_of(snapshot.repository) else name

    def all_newest_first(self) -> Iterator[Snapshot]:
        """Every whole snapshot, whatever its repository and phase, the newest first."""
        return self._whole(self._indexing.ask(lambda index: index.rows()), {})

    def rows(self, repository: str | None) -> list[Row]:
        """What the index says of a repository's sweeps, the newest first; of every one's where None is given."""
        key = None if repository is None else key_of(repository)
        return self._indexing.ask(lambda index: index.rows(key))

    def lifetimes(self, repository: str | None) -> list[Lifetime]:
        """Every finding and unknown that some sweep of a repository saw, the oldest first."""
        return self._indexing.ask(lambda index: index.lifetimes(key_of(repository)))

    def tombstones(self, repository: str | None) -> list[Tombstone]:
        """What was pruned, the oldest first.

        Raises:
            SourceError: where the record of it is damaged.
        """
        found = self.shelf.tombstones().values()
        key = None if repository is None else key_of(repository)
        return sorted((one for one in found if key in {None, one.repository}), key=lambda one: one.finished_at)

    def find(self, name: str, repository: str | None) -> Row:
        """The sweep of that name: `latest`, a phase, or the beginning of its hash (four digits at least).

        Args:
            name: As typed.
            repository: Of this one; of any where None is given.

        Raises:
            UsageError: where there is none, or more than one.
        """
        rows = self.rows(repository)
        if name == LATEST or name in set(Phase):
            found = [row for row in rows if name in {LATEST, row.summary.phase}][:1]
        else:
            found = [row for row in rows if len(name) >= _FEWEST_DIGITS and row.summary.hash.startswith(name.lower())]
        if len(found) > 1:
            raise UsageError(f"{len(found)} snapshots have a hash that begins with {name}", "give more digits")
        if not found:
            raise self._none(name, repository)
        return found[0]

    def before(self, snapshot: Snapshot, repository: str | None) -> Row:
        """The sweep that was kept before one of them; of one that is not in this store, the newest.

        Raises:
            UsageError: where there is none.
        """
        rows = self.rows(repository if snapshot.repository is None else snapshot.repository)
        own = hash_of(snapshot)
        place = next((place for place, row in enumerate(rows) if row.summary.hash == own), -1)
        if place + 1 == len(rows):  # a repository that was renamed has its older sweeps under another name
            rows = [*rows, *(row for row in self.rows(None) if row.summary.hash == snapshot.previous)]
        if place + 1 >= len(rows):
            raise UsageError("there is no sweep before that one to compare with", "`govcheck history` lists them")
        return rows[place + 1]

    def document(self, row: Row) -> Mapping[str, Any]:
        """The document of a row, as it was written.

        Raises:
            SourceError: where it is damaged, missing, or a newer govcheck's.
        """
        return document_in(self.shelf.read(row.stem), self.shelf.place(row.stem))

    def load(self, row: Row) -> Snapshot:
        """The snapshot of a row.

        Raises:
            SourceError: where it is damaged, missing, or a newer govcheck's.
        """
        place = self.shelf.place(row.stem)
        document = document_in(self.shelf.read(row.stem), place)
        snapshot = snapshot_of(document, place)
        named(summary(document), row.stem, place)
        return snapshot

    def prune(self, repository: str | None, before: datetime) -> list[Tombstone]:
        """Takes away a repository's sweeps that finished before an instant, and records what it took.

        The newest sweep stays, and the newest of each phase: the next ones are compared with them.

        Raises:
            UsageError: where nothing can be written, or somebody else does not finish.
            SourceError: where the record of what was pruned is damaged.
        """
        if not _old(self._rows(repository), instant(before)):
            return []
        with self.shelf.writing():
            self._indexing.refresh()
            now = instant(datetime.now(UTC))
            taken = [_tombstone(row, now) for row in _old(self._rows(repository), instant(before))]
            self.shelf.bury(taken)
            self._indexing.refresh()
        return taken

    def verify(self) -> Verdict:
        """Reads every snapshot, holds it to its hash and its name, and follows the chain.

        Raises:
            UsageError: where the store cannot be read at all.
        """
        broken: list[Said] = []
        links: dict[str, Link] = {}
        there = self.shelf.stems()
        for stem in sorted(there):
            place = self.shelf.place(stem)
            try:
                found = named(summary(document_in(self.shelf.read(stem), place)), stem, place)
            except SourceError as error:
                broken.append(Said(place, error.message))
            except ValueError as error:
                broken.append(Said(place, str(error)))
            else:
                links[stem] = Link(place, found)
        broken += [Said(place, "it is no snapshot, and nothing else belongs there") for place in self.shelf.strangers()]
        tombstones, told = self._tombstones()
        gone = [row for row in self.rows(None) if row.stem not in there and row.summary.hash not in tombstones]
        broken += [Said(self.shelf.place(row.stem), "it is missing: it was kept, and never pruned") for row in gone]
        order = in_order({stem: link.summary for stem, link in links.items()})
        named_before = {stem[-_HASH_SHOWN:] for stem in (*(there - links.keys()), *(row.stem for row in gone))}
        more, remarks = judged([links[stem] for stem in order], tombstones, named_before)
        return Verdict(
            snapshots=len(links),
            pruned=len(tombstones),
            broken=(*told, *broken, *more),
            remarks=tuple(remarks),
        )

    def close(self) -> None:
        """Ends every connection."""
        self._indexing.close()

    def _tombstones(self) -> tuple[Mapping[str, Tombstone], list[Said]]:
        try:
            return self.shelf.tombstones(), []
        except SourceError as error:
            return {}, [Said(self.shelf.in_words, error.message)]

    def _names(self, snapshot: Snapshot) -> list[str]:
        number = number_in(own_answer(snapshot))
        return [] if number is None else self._indexing.ask(lambda index: index.names_of(number))

    def _newest(self, snapshot: Snapshot) -> Row | None:
        """The newest sweep of a repository, whatever it was called then."""
        names = {key_of(snapshot.repository), *self._names(snapshot)}
        rows = [row for name in sorted(names) for row in self._rows(name, limit=1)]
        return max(rows, key=lambda row: row.number, default=None)

    def _rows(self, repository: str | None, phases: Sequence[str] = (), limit: int | None = None) -> list[Row]:
        return self._indexing.ask(lambda index: index.rows(key_of(repository), phases, limit))

    def _latest(self, phases: Collection[Phase], repository: str | None, passed: dict[str, str]) -> Snapshot | None:
        wanted = sorted(phase.value for phase in phases)
        for limit in (1, None):
            found = next(self._whole(self._rows(repository, wanted, limit), passed), None)
            if found is not None:
                return found
        return None

    def _whole(self, rows: Sequence[Row], passed: dict[str, str]) -> Iterator[Snapshot]:
        for row in rows:
            try:
                snapshot = self.load(row)
            except SourceError as error:
                passed[row.stem] = error.message
            else:
                yield snapshot

    def _notes(self, passed: Mapping[str, str]) -> tuple[str, ...]:
        each = {**self._indexing.damaged, **passed}
        strangers = [f"{place} is no snapshot, and nothing else belongs there" for place in self.shelf.strangers()]
        return (*(f"passed over: {each[stem]}" for stem in sorted(each)), *strangers)

    def _none(self, name: str, repository: str | None) -> UsageError:
        tombstones, _ = self._tombstones()
        if len(name) >= _FEWEST_DIGITS:
            for tombstone in tombstones.values():
                if tombstone.hash.startswith(name.lower()):
                    return UsageError(f"the snapshot {name} was pruned at {tombstone.pruned_at}")
        of = f" of {repository}" if repository else ""
        return UsageError(
            f"there is no snapshot {name}{of} in {self.shelf.in_words}",
            "`govcheck history` lists what there is; `sweep` makes one",
        )


def _old(rows: Sequence[Row], before: str) -> list[Row]:
    """What may go, of rows with the newest first."""
    kept = {rows[0].stem} if rows else set[str]()
    for phase in Phase:
        kept.update([row.stem for row in rows if row.summary.phase == phase.value][:1])
    return [row for row in rows if row.summary.finished_at < before and row.stem not in kept]


def _tombstone(row: Row, now: str) -> Tombstone:
    return Tombstone(
        hash=row.summary.hash,
        stem=row.stem,
        repository=row.summary.repository,
        phase=row.summary.phase,
        finished_at=row.summary.finished_at,
        previous=row.summary.previous,
        pruned_at=now,
    )
