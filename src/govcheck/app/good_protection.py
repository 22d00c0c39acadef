"""Protection of branches, tags and pushes as a policy wants it, as GitHub tells it: for `good_world`.

Branches get classic protection, tags and pushes a ruleset. Controls that are not written here are left as nobody set
them.
"""

from collections.abc import Mapping

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.findings import Json
from govcheck.policy import Policy
from govcheck.settings.apps import APP_IDS, GITHUB_ACTIONS, app_slug
from govcheck.settings.endpoints import REPOSITORY

_COMMIT = "1" * 40
_ACTIONS = APP_IDS[GITHUB_ACTIONS]

_TOGGLES = {
    "signatures": "required_signatures",
    "linear_history": "required_linear_history",
    "conversation_resolution": "required_conversation_resolution",
}
_BANS = {"force_pushes": "allow_force_pushes", "deletions": "allow_deletions"}
_REVIEWS = {
    "dismiss_stale_reviews": "dismiss_stale_reviews",
    "code_owner_reviews": "require_code_owner_reviews",
    "last_push_approval": "require_last_push_approval",
}
_BANNING_RULES = {
    "updates": "update",
    "deletions": "deletion",
    "creations": "creation",
    "force_pushes": "non_fast_forward",
}
_PUSH_RULES = {
    "restricted_file_paths": "file_path_restriction",
    "restricted_file_extensions": "file_extension_restriction",
    "max_file_size": "max_file_size",
    "max_file_path_length": "max_file_path_length",
}


def documents(policy: Policy) -> Mapping[str, Json]:
    """What the endpoints of protection answer, by template; nothing for a policy that asserts no protection."""
    if policy.kind == "branch-protection":
        return _classic(policy, dict.fromkeys(_members(getattr(policy, "status_checks", None)), _ACTIONS))
    if policy.kind == "required-checks":
        contexts = {
            str(getattr(one, "context", one)): APP_IDS.get(getattr(one, "app", None) or GITHUB_ACTIONS, _ACTIONS)
            for one in getattr(policy, "checks", ())
        }
        return {**_classic(policy, contexts), f"{REPOSITORY}/commits/{_COMMIT}/check-runs": _runs(contexts)}
    if policy.kind == "tag-protection":
        return _ruleset("tag", f"refs/tags/{getattr(policy, 'tag', '')}", _tag_rules(policy))
    if policy.kind == "push-rules":
        return _ruleset("push", "", _push_rules(policy))
    return {}


def _classic(policy: Policy, contexts: Mapping[str, int]) -> Mapping[str, Json]:
    """Source: https://docs.github.com/en/rest/branches/branch-protection#get-branch-protection."""
    named = str(getattr(policy, "branch", "main"))
    branch = "main" if named == DEFAULT_BRANCH else named
    body: dict[str, Json] = {"enforce_admins": {"enabled": getattr(policy, "admins_included", None) is not False}}
    for key, name in _TOGGLES.items():
        body[name] = {"enabled": getattr(policy, key, None) is True}
    for key, name in _BANS.items():
        body[name] = {"enabled": getattr(policy, key, None) == "allowed"}
    reviews: dict[str, Json] = {name: getattr(policy, key, None) is True for key, name in _REVIEWS.items()}
    approvals = _number(getattr(policy, "approvals", None))
    if getattr(policy, "pull_requests", None) is not False and (approvals or any(reviews.values())):
        body["required_pull_request_reviews"] = {**reviews, "required_approving_review_count": approvals}
    elif getattr(policy, "pull_requests", None):
        body["required_pull_request_reviews"] = {**reviews, "required_approving_review_count": 0}
    if contexts:
        checks: list[Json] = [{"context": name, "app_id": app} for name, app in contexts.items()]
        strict = getattr(policy, "strict_status_checks", None) is True
        body["required_status_checks"] = {"strict": strict, "contexts": [*contexts], "checks": checks}
    summary: Json = {"name": branch, "protected": True, "commit": {"sha": _COMMIT}}
    place = f"{REPOSITORY}/branches/{branch}"
    return {place: summary, f"{place}/protection": body}


def _runs(contexts: Mapping[str, int]) -> Json:
    """Every check green at the branch's head, within a minute."""
    runs: list[Json] = [
        {
            "id": number,
            "name": name,
            "status": "completed",
            "conclusion": "success",
            "started_at": "2026-01-05T12:00:00Z",
            "completed_at": "2026-01-05T12:01:00Z",
            "head_sha": _COMMIT,
            "app": {"id": app, "slug": app_slug(app)},
        }
        for number, (name, app) in enumerate(contexts.items())
    ]
    return {"total_count": len(runs), "check_runs": runs}


def _tag_rules(policy: Policy) -> list[Json]:
    wanted = [kind for key, kind in _BANNING_RULES.items() if getattr(policy, key, None) == "forbidden"]
    toggles = [name for key, name in _TOGGLES.items() if getattr(policy, key, None) is True]
    return [{"type": kind} for kind in (*wanted, *toggles)]


def _push_rules(policy: Policy) -> list[Json]:
    rules: list[Json] = []
    for key, kind in _PUSH_RULES.items():
        bound = getattr(policy, key, None)
        if bound is not None:
            is_number = key.startswith("max")
            value: Json = _number(bound) if is_number else [*_members(bound)]
            rules.append({"type": kind, "parameters": {key: value}})
    return rules


def _ruleset(target: str, ref: str, rules: list[Json]) -> Mapping[str, Json]:
    """Source: https://docs.github.com/en/rest/repos/rules#get-a-repository-ruleset."""
    row: dict[str, Json] = {
        "id": 1,
        "name": "as the policy wants it",
        "target": target,
        "source_type": "Repository",
        "source": "govcheck-canary/repository",
        "enforcement": "active",
    }
    conditions: Json = {"ref_name": {"include": [ref], "exclude": []}} if ref else None
    whole: Json = {
        **row,
        "conditions": conditions,
        "rules": rules,
        "bypass_actors": [],
        "current_user_can_bypass": "never",
    }
    return {f"{REPOSITORY}/rulesets": [row], f"{REPOSITORY}/rulesets/1": whole}


def _number(bound: int | NumberConstraint | None) -> int:
    if bound is None or isinstance(bound, int):
        return bound or 0
    return next((edge for edge in (bound.equals, bound.min, bound.max) if edge is not None), 0)


def _members(bound: tuple[str, ...] | SetConstraint | None) -> tuple[str, ...]:
    if bound is None or isinstance(bound, tuple):
        return bound or ()
    return bound.equals or bound.superset_of or bound.subset_of or ()
