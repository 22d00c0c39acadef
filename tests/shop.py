"""A whole repository for `examples/governed-delivery`: its files, and every answer of GitHub's that it is judged by."""

from pathlib import Path
from typing import Any

from fake_github import Repository as Live
from fake_github import State
from govcheck.settings.endpoints import ENDPOINTS
from repositories import Repository

ROOT = Path(__file__).resolve().parents[1]
POLICIES = ROOT / "examples" / "governed-delivery"
NAME = "octo/shop"
AT = "2026-11-20T12:00:00+00:00"

CLASSIC = "ghp_" + "AdministratorOfTheShop01"
FINE_GRAINED = "github_pat_" + "ReaderOfTheShop" * 2
GOVERNING = "github_pat_" + "GovernorOfTheShop" * 2
WORKFLOW = "ghs_" + "RunOfTheShop" * 3

READING = {"contents": "read", "actions": "read", "statuses": "read"}
LEAST = (
    "administration",
    "environments",
    "pull_requests",
    "repository_hooks",
    "secret_scanning_alerts",
    "secrets",
)
"""What a fine-grained token needs beside `READING`, as `doctor` has it."""

_YOUNG = "2026-11-01T00:00:00Z"
_CHECK = "on: {pull_request: }\njobs: {%s: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
_DEPLOY = """
on: {workflow_dispatch: }
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: flyctl deploy --app shop, env: {FLY_API_TOKEN: "${{ secrets.FLY_API_TOKEN }}"}}]
"""


def state() -> State:
    """A private repository with two mechanisms of protection, and four tokens."""
    made = State()
    made.token(CLASSIC, "classic", role="admin", scopes="repo")
    made.token(FINE_GRAINED, "fine-grained", permissions=READING, expires="2026-12-31 12:00:00 UTC")
    made.token(GOVERNING, "fine-grained", permissions={**READING, **dict.fromkeys(LEAST, "read")})
    made.token(WORKFLOW, "app", permissions={**READING, "checks": "read"})
    made.organisation("octo", {"login": "octo", "two_factor_requirement_enabled": True, "plan": {"name": "enterprise"}})
    live = made.repository(NAME, private=True)
    live.protect("main", approvals=2, conversation_resolution=True, enforce_admins=True)
    parameters = {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": True}
    live.ruleset("main", [{"type": "pull_request", "parameters": parameters}, {"type": "non_fast_forward"}])
    live.codeowners()
    live.tip("main", _YOUNG)
    live.graphql()
    for name in ("ci.yml", "gitleaks.yml", "health-check.yml", "workflow-smoke.yml", "deploy-production.yml"):
        live.workflow(name)
    for name in ("check-docs", "danger", "gitleaks", "validate-ai-config"):
        live.check_run("main", name)
    _people(live)
    _settings(live)
    _environments(live)
    _everything_else(live)
    return made


def _people(live: Live) -> None:
    rights = {"pull": True, "push": True, "admin": True}
    live.answer("collaborators", [{"login": "jgorzitza", "role_name": "admin", "permissions": rights}])
    for path in ("teams", "keys", "invitations"):
        live.answer(path, [], permission="administration")
    live.answer("hooks", [], permission="repository_hooks")
    live.answer("branches", [{"name": "main", "protected": True}], permission="contents")
    live.answer("pulls", [], permission="pull_requests")
    live.answer("deployments", [], permission="deployments")
    live.answer("issues", [], permission="issues")
    live.answer("issues/comments", [], permission="issues")


def _settings(live: Live) -> None:
    on = {"status": "enabled"}
    live.set(security_and_analysis={"secret_scanning": on, "secret_scanning_push_protection": on})
    live.answer("code-security-configuration", None, status=204, permission="administration")
    live.answer("secret-scanning/alerts", [], permission="secret_scanning_alerts", cursor=True)
    told: dict[str, Any] = {
        "": {"enabled": True, "allowed_actions": "all", "sha_pinning_required": False},
        "/workflow": {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False},
        "/artifact-and-log-retention": {"days": 90, "maximum_allowed_days": 400},
        "/fork-pr-workflows-private-repos": {
            "run_workflows_from_fork_pull_requests": False,
            "send_write_tokens_to_workflows": False,
            "send_secrets_and_variables": False,
            "require_approval_for_fork_pr_workflows": True,
        },
    }
    for path, body in told.items():
        live.answer(f"actions/permissions{path}", body, permission="administration")


def _environments(live: Live) -> None:
    owner = {"type": "User", "reviewer": {"login": "jgorzitza"}}
    rules = [{"id": 1, "type": "required_reviewers", "prevent_self_review": False, "reviewers": [owner]}]
    branches = {"protected_branches": False, "custom_branch_policies": True}
    production = {"id": 7, "name": "production", "protection_rules": rules, "deployment_branch_policy": branches}
    production["can_admins_bypass"] = False
    live.answer("environments", {"environments": [production]}, permission="actions", key="environments")
    below = "environments/production"
    named = {"branch_policies": [{"id": 1, "name": "main", "type": "branch"}]}
    live.answer(f"{below}/deployment-branch-policies", named, permission="actions", key="branch_policies")
    custom: Any = {"total_count": 0, "custom_deployment_protection_rules": []}
    live.answer(f"{below}/deployment_protection_rules", custom, permission="actions")
    token = {"name": "FLY_API_TOKEN", "created_at": _YOUNG, "updated_at": _YOUNG}
    live.answer(f"{below}/secrets", {"secrets": [token]}, permission="environments", key="secrets")
    for path in ("actions/secrets", "actions/organization-secrets"):
        live.answer(path, {"secrets": []}, permission="secrets", key="secrets")


def _everything_else(live: Live) -> None:
    """What only a snapshot keeps: every other endpoint of the table has an answer, if a plain one."""
    answered = {path.partition("?")[0] for path in live.document["answers"]}
    own = ("actions/workflows", "", "orgs/octo")
    for template, endpoint in ENDPOINTS.items():
        path = template.removeprefix("repos/{owner}/{repo}").partition("?")[0].strip("/").replace("{org}", "octo")
        if "{" not in path and path not in {*answered, *own, "graphql"}:
            body: Any = {endpoint.key: []} if endpoint.key else [] if endpoint.pages else {"enabled": True}
            permission = endpoint.permission.partition(":")[0]
            live.answer(path, body, key=endpoint.key, permission=permission)


def checkout(path: Path) -> Repository:
    """The repository's files."""
    made = Repository(path)
    made.write("CODEOWNERS", "* @octo/shop\n")
    for name in ("ci", "gitleaks"):
        made.write(f".github/workflows/{name}.yml", _CHECK % name)
    made.write(".github/workflows/deploy-production.yml", _DEPLOY)
    made.stage()
    made.commit()
    return made
