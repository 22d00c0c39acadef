"""Commits between two states, and the branch that is checked out."""

import os
from datetime import datetime

from govcheck.errors import SourceError
from govcheck.facts.commits import BranchName, Commit, Commits
from govcheck.sources.git.repository import Repository

_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%aI%x00%B%x00%x01"
_FIELDS = 8
_END = b"\0\1\n"
_HEADS = "refs/heads/"
_BRANCH = f"ref: {_HEADS}"
_REFTABLE = f"{_BRANCH}.invalid"
"""What HEAD holds where the refs lie in a table: https://git-scm.com/docs/reftable#_layout"""

_REMOTE_BRANCH = "ref: refs/remotes/origin/"
_REBASED = ("rebase-merge/head-name", "rebase-apply/head-name")
_LONGEST = 4096
"""Bytes."""


def read_commits(repository: Repository, base: str, head: str) -> Commits:
    """The commits that the head has and the base has not, the oldest first.

    Raises:
        SourceError: where git refuses, or says something that cannot be read.
    """
    shown = ("--reverse", "--topo-order", "--no-show-signature", "--encoding=UTF-8", f"--format={_FORMAT}")
    output = repository.git.run("log", *shown, f"{base}..{head}")
    return Commits(tuple(_commit(record) for record in output.split(_END) if record))


def branch_name(repository: Repository) -> BranchName:
    """The branch that is checked out, or that a rebase going on is of; and the remote's default branch.

    Raises:
        SourceError: where git's own files cannot be read.
    """
    default = _first_line(repository.common_dir, "refs/remotes/origin/HEAD")
    named = default.removeprefix(_REMOTE_BRANCH) if default and default.startswith(_REMOTE_BRANCH) else None
    head = _first_line(repository.git_dir, "HEAD")
    if head is None:
        raise SourceError(f"the branch that is checked out cannot be told: {repository.git_dir} has no HEAD")
    if head == _REFTABLE:
        head = f"ref: {os.fsdecode(repository.git.ask('symbolic-ref', '--quiet', 'HEAD').output).rstrip()}"
    if head.startswith(_BRANCH):
        return BranchName(head.removeprefix(_BRANCH), named)
    rebased = next(filter(None, (_first_line(repository.git_dir, file) for file in _REBASED)), "")
    return BranchName(rebased.removeprefix(_HEADS) if rebased.startswith(_HEADS) else None, named)


def _first_line(folder: str, file: str) -> str | None:
    """The first line of one of git's own files; None where there is none."""
    try:
        with open(os.path.join(folder, file), "rb") as opened:
            return os.fsdecode(opened.read(_LONGEST)).partition("\n")[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{file} of git's folder cannot be read: {error.strerror}") from error


def _commit(record: bytes) -> Commit:
    fields = record.decode("utf-8", "replace").split("\0", _FIELDS - 1)
    if len(fields) != _FIELDS:
        raise SourceError("git's list of commits cannot be read")
    identity, parents, author, author_mail, committer, committer_mail, date, message = fields
    return Commit(
        id=identity,
        parents=tuple(parents.split()),
        author_name=author,
        author_email=author_mail,
        committer_name=committer,
        committer_email=committer_mail,
        authored_at=_moment(date),
        message=message,
    )


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
