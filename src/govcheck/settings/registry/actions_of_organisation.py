"""What the organisation lets its repositories do with GitHub Actions, which caps what a repository says.

Source: https://docs.github.com/en/rest/actions/permissions and, for caches, .../actions/cache. A repository of a user
has no such limits.
"""

from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "actions-settings"
_PERMISSIONS = "orgs/{org}/actions/permissions"
_SELECTED = "orgs/{org}/actions/permissions/selected-actions"
_TOKEN = "orgs/{org}/actions/permissions/workflow"  # noqa: S105 - an endpoint, not a secret
_DOCS = "https://docs.github.com/en/rest/actions/permissions"

SETTINGS = (
    Setting(
        kind=_KIND,
        key="organization_repositories",
        title="the organisation's choice of repositories with Actions",
        endpoint=_PERMISSIONS,
        path="enabled_repositories",
        strength=None,
        values={"all": "all", "selected": "selected", "none": "none"},
        absent=Absent.UNKNOWN,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_allowed_actions",
        title="the organisation's set of allowed actions",
        endpoint=_PERMISSIONS,
        path="allowed_actions",
        strength=None,
        order=("all", "selected", "local_only"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_allowed_patterns",
        title="the organisation's patterns of allowed actions",
        endpoint=_SELECTED,
        path="patterns_allowed",
        strength=Strength.CHOICE,
        absent=Absent.UNKNOWN,
        elsewhere={"all": ["*"], "local_only": []},
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_sha_pinning",
        title="the organisation's demand to pin actions to full commits",
        endpoint=_PERMISSIONS,
        path="sha_pinning_required",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_default_token",
        title="the organisation's default permissions of a workflow's token",
        endpoint=_TOKEN,
        path="default_workflow_permissions",
        strength=None,
        order=("write", "read"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_approving_pull_requests",
        title="approval of pull requests by the organisation's workflows",
        endpoint=_TOKEN,
        path="can_approve_pull_request_reviews",
        strength=None,
        order=("allowed", "forbidden"),
        values={True: "allowed", False: "forbidden"},
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_fork_approval",
        title="the approval that the organisation demands for outside contributors",
        endpoint="orgs/{org}/actions/permissions/fork-pr-contributor-approval",
        path="approval_policy",
        strength=None,
        order=("first_time_contributors_new_to_github", "first_time_contributors", "all_external_contributors"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_runners",
        title="the organisation's choice of repositories with self-hosted runners",
        endpoint="orgs/{org}/actions/permissions/self-hosted-runners",
        path="enabled_repositories",
        strength=None,
        order=("all", "selected", "none"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_retention_days",
        title="the organisation's days that artifacts and logs are kept",
        endpoint="orgs/{org}/actions/permissions/artifact-and-log-retention",
        path="days",
        strength=Strength.AT_LEAST,
        absent=Absent.UNKNOWN,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="organization_cache_limit_gb",
        title="the organisation's limit of a repository's caches, in GB",
        endpoint="organizations/{org}/actions/cache/storage-limit",
        path="max_cache_size_gb",
        strength=None,
        absent=Absent.UNKNOWN,
        docs="https://docs.github.com/en/rest/actions/cache",
    ),
)
