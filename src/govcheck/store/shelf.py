"""Where the documents of a history are: a folder, or a table. The index beside them is made from them."""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from govcheck.errors import SourceError
from govcheck.records import frozen
from govcheck.snapshot.summary import Summary

_STEM = re.compile(r"\d{8}T\d{6}\.\d{3}Z-(?:startup|shutdown|adhoc)-[0-9a-f]{12}")
_HASH_SHOWN = 12


@frozen(kw_only=True)
class Tombstone:
    """What is left of a sweep that was pruned: the chain goes on over it."""

    hash: str
    stem: str
    repository: str
    """As in `Summary`."""

    phase: str
    finished_at: str
    previous: str | None
    pruned_at: str


class Shelf(Protocol):
    """Documents by their stems, and the tombstones of those that were pruned."""

    in_words: str
    """What it is, without a password."""

    def place(self, stem: str) -> str:
        """Where one document is, in words that somebody can look for."""

    def stems(self) -> frozenset[str]:
        """Every document that is there and was not pruned.

        Raises:
            UsageError: where that cannot be read.
        """

    def strangers(self) -> tuple[str, ...]:
        """What is there and is no snapshot by its name, in words that somebody can look for."""

    def read(self, stem: str) -> bytes:
        """The bytes of one document.

        Raises:
            SourceError: where it cannot be read.
        """

    def write(self, stem: str, data: bytes) -> None:
        """Keeps one document, whole or not at all.

        Raises:
            UsageError: where that is not allowed, or there is no room.
        """

    def tombstones(self) -> Mapping[str, Tombstone]:
        """What was pruned, by its hash.

        Raises:
            SourceError: where the record of it is damaged.
        """

    def bury(self, tombstones: Iterable[Tombstone]) -> None:
        """Records what is pruned, and then takes the documents away.

        Raises:
            UsageError: where that is not allowed, or there is no room.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile.

        Raises:
            UsageError: where somebody else does not finish, or nothing can be written there.
        """


def is_stem(name: str) -> bool:
    """Whether that is how a snapshot is called: its instant (UTC), its phase, the beginning of its hash."""
    return _STEM.fullmatch(name) is not None


def stem_of(summary: Summary) -> str:
    """How a snapshot is called."""
    moment = datetime.fromisoformat(summary.finished_at)
    finished = moment.strftime("%Y%m%dT%H%M%S")
    return f"{finished}.{moment.microsecond // 1000:03}Z-{summary.phase}-{summary.hash[:_HASH_SHOWN]}"


def buried(stems: Collection[str], tombstones: Mapping[str, Tombstone]) -> frozenset[str]:
    """Those of the documents that have been pruned already: a run was killed before it took them away."""
    return frozenset(stems) & {tombstone.stem for tombstone in tombstones.values()}


def named(found: Summary, stem: str, place: str) -> Summary:
    """The summary, if the document is where its name says.

    Raises:
        SourceError: where it is another one: a renamed or exchanged snapshot proves nothing.
    """
    if stem_of(found) != stem:
        raise SourceError(
            f"{place} holds another snapshot than its name says",
            f"its name would be {stem_of(found)}; a renamed or exchanged snapshot proves nothing",
        )
    return found
