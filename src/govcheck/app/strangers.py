"""GitHub's answers about a repository that strangers have every access to, and that nobody tidies up."""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.endpoints import REPOSITORY


def _stranger(level: str, permission: str) -> Json:
    return {"login": f"stranger-{level}", "role_name": f"canary-{level}", "permissions": {permission: True}}


_STRANGER = _stranger("admin", "admin")
_LONG_AGO = "2001-01-01T00:00:00Z"


def branch(name: str, at: str = _LONG_AGO) -> Json:
    """A branch as GraphQL tells it, and when it was last worked on."""
    owner: Json = {"name": "Stranger", "user": {"login": "stranger"}}
    return {"name": name, "target": {"oid": "0" * 40, "committedDate": at, "committer": owner, "author": owner}}


def _hook(number: int, *, active: bool) -> Json:
    config: Json = {"url": "http://stranger.invalid/hook", "insecure_ssl": "1", "content_type": "json"}
    failed: Json = {"code": 404, "status": "missing", "message": "Invalid HTTP Response: 404"}
    return {"id": number, "name": "web", "active": active, "events": ["*"], "config": config, "last_response": failed}


BRANCHES: Json = {
    "totalCount": 2,
    "pageInfo": {"hasNextPage": False, "endCursor": None},
    "nodes": [branch("main"), branch("govcheck-canary")],
}
_KEY: Json = {"id": 1, "title": "stranger", "read_only": False, "created_at": _LONG_AGO, "last_used": None}
_DEPLOYMENT: Json = {"id": 1, "sha": "", "creator": None, "created_at": "2026-11-22T03:00:00Z"}
"""Of nobody and of no commit, on a Sunday night."""

_TEAM: Json = {
    "slug": "strangers",
    "permission": "admin",
    "html_url": "https://github.com/orgs/stranger/teams/strangers",
}
_INSTALLED: Json = {"total_count": 1, "installations": [{"app_slug": "stranger", "suspended_at": None}]}

STRANGERS: Mapping[str, Json] = {
    "orgs/{org}": {"login": "govcheck-canary", "two_factor_requirement_enabled": False},
    "orgs/{org}/installations": _INSTALLED,
    "orgs/{org}/members": [_STRANGER],
    f"{REPOSITORY}/autolinks": [{"key_prefix": "STRANGER-", "url_template": "https://stranger.invalid/<num>"}],
    f"{REPOSITORY}/branches": [],
    f"{REPOSITORY}/collaborators": [
        _STRANGER,
        _stranger("maintain", "maintain"),
        _stranger("write", "push"),
    ],
    f"{REPOSITORY}/compare/main...govcheck-canary": {"ahead_by": 1, "status": "ahead"},
    f"{REPOSITORY}/deployments": [_DEPLOYMENT],
    f"{REPOSITORY}/deployments/1/statuses": [],
    f"{REPOSITORY}/hooks": [_hook(1, active=True), _hook(2, active=False)],
    f"{REPOSITORY}/invitations": [
        {"id": number, "invitee": _STRANGER, "permissions": "admin", "expired": expired, "created_at": _LONG_AGO}
        for number, expired in enumerate((False, True))
    ],
    f"{REPOSITORY}/issues": [],
    f"{REPOSITORY}/issues/comments": [],
    f"{REPOSITORY}/keys": [_KEY],
    f"{REPOSITORY}/pulls": [],
    f"{REPOSITORY}/teams": [_TEAM],
}
"""By template, or path."""
