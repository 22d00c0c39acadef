"""How many lines a change takes away, file by file."""

from govcheck import paths
from govcheck.facts import Missing
from govcheck.facts.change import Change, RemovedLines
from govcheck.findings import Reason
from govcheck.sources.git.comparison import PLAIN, Comparison
from govcheck.sources.git.repository import Repository

# Without the last option a line is taken away where the file's last one had no newline and others follow it now.
_OPTIONS = ("--numstat", "-z", "--no-renames", "--ignore-space-at-eol", *PLAIN)
_COLUMNS = 3


def read_removed_lines(repository: Repository, change: Change) -> RemovedLines | Missing:
    """The lines that are gone or were edited, of every path as it was before; a change of trailing space is none."""
    result = repository.git.ask(*Comparison(change.before, change.after).arguments(*_OPTIONS))
    if result.code:
        said = result.errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return Missing(reason=Reason.MISSING_OBJECT, message=f"git cannot compare the files: {said}")
    return RemovedLines(dict(map(_count, paths.decode(result.output).split("\0")[:-1])))


def _count(record: str) -> tuple[str, int | Missing]:
    columns = record.split("\t", _COLUMNS - 1)
    path = columns[-1]
    if len(columns) != _COLUMNS or not columns[1].isdigit():
        return path, Missing(reason=Reason.UNPARSEABLE, message="git does not count the lines of this file")
    return path, int(columns[1])
