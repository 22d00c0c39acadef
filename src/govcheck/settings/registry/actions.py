"""GitHub Actions in the repository: what may run, with which token, how long its traces are kept.

Source: https://docs.github.com/en/rest/actions/permissions. What concerns forks, the organisation, caches, runners and
the OIDC subject is in the modules beside this one.
"""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.bodies import flag, text
from govcheck.settings.endpoints import ACTIONS
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "actions-settings"
_PERMISSIONS = f"{ACTIONS}/permissions"
_SELECTED = f"{ACTIONS}/permissions/selected-actions"
_TOKEN = f"{ACTIONS}/permissions/workflow"
_RETENTION = f"{ACTIONS}/permissions/artifact-and-log-retention"
_PUT = "gh api -X PUT repos/{repository}/actions/permissions"
_DOCS = "https://docs.github.com/en/rest/actions/permissions"


def _allowed_actions(document: Mapping[str, Json]) -> Json:
    """GitHub leaves the key out where Actions are off: nothing runs."""
    found = text(document, "allowed_actions")
    return "none" if found is None and flag(document, "enabled") is False else found


SETTINGS = (
    Setting(
        kind=_KIND,
        key="enabled",
        title="GitHub Actions",
        endpoint=_PERMISSIONS,
        path="enabled",
        strength=None,
        absent=Absent.UNKNOWN,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="allowed_actions",
        title="the set of allowed actions",
        endpoint=_PERMISSIONS,
        path="allowed_actions",
        derived=_allowed_actions,
        capped_by="organization_allowed_actions",
        strength=None,
        order=("all", "selected", "local_only", "none"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="github_owned_actions",
        title="use of actions that GitHub owns",
        endpoint=_SELECTED,
        path="github_owned_allowed",
        strength=None,
        order=("allowed", "forbidden"),
        values={True: "allowed", False: "forbidden"},
        absent=Absent.UNKNOWN,
        elsewhere={"all": "allowed", "local_only": "forbidden", "none": "forbidden"},
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="verified_creators",
        title="use of actions of verified creators",
        endpoint=_SELECTED,
        path="verified_allowed",
        strength=None,
        order=("allowed", "forbidden"),
        values={True: "allowed", False: "forbidden"},
        absent=Absent.UNKNOWN,
        elsewhere={"all": "allowed", "local_only": "forbidden", "none": "forbidden"},
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="allowed_patterns",
        title="the patterns of allowed actions",
        endpoint=_SELECTED,
        path="patterns_allowed",
        capped_by="organization_allowed_patterns",
        strength=Strength.CHOICE,
        absent=Absent.UNKNOWN,
        elsewhere={"all": ["*"], "local_only": [], "none": []},
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="sha_pinning",
        title="the demand to pin actions to full commits",
        endpoint=_PERMISSIONS,
        path="sha_pinning_required",
        capped_by="organization_sha_pinning",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="default_token",
        title="the default permissions of a workflow's token",
        endpoint=_TOKEN,
        path="default_workflow_permissions",
        capped_by="organization_default_token",
        strength=None,
        command=f"{_PUT}/workflow -F default_workflow_permissions={{value}}",
        order=("write", "read"),
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="approving_pull_requests",
        title="approval of pull requests by workflows",
        endpoint=_TOKEN,
        path="can_approve_pull_request_reviews",
        capped_by="organization_approving_pull_requests",
        strength=None,
        command=f"{_PUT}/workflow -F can_approve_pull_request_reviews={{value}}",
        order=("allowed", "forbidden"),
        values={True: "allowed", False: "forbidden"},
        absent=Absent.UNKNOWN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="access",
        title="access of other repositories to these actions and workflows",
        endpoint=f"{_PERMISSIONS}/access",
        path="access_level",
        strength=None,
        command=f"{_PUT}/access -F access_level={{value}}",
        order=("everybody", "enterprise", "organization", "user", "none"),
        absent=Absent.UNKNOWN,
        elsewhere={"public": "everybody"},
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="retention_days",
        title="the days that artifacts and logs are kept",
        endpoint=_RETENTION,
        path="days",
        capped_by="organization_retention_days",
        strength=Strength.AT_LEAST,
        command=f"{_PUT}/artifact-and-log-retention -F days={{value}}",
        absent=Absent.UNKNOWN,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="longest_retention_days",
        title="the most days that artifacts and logs may be kept",
        endpoint=_RETENTION,
        path="maximum_allowed_days",
        strength=None,
        absent=Absent.UNKNOWN,
        docs=_DOCS,
    ),
)
