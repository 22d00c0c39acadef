"""Who and what can reach the repository: people, teams, keys, hooks, apps; and what its organisation demands."""

from collections.abc import Callable, Sequence

from govcheck.findings import Json
from govcheck.records import replace
from govcheck.settings import deploy_keys, invitations, people, webhooks
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "access"
_REST = "https://docs.github.com/en/rest"
_ORGANISATION = f"{_REST}/orgs/orgs#get-an-organization"
_COLLABORATORS = f"{REPOSITORY}/collaborators"
_OWNER = "organization_administration:read"


def _list(key: str, title: str, endpoint: str, members: Callable[[Json], Sequence[str]], docs: str) -> Setting:
    return Setting(
        kind=_KIND,
        key=key,
        title=title,
        endpoint=endpoint,
        path="",
        members=members,
        strength=Strength.CHOICE,
        default=[],
        security=True,
        docs=f"{_REST}/{docs}",
    )


def _people(key: str, title: str, members: Callable[[Json], Sequence[str]]) -> Setting:
    made = _list(key, title, _COLLABORATORS, members, "collaborators/collaborators#list-repository-collaborators")
    return replace(made, graphql="RepositoryCollaboratorEdge.permission")


SETTINGS = (
    _people("admins", "administrators", people.admins),
    _people("maintainers", "maintainers", people.maintainers),
    _people("writers", "people with the role write", people.writers),
    replace(
        _people("outside_collaborators", "outside collaborators", people.logins),
        endpoint=f"{_COLLABORATORS}?affiliation=outside",
        graphql="",
    ),
    replace(_people("custom_roles", "custom roles that people have", people.custom_roles), strength=None, graphql=""),
    _list("teams", "teams", f"{REPOSITORY}/teams", people.teams, "repos/repos#list-repository-teams"),
    _list(
        "invitations",
        "invitations",
        f"{REPOSITORY}/invitations",
        invitations.invitations,
        "collaborators/invitations#list-repository-invitations",
    ),
    replace(
        _list(
            "deploy_keys",
            "deploy keys",
            f"{REPOSITORY}/keys",
            deploy_keys.keys,
            "deploy-keys/deploy-keys#list-deploy-keys",
        ),
        graphql="DeployKey.readOnly",
    ),
    _list("webhooks", "webhooks", f"{REPOSITORY}/hooks", webhooks.webhooks, "repos/webhooks#list-repository-webhooks"),
    replace(
        _list(
            "autolinks",
            "autolinks",
            f"{REPOSITORY}/autolinks",
            people.autolinks,
            "repos/autolinks#get-all-autolinks-of-a-repository",
        ),
        strength=None,
    ),
    _list(
        "apps",
        "apps that the organisation has installed",
        "orgs/{org}/installations",
        people.apps,
        "orgs/orgs#list-app-installations-for-an-organization",
    ),
    Setting(
        kind=_KIND,
        key="two_factor",
        title="two-factor authentication for every member of the organisation",
        endpoint="orgs/{org}",
        path="two_factor_requirement_enabled",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        permission=_OWNER,
        graphql="Organization.requiresTwoFactorAuthentication",
        security=True,
        docs=_ORGANISATION,
    ),
    replace(
        _list(
            "members_without_two_factor",
            "members of the organisation without two-factor authentication",
            "orgs/{org}/members?filter=2fa_disabled",
            people.logins,
            "orgs/members#list-organization-members",
        ),
        graphql="OrganizationMemberEdge.hasTwoFactorEnabled",
    ),
    Setting(
        kind=_KIND,
        key="base_permission",
        title="what every member of the organisation may do",
        endpoint="orgs/{org}",
        path="default_repository_permission",
        strength=None,
        order=("admin", "write", "read", "none"),
        absent=Absent.UNKNOWN,
        permission=_OWNER,
        security=True,
        docs=_ORGANISATION,
    ),
)
