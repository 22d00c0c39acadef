"""Which facts each stage has on offer."""

from govcheck.facts import Fact
from govcheck.facts.branches import LiveBranches, RemoteBranches
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.commits import BranchName, Commits
from govcheck.facts.data_files import DataFiles
from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.live import CodeownersErrors, HeadChecks, LiveBranch, LiveRepository, LiveRulesets, LiveWorkflows
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.now import Now
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.sizes import ChangedSizes
from govcheck.facts.tree import Blobs, ChangedFiles, OwnPrograms, TrackedFiles, Tree
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.facts.workflows import Workflows
from govcheck.facts.zizmor import Zizmor

LIVE: frozenset[type[Fact]] = frozenset(
    {
        LiveRepository,
        LiveBranch,
        LiveRulesets,
        HeadChecks,
        CodeownersErrors,
        LiveWorkflows,
        WorkflowRuns,
        LiveAnswers,
        LiveBranches,
    }
)
"""What GitHub's API tells."""

LIVE_OF_A_CHANGE: frozenset[type[Fact]] = LIVE - {LiveBranches}
"""What of it a change may be held to: other people's old branches are none of its business."""

CLONE: frozenset[type[Fact]] = frozenset({RemoteBranches})
"""What a clone remembers of its remote, and offline stands in for GitHub."""

INDEX: frozenset[type[Fact]] = frozenset({Workflows, Blobs, DataFiles, Zizmor})
"""What HEAD has as well as the index."""

FILES: frozenset[type[Fact]] = INDEX | frozenset(
    {TrackedFiles, OwnPrograms, HookConfiguration, ScannerFiles, ScannerCanaries}
)
"""What a base has as well as a head."""

WHOLE_TREE: frozenset[type[Fact]] = FILES | {LastCommits, Tree, Now}
_CHANGED: frozenset[type[Fact]] = frozenset({Change, AddedLines, ChangedFiles, ChangedSizes, BranchName, Now})
STAGED: frozenset[type[Fact]] = INDEX | _CHANGED
CHANGE: frozenset[type[Fact]] = FILES | _CHANGED | {Commits}
