"""Every endpoint that settings are read from: what reads it, and in which shape it answers.

Paths are templates as GitHub writes them, without the leading slash. Source: GitHub's OpenAPI description, and for the
permissions https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from govcheck.records import frozen

REPOSITORY = "repos/{owner}/{repo}"
ENVIRONMENTS = "repos/{owner}/{repo}/environments"
ENVIRONMENT = "{environment_name}"
"""The parameter that is filled in with the name of each environment."""

ENVIRONMENT_BRANCHES = "repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies"
ENVIRONMENT_RULES = "repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules"
ENVIRONMENT_SECRETS = "repos/{owner}/{repo}/environments/{environment_name}/secrets"
PROTECTED_BRANCHES = "repos/{owner}/{repo}/branches"
"""Asked for those only that some rule protects."""

DEPENDABOT_SECRETS = "repos/{owner}/{repo}/dependabot/secrets"
ORGANISATION_SECRETS = "repos/{owner}/{repo}/actions/organization-secrets"
REPOSITORY_SECRETS = "repos/{owner}/{repo}/actions/secrets"

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
    """What is always asked with it."""


def _document(path: str, permission: str) -> Endpoint:
    return Endpoint(template=f"{REPOSITORY}/{path}" if path else REPOSITORY, permission=permission)


def _list(path: str, permission: str, key: str | None = None, **parameters: str) -> Endpoint:
    template = path if path.startswith("orgs/") else f"{REPOSITORY}/{path}"
    return Endpoint(
        template=template, permission=permission, key=key, pages=True, parameters=tuple(sorted(parameters.items()))
    )


_ALL = (
    _document("", "metadata:read"),
    _list("actions/organization-secrets", "secrets:read", "secrets"),
    _list("actions/secrets", "secrets:read", "secrets"),
    _list("branches", "contents:read", protected="true"),
    _list("dependabot/secrets", "dependabot_secrets:read", "secrets"),
    _list("environments", "actions:read", "environments"),
    _list("environments/{environment_name}/deployment-branch-policies", "actions:read", "branch_policies"),
    _document("environments/{environment_name}/deployment_protection_rules", "actions:read"),
    _list("environments/{environment_name}/secrets", "environments:read", "secrets"),
)

ENDPOINTS = {endpoint.template: endpoint for endpoint in _ALL}
"""By template."""
