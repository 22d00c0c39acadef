"""Which facts each stage has on offer."""

from collections.abc import Mapping

from govcheck.facts import Fact
from govcheck.facts.branches import LiveBranches, RemoteBranches
from govcheck.facts.change import AddedLines, Change, RemovedLines
from govcheck.facts.commits import BranchName, Commits
from govcheck.facts.data_files import DataFiles
from govcheck.facts.decisions import AuditLog
from govcheck.facts.deployments import LiveDeployments
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.issues import LiveIssues
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.live import CodeownersErrors, HeadChecks, LiveBranch, LiveRepository, LiveRulesets, LiveWorkflows
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.now import Now
from govcheck.facts.open_work import LiveOpenWork
from govcheck.facts.pull_request import LinkedIssues, StatedChange
from govcheck.facts.reviews import PullRequestReviews, TeamMembers
from govcheck.facts.run_logs import RunLogs
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.sizes import ChangedSizes
from govcheck.facts.sweeps import KeptSweeps
from govcheck.facts.tree import Blobs, ChangedFiles, OwnPrograms, TrackedFiles, Tree
from govcheck.facts.work_tree import AdhocSweep, ShutdownSweep, StartupSweep, WorkTree
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.facts.workflows import Workflows
from govcheck.facts.zizmor import Zizmor
from govcheck.report import Phase

LIVE: frozenset[type[Fact]] = frozenset(
    {
        LiveRepository,
        LiveBranch,
        LiveRulesets,
        HeadChecks,
        CodeownersErrors,
        LiveWorkflows,
        WorkflowRuns,
        RunLogs,
        LiveAnswers,
        LiveBranches,
        LiveDeployments,
        LiveIssues,
        LiveOpenWork,
    }
)
"""What GitHub's API tells."""

LIVE_OF_A_CHANGE: frozenset[type[Fact]] = LIVE - {LiveBranches, LiveDeployments, LiveIssues, LiveOpenWork, RunLogs}
"""What of it a change may be held to: other people's old branches, deployments and issues are none of its business."""

LIVE_OF_A_PULL_REQUEST: frozenset[type[Fact]] = frozenset(
    {LinkedIssues, PullRequestReviews, PullRequestRuns, TeamMembers}
)
"""What GitHub tells of the pull request itself, where one is known."""

CLONE: frozenset[type[Fact]] = frozenset({RemoteBranches})
"""What a clone remembers of its remote, and offline stands in for GitHub."""

INDEX: frozenset[type[Fact]] = frozenset({Workflows, Blobs, DataFiles, Zizmor})
"""What HEAD has as well as the index."""

FILES: frozenset[type[Fact]] = INDEX | frozenset(
    {TrackedFiles, OwnPrograms, HookConfiguration, ScannerFiles, ScannerCanaries}
)
"""What a base has as well as a head."""

WHOLE_TREE: frozenset[type[Fact]] = FILES | {LastCommits, Tree, Now, AuditLog}
_CHANGED: frozenset[type[Fact]] = frozenset(
    {Change, AddedLines, RemovedLines, ChangedFiles, ChangedSizes, BranchName, StatedChange, Now}
)
STAGED: frozenset[type[Fact]] = INDEX | _CHANGED
CHANGE: frozenset[type[Fact]] = FILES | _CHANGED | {Commits}
SWEEP: frozenset[type[Fact]] = WHOLE_TREE | LIVE | {WorkTree, KeptSweeps}
"""What every sweep has."""

OF_PHASE: Mapping[Phase, type[Fact]] = {
    Phase.STARTUP: StartupSweep,
    Phase.SHUTDOWN: ShutdownSweep,
    Phase.ADHOC: AdhocSweep,
}
"""What a sweep of one phase has beside it."""
