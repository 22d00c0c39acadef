"""Every endpoint that settings are read from: what reads it, and in which shape it answers.

Paths are templates as GitHub writes them, without the leading slash. Source: GitHub's OpenAPI description, and for the
permissions https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from govcheck.findings import Json
from govcheck.records import frozen

REPOSITORY = "repos/{owner}/{repo}"
ACTIONS = "repos/{owner}/{repo}/actions"
ENVIRONMENTS = "repos/{owner}/{repo}/environments"
GRAPHQL = "graphql"
"""Asked, once, only where `REPOSITORY` keeps back what GraphQL shows to every reader; see `Setting.graphql_too`."""

ENVIRONMENT = "{environment_name}"
"""The parameter that is filled in with the name of each environment."""

ORGANISATION = "{org}"
"""The parameter that is filled in with the repository's owner, where that is an organisation."""


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
    """What is always asked with it."""

    only_where: Condition | None = None


def _document(path: str, permission: str, only_where: Condition | None = None) -> Endpoint:
    return Endpoint(template=_template(path), permission=permission, only_where=only_where)


def _list(path: str, permission: str, key: str | None = None, **parameters: str) -> Endpoint:
    return Endpoint(
        template=_template(path),
        permission=permission,
        key=key,
        pages=True,
        parameters=tuple(sorted(parameters.items())),
    )


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
    _list("environments", "actions:read", "environments"),
    _document("immutable-releases", _ADMINISTRATION),
    _document("interaction-limits", _ADMINISTRATION),
    _document("interaction-limits/pulls/creation-cap", "administration:write"),
    _document("pages", "pages:read", _WITH_PAGES),
)

ENDPOINTS = {endpoint.template: endpoint for endpoint in _ALL}
"""By template."""
