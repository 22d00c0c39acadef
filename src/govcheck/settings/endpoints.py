"""Every endpoint that settings are read from: what reads it, and in which shape it answers.

Paths are templates as GitHub writes them, without the leading slash. Source: GitHub's OpenAPI description, and for the
permissions https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from govcheck.findings import Json
from govcheck.records import frozen, replace

REPOSITORY = "repos/{owner}/{repo}"
ACTIONS = "repos/{owner}/{repo}/actions"
ENVIRONMENTS = "repos/{owner}/{repo}/environments"
GRAPHQL = "graphql"
"""Asked, once, only where `REPOSITORY` keeps back what GraphQL shows to every reader; see `Setting.graphql_too`."""

ENVIRONMENT = "{environment_name}"
"""The parameter that is filled in with the name of each environment."""

ENVIRONMENT_BRANCHES = "repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies"
ENVIRONMENT_RULES = "repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules"
ENVIRONMENT_SECRETS = "repos/{owner}/{repo}/environments/{environment_name}/secrets"
PROTECTED_BRANCHES = "repos/{owner}/{repo}/branches"
"""Asked for those only that some rule protects."""

RULESETS = "repos/{owner}/{repo}/rulesets"
PLAN = "orgs/{org}?plan"
"""The organisation once more, asked for its plan alone: GitHub heeds no query there, and none is sent."""

DEPENDABOT_SECRETS = "repos/{owner}/{repo}/dependabot/secrets"
ORGANISATION_SECRETS = "repos/{owner}/{repo}/actions/organization-secrets"
REPOSITORY_SECRETS = "repos/{owner}/{repo}/actions/secrets"

ORGANISATION = "{org}"
"""The parameter that is filled in with the repository's owner, where that is an organisation."""

GENERIC_SECRETS = (
    "ec_private_key",
    "generic_private_key",
    "http_basic_authentication_header",
    "http_bearer_authentication_header",
    "mongodb_connection_string",
    "mysql_connection_url",
    "openssh_private_key",
    "password",
    "pgp_private_key",
    "postgres_connection_string",
    "rsa_private_key",
)
"""Types of secrets whose alerts are listed only where they are asked for by name: generic patterns, and passwords.

Source: https://github.blog/changelog/2024-08-06-secret-scanning-alerts-for-non-provider-patterns-and-passwords-are-retrievable-with-the-rest-api
"""

DEFAULT_BRANCH = "{default_branch}"
"""The parameter that is filled in with the name of the default branch."""

CODE_SCANNING_ANALYSES = f"{REPOSITORY}/code-scanning/analyses?ref=refs/heads/{DEFAULT_BRANCH}"
CODE_SCANNING_ALERTS = f"{REPOSITORY}/code-scanning/alerts"
CODE_SCANNING_SETUP = f"{REPOSITORY}/code-scanning/default-setup"
CONFIGURATION = f"{REPOSITORY}/code-security-configuration"
DEPENDABOT_ALERTS = f"{REPOSITORY}/dependabot/alerts"
SECRET_ALERTS = f"{REPOSITORY}/secret-scanning/alerts?state=open"
GENERIC_SECRET_ALERTS = f"{SECRET_ALERTS}&secret_type={','.join(GENERIC_SECRETS)}"
BYPASSED_SECRETS = f"{REPOSITORY}/secret-scanning/alerts?is_bypassed=true"
"""Resolved ones too: whoever calls a secret a test or a false positive while pushing it makes a resolved alert."""

BYPASSED_GENERIC_SECRETS = f"{BYPASSED_SECRETS}&secret_type={','.join(GENERIC_SECRETS)}"
VULNERABILITY_ALERTS = f"{REPOSITORY}/vulnerability-alerts"


@frozen
class Condition:
    """Where an endpoint has anything to tell; elsewhere GitHub refuses it, so it is not asked."""

    setting: str
    """The setting that decides, by its name in the registry: `repository-settings/visibility`."""

    values: tuple[Json, ...]
    """Its values under which the endpoint is asked."""


@frozen(kw_only=True)
class Endpoint:
    """One endpoint."""

    template: str
    permission: str
    """What a fine-grained token or an App needs: `administration:read`."""

    key: str | None = None
    """For a list in an envelope: the member that has it, as in `{total_count, secrets: [...]}`."""

    pages: bool = False
    """Whether it answers in pages."""

    parameters: tuple[tuple[str, str], ...] = ()
    """What is always asked with it. Where one path is asked in two ways, the template of one has its query in it."""

    confidential: bool = False
    """Whether its answers may hold credentials: they are never kept as they came."""

    members: tuple[str, ...] = ()
    """Of a list's entries, all that is kept, keys joined by dots; without it they are kept whole."""

    organisation: bool = False
    """Whether only an organisation has it: it is not asked where a user owns the repository."""

    only_where: Condition | None = None


def _document(path: str, permission: str, only_where: Condition | None = None) -> Endpoint:
    organisation = path.startswith("orgs/")
    return Endpoint(template=_template(path), permission=permission, organisation=organisation, only_where=only_where)


def _list(
    path: str, permission: str, key: str | None = None, only_where: Condition | None = None, **parameters: str
) -> Endpoint:
    return Endpoint(
        template=_template(path),
        permission=permission,
        key=key,
        pages=True,
        parameters=tuple(sorted(parameters.items())),
        organisation=path.startswith("orgs/"),
        only_where=only_where,
    )


_ALERT = ("number", "state", "created_at", "html_url")


def _secrets(template: str) -> Endpoint:
    """Alerts without their secrets: not asked for, not kept where they come all the same, as servers may be old."""
    found = _list(template.removeprefix(f"{REPOSITORY}/"), "secret_scanning_alerts:read")
    own = ("secret_type", "secret_type_display_name", "resolution")
    bypass = ("push_protection_bypassed", "push_protection_bypassed_at", "push_protection_bypassed_by.login")
    parameters = (("after", ""), ("hide_secret", "true"))
    return replace(found, confidential=True, parameters=parameters, members=(*_ALERT, *own, *bypass))


def _template(path: str) -> str:
    if path.startswith(("orgs/", "organizations/")):
        return path
    return f"{REPOSITORY}/{path}" if path else REPOSITORY


_ADMINISTRATION = "administration:read"
_OF_ORGANISATION = "organization_administration:read"

_PUBLIC = Condition("repository-settings/visibility", ("public",))
_NOT_PUBLIC = Condition("repository-settings/visibility", ("private", "internal"))
_OWNED_BY_ORGANISATION = Condition("repository-settings/owned_by", ("organization",))
_SELECTED = Condition("actions-settings/allowed_actions", ("selected",))
_SELECTED_BY_ORGANISATION = Condition("actions-settings/organization_allowed_actions", ("selected",))
_WITH_PAGES = Condition("repository-settings/pages", (True,))

_ALL = (
    _document("organizations/{org}/actions/cache/storage-limit", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions/artifact-and-log-retention", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions/fork-pr-contributor-approval", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions/selected-actions", _OF_ORGANISATION, _SELECTED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions/self-hosted-runners", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("orgs/{org}/actions/permissions/workflow", _OF_ORGANISATION, _OWNED_BY_ORGANISATION),
    _document("", "metadata:read"),
    _document("automated-security-fixes", "administration:read"),
    _document("code-quality/setup", "administration:write"),
    replace(
        _list("code-scanning/alerts", "security_events:read", state="open"),
        members=(*_ALERT, "rule.id", "rule.severity", "rule.security_severity_level", "tool.name"),
    ),
    _document(CODE_SCANNING_ANALYSES.removeprefix(f"{REPOSITORY}/"), "security_events:read"),
    _document("code-scanning/default-setup", "administration:read"),
    _document("code-security-configuration", "administration:read"),
    replace(
        _list("dependabot/alerts", "vulnerability_alerts:read", state="open"),
        members=(*_ALERT, "dependency.package.name", "dependency.manifest_path", "security_vulnerability.severity"),
    ),
    _document("private-vulnerability-reporting", "metadata:read"),
    _secrets(BYPASSED_SECRETS),
    _secrets(BYPASSED_GENERIC_SECRETS),
    _secrets(SECRET_ALERTS),
    _secrets(GENERIC_SECRET_ALERTS),
    replace(
        _list("secret-scanning/custom-patterns", "secret_scanning_alerts:read"),
        members=("name", "state", "push_protection_enabled"),
    ),
    _document("vulnerability-alerts", "administration:read"),
    _list("actions/organization-secrets", "secrets:read", "secrets"),
    _list("actions/secrets", "secrets:read", "secrets"),
    _list("branches", "contents:read", protected="true"),
    _list("rulesets", "metadata:read", only_where=_NOT_PUBLIC),
    _list("dependabot/secrets", "dependabot_secrets:read", "secrets"),
    _list("environments", "actions:read", "environments"),
    _list("environments/{environment_name}/deployment-branch-policies", "actions:read", "branch_policies"),
    _document("environments/{environment_name}/deployment_protection_rules", "actions:read"),
    _list("environments/{environment_name}/secrets", "environments:read", "secrets"),
    _document("autolinks", "administration:read"),
    _list("collaborators", "metadata:read", affiliation="all"),
    replace(_list("collaborators?affiliation=outside", "metadata:read"), organisation=True),
    replace(_list("hooks", "repository_hooks:read"), confidential=True),
    _list("invitations", "administration:read"),
    replace(_list("keys", "administration:read"), confidential=True),
    replace(_list("teams", "administration:read"), organisation=True),
    _document("orgs/{org}", "organization_administration:read"),
    _document("orgs/{org}?plan", "organization_plan:read", _NOT_PUBLIC),
    _list("orgs/{org}/installations", "organization_administration:read", "installations"),
    _list("orgs/{org}/members?filter=2fa_disabled", "members:read"),
    _document("actions/cache/retention-limit", _ADMINISTRATION),
    _document("actions/cache/storage-limit", "actions:read"),
    _document("actions/cache/usage", "actions:read"),
    _document("actions/oidc/customization/sub", "actions:read"),
    _document("actions/permissions", _ADMINISTRATION),
    _document("actions/permissions/access", _ADMINISTRATION, _NOT_PUBLIC),
    _document("actions/permissions/artifact-and-log-retention", _ADMINISTRATION),
    _document("actions/permissions/fork-pr-contributor-approval", _ADMINISTRATION, _PUBLIC),
    _document("actions/permissions/fork-pr-workflows-private-repos", _ADMINISTRATION, _NOT_PUBLIC),
    _document("actions/permissions/selected-actions", _ADMINISTRATION, _SELECTED),
    _document("actions/permissions/workflow", _ADMINISTRATION),
    _list("actions/runners", _ADMINISTRATION, "runners"),
    _list("actions/workflows", "actions:read", "workflows"),
    _document("immutable-releases", _ADMINISTRATION),
    _document("interaction-limits", _ADMINISTRATION),
    _document("interaction-limits/pulls/creation-cap", "administration:write"),
    _document("pages", "pages:read", _WITH_PAGES),
)

ENDPOINTS = {endpoint.template: endpoint for endpoint in _ALL}
"""By template."""
