"""What lies in a clone and nowhere else, asked of git. Nothing is written, not even the index refreshed."""

import os
from collections.abc import Iterator
from datetime import datetime

from govcheck.facts import Missing
from govcheck.facts.work_tree import DirtyFile, DirtyState, LocalBranch, Stash, WorkTree
from govcheck.findings import Reason
from govcheck.paths import decode
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.runner import refusal

_HEADS = "refs/heads/"
_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}
"""Files of a git directory that are there while git is in the middle of something.

Source: git's `wt_status_get_state`, https://github.com/git/git/blob/master/wt-status.c
"""

_FIELDS_BEFORE_PATH = {b"1": 8, b"u": 10}
"""Of `git status --porcelain=v2`: https://git-scm.com/docs/git-status#_porcelain_format_version_2"""


class _RefusedError(Exception):
    """Git could not tell."""


def read_work_tree(repository: Repository) -> WorkTree | Missing:
    """The work tree as it is now.

    Returns:
        Missing where git refuses one of the questions: then nothing is said to be clean.
    """
    try:
        return WorkTree(
            dirty=tuple(_dirty(_asked(repository, "status", *_STATUS))),
            ahead=tuple(_ahead(repository)),
            stashes=tuple(_stashes(repository)),
            operation=_operation(repository.git_dir),
            has_remote=bool(_asked(repository, "remote").strip()),
        )
    except _RefusedError as error:
        return Missing(reason=Reason.MISSING_OBJECT, message=str(error))


_STATUS = ("--porcelain=v2", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=none")


def _asked(repository: Repository, *arguments: str) -> bytes:
    result = repository.git.ask(*arguments)
    if result.code:
        raise _RefusedError(str(refusal(repository.root, arguments[0], result)))
    return result.output


def _dirty(output: bytes) -> Iterator[DirtyFile]:
    for line in output.split(b"\0"):
        kind, _, rest = line.partition(b" ")
        if kind == b"?":
            yield DirtyFile(path=decode(rest), state="untracked")
        elif kind in _FIELDS_BEFORE_PATH:
            words = line.split(b" ", _FIELDS_BEFORE_PATH[kind])
            yield DirtyFile(path=decode(words[-1]), state=_state(kind, words[1]))
        elif line:
            raise _RefusedError(f"git status said something that cannot be read: {decode(line)[:80]!r}")


def _state(kind: bytes, columns: bytes) -> DirtyState:
    """Columns: how the index differs from HEAD, and the work tree from the index; a dot is no difference."""
    if kind == b"u":
        return "conflicted"
    return "changed" if columns[1:] != b"." else "staged"


def _ahead(repository: Repository) -> Iterator[LocalBranch]:
    listed = _asked(repository, "for-each-ref", "--format=%(refname)%00%(upstream:short)", _HEADS)
    for line in listed.split(b"\n"):
        if line:
            name, _, upstream = decode(line).partition("\0")
            commits = _alone(repository, name, "--remotes")
            if commits:
                yield LocalBranch(name=name.removeprefix(_HEADS), upstream=upstream or None, commits=commits)
    if repository.head is not None:
        commits = _alone(repository, "HEAD", "--branches", "--remotes")
        if commits:
            yield LocalBranch(name="HEAD", upstream=None, commits=commits)


def _alone(repository: Repository, name: str, *others: str) -> int:
    """How many commits of a ref none of the others has."""
    return int(_asked(repository, "rev-list", "--count", name, "--not", *others, "--"))


def _stashes(repository: Repository) -> Iterator[Stash]:
    if repository.git.ask("rev-parse", "--verify", "--quiet", "refs/stash").code:
        return
    listed = _asked(repository, "log", "-g", "-z", "--no-show-signature", "--format=%H%x09%cI%x09%gs", "refs/stash")
    for record in listed.split(b"\0"):
        if record:
            commit, date, message = decode(record).split("\t", 2)
            yield Stash(commit=commit, message=message, at=_moment(date))


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _operation(git_dir: str) -> str | None:
    return next((word for file, word in _OPERATIONS.items() if os.path.lexists(os.path.join(git_dir, file))), None)
