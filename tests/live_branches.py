"""Live branches for tests, built from the bodies that GitHub's API answers with.

The bodies are GitHub's own examples, cut by hand to what says something:
https://docs.github.com/en/rest/branches/branch-protection and https://docs.github.com/en/rest/repos/rules.
"""

from govcheck.facts.live import Answer, LiveBranch

REPOSITORY = "repos/octocat/hello-world"
PAGE = "https://github.com/octocat/hello-world"


def answer(endpoint, body=None, status=200, message="", **keys):
    return Answer(endpoint=endpoint, status=status, message=message, body=body, **keys)


def refused(endpoint, status, message, permission=None, **keys):
    body = {"message": message, "documentation_url": "https://docs.github.com/rest"}
    return answer(endpoint, body, status, message, permission=permission, **keys)


def unread(endpoint, failure="network", message="connection refused"):
    return answer(endpoint, status=None, failure=failure, message=message)


def repository(**keys):
    body = {
        "full_name": "octocat/hello-world",
        "html_url": PAGE,
        "default_branch": "main",
        "private": False,
        "allow_merge_commit": True,
        "allow_squash_merge": True,
        "allow_rebase_merge": True,
    }
    return answer(REPOSITORY, body | keys)


def summary(branch="main", *, protected=True, protection=None):
    body = {"name": branch, "commit": {"sha": "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"}, "protected": protected}
    if protection is not None:
        body["protection"] = protection
    return answer(f"{REPOSITORY}/branches/{branch}", body)


def protection_answer(body, branch="main"):
    return answer(f"{REPOSITORY}/branches/{branch}/protection", body, permission="administration:read")


def not_protected(branch="main"):
    return refused(f"{REPOSITORY}/branches/{branch}/protection", 404, "Branch not protected")


def hidden(branch="main", message="Resource not accessible by integration", status=403, *, grantable=True):
    endpoint = f"{REPOSITORY}/branches/{branch}/protection"
    return refused(endpoint, status, message, "administration:read", grantable=grantable)


def classic(**keys):
    """Classic protection as GitHub sends it where everything that can be off is off."""
    body = {
        "url": f"https://api.github.com/{REPOSITORY}/branches/main/protection",
        "enforce_admins": {"url": "https://api.github.com/x", "enabled": True},
        "required_signatures": {"url": "https://api.github.com/x", "enabled": False},
        "required_linear_history": {"enabled": False},
        "allow_force_pushes": {"enabled": False},
        "allow_deletions": {"enabled": False},
        "block_creations": {"enabled": False},
        "required_conversation_resolution": {"enabled": False},
        "lock_branch": {"enabled": False},
        "allow_fork_syncing": {"enabled": False},
    }
    return body | keys


def reviews(count=2, **keys):
    body = {
        "url": "https://api.github.com/x",
        "dismiss_stale_reviews": True,
        "require_code_owner_reviews": False,
        "require_last_push_approval": False,
        "required_approving_review_count": count,
    }
    return body | keys


def actors(users=(), teams=(), apps=()):
    """A classic list: logins or slugs, each numbered by its place from 1."""
    return {
        "users": [{"login": login, "id": number} for number, login in enumerate(users, 1)],
        "teams": [{"slug": slug, "id": number, "name": slug.title()} for number, slug in enumerate(teams, 1)],
        "apps": [{"slug": slug, "id": number} for number, slug in enumerate(apps, 1)],
    }


def pull_request(count=2, **keys):
    parameters = {
        "required_approving_review_count": count,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    }
    return {"type": "pull_request", "parameters": parameters | keys}


def status_checks(*contexts, strict=False):
    listed = [
        {"context": one} if isinstance(one, str) else {"context": one[0], "integration_id": one[1]} for one in contexts
    ]
    parameters = {"required_status_checks": listed, "strict_required_status_checks_policy": strict}
    return {"type": "required_status_checks", "parameters": parameters}


def role(number, mode="always"):
    return {"actor_id": number, "actor_type": "RepositoryRole", "bypass_mode": mode}


ADMIN = role(5)


def ruleset(number, *rules, bypass=(), name="main", source="octocat/hello-world", **keys):
    """(the effective rules, the ruleset's own answer); `bypass=None` leaves the key out, as GitHub does."""
    body = {
        "id": number,
        "name": name,
        "target": "branch",
        "source_type": "Repository",
        "source": source,
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": list(rules),
        "_links": {"html": {"href": f"{PAGE}/rules/{number}"}},
    }
    if bypass is not None:
        body["bypass_actors"] = list(bypass)
    effective = [
        rule | {"ruleset_source_type": "Repository", "ruleset_source": source, "ruleset_id": number} for rule in rules
    ]
    return effective, answer(f"{REPOSITORY}/rulesets/{number}", body | keys)


def live(*rulesets, protection=None, rules=None, branch="main", **keys):
    """A branch with these rulesets; without classic protection unless it is given, as a body or an answer."""
    listed = [rule for effective, _ in rulesets for rule in effective]
    given = not_protected(branch) if protection is None else protection
    return LiveBranch(
        branch=branch,
        repository=keys.get("repository", repository()),
        summary=keys.get("summary", summary(branch)),
        protection=protection_answer(given, branch) if isinstance(given, dict) else given,
        rules=answer(f"{REPOSITORY}/rules/branches/{branch}", listed) if rules is None else rules,
        rulesets=tuple(own for _, own in rulesets if own is not None),
        beyond_rest=keys.get("beyond_rest"),
        pushes=keys.get("pushes"),
        every=keys.get("every"),
        teams=keys.get("teams"),
    )
