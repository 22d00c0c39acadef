"""The repository's own settings.

Source: https://docs.github.com/en/rest/repos/repos#get-a-repository. Of those who may not write, GitHub keeps the merge
settings back by leaving the keys out.
"""

from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_DOCS = "https://docs.github.com/en/rest/repos/repos#get-a-repository"

SETTINGS = (
    Setting(
        kind="repository-settings",
        key="squash_merge",
        title="squash merging",
        endpoint=REPOSITORY,
        path="allow_squash_merge",
        strength=None,
        absent=Absent.UNKNOWN,
        graphql="Repository.squashMergeAllowed",
        docs=_DOCS,
    ),
    Setting(
        kind="repository-settings",
        key="visibility",
        title="who sees the repository",
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
        kind="repository-settings",
        key="web_commit_signoff",
        title="sign-off of commits made on the web",
        endpoint=REPOSITORY,
        path="web_commit_signoff_required",
        strength=Strength.TOGGLE,
        default=False,
        graphql="Repository.webCommitSignoffRequired",
        docs=_DOCS,
    ),
)
