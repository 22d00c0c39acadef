"""The sets that a repository extends, in order: what a set builds on before the set itself, and each of them once."""

import json
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from govcheck import __version__
from govcheck.app import policy_folders
from govcheck.app.cache import place, replace_file
from govcheck.app.options import DEFAULT_FILE, ExtendedAt, Setting
from govcheck.app.policy_folders import Folder
from govcheck.app.state import Reading
from govcheck.errors import PolicyError, Problem, UsageError
from govcheck.policy_sets import (
    Extended,
    NotASetError,
    Packaged,
    Reference,
    Remote,
    below,
    reference,
)
from govcheck.policy_sets import Folder as NamedFolder
from govcheck.sources.git.set_store import SetStore
from govcheck.sources.git.states import AtRevision

_MOST = 100
"""Sets that one repository may extend, those within sets counted."""

_FETCH = "run `govcheck fetch` once, with --base REV where a change is judged: it gets them"


class Resolved(NamedTuple):
    """The sets of a run."""

    folders: tuple[Folder, ...]
    """In the order in which they are put on each other."""

    absent: tuple[Remote, ...]
    """Sets of other repositories that are not here."""

    moving: tuple[Remote, ...]
    """Those that are here, and may have moved since."""

    notes: tuple[str, ...]
    """What the report says of them."""


def extended(setting: Setting, reading: Reading, own: Sequence[Folder]) -> Resolved:
    """The sets that the configuration extends.

    Raises:
        PolicyError: with every problem of every set: a cycle, no such folder, another govcheck that is asked for.
        UsageError: where sets of other repositories are not here, and the command that fetches them.
    """
    found = resolve(setting, reading, own)
    if found.absent:
        names = ", ".join(map(str, found.absent))
        raise UsageError(f"these sets of policies are not here yet: {names}", _FETCH)
    return found


def resolve(setting: Setting, reading: Reading, own: Sequence[Folder]) -> Resolved:
    """The same; what is not here is told, and no error."""
    resolving = _Resolving(reading, own)
    resolving.visit_all(setting.extends, None, setting.configuration or DEFAULT_FILE, ())
    if resolving.problems:
        raise PolicyError(tuple(dict.fromkeys(resolving.problems)), resolving.hint)
    return Resolved(
        tuple(resolving.done.values()), tuple(resolving.absent), tuple(resolving.moving), tuple(resolving.notes)
    )


class _Place(NamedTuple):
    """Where an entry of `extends` is written."""

    path: str
    line: int
    column: int


class _Resolving:
    def __init__(self, reading: Reading, own: Sequence[Folder]) -> None:
        self.problems: list[Problem] = []
        self.hint = ""
        self.done: dict[str, Folder] = {}
        self.absent: list[Remote] = []
        self.moving: list[Remote] = []
        self.notes: list[str] = []
        self._reading = reading
        self._own = own
        self._store = SetStore(reading.repository.common_dir)
        self._commits: dict[str, str] = {}

    def visit_all(self, entries: Iterable[ExtendedAt], at: Folder | None, path: str, trail: tuple[str, ...]) -> None:
        """Visits what one file extends, in order."""
        for entry in entries:
            written_in = _Place(path, entry.line, entry.column)
            try:
                self._visit(reference(Extended(entry.name, entry.moving)), at, written_in, trail)
            except NotASetError as error:
                self._problem(written_in, str(error))

    def _visit(self, named: Reference, at: Folder | None, written_in: _Place, trail: tuple[str, ...]) -> None:
        folder = self._folder(named, at, written_in)
        if folder is None or folder.set in self.done:
            return
        if folder.set in trail:
            circle = " -> ".join((*trail[trail.index(folder.set) :], folder.set))
            self._problem(written_in, f"`extends` goes in a circle: {circle}")
            return
        if len(self.done) + len(trail) >= _MOST:
            self._problem(written_in, f"more than {_MOST} sets are extended, those within sets counted")
            return
        described = self._extends(folder)
        if described is not None:
            path, entries = described
            self.visit_all(entries, folder, path, (*trail, folder.set))
        self.done[folder.set] = folder

    def _folder(self, named: Reference, at: Folder | None, written_in: _Place) -> Folder | None:
        if isinstance(named, Packaged):
            return policy_folders.packaged(str(named), self._reading, str(named))
        if isinstance(named, Remote):
            return self._remote(named, written_in)
        return self._below(named, at, written_in)

    def _below(self, named: NamedFolder, at: Folder | None, written_in: _Place) -> Folder | None:
        if at is not None and at.inside is None:
            self._problem(written_in, f"`{named}`: a packaged set extends other packaged sets only")
            return None
        path = below((at.inside or "") if at else "", named.path)
        if path is None:
            self._problem(written_in, f"`{named}` leads out of the repository")
            return None
        if at is not None and at.pinned:
            start, _, _ = at.set.partition(":")[2].partition(":")
            name = f"github:{start}:{path}" if path else f"github:{start}"
            folder = Folder(name, path, "", at.reading, name, pinned=True)
        else:
            folder = self._own_folder(path)
        if not self._holds_files(folder):
            state = folder.set if folder.pinned else f"{path} of {folder.reading.in_words}"
            self._problem(written_in, f"`{named}`: there are no policies in {state or 'the root'}")
            return None
        return self._apart(folder, written_in)

    def _own_folder(self, path: str) -> Folder:
        disk = os.path.join(self._reading.repository.root, path) if path else self._reading.repository.root
        return Folder(path, path, disk, self._reading, path or ".")

    def _apart(self, folder: Folder, written_in: _Place) -> Folder | None:
        """A set in a folder whose files are the repository's own would be read twice."""
        for own in self._own:
            if folder.pinned or own.inside is None or folder.inside is None:
                continue
            if f"{folder.inside}/".startswith(f"{own.inside}/" if own.inside else ""):
                message = f"`{folder.name}` lies in {own.inside or 'the root'}, where the repository's own policies are"
                self._problem(written_in, f"{message}: keep sets that are extended elsewhere")
                return None
        return folder

    @staticmethod
    def _holds_files(folder: Folder) -> bool:
        if folder.is_on_disk:
            if os.path.realpath(folder.disk) != folder.disk:
                return False  # a symbolic link leads who knows where
            return bool(policy_folders.on_disk(folder.disk)) or policy_folders.description(folder) is not None
        inside = folder.inside or ""
        return any(path.endswith((".yaml", ".yml")) for path in folder.reading.listing(inside).modes)

    def _remote(self, named: Remote, written_in: _Place) -> Folder | None:
        commit = self._store.commit(named)
        if commit is None:
            if named not in self.absent:
                self.absent.append(named)
            return None
        folder = f":{named.path}" if named.path else ""
        other = self._commits.setdefault(f"{named.repository}{folder}", commit)
        if other != commit:
            message = f"{named.repository}{folder} is extended at two commits, {other[:12]} and {commit[:12]}"
            self._problem(written_in, f"{message}: pin one of them")
            return None
        if named.moving:
            self.moving.append(named)
            note = f"{named} moves: it was taken at {commit}"
            self.notes += [] if note in self.notes else [note]
        name = f"github:{named.repository}@{commit}{folder}"
        reading = Reading(self._store.repository(), AtRevision(commit))
        found = Folder(name, named.path, "", reading, name, pinned=True)
        known = self._known(found) is not None
        if not known and not self._holds_files(found):
            self._problem(written_in, f"`{named}`: that commit has no policies in {named.path or 'its root'}")
            return None
        return found

    def _extends(self, folder: Folder) -> tuple[str, list[ExtendedAt]] | None:
        """What a set builds on, and the file that says so; None where it is not valid, or has no such file."""
        known = self._known(folder)
        if known is not None:
            return known if known[0] else None
        written = policy_folders.description(folder)
        if written is None:
            self._keep(folder, b"", "", [])
            return None
        from govcheck.sources.configuration import item_places  # noqa: PLC0415 - YAML and pydantic
        from govcheck.sources.set_files import load_set_file  # noqa: PLC0415 - see above

        try:
            entries = load_set_file(written.path, written.data).said.extends
        except PolicyError as error:
            self.problems += error.problems
            self.hint = self.hint or error.hint
            return None
        plain = [(one, False) if isinstance(one, str) else (one.set, one.moving) for one in entries]
        places = item_places(written.data, "extends") if entries else []
        found = [ExtendedAt(*entry, *place) for entry, place in zip(plain, places, strict=True)]
        self._keep(folder, written.data, written.path, found)
        return written.path, found

    def _cache(self, folder: Folder, data: bytes) -> tuple[str, str]:
        key = json.dumps([__version__, folder.set, "" if folder.pinned else data.decode("latin-1")])
        return place(self._reading.repository.git_dir, "set", key), key

    def _known(self, folder: Folder) -> tuple[str, list[ExtendedAt]] | None:
        """What was kept of a set: so that the warm hook needs neither YAML nor git for it."""
        written = None if folder.pinned else policy_folders.description(folder)
        path, key = self._cache(folder, written.data if written else b"")
        try:
            with open(path, "rb") as file:
                known, said, entries = json.loads(file.read())
            found = (str(said), [ExtendedAt(*entry) for entry in entries])
        except (OSError, ValueError, TypeError):
            return None
        return found if known == key else None

    def _keep(self, folder: Folder, data: bytes, path: str, entries: Sequence[ExtendedAt]) -> None:
        cached, key = self._cache(folder, data)
        replace_file(cached, json.dumps([key, path, entries]).encode())

    def _problem(self, place: _Place, message: str) -> None:
        self.problems.append(Problem(place.path, place.line, place.column, message))


def origin(folders: Sequence[Folder]) -> list[str]:
    """Where the sets come from, in words, for the report."""
    said = []
    for folder in folders:
        if folder.pinned:
            said.append(folder.set)
        elif folder.inside is None:
            said.append(f"{folder.set}, which comes with govcheck")
        else:
            said.append(f"the set {folder.set} of {folder.reading.in_words}")
    return said
