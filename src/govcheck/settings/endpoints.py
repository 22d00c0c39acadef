"""Every endpoint that settings are read from: what reads it, and in which shape it answers.

Paths are templates as GitHub writes them, without the leading slash. Source: GitHub's OpenAPI description, and for the
permissions https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from govcheck.records import frozen, replace

REPOSITORY = "repos/{owner}/{repo}"
ENVIRONMENTS = "repos/{owner}/{repo}/environments"
ENVIRONMENT = "{environment_name}"
"""The parameter that is filled in with the name of each environment."""

ORGANISATION = "{org}"
"""The parameter that is filled in with the repository's owner, where that is an organisation."""


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

    organisation: bool = False
    """Whether only an organisation has it: it is not asked where a user owns the repository."""

    confidential: bool = False
    """Whether its answers may hold credentials: they are never kept as they came."""


def _document(path: str, permission: str) -> Endpoint:
    organisation = path.startswith("orgs/")
    return Endpoint(template=_template(path), permission=permission, organisation=organisation)


def _list(path: str, permission: str, key: str | None = None, **parameters: str) -> Endpoint:
    return Endpoint(
        template=_template(path),
        permission=permission,
        key=key,
        pages=True,
        parameters=tuple(sorted(parameters.items())),
        organisation=path.startswith("orgs/"),
    )


def _template(path: str) -> str:
    if path.startswith("orgs/"):
        return path
    return f"{REPOSITORY}/{path}" if path else REPOSITORY


_ALL = (
    _document("", "metadata:read"),
    _document("autolinks", "administration:read"),
    _list("collaborators", "metadata:read", affiliation="all"),
    replace(_list("collaborators?affiliation=outside", "metadata:read"), organisation=True),
    _list("environments", "actions:read", "environments"),
    replace(_list("hooks", "repository_hooks:read"), confidential=True),
    _list("invitations", "administration:read"),
    replace(_list("keys", "administration:read"), confidential=True),
    replace(_list("teams", "administration:read"), organisation=True),
    _document("orgs/{org}", "organization_administration:read"),
    _list("orgs/{org}/installations", "organization_administration:read", "installations"),
    _list("orgs/{org}/members?filter=2fa_disabled", "members:read"),
)

ENDPOINTS = {endpoint.template: endpoint for endpoint in _ALL}
"""By template."""
