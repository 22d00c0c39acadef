"""Pull requests and commits as nodes."""

from collections.abc import Iterator

from govcheck.facts import pull_request as facts
from govcheck.facts.commits import Commits
from govcheck.findings import Location
from govcheck.nodes import shapes
from govcheck.nodes.judging import Node

_SHORT = 12
"""Characters of a commit's id in findings."""


def pull_request(found: facts.PullRequest) -> Node:
    """The pull request, which goes by the branch that it goes to."""
    node = shapes.PullRequest(
        number=found.number,
        title=found.title,
        body=found.body,
        author=found.author,
        draft=found.draft,
        base=found.base_branch,
        head=found.head_branch,
        from_fork=found.from_fork,
        labels=found.labels,
    )
    return Node(values=shapes.plain(node), subject=f"#{found.number}", goes_by=found.base_branch, location=Location())


def commits(found: Commits) -> Iterator[Node]:
    """Every commit that the branch adds, which goes by its author's address."""
    for commit in found.commits:
        node = shapes.Commit(
            sha=commit.id,
            subject=commit.message.partition("\n")[0],
            message=commit.message.rstrip("\n"),
            author_name=commit.author_name,
            author_email=commit.author_email,
            committer_name=commit.committer_name,
            committer_email=commit.committer_email,
            parents=len(commit.parents),
        )
        yield Node(
            values=shapes.plain(node),
            subject=commit.id[:_SHORT],
            goes_by=commit.author_email,
            location=Location(),
        )
