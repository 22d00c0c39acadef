"""Work that is begun: the branches that GitHub has, and how far those without a pull request are ahead."""

from govcheck.facts import Fact
from govcheck.facts.branches import LiveBranches
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen(kw_only=True)
class LiveOpenWork(Fact):
    """What is begun. A change is not held to it: other people's branches are none of its business."""

    branches: LiveBranches
    comparisons: tuple[tuple[str, Answer], ...]
    """By the branch's name, of the first hundred that no open pull request comes from:
    `repos/{owner}/{repo}/compare/{basehead}` with the default branch, cut to what is judged."""
