"""The change: what is staged, or what a head adds since it left its base."""

from collections.abc import Callable

from govcheck.errors import SourceError
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.sources.git.comparison import (
    RAW,
    RENAMES,
    Comparison,
    RawChange,
    exact_changes,
    raw_changes,
    read_raw,
)
from govcheck.sources.git.repository import Repository

_TYPES = {
    "A": ChangeType.ADD,
    "C": ChangeType.ADD,
    "D": ChangeType.DELETE,
    "M": ChangeType.MODIFY,
    "R": ChangeType.RENAME,
    "T": ChangeType.MODIFY,
}
_NO_MODE = "000000"


def staged_change(repository: Repository) -> Change:
    """What the next commit would change: the index against HEAD, before the first commit against nothing.

    Raises:
        UsageError: in the middle of a merge conflict: there is no next commit yet.
        SourceError: where git refuses.
    """
    return start_staged_change(repository)()


def start_staged_change(repository: Repository) -> Callable[[], Change]:
    """Starts to gather the same. Call what is returned once, to have it; meanwhile there is time for something else."""
    comparison = Comparison(repository.head or empty_tree(repository), None)
    process = repository.git.start(*comparison.arguments(*RAW, *RENAMES))

    def finish() -> Change:
        result = process.finish()
        changes = exact_changes(repository, comparison) if result.code else read_raw(result.output)
        return _fact(comparison, changes)

    return finish


def change_between(repository: Repository, base: str, head: str = "HEAD") -> Change:
    """What the head adds since it left the base.

    Raises:
        UsageError: where one of them, or their common history, is not in this clone.
        SourceError: where git refuses.
    """
    from govcheck.sources.git.revisions import parted, resolve  # noqa: PLC0415 - the hook has no use for it

    theirs, ours = resolve(repository, base), resolve(repository, head)
    return change_after(repository, parted(repository, theirs, ours, names=(base, head)), ours)


def change_after(repository: Repository, start: str, head: str) -> Change:
    """What one commit has that another, before it, has not, both by their ids.

    Raises:
        SourceError: where git refuses.
    """
    comparison = Comparison(start, head)
    return _fact(comparison, raw_changes(repository, comparison))


def added_lines(repository: Repository, change: Change) -> AddedLines:
    """The lines that a change adds, which one of the functions above has gathered.

    Raises:
        SourceError: where git refuses, or the index changes meanwhile.
    """
    from govcheck.sources.git.added_lines import read_added_lines  # noqa: PLC0415 - few policies read lines

    return read_added_lines(repository, Comparison(change.before, change.after))


def empty_tree(repository: Repository) -> str:
    """The id of a tree without entries, in the repository's object format. Git knows it without having it stored."""
    return repository.git.run("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()


def _fact(comparison: Comparison, changes: list[RawChange]) -> Change:
    return Change(tuple(map(_changed_path, changes)), before=comparison.before, after=comparison.after)


def _changed_path(change: RawChange) -> ChangedPath:
    if change.status not in _TYPES:
        raise SourceError(f"git tells of a kind of change that govcheck does not know: {change.status!r}")
    kind = _TYPES[change.status]
    return ChangedPath(
        type=kind,
        path=change.path_after,
        previous_path=change.path_before if kind is ChangeType.RENAME else None,
        mode=None if change.mode_after == _NO_MODE else change.mode_after,
        previous_mode=None if kind is ChangeType.ADD else change.mode_before,
    )
