"""What the workflows of strangers' pull requests may do.

Source: https://docs.github.com/en/rest/actions/permissions. GitHub has one setting for public repositories and four
switches for the others: each answers 422 for the other kind of repository.
"""

from govcheck.settings.endpoints import ACTIONS
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "actions-settings"
_PRIVATE = f"{ACTIONS}/permissions/fork-pr-workflows-private-repos"
_DOCS = "https://docs.github.com/en/rest/actions/permissions"

_ALLOWED = (
    (
        "fork_workflows",
        "running of workflows from pull requests of forks",
        "run_workflows_from_fork_pull_requests",
        "allowed",
    ),
    (
        "fork_write_tokens",
        "tokens that write, for workflows from pull requests of forks",
        "send_write_tokens_to_workflows",
        "forbidden",
    ),
    (
        "fork_secrets",
        "secrets and variables for workflows from pull requests of forks",
        "send_secrets_and_variables",
        "forbidden",
    ),
)
"""Key, title, GitHub's key, and how it is in every public repository."""

SETTINGS = (
    Setting(
        kind=_KIND,
        key="fork_approval",
        title="the approval that workflows of outside contributors need",
        endpoint=f"{ACTIONS}/permissions/fork-pr-contributor-approval",
        path="approval_policy",
        capped_by="organization_fork_approval",
        strength=None,
        order=("first_time_contributors_new_to_github", "first_time_contributors", "all_external_contributors"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    *(
        Setting(
            kind=_KIND,
            key=key,
            title=title,
            endpoint=_PRIVATE,
            path=path,
            strength=None,
            order=("allowed", "forbidden"),
            values={True: "allowed", False: "forbidden"},
            absent=Absent.UNKNOWN,
            elsewhere={"public": public},
            security=True,
            docs=_DOCS,
        )
        for key, title, path, public in _ALLOWED
    ),
    Setting(
        kind=_KIND,
        key="fork_workflows_need_approval",
        title="approval of workflows from pull requests of forks",
        endpoint=_PRIVATE,
        path="require_approval_for_fork_pr_workflows",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
)
