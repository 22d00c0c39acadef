"""The commits that a branch adds since it left its base."""

from govcheck.facts import Fact
from govcheck.records import frozen


@frozen(kw_only=True)
class Commit:
    """One commit. Text as git has it; bytes that are not UTF-8 are lone surrogates, as in paths."""

    sha: str
    message: str
    """Without the line breaks at its end."""

    author_name: str
    author_email: str
    committer_name: str
    committer_email: str
    parents: int


@frozen
class Commits(Fact):
    """Offered at `ci`."""

    commits: tuple[Commit, ...]
    """The newest first."""
