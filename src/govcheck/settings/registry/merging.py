"""How pull requests are merged.

Of those who may not write, REST keeps these settings back by leaving the keys out; GraphQL has them for every reader.
Sources: https://docs.github.com/en/rest/repos/repos#get-a-repository (the note above its parameters) and
https://docs.github.com/en/graphql/reference/objects#repository.
"""

from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting

_KIND = "repository-settings"
_DOCS = "https://docs.github.com/en/rest/repos/repos#get-a-repository"
_TO_SEE = "contents:write"

_SWITCHES = (
    ("squash_merge", "squash merging", "allow_squash_merge", "squashMergeAllowed"),
    ("merge_commit", "merging by a merge commit", "allow_merge_commit", "mergeCommitAllowed"),
    ("rebase_merge", "rebase merging", "allow_rebase_merge", "rebaseMergeAllowed"),
    ("auto_merge", "auto-merge", "allow_auto_merge", "autoMergeAllowed"),
    ("delete_branch_on_merge", "deletion of branches on merge", "delete_branch_on_merge", "deleteBranchOnMerge"),
    ("update_branch", "the button that updates a branch", "allow_update_branch", "allowUpdateBranch"),
)
"""Key, title, GitHub's key, GraphQL's field."""

_TEXTS = (
    (
        "squash_title",
        "the default title of a squash merge",
        "squash_merge_commit_title",
        "squashMergeCommitTitle",
        ("PR_TITLE", "COMMIT_OR_PR_TITLE"),
    ),
    (
        "squash_message",
        "the default message of a squash merge",
        "squash_merge_commit_message",
        "squashMergeCommitMessage",
        ("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
    ),
    (
        "merge_title",
        "the default title of a merge commit",
        "merge_commit_title",
        "mergeCommitTitle",
        ("PR_TITLE", "MERGE_MESSAGE"),
    ),
    (
        "merge_message",
        "the default message of a merge commit",
        "merge_commit_message",
        "mergeCommitMessage",
        ("PR_BODY", "PR_TITLE", "BLANK"),
    ),
)
"""Key, title, GitHub's key, GraphQL's field, and what it may be."""

SETTINGS = (
    *(
        Setting(
            kind=_KIND,
            key=key,
            title=title,
            endpoint=REPOSITORY,
            path=path,
            strength=None,
            absent=Absent.UNKNOWN,
            permission=_TO_SEE,
            graphql=f"Repository.{field}",
            graphql_too=True,
            command=f"gh api -X PATCH repos/{{repository}} -F {path}={{value}}",
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
            values={one: one for one in choices},
            absent=Absent.UNKNOWN,
            permission=_TO_SEE,
            graphql=f"Repository.{field}",
            graphql_too=True,
            command=f"gh api -X PATCH repos/{{repository}} -F {path}={{value}}",
            docs=_DOCS,
        )
        for key, title, path, field, choices in _TEXTS
    ),
)
