"""Commits between two states, and the branch that is checked out."""

import os
from datetime import datetime

from govcheck.errors import SourceError
from govcheck.facts.commits import BranchName, Commit, Commits
from govcheck.sources.git.repository import Repository

_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%aI%x00%B%x00%x01"
_FIELDS = 8
_END = b"\0\1\n"
_BRANCH = "ref: refs/heads/"


def read_commits(repository: Repository, base: str, head: str) -> Commits:
    """The commits that the head has and the base has not, the oldest first.

    Raises:
        SourceError: where git refuses, or says something that cannot be read.
    """
    shown = ("--reverse", "--topo-order", "--no-show-signature", "--encoding=UTF-8", f"--format={_FORMAT}")
    output = repository.git.run("log", *shown, f"{base}..{head}")
    return Commits(tuple(_commit(record) for record in output.split(_END) if record))


def branch_name(repository: Repository) -> BranchName:
    """The branch that is checked out."""
    try:
        with open(os.path.join(repository.git_dir, "HEAD"), "rb") as file:
            text = os.fsdecode(file.read(4096)).rstrip("\n")
    except OSError as error:
        raise SourceError(f"the branch that is checked out cannot be told: {error.strerror}") from error
    return BranchName(text.removeprefix(_BRANCH) if text.startswith(_BRANCH) else None)


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
