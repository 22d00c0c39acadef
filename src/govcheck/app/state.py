"""Which state of the repository a run judges, and how its paths and bytes are read."""

from collections.abc import Iterable, Mapping

from govcheck.facts import Missing
from govcheck.records import field, mutable
from govcheck.sources.git.listing import Listing, list_state
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import AtRevision, InIndex, State


@mutable
class Reading:
    """One state of one repository. What is tracked is listed once, and only where somebody asks for it.

    A file is read once, too: everything that a run says rests on the same bytes of it.
    """

    repository: Repository
    state: State
    _listings: dict[str, Listing] = field(default_factory=dict)
    _kept: dict[str, bytes | Missing] = field(default_factory=dict)

    def listing(self, folder: str = "") -> Listing:
        """What is tracked, in all or below one folder."""
        if folder not in self._listings:
            whole = self._listings.get("")
            under = [folder] if folder else []
            self._listings[folder] = _below(whole, folder) if whole else list_state(self.repository, self.state, under)
        return self._listings[folder]

    def prime(self, found: Listing, *folders: str) -> None:
        """Takes what a listing of several folders or files has found."""
        self._listings |= {folder: _below(found, folder) for folder in folders}

    def blobs(self, paths: Iterable[str], folder: str = "") -> Mapping[str, bytes | Missing]:
        """The bytes of tracked files, all of them below one folder."""
        from govcheck.sources.git.blobs import read_blobs  # noqa: PLC0415 - the warm hook reads none

        wanted = tuple(dict.fromkeys(paths))
        unread = [path for path in wanted if path not in self._kept]
        if unread:
            self._kept.update(read_blobs(self.repository, self.listing(folder), unread))
        return {path: self._kept[path] for path in wanted if path in self._kept}

    def known(self, path: str) -> bytes | Missing | None:
        """What was read of a file; None where nobody asked for it yet."""
        return self._kept.get(path)

    @property
    def commit(self) -> str | None:
        """The commit that is judged, or that the index and the disk stand on; None before the first one."""
        return self.state.commit if isinstance(self.state, AtRevision) else self.repository.head

    @property
    def in_words(self) -> str:
        """How the report names the state."""
        if isinstance(self.state, AtRevision):
            return self.state.commit[:12]
        return "the index" if isinstance(self.state, InIndex) else "the work tree"


def _below(whole: Listing, folder: str) -> Listing:
    start = f"{folder}/"
    modes = {path: mode for path, mode in whole.modes.items() if path.startswith(start) or path == folder}
    return Listing(whole.state, modes, {path: whole.blobs[path] for path in modes}, whole.conflicted, whole.skipped)
