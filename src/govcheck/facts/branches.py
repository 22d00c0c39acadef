"""All branches of a repository with their newest commits: as GitHub has them, or as a clone last saw them."""

from datetime import datetime

from govcheck.facts import Fact
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen(kw_only=True)
class LiveBranches(Fact):
    """The branches that GitHub has."""

    repository: Answer
    """`repos/{owner}/{repo}`."""

    refs: Answer
    """The pages of GraphQL's `repository.refs` below `refs/heads/`, joined: `{totalCount, nodes: [...]}`."""

    protected: Answer
    """`repos/{owner}/{repo}/branches?protected=true`: by classic protection or by any ruleset."""

    pulls: Answer
    """`repos/{owner}/{repo}/pulls?state=open`, cut to number, author, head and base."""


@frozen(kw_only=True)
class RemoteBranch:
    """A branch of the remote, as a clone last saw it."""

    name: str
    """Without the remote's name: `feature/x`."""

    commit: str
    committed_at: datetime | None
    """None where it points to no commit."""

    owner: str
    """Who made the commit; of what was merged on the web, its author."""


@frozen(kw_only=True)
class RemoteBranches(Fact):
    """The remote-tracking branches of this clone; none where it has none."""

    branches: tuple[RemoteBranch, ...]
    default: str | None
    """The remote's default branch, where the clone knows it."""

    fetched_at: datetime | None
    """When the clone last fetched anything; None where that is not known."""
