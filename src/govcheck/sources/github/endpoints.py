"""Which permission reads an endpoint, and which class of token can never hold it.

Source: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from govcheck.settings.permissions import fine_grained_can_hold, workflow_can_hold
from govcheck.sources.github.configuration import Token, TokenClass

_PERMISSIONS: tuple[tuple[str, str], ...] = (
    ("repos/*/*", "metadata:read"),
    ("repos/*/*/branches", "contents:read"),
    ("repos/*/*/branches/*", "contents:read"),
    ("repos/*/*/branches/*/protection", "administration:read"),
    ("repos/*/*/rules/branches/*", "metadata:read"),
    ("repos/*/*/rulesets", "metadata:read"),
    ("repos/*/*/rulesets/*", "metadata:read"),
    ("repos/*/*/teams", "administration:read"),
    ("repos/*/*/commits/*/check-runs", "checks:read"),
    ("repos/*/*/commits/*/status", "statuses:read"),
    ("repos/*/*/pulls/*/reviews", "pull_requests:read"),
    ("repos/*/*/issues/*", "issues:read"),
    ("repos/*/*/codeowners/errors", "contents:read"),
    ("repos/*/*/actions/workflows", "actions:read"),
    ("repos/*/*/actions/workflows/*/runs", "actions:read"),
    ("repos/*/*/actions/runs", "actions:read"),
    ("repos/*/*/actions/runs/*/jobs", "actions:read"),
    ("repos/*/*/actions/runs/*/logs", "actions:read"),
    ("repos/*/*/actions/runs/*/approvals", "actions:read"),
    ("repos/*/*/environments/*", "actions:read"),
    ("repos/*/*/deployments", "deployments:read"),
    ("repos/*/*/deployments/*/statuses", "deployments:read"),
    ("repos/*/*/compare/*", "contents:read"),
    ("repos/*/*/issues", "issues:read"),
    ("repos/*/*/issues/comments", "issues:read"),
    ("repos/*/*/pulls/*/reviews", "pull_requests:read"),
    ("orgs/*/teams/*/members", "members:read"),
)


def permission_of(endpoint: str) -> str | None:
    """The permission that reads an endpoint, or None where it is not known here."""
    parts = endpoint.split("/")
    return next((permission for pattern, permission in _PERMISSIONS if _fits(pattern.split("/"), parts)), None)


def can_hold(token: Token, permission: str | None) -> bool:
    """Whether a token of this class could be given the permission at all; True where that is not known."""
    if permission is None:
        return True
    if token.token_class is TokenClass.ACTIONS:
        return workflow_can_hold(permission)
    return token.token_class is not TokenClass.FINE_GRAINED or fine_grained_can_hold(permission)


def accepted_permission(header: str) -> str | None:
    """What `X-Accepted-GitHub-Permissions` says: `a=read,b=read; c=read` becomes `a:read and b:read, or c:read`."""
    alternatives = (
        " and ".join(part.strip().replace("=", ":") for part in alternative.split(",") if part.strip())
        for alternative in header.split(";")
    )
    return ", or ".join(filter(None, alternatives)) or None


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(want in ("*", part) for want, part in zip(pattern, parts, strict=True))
