"""The embedded store: a folder with one file for each sweep."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from govcheck.errors import SourceError, UsageError
from govcheck.records import frozen
from govcheck.report import Phase
from govcheck.snapshot import Snapshot
from govcheck.snapshot.document import hash_of
from govcheck.store.files import load, make_folder, save

_NAME = re.compile(r"(\d{8}T\d{6}\.\d{3}Z)-(startup|shutdown|adhoc)-([0-9a-f]{12})\.json")
"""The instant at which the sweep finished (UTC), its phase, the beginning of its content hash."""

_HASH_SHOWN = 12

_OPPOSITE = {Phase.STARTUP: Phase.SHUTDOWN, Phase.SHUTDOWN: Phase.STARTUP}
_OF_THE_DAY = frozenset(_OPPOSITE)


@frozen(kw_only=True)
class Earlier:
    """The sweeps that a new one is seen against."""

    base: Snapshot | None
    """The one to compare with; None: the new one is the first."""

    told: Snapshot | None
    """A later one of the same row, which told part of it already; None where that is `base`."""

    last: Snapshot | None
    """The newest of any phase: the new one's `previous`."""


@frozen
class FolderStore:
    """Snapshots in `FOLDER/snapshots`. Several processes may write at once."""

    folder: Path

    @property
    def _snapshots(self) -> Path:
        return self.folder / "snapshots"

    def add(self, snapshot: Snapshot) -> Path:
        """Keeps a snapshot, and says where.

        Raises:
            UsageError: where the folder cannot be written to.
        """
        path = self._snapshots / _name(snapshot)
        try:
            make_folder(self._snapshots)
            save(path, snapshot)
        except OSError as error:
            raise UsageError(
                f"cannot keep the snapshot {path}: {error.strerror or error}",
                "GOVCHECK_STORE names the folder for snapshots",
            ) from error
        return path

    def latest(self, phases: Collection[Phase], repository: str | None) -> Snapshot | None:
        """The newest snapshot of a repository and of some phases, or None where there is none.

        Raises:
            SourceError: where a file that had to be read is damaged, or the folder holds what is no snapshot.
        """
        return next(self._newest_first(phases, repository), None)

    def earlier(self, phase: Phase, repository: str | None) -> Earlier:
        """What a new sweep is to be compared with.

        startup: the last shutdown; shutdown: the last startup; where there is none of that phase, the last of the
        same. adhoc: the last sweep. What a later startup or shutdown sweep told already is not told again; an adhoc
        sweep is somebody's own look, and uses nothing up.

        Raises:
            SourceError: as `latest` does.
        """
        last = self.latest(tuple(Phase), repository)
        if phase is Phase.ADHOC:
            return Earlier(base=last, told=None, last=last)
        newest = self.latest(_OF_THE_DAY, repository)
        base = self.latest({_OPPOSITE[phase]}, repository) or newest
        told = newest if newest != base else None
        return Earlier(base=base, told=told, last=last)

    def all_newest_first(self) -> Iterator[Snapshot]:
        """Every snapshot, whatever its repository and phase, the newest first.

        Raises:
            SourceError: as `latest` does.
        """
        return (self._load(name) for name in sorted(self._names(), reverse=True))

    def _newest_first(self, phases: Collection[Phase], repository: str | None) -> Iterator[Snapshot]:
        wanted = {phase.value for phase in phases}
        for name in sorted(self._names(), reverse=True):
            parts = _NAME.fullmatch(name)
            if parts is not None and parts[2] in wanted:
                snapshot = self._load(name)
                if _same(snapshot.repository, repository):
                    yield snapshot

    def _names(self) -> list[str]:
        try:
            names = [path.name for path in self._snapshots.iterdir() if not path.name.startswith(".")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UsageError(
                f"cannot read the snapshots in {self._snapshots}: {error.strerror or error}",
                "GOVCHECK_STORE names the folder for snapshots",
            ) from error
        foreign = next((name for name in sorted(names) if not _NAME.fullmatch(name)), None)
        if foreign is not None:
            raise SourceError(
                f"{self._snapshots / foreign} is no snapshot, and nothing else belongs there",
                "move it away: a snapshot under another name would be missed",
            )
        return names

    def _load(self, name: str) -> Snapshot:
        path = self._snapshots / name
        try:
            snapshot = load(path)
        except OSError as error:
            raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
        if _name(snapshot) != name:
            raise SourceError(
                f"{path} holds another snapshot than its name says",
                f"its name would be {_name(snapshot)}; a renamed or exchanged snapshot proves nothing",
            )
        return snapshot


def open_store(value: str | None, default: Path) -> FolderStore:
    """The store that GOVCHECK_STORE names, or the default one.

    Raises:
        UsageError: where it names a database, which this version does not have.
    """
    if value and "://" in value:
        raise UsageError(
            f"GOVCHECK_STORE is a database address ({value.partition('://')[0]}://); this version keeps files",
            "give it the path of a folder",
        )
    return FolderStore(Path(value) if value else default)


def _name(snapshot: Snapshot) -> str:
    finished = snapshot.finished_at.strftime("%Y%m%dT%H%M%S")
    milliseconds = snapshot.finished_at.microsecond // 1000
    return f"{finished}.{milliseconds:03}Z-{snapshot.phase.value}-{hash_of(snapshot)[:_HASH_SHOWN]}.json"


def _same(one: str | None, other: str | None) -> bool:
    """GitHub's names of repositories ignore case."""
    return (one or "").lower() == (other or "").lower()
