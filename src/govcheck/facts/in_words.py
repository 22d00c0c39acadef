"""What each fact is, and what it takes to have it on offer, in words for people. By name: a plan knows no more."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_LIVE = "`--live` and a token"
_TREE = "a whole tree (`check` without `--staged` or `--base`)"
_CHANGE = "a change (`--staged` or `--base`)"
_BASE = "`--base`"
_PULL_REQUEST = "a pull request"
_LIVE_PULL_REQUEST = "a pull request, `--live` and a token"
_SWEEP = "a sweep"

_FACTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "AddedLines": ("the lines that the change adds", _CHANGE),
        "AdhocSweep": ("that the sweep has no phase", "`sweep --phase adhoc`"),
        "AlertReceivers": ("Alertmanager's receivers", "the address of an Alertmanager"),
        "AuditLog": ("the log of `gate deploy`", _TREE),
        "Blobs": ("the contents of files", ""),
        "BranchName": ("the name of the branch", _CHANGE),
        "Change": ("the paths that the change touches", _CHANGE),
        "ChangedFiles": ("the contents of changed files", _CHANGE),
        "ChangedSizes": ("the sizes of changed files", _CHANGE),
        "CodeownersErrors": ("what GitHub finds wrong with CODEOWNERS", _LIVE),
        "CommitMessage": ("the message of a commit that is being made", "`check --message`"),
        "Commits": ("the commits of the change", _BASE),
        "DataFiles": ("configuration files", ""),
        "FlyApps": ("apps on Fly.io", "`--live` and a token of Fly.io's"),
        "HeadChecks": ("the checks of the branch's newest commit", _LIVE),
        "HookConfiguration": ("the configuration of git hooks", "a whole tree or `--base`"),
        "KeptSweeps": ("the sweeps that were kept", _SWEEP),
        "LastCommits": ("when each file was changed last", _TREE),
        "LinkedIssues": ("the issues that the pull request names", _LIVE_PULL_REQUEST),
        "LiveAnswers": ("settings on GitHub", _LIVE),
        "LiveBranch": ("the branch's protection on GitHub", _LIVE),
        "LiveBranches": ("the branches on GitHub", f"a whole tree, {_LIVE}"),
        "LiveDeployments": ("deployments on GitHub", f"a whole tree, {_LIVE}"),
        "LiveEvents": ("who changed what on GitHub", _SWEEP),
        "LiveIssues": ("issues on GitHub", f"a whole tree, {_LIVE}"),
        "LiveOpenWork": ("open branches and pull requests on GitHub", f"a whole tree, {_LIVE}"),
        "LiveRepository": ("the repository on GitHub", _LIVE),
        "LiveRulesets": ("rulesets on GitHub", _LIVE),
        "LiveWorkflows": ("which workflows GitHub has switched on", _LIVE),
        "Now": ("the time", ""),
        "OwnPrograms": ("scripts and manifests that workflows run", "a whole tree or `--base`"),
        "PolicyChanges": ("what the change does to policies", _BASE),
        "PrometheusSeries": ("figures of a Prometheus", "`--live` and the address of a Prometheus"),
        "PullRequest": ("the pull request's text", _PULL_REQUEST),
        "PullRequestReviews": ("the pull request's reviews", _LIVE_PULL_REQUEST),
        "PullRequestRuns": ("the runs of the pull request's head", _LIVE_PULL_REQUEST),
        "RemoteBranches": ("the branches of the remote, as the clone remembers them", "a clone that knows its remote"),
        "RemovedLines": ("how many lines the change takes away", _CHANGE),
        "RunLogs": ("the logs of workflow runs", f"a whole tree, {_LIVE}"),
        "ScannerCanaries": ("what a secret scanner finds of made-up secrets", "a whole tree or `--base`"),
        "ScannerFiles": ("the configuration of secret scanners", "a whole tree or `--base`"),
        "ShutdownSweep": ("that the sweep ends a day", "`sweep --phase shutdown`"),
        "StartupSweep": ("that the sweep begins a day", "`sweep --phase startup`"),
        "StatedChange": ("what the pull request says of the change", _CHANGE),
        "SupabaseBackups": ("backups at Supabase", "`--live` and a token of Supabase's"),
        "TeamMembers": ("the members of teams", _LIVE_PULL_REQUEST),
        "TrackedFiles": ("the tracked files", "a whole tree or `--base`"),
        "Tree": ("the whole tree", _TREE),
        "WorkTree": ("the state of the clone", _SWEEP),
        "WorkflowRuns": ("workflow runs", _LIVE),
        "Workflows": ("workflow files", ""),
        "Zizmor": ("the findings of zizmor", ""),
    }
)
"""Name of a fact to what it is, and to what it takes; nothing where every stage that reads a repository has it."""


def read(names: Iterable[str]) -> str:
    """What facts are: `workflow files, the tracked files`."""
    return ", ".join(dict.fromkeys(_FACTS[name][0] if name in _FACTS else name for name in names))


def needed(absent: Iterable[Iterable[str]]) -> str:
    """What would have something judged: of each check what it lacks; empty where that is not known.

    Args:
        absent: For each check the names of facts that were not on offer.
    """
    lacking = (dict.fromkeys(_FACTS[name][1] for name in names if name in _FACTS) for names in absent)
    ways = dict.fromkeys(" and ".join(filter(None, one)) for one in lacking)
    return ", or ".join(filter(None, ways))
