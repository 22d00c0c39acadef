"""Names for what facts came to: where two runs of one code have the same name for a fact, they have the same fact.

A fact of files is named by the bytes of every file that it was made of. Which files those are follows from the paths of
the tree, or, where a fact follows one file to the next, from what was read the last time: as long as the tree's paths,
the workflow files and all of these files are the same, so is the way through them.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Any

from govcheck.app.state import Reading
from govcheck.facts import Missing
from govcheck.globs import compile_globs
from govcheck.paths import encode
from govcheck.sources.git.states import OnDisk
from govcheck.sources.scanner_programs import installed
from govcheck.sources.workflow_paths import is_action_path

WORKFLOW_FOLDER = ".github/workflows"
_BY_PATHS = frozenset({"Tree", "TrackedFiles"})
_BY_GLOBS = frozenset({"Blobs", "DataFiles"})
FOLLOWED: Mapping[str, tuple[str, ...]] = {
    "OwnPrograms": (),
    "HookConfiguration": (),
    "ScannerFiles": ("OwnPrograms",),
    "ScannerCanaries": ("OwnPrograms", "ScannerFiles"),
}
"""Facts that follow files, each with those that it is made of beside the workflows."""

Trails = Mapping[str, tuple[str, ...]]
"""The files that a followed fact read, by its name."""


class FactTokens:
    """The names of the facts of one state. What depends on the clock, on other programs or on the network has none."""

    def __init__(self, reading: Reading, before: Mapping[str, Any]) -> None:
        """Begins with what `kept` gave for the last run, as far as it fits."""
        self._reading = reading
        self._order = tuple(reading.listing().modes)
        self._files: dict[str, str] = {}
        self._tokens: dict[tuple[str, tuple[str, ...] | None], str | None] = {}
        self._paths = self._of_paths()
        self._workflows = self._of_files(self._workflow_files())
        same = before.get("paths") == self._paths
        self._ranges: dict[str, list[list[int]]] = dict(before["globs"]) if same else {}
        followed = same and before.get("workflows") == self._workflows
        self._trails: dict[str, tuple[str, ...]] = (
            {name: tuple(trail) for name, trail in before["trails"].items()} if followed else {}
        )

    def of(self, fact: str, globs: tuple[str, ...] | None) -> str | None:
        """The name of what a fact came to; None where it has none, or where nobody knows yet which files it reads."""
        key = (fact, globs)
        if key not in self._tokens:
            self._tokens[key] = self._of(fact, globs)
        return self._tokens[key]

    def follow(self, gathered: Collection[str], trails: Trails) -> None:
        """Takes which files the facts have read that this run has gathered; one without a trail of its own has no name.

        Nor has one that is made of others which this run has not gathered: their trails are older than it. What could
        not be read is known by now, too.
        """
        stale = {name for name in FOLLOWED if not set(FOLLOWED[name]) <= set(gathered)}
        older = {name: trail for name, trail in self._trails.items() if name not in gathered}
        self._trails = older | {name: trail for name, trail in trails.items() if name not in stale}
        self._tokens.clear()
        self._files = {
            path: token for path, token in self._files.items() if not isinstance(self._reading.known(path), Missing)
        }

    def kept(self) -> dict[str, Any]:
        """What the next run may begin with."""
        return {"paths": self._paths, "workflows": self._workflows, "globs": self._ranges, "trails": self._trails}

    def files(self, fact: str, globs: tuple[str, ...] | None) -> tuple[str, ...]:
        """The files that a fact was made of."""
        if globs is not None:
            return self._matched(globs)
        return self._workflow_files() if fact == "Workflows" else self._trails.get(fact, ())

    def _workflow_files(self) -> tuple[str, ...]:
        """The workflows, and every action that one of them may use, whether or not one does."""
        actions = filter(is_action_path, self._order)
        return tuple(dict.fromkeys((*self._reading.listing(WORKFLOW_FOLDER).modes, *actions)))

    def _of(self, fact: str, globs: tuple[str, ...] | None) -> str | None:
        if globs is not None:
            return self._of_files(self._matched(globs)) if fact in _BY_GLOBS else None
        if fact in _BY_PATHS:
            return self._paths
        if fact == "Workflows":
            return self._workflows
        parts = (*FOLLOWED.get(fact, ()), fact)
        if any(part not in self._trails for part in parts):
            return None
        programs = self._scanners() if fact == "ScannerCanaries" else ()
        files = (self._of_files(self._trails[part]) for part in parts)
        return _digest((self._paths, self._workflows, *files, *programs))

    def _scanners(self) -> Iterable[str]:
        repository = self._reading.repository
        return installed(repository.git.environment.get("PATH", ""), repository.root).values()

    def _of_paths(self) -> str:
        listing = self._reading.listing()
        entries = (f"{mode} {path}" for path, mode in listing.modes.items())
        return _digest((*entries, "", *sorted(listing.conflicted), "", *sorted(listing.skipped)))

    def _matched(self, globs: tuple[str, ...]) -> tuple[str, ...]:
        """The tracked paths that globs match, in order."""
        key = json.dumps(globs)
        if key not in self._ranges:
            self._ranges[key] = _ranges(self._order, compile_globs(globs).accepted(self._order))
        return tuple(path for start, end in self._ranges[key] for path in self._order[start:end])

    def _of_files(self, paths: Iterable[str]) -> str:
        wanted = tuple(paths)
        unknown = [path for path in wanted if path not in self._files]
        if unknown:
            self._files.update(self._named(unknown))
        return _digest(part for path in wanted for part in (path, self._files[path]))

    def _named(self, paths: list[str]) -> Mapping[str, str]:
        """Each path with a name for its content: git's own, where the bytes are git's and nothing stood in the way."""
        listing = self._reading.listing()
        named = {}
        if not isinstance(listing.state, OnDisk):
            stored = (path for path in paths if path in listing.blobs and path not in listing.conflicted)
            readable = (path for path in stored if not isinstance(self._reading.known(path), Missing))
            named = {path: f"{listing.modes[path]} {listing.blobs[path]}" for path in readable}
        contents = self._reading.blobs(path for path in paths if path not in named)
        return {path: named.get(path) or _of_content(contents.get(path)) for path in paths}


def _of_content(content: bytes | Missing | None) -> str:
    return sha256(content).hexdigest() if isinstance(content, bytes) else repr(content)


def _digest(parts: Iterable[str]) -> str:
    return sha256(b"\0".join(map(encode, parts))).hexdigest()


def _ranges(order: tuple[str, ...], chosen: Iterable[str]) -> list[list[int]]:
    """Where in the order the chosen ones stand: begins and ends."""
    wanted = frozenset(chosen)
    marks = [False, *(path in wanted for path in order), False]
    edges = [place for place, (left, right) in enumerate(pairwise(marks)) if left != right]
    return [list(edge) for edge in zip(edges[::2], edges[1::2], strict=True)]
