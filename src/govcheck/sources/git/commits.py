"""The commits that a branch adds since it left its base."""

from govcheck.errors import SourceError
from govcheck.facts.change import Change
from govcheck.facts.commits import Commit, Commits
from govcheck.paths import decode
from govcheck.sources.git.repository import Repository

_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%B"
_FIELDS = 7


def read_commits(repository: Repository, change: Change) -> Commits:
    """The commits of a change between two commits, the newest first.

    Raises:
        SourceError: where git refuses, or what it says is not what was asked for.
    """
    if change.after is None:
        raise SourceError("what is staged is no commit yet")
    arguments = ("-z", "--encoding=UTF-8", "--no-show-signature", "--no-mailmap", f"--format=tformat:{_FORMAT}%x00")
    output = repository.git.run("log", *arguments, change.after, f"^{change.before}", "--")
    fields = output.split(b"\0")
    # Each record ends in two zeros: that of the format, and that of `-z`.
    records = [fields[start : start + _FIELDS] for start in range(0, len(fields) - 1, _FIELDS + 1)]
    if any(len(record) < _FIELDS for record in records):
        raise SourceError("git log tells of commits in a form that govcheck does not know")
    return Commits(tuple(_commit([decode(field) for field in record]) for record in records))


def _commit(fields: list[str]) -> Commit:
    sha, parents, author_name, author_email, committer_name, committer_email, message = fields
    return Commit(
        sha=sha,
        message=message.rstrip("\n"),
        author_name=author_name,
        author_email=author_email,
        committer_name=committer_name,
        committer_email=committer_email,
        parents=len(parents.split()),
    )
