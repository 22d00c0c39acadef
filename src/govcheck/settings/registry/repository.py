"""The repository's own settings, but for merging, Pages and releases.

Source: https://docs.github.com/en/rest/repos/repos#get-a-repository.
"""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.bodies import UnexpectedShapeError, part, text
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "repository-settings"
_DOCS = "https://docs.github.com/en/rest/repos/repos#get-a-repository"

_PATCH = "gh api -X PATCH repos/{{repository}} -F {path}={{value}}"
_PATCHED = frozenset({"has_issues", "has_projects", "has_wiki", "is_template"})

_SWITCHES = (
    ("archived", "archiving of the repository", "archived", "isArchived"),
    ("template", "use of the repository as a template", "is_template", "isTemplate"),
    ("issues", "issues", "has_issues", "hasIssuesEnabled"),
    ("projects", "projects", "has_projects", "hasProjectsEnabled"),
    ("wiki", "the wiki", "has_wiki", "hasWikiEnabled"),
    ("discussions", "discussions", "has_discussions", "hasDiscussionsEnabled"),
    ("downloads", "downloads", "has_downloads", ""),
    ("pull_requests", "pull requests", "has_pull_requests", ""),
)
"""Key, title, GitHub's key, GraphQL's field: what is on or off, and neither of it is stronger."""

_TEXTS = (
    ("default_branch", "the default branch", "default_branch", "defaultBranchRef"),
    ("description", "the description", "description", "description"),
    ("homepage", "the homepage", "homepage", "homepageUrl"),
    ("license", "the licence", "license.spdx_id", "licenseInfo"),
)


def _filled(key: str, document: Mapping[str, Json]) -> Json:
    """Whether a text is there, and more than blanks."""
    return bool((text(document, key) or "").strip())


def _properties(document: Mapping[str, Json]) -> Json:
    """Custom properties; a user's repository can have none, and GitHub leaves the key out."""
    found = part(document, "custom_properties")
    if found is None and part(document, "owner.type") == "User":
        return {}
    if found is not None and not isinstance(found, dict):
        raise UnexpectedShapeError("custom_properties: expected an object")
    return found


SETTINGS = (
    Setting(
        kind=_KIND,
        key="visibility",
        title="visibility of the repository",
        endpoint=REPOSITORY,
        path="visibility",
        strength=None,
        order=("public", "internal", "private"),
        absent=Absent.UNKNOWN,
        graphql="Repository.visibility",
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="owned_by",
        title="the owner's kind of account",
        endpoint=REPOSITORY,
        path="owner.type",
        strength=None,
        values={"User": "user", "Organization": "organization"},
        absent=Absent.UNKNOWN,
        graphql="Repository.owner",
        docs=_DOCS,
    ),
    *(
        Setting(
            kind=_KIND,
            key=key,
            title=title,
            endpoint=REPOSITORY,
            path=path,
            strength=None,
            absent=Absent.UNKNOWN,
            graphql=f"Repository.{field}" if field else "",
            command=_PATCH.format(path=path) if path in _PATCHED else "",
            docs=_DOCS,
        )
        for key, title, path, field in _SWITCHES
    ),
    *(
        Setting(
            kind=_KIND,
            key=key,
            title=title,
            endpoint=REPOSITORY,
            path=path,
            strength=None,
            graphql=f"Repository.{field}",
            docs=_DOCS,
        )
        for key, title, path, field in _TEXTS
    ),
    Setting(
        kind=_KIND,
        key="has_description",
        title="presence of a description",
        endpoint=REPOSITORY,
        path="description",
        derived=lambda document: _filled("description", document),
        strength=None,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="has_homepage",
        title="presence of a homepage",
        endpoint=REPOSITORY,
        path="homepage",
        derived=lambda document: _filled("homepage", document),
        strength=None,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="topics",
        title="the topics",
        endpoint=REPOSITORY,
        path="topics",
        strength=None,
        absent=Absent.UNKNOWN,
        graphql="Repository.repositoryTopics",
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="properties",
        title="custom properties",
        endpoint=REPOSITORY,
        path="custom_properties",
        derived=_properties,
        strength=None,
        absent=Absent.UNKNOWN,
        docs="https://docs.github.com/en/rest/repos/custom-properties",
    ),
    Setting(
        kind=_KIND,
        key="forking",
        title="forking",
        endpoint=REPOSITORY,
        path="allow_forking",
        strength=None,
        absent=Absent.UNKNOWN,
        graphql="Repository.forkingAllowed",
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="web_commit_signoff",
        title="sign-off of commits made on the web",
        endpoint=REPOSITORY,
        path="web_commit_signoff_required",
        strength=Strength.TOGGLE,
        default=False,
        graphql="Repository.webCommitSignoffRequired",
        command=_PATCH.format(path="web_commit_signoff_required"),
        docs=_DOCS,
    ),
)
