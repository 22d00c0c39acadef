"""Classic protection as GitHub writes it."""

from fake_github.shapes import app, number, user
from fake_github.state import Document, sha_of


def protection(url: str, settings: Document) -> Document:
    """`GET .../protection`: what is off is absent, not null."""
    return {
        "url": url,
        **_required_checks(url, settings),
        **_reviews(url, settings),
        **({"restrictions": _actors(url, settings["restrictions"])} if settings["restrictions"] is not None else {}),
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": settings["enforce_admins"]},
        "required_signatures": {"url": f"{url}/required_signatures", "enabled": settings["signatures"]},
        "required_linear_history": {"enabled": settings["linear_history"]},
        "allow_force_pushes": {"enabled": settings["force_pushes"]},
        "allow_deletions": {"enabled": settings["deletions"]},
        "block_creations": {"enabled": settings["block_creations"]},
        "required_conversation_resolution": {"enabled": settings["conversation_resolution"]},
        "lock_branch": {"enabled": settings["lock_branch"]},
        "allow_fork_syncing": {"enabled": settings["fork_syncing"]},
    }


def _required_checks(url: str, settings: Document) -> Document:
    if settings["checks"] is None:
        return {}
    below = f"{url}/required_status_checks"
    contexts = [check["context"] for check in settings["checks"]]
    checks = [{"context": check["context"], "app_id": check.get("app_id")} for check in settings["checks"]]
    found = {"strict": settings["strict"], "contexts": contexts, "checks": checks}
    return {"required_status_checks": {"url": below, "contexts_url": f"{below}/contexts", **found}}


def _reviews(url: str, settings: Document) -> Document:
    if settings["approvals"] is None:
        return {}
    below = f"{url}/required_pull_request_reviews"
    named = (
        ("dismissal_restrictions", "dismissal_restrictions"),
        ("bypass_allowances", "bypass_pull_request_allowances"),
    )
    return {
        "required_pull_request_reviews": {
            "url": below,
            "dismiss_stale_reviews": settings["dismiss_stale_reviews"],
            "require_code_owner_reviews": settings["code_owner_reviews"],
            "require_last_push_approval": settings["last_push_approval"],
            "required_approving_review_count": settings["approvals"],
            **{theirs: _actors(f"{url}/{ours}", settings[ours]) for ours, theirs in named if settings[ours]},
        }
    }


def _actors(url: str, actors: Document) -> Document:
    return {
        "url": url,
        **{f"{kind}_url": f"{url}/{kind}" for kind in ("users", "teams", "apps")},
        "users": [user(login) for login in actors.get("users", [])],
        "teams": [_team(slug) for slug in actors.get("teams", [])],
        "apps": [app(number(slug), slug) for slug in actors.get("apps", [])],
    }


def _team(slug: str) -> Document:
    url = f"https://api.github.com/teams/{number(slug)}"
    return {
        "id": number(slug),
        "node_id": sha_of(slug)[:16],
        "url": url,
        "html_url": f"https://github.com/orgs/octo/teams/{slug}",
        "name": slug.title(),
        "slug": slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "push",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": 1,
        "parent": None,
    }
