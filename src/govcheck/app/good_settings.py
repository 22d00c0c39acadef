"""What GitHub answers of a repository whose people and alerts are as a policy wants them: for `good_world`."""

from collections.abc import Iterator, Mapping

from govcheck.constraints import SetConstraint
from govcheck.findings import Json
from govcheck.policy import Policy
from govcheck.settings.endpoints import REPOSITORY

_ROLES = (("admins", "admin", "admin"), ("maintainers", "maintain", "maintain"), ("writers", "write", "push"))
"""The policy's key, GitHub's name of the role, and of the permission."""

_ALERTS = ("secret-scanning", "code-scanning", "dependabot")


def documents(policy: Policy) -> Mapping[str, Json]:
    """What the endpoints answer, by template; nothing for another kind of policy."""
    if policy.kind == "access":
        return {f"{REPOSITORY}/collaborators": [*_people(policy)], f"{REPOSITORY}/teams": [*_teams(policy)]}
    if policy.kind == "open-alerts":
        return {f"{REPOSITORY}/{name}/alerts": [] for name in _ALERTS}
    return {}


def _people(policy: Policy) -> Iterator[Json]:
    for key, role, permission in _ROLES:
        for name in _named(getattr(policy, key, None), "user:"):
            yield {"login": name, "role_name": role, "permissions": {permission: True}}


def _teams(policy: Policy) -> Iterator[Json]:
    for key, _, permission in _ROLES:
        for name in _named(getattr(policy, key, None), "team:"):
            owner, _, slug = name.partition("/")
            yield {"slug": slug, "permission": permission, "html_url": f"https://github.com/orgs/{owner}/teams/{slug}"}


def _named(bound: tuple[str, ...] | SetConstraint | None, prefix: str) -> Iterator[str]:
    if isinstance(bound, SetConstraint):
        bound = bound.equals or bound.superset_of or bound.subset_of
    return (actor.removeprefix(prefix) for actor in bound or () if actor.startswith(prefix))
