"""The index of a folder's history: a file of SQLite's beside the snapshots, made anew whenever it is not theirs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from govcheck.errors import SourceError
from govcheck.snapshot.summary import Sighting, Summary, sightings, summary
from govcheck.store.chain import in_order
from govcheck.store.connection import PATIENCE, DatabaseError
from govcheck.store.folder import FolderShelf
from govcheck.store.index import Index
from govcheck.store.packing import damaged, document_in
from govcheck.store.shelf import named
from govcheck.store.sqlite import MEMORY, open_sqlite

Answer = TypeVar("Answer")
_Known = Mapping[str, tuple[Summary, list[Sighting]]]


class FolderIndex:
    """The index of a `FolderShelf`. It is never in the way: where it cannot be kept on disk, it is in memory."""

    def __init__(self, shelf: FolderShelf, *, patience: float = PATIENCE) -> None:
        self._shelf = shelf
        self._path = shelf.folder / "index.sqlite"
        self._patience = patience
        self._index: Index | None = None
        self._is_on_disk = False
        self.damaged: dict[str, str] = {}
        """What is there and cannot be read, by its stem, with the reason."""

    def ask(self, question: Callable[[Index], Answer]) -> Answer:
        """The answer to a question about the files that are there."""
        if self._index is None:
            self._open()
        return self._tried(question)

    def note(self, document: Mapping[str, Any]) -> None:
        """A snapshot was just written. Nobody else writes meanwhile."""
        if not self._is_on_disk:
            self._open(write=True)  # it finds the file by itself
            return

        def insert(index: Index) -> None:
            with index.writing():
                index.insert(summary(document), sightings(document))

        self._tried(insert)

    def refresh(self) -> None:
        """Takes in what others wrote or pruned. Nobody else writes meanwhile."""
        if not self._is_on_disk:
            self._open(write=True)
        else:
            self._tried(self._take_in)

    def close(self) -> None:
        """Ends the connection."""
        if self._index is not None:
            self._index.close()
            self._index = None
            self._is_on_disk = False

    def _tried(self, question: Callable[[Index], Answer]) -> Answer:
        if self._index is None:
            raise ValueError("the index is asked before it is opened")
        try:
            return question(self._index)
        except DatabaseError:
            if not self._is_on_disk:
                raise
        return question(self._in_memory())

    def _open(self, *, write: bool = False) -> None:
        self.close()
        if not self._shelf.files.is_dir():
            self._in_memory()
            return
        try:
            self._on_disk()
        except DatabaseError as error:
            if not (write and error.is_damage):
                self._in_memory()
                return
            self._remake()

    def _on_disk(self) -> None:
        self._index = Index(open_sqlite(str(self._path), patience=self._patience))
        self._is_on_disk = True
        try:
            self._take_in(self._index)
        except DatabaseError:
            self.close()
            raise

    def _remake(self) -> None:
        try:
            for name in (self._path, Path(f"{self._path}-journal")):
                name.unlink(missing_ok=True)
            self._on_disk()
        except (OSError, DatabaseError):
            self._in_memory()

    def _in_memory(self) -> Index:
        self.close()
        self._index = Index(open_sqlite(MEMORY))
        self._take_in(self._index)
        return self._index

    def _take_in(self, index: Index) -> None:
        there = self._shelf.stems()
        pruned = frozenset(tombstone.stem for tombstone in self._buried().values())
        known = index.stems()
        if not self._read(there - known) and not known & pruned:
            return
        with index.writing():  # and looked at once more: somebody else may have been here just now
            known = index.stems()
            index.remove(known & pruned)
            fresh = self._read(there - known)
            if fresh and known and min(fresh) < max(known):
                # One came in from elsewhere, or a clock was set back: only all of them together have an order.
                missing: _Known = {row.stem: (row.summary, []) for row in index.rows() if row.stem not in there}
                index.clear()
                fresh = {**missing, **self._read(there)}
            for stem in in_order({stem: one for stem, (one, _) in fresh.items()}):
                index.insert(*fresh[stem])

    def _read(self, stems: frozenset[str]) -> _Known:
        return {stem: known for stem in stems if (known := self._known(stem)) is not None}

    def _known(self, stem: str) -> tuple[Summary, list[Sighting]] | None:
        place = self._shelf.place(stem)
        try:
            document = document_in(self._shelf.read(stem), place)
            found = named(summary(document), stem, place), list(sightings(document))
        except SourceError as error:
            self.damaged[stem] = error.message
        except ValueError as error:
            self.damaged[stem] = damaged(place, str(error)).message
        else:
            self.damaged.pop(stem, None)
            return found
        return None

    def _buried(self) -> Mapping[str, Any]:
        try:
            return self._shelf.tombstones()
        except SourceError:
            return {}  # `verify` tells of it
