"""Which facts each stage has on offer."""

from govcheck.facts import Fact
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.live import HeadChecks, LiveBranch, LiveRepository
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, Tree
from govcheck.facts.workflows import Workflows
from govcheck.facts.zizmor import Zizmor

LIVE: frozenset[type[Fact]] = frozenset({LiveRepository, LiveBranch, HeadChecks})
"""What GitHub's API tells."""

FILES: frozenset[type[Fact]] = frozenset({Workflows, Blobs, Zizmor})
"""What a base has as well as a head."""

WHOLE_TREE: frozenset[type[Fact]] = FILES | {Tree, Now}
CHANGE: frozenset[type[Fact]] = FILES | {Change, AddedLines, Now}
