"""What is tracked in a state: paths with their modes and blobs."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from govcheck import paths
from govcheck.facts.tree import Mode, Tree
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import AtRevision, InIndex, OnDisk, State

_KNOWN_MODES: Mapping[str, str] = {mode.value: mode.value for mode in Mode}
_EMPTY_BLOBS = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""The empty blob's id in either object format: what the index has for a path of `git add --intent-to-add`."""

_INTENT_TO_ADD = 1 << 29
"""https://github.com/git/git/blob/v2.39.5/read-cache-ll.h has it as CE_INTENT_TO_ADD."""

_FEW = 100
"""So many paths may be named on a command line; for more, git tells of all."""

_FLAGS = rb"\n  size: \d+\tflags: ([0-9a-f]+)\n"


class Listing(NamedTuple):
    """Everything tracked in one state, in git's order. The keys of both mappings are the same."""

    state: State
    modes: Mapping[str, str]
    """Path to git's six-digit mode."""

    blobs: Mapping[str, str]
    """Path to object id; for a submodule its commit."""

    conflicted: frozenset[str] = frozenset()
    """Paths of which the index holds several versions: a merge that is not finished. Mode and id are our side's."""

    skipped: frozenset[str] = frozenset()
    """Paths that a sparse checkout leaves out of the disk."""

    def tree(self) -> Tree:
        """The fact for rules."""
        return Tree(self.modes)


def list_state(repository: Repository, state: State, under: Sequence[str] = ()) -> Listing:
    """What is tracked in a state.

    Args:
        repository: where.
        state: of which state.
        under: only these paths and what is below them (literal, without a trailing slash); default: everything.

    Raises:
        GovcheckError: where git refuses, or the clone lacks a tree object.
    """
    if isinstance(state, AtRevision):
        below = map(paths.encode, under)
        output = repository.git.run("ls-tree", "-r", "-z", "--full-tree", state.commit, "--", *below)
        return _of_commit(state, output)
    return start_listing(repository, state, under)()


def start_listing(repository: Repository, state: InIndex | OnDisk, under: Sequence[str] = ()) -> Callable[[], Listing]:
    """Starts to list. Call what is returned once, to have the listing; meanwhile there is time for something else."""
    answer = repository.git.begin("ls-files", "-t", "-s", "-z", "--full-name", "--", *map(paths.encode, under))

    def finish() -> Listing:
        listing = _of_index(state, answer(b""))
        return _without_intents(repository, listing) if isinstance(state, InIndex) else listing

    return finish


def tree_at(repository: Repository, commit: str) -> Tree:
    """The tree of a commit, given by its id."""
    return list_state(repository, AtRevision(commit)).tree()


def tree_of_index(repository: Repository) -> Tree:
    """The tree that the index would become."""
    return list_state(repository, InIndex()).tree()


def tracked(repository: Repository) -> Tree:
    """What is tracked in the work tree, paths of `git add --intent-to-add` among them."""
    return list_state(repository, OnDisk()).tree()


def _of_commit(state: AtRevision, output: bytes) -> Listing:
    modes, blobs = {}, {}
    for record in paths.decode(output).split("\0")[:-1]:
        about, _, path = record.partition("\t")
        modes[path] = _mode(about[:6])
        blobs[path] = about[about.rindex(" ") + 1 :]
    return Listing(state, modes, blobs)


def _of_index(state: State, output: bytes) -> Listing:
    """Records are `TAG MODE ID STAGE<tab>PATH`; https://git-scm.com/docs/git-ls-files#_output."""
    modes: dict[str, str] = {}
    blobs: dict[str, str] = {}
    conflicted, skipped = set(), set()
    for record in paths.decode(output).split("\0")[:-1]:
        about, _, path = record.partition("\t")
        tag, mode, blob, stage = about.split(" ")
        if stage != "0":
            conflicted.add(path)
            if path in modes and stage != "2":  # 1 is the ancestor, 2 our side, 3 theirs
                continue
        elif tag == "S":
            skipped.add(path)
        modes[path] = _mode(mode)
        blobs[path] = blob
    return Listing(state, modes, blobs, frozenset(conflicted), frozenset(skipped))


def _mode(mode: str) -> str:
    return _KNOWN_MODES.get(mode, mode)


def _without_intents(repository: Repository, listing: Listing) -> Listing:
    """Leaves out paths of `git add --intent-to-add`: the next commit will not have them."""
    empty = [path for path, blob in listing.blobs.items() if blob in _EMPTY_BLOBS and path not in listing.conflicted]
    if not empty:
        return listing
    below = [paths.encode(path) for path in empty] if len(empty) <= _FEW else []
    flags = _flags(repository.git.run("ls-files", "--debug", "-z", "--full-name", "--", *below))
    gone = {path for path in empty if flags.get(paths.encode(path), 0) & _INTENT_TO_ADD}
    if not gone:
        return listing
    modes = {path: mode for path, mode in listing.modes.items() if path not in gone}
    blobs = {path: blob for path, blob in listing.blobs.items() if path not in gone}
    return Listing(listing.state, modes, blobs, listing.conflicted, listing.skipped)


def _flags(output: bytes) -> Mapping[bytes, int]:
    """Path to the index entry's flags. A record is `PATH<nul>` and five lines of numbers."""
    flags, place = {}, 0
    pattern = re.compile(_FLAGS)  # here and not above: the hook seldom needs it
    while (end := output.find(b"\0", place)) >= 0:
        found = pattern.search(output, end)
        if found is None:
            break
        flags[output[place:end]] = int(found[1], 16)
        place = found.end()
    return flags
