"""Permissions of tokens: what GitHub's pages call them, and which kind of token can never be given one.

Sources: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
and, for a workflow run's own token, https://docs.github.com/en/actions/reference/workflow-syntax#permissions
"""

import re
from collections.abc import Iterable, Mapping

METADATA = "metadata"
"""Every token has it, and a workflow's `permissions` have no key for it."""

TITLES: Mapping[str, str] = {
    "actions": "Actions",
    "actions_variables": "Variables",
    "administration": "Administration",
    "agent_secrets": "Agent secrets",
    "attestations": "Attestations",
    "checks": "Checks",
    "codespaces_secrets": "Codespaces secrets",
    "contents": "Contents",
    "dependabot_secrets": "Dependabot secrets",
    "deployments": "Deployments",
    "discussions": "Discussions",
    "environments": "Environments",
    "issues": "Issues",
    "members": "Members (organization)",
    "metadata": "Metadata",
    "organization_actions_variables": "Variables (organization)",
    "organization_administration": "Administration (organization)",
    "organization_custom_properties": "Custom properties (organization)",
    "organization_dependabot_secrets": "Dependabot secrets (organization)",
    "organization_hooks": "Webhooks (organization)",
    "organization_plan": "Plan (organization)",
    "organization_secrets": "Secrets (organization)",
    "packages": "Packages",
    "pages": "Pages",
    "pull_requests": "Pull requests",
    "repository_advisories": "Repository security advisories",
    "repository_custom_properties": "Custom properties",
    "repository_hooks": "Webhooks",
    "secret_scanning_alerts": "Secret scanning alerts",
    "secrets": "Secrets",
    "security_events": "Code scanning alerts",
    "statuses": "Commit statuses",
    "vulnerability_alerts": "Dependabot alerts",
    "workflows": "Workflows",
}
"""GitHub's name of a permission in the API, to what its pages for tokens and Apps call it."""

WORKFLOW_CAN_HOLD = frozenset(
    {
        "actions",
        "attestations",
        "checks",
        "contents",
        "deployments",
        "discussions",
        "issues",
        "metadata",
        "packages",
        "pages",
        "pull_requests",
        "security_events",
        "statuses",
        "vulnerability_alerts",
    }
)
"""What a workflow run's own token can be given."""

FINE_GRAINED_NEVER_HOLDS = frozenset({"checks"})
"""There is no such permission for them: https://github.com/github/rest-api-description/issues/4290"""

_LEVELS = ("read", "write")
_PERMISSION = re.compile(r"([a-z][a-z_-]*):(read|write)")


def parts(permission: str) -> tuple[tuple[str, str], ...]:
    """Name and level of each permission in a text such as `secrets:read and environments:read`."""
    return tuple((name.replace("-", "_"), level) for name, level in _PERMISSION.findall(permission))


def least(permissions: Iterable[str]) -> dict[str, str]:
    """The least level of each permission that covers all of them, by name."""
    found: dict[str, str] = {}
    for name, level in sorted(one for permission in permissions for one in parts(permission)):
        found[name] = max(found.get(name, level), level, key=_LEVELS.index)
    return found


def title(name: str) -> str:
    """What GitHub's pages call a permission."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def workflow_can_hold(permission: str) -> bool:
    """Whether a workflow run's own token can be given everything that such a text names."""
    return all(name in WORKFLOW_CAN_HOLD for name, _ in parts(permission))


def fine_grained_can_hold(permission: str) -> bool:
    """Whether a fine-grained personal access token can be given everything that such a text names."""
    return all(name not in FINE_GRAINED_NEVER_HOLDS for name, _ in parts(permission))
