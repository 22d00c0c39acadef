"""The branch that a run judges, and the commits that it adds."""

from datetime import datetime

from govcheck.facts import Fact
from govcheck.records import frozen


@frozen
class BranchName(Fact):
    """Which branch the change is on. Offered at `pre-commit` and `ci`."""

    name: str | None
    """Without `refs/heads/`: the pull request's head branch, else the branch that is checked out; None where no branch
    is (a detached HEAD, as CI checks out)."""

    default: str | None = None
    """The default branch, where the clone's `origin/HEAD` or the pull request's event tells it."""


@frozen(kw_only=True)
class Commit:
    """One commit."""

    id: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    committer_name: str
    committer_email: str
    authored_at: datetime | None
    """None where git's date is none that can be read."""

    message: str
    """Whole: subject, body and trailers."""

    @property
    def is_merge(self) -> bool:
        """Whether it joins several."""
        return len(self.parents) > 1

    @property
    def subject(self) -> str:
        """The first paragraph in one line, as git shows it."""
        return " ".join(self.message.strip("\n").partition("\n\n")[0].split("\n")).strip()


@frozen
class Commits(Fact):
    """The commits that the head has and the base has not, the oldest first. Offered at `ci`."""

    commits: tuple[Commit, ...]


@frozen
class CommitMessage(Fact):
    """The message of a commit that is being made. Offered to the hook `commit-msg` alone."""

    text: str
    """As it would be committed: without git's comments."""

    author_name: str = ""
    author_email: str = ""
    """Empty where git knows no author."""

    is_merge: bool = False
    """Whether the commit joins several."""
