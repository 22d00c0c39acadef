"""Who may take part, how releases are kept, and the Pages site: what is told by endpoints of their own."""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.bodies import flag, number
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "repository-settings"
_PAGES = f"{REPOSITORY}/pages"
_PAGES_DOCS = "https://docs.github.com/en/rest/pages/pages#get-a-apiname-pages-site"
_RELEASES = f"{REPOSITORY}/immutable-releases"
_RELEASES_DOCS = "https://docs.github.com/en/rest/repos/repos#check-if-immutable-releases-are-enabled-for-a-repository"
_LIMITS_DOCS = "https://docs.github.com/en/rest/interactions/repos"


def _cap(document: Mapping[str, Json]) -> Json:
    """The number that a cap allows; nothing where it is switched off, whatever number stands beside it."""
    return number(document, "max_open_pull_requests") if flag(document, "enabled") else None


SETTINGS = (
    Setting(
        kind=_KIND,
        key="pages",
        title="GitHub Pages",
        endpoint=REPOSITORY,
        path="has_pages",
        strength=None,
        absent=Absent.UNKNOWN,
        security=True,
        docs="https://docs.github.com/en/rest/repos/repos#get-a-repository",
    ),
    Setting(
        kind=_KIND,
        key="pages_https",
        title="HTTPS on GitHub Pages",
        endpoint=_PAGES,
        path="https_enforced",
        strength=Strength.TOGGLE,
        default=False,
        elsewhere={False: True},
        security=True,
        docs=_PAGES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="pages_public",
        title="visibility of GitHub Pages to everybody",
        endpoint=_PAGES,
        path="public",
        strength=None,
        absent=Absent.UNKNOWN,
        elsewhere={False: False},
        security=True,
        docs=_PAGES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="pages_branch",
        title="the branch of GitHub Pages",
        endpoint=_PAGES,
        path="source.branch",
        strength=None,
        docs=_PAGES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="pages_build",
        title="the way GitHub Pages is built",
        endpoint=_PAGES,
        path="build_type",
        strength=None,
        values={"legacy": "branch", "workflow": "workflow"},
        docs=_PAGES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="pages_domain",
        title="the domain of GitHub Pages",
        endpoint=_PAGES,
        path="cname",
        strength=None,
        docs=_PAGES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="immutable_releases",
        title="immutability of releases",
        endpoint=_RELEASES,
        path="enabled",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        security=True,
        docs=_RELEASES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="immutable_releases_by_owner",
        title="immutability of releases by the owner's order",
        endpoint=_RELEASES,
        path="enforced_by_owner",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        docs=_RELEASES_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="interaction_limit",
        title="the limit on who may interact",
        endpoint=f"{REPOSITORY}/interaction-limits",
        path="limit",
        strength=None,
        order=("none", "existing_users", "contributors_only", "collaborators_only"),
        default="none",
        graphql="RepositoryInteractionAbility.limit",
        docs=_LIMITS_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="open_pull_requests_per_user",
        title="the most pull requests that a user may have open",
        endpoint=f"{REPOSITORY}/interaction-limits/pulls/creation-cap",
        path="max_open_pull_requests",
        derived=_cap,
        strength=Strength.AT_MOST,
        docs=_LIMITS_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="pull_request_creators",
        title="who may open pull requests",
        endpoint=REPOSITORY,
        path="pull_request_creation_policy",
        strength=None,
        order=("all", "collaborators_only"),
        absent=Absent.UNKNOWN,
        security=True,
        docs="https://docs.github.com/en/rest/repos/repos#get-a-repository",
    ),
)
