"""Two states compared by git, in its raw format: which paths differ, and by which blobs."""

from collections.abc import Iterator
from typing import NamedTuple

from govcheck import paths
from govcheck.errors import SourceError, UsageError
from govcheck.sources.git.repository import Repository

PLAIN = ("--no-abbrev", "--ignore-submodules=none", "--no-ext-diff", "--no-textconv", "--no-color")
RAW = ("--raw", "-z", *PLAIN)
RENAMES = ("-M50%", "-l1000")
"""Git's own limits, whatever the user's configuration says. Beyond them, and where a rename was edited heavily, there
are a deletion and an addition: still both sides."""

EXACT_RENAMES = ("-M100%",)
"""Finds only renames without an edit, for which git reads no blob: for clones that lack some."""

_SHOWN = 3
_UNDOCUMENTED = "git's answer about the change is not in the format that git documents"


class Comparison(NamedTuple):
    """Two states to compare."""

    before: str
    """A tree or commit, by its id."""

    after: str | None
    """The same; None for the index."""

    def arguments(self, *options: str) -> tuple[str, ...]:
        """For git."""
        if self.after is None:
            return ("diff-index", "--cached", "--ita-invisible-in-index", *options, self.before, "--")
        return ("diff-tree", "-r", "--no-commit-id", *options, self.before, self.after, "--")


class RawChange(NamedTuple):
    """One record. https://git-scm.com/docs/diff-format#_raw_output_format ."""

    status: str
    """One letter."""

    mode_before: str
    mode_after: str
    blob_before: str
    blob_after: str
    path_before: str
    path_after: str


def raw_changes(repository: Repository, comparison: Comparison) -> list[RawChange]:
    """The difference between two states. Raises what `read_raw` does, and GovcheckError where git refuses."""
    result = repository.git.ask(*comparison.arguments(*RAW, *RENAMES))
    return exact_changes(repository, comparison) if result.code else read_raw(result.output)


def exact_changes(repository: Repository, comparison: Comparison) -> list[RawChange]:
    """The same without a look into blobs: only renames without an edit are seen as renames."""
    return read_raw(repository.git.run(*comparison.arguments(*RAW, *EXACT_RENAMES)))


def read_raw(output: bytes) -> list[RawChange]:
    """Reads git's raw format.

    Raises:
        UsageError: where paths are in conflict.
        SourceError: where it is not what git documents.
    """
    changes = list(_records(iter(paths.decode(output).split("\0")[:-1])))
    conflicts = [change.path_after for change in changes if change.status == "U"]
    if conflicts:
        shown = ", ".join(map(paths.display, conflicts[:_SHOWN])) + (", ..." if len(conflicts) > _SHOWN else "")
        raise UsageError(
            f"a merge conflict is not resolved, so there is no change to judge yet: {shown}",
            "resolve it, `git add` the files, and run govcheck again",
        )
    return changes


def _records(fields: Iterator[str]) -> Iterator[RawChange]:
    for about in fields:
        mode_before, mode_after, blob_before, blob_after, status = _columns(about)
        path = next(fields, None)
        path_after = next(fields, None) if status[:1] in {"R", "C"} else path
        if path is None or path_after is None:
            raise SourceError(_UNDOCUMENTED)
        yield RawChange(status[:1], mode_before[1:], mode_after, blob_before, blob_after, path, path_after)


def _columns(about: str) -> tuple[str, str, str, str, str]:
    match about.split(" "):
        case [mode_before, mode_after, blob_before, blob_after, status] if mode_before.startswith(":"):
            return mode_before, mode_after, blob_before, blob_after, status
    raise SourceError(_UNDOCUMENTED)
