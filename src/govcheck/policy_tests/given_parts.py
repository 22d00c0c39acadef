"""The parts of what a policy test gives that have words of their own."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import field, frozen

Place = tuple[str | int, ...]
ReviewState = Literal["approved", "changes-requested", "commented", "dismissed"]

_STATUSES = range(100, 600)
_PERSON = re.compile(r"[^<>\x00-\x1f\x7f]+ <[^<>\x00-\x1f\x7f]*>")


@frozen(kw_only=True)
class GivenPullRequest:
    """The pull request that is judged."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    title: str = ""
    """Its title."""

    body: str = ""
    """Its text."""

    number: int = 1
    """Its number."""

    author: str = "octocat"
    """Who opened it."""

    labels: tuple[str, ...] = ()
    """The names of its labels."""

    draft: bool = False
    """Whether it is a draft."""

    from_fork: bool = False
    """Whether it comes from a fork."""

    base_branch: str = "main"
    """The branch that it wants to be merged into."""

    head_branch: str = "change"
    """The branch that it is of."""

    reviews: Mapping[str, ReviewState] | None = None
    """What members of the organisation said of its newest commit, by their logins: `{octocat: approved}`. With it,
    GitHub answers."""


@frozen(kw_only=True)
class GivenAnswer:
    """What one endpoint answers."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    status: int = 200
    """The HTTP status."""

    body: Any = None
    """The document, as it is sent."""


@frozen(kw_only=True)
class GivenCommit:
    """One commit of the branch that is judged."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    message: str
    """Its message, whole."""

    author: str = "octocat <octocat@example.com>"
    """Who wrote it: `NAME <ADDRESS>`."""

    committer: str = ""
    """Who committed it, likewise. Left out: its author."""

    change: Mapping[str, str | None] = field(default_factory=dict)
    """What it changes: paths to contents, null for a file that is deleted."""


@frozen(kw_only=True)
class GivenClone:
    """What lies in the clone that sweeps, and nowhere else."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    change: Mapping[str, str | None] = field(default_factory=dict)
    """What is not committed: paths to contents, null for a file that is deleted."""

    unpushed: tuple[str, ...] = ()
    """The messages of commits on the branch that no remote has."""

    stashes: tuple[str, ...] = ()
    """The messages of stashes."""

    remote: bool = True
    """Whether the clone has a remote."""

    shallow: bool = False
    """Whether it has no commit but the newest."""


@frozen(kw_only=True)
class GivenSweeps:
    """When the newest sweep of each phase ended, as the store of snapshots has it: ISO 8601, with a zone."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    startup: str = ""
    """Of the phase `startup`. Left out: there has been none."""

    shutdown: str = ""
    """Of the phase `shutdown`."""

    adhoc: str = ""
    """Of a sweep outside of both."""


@frozen(kw_only=True)
class GivenServices:
    """What services other than GitHub answer, by endpoint.

    One that is left out is not asked; of one that is given, an endpoint that is left out is refused.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    fly: Mapping[str, GivenAnswer] | None = None
    """Fly.io: `apps/shop` and what is below it; `graphql`."""

    supabase: Mapping[str, GivenAnswer] | None = None
    """Supabase: `v1/projects/abcdefghijklmnopqrst/database/backups`."""

    prometheus: Mapping[str, GivenAnswer] | None = None
    """Prometheus: `api/v1/query` or `api/v1/query_range`, for one of several expressions with `?query=up`."""

    alertmanager: Mapping[str, GivenAnswer] | None = None
    """Alertmanager: `api/v2/receivers` and `api/v2/status`."""

    def by_name(self) -> Mapping[str, Mapping[str, GivenAnswer]]:
        """The services that are given."""
        every = (
            ("fly", self.fly),
            ("supabase", self.supabase),
            ("prometheus", self.prometheus),
            ("alertmanager", self.alertmanager),
        )
        return {name: answers for name, answers in every if answers is not None}


def answer_problems(answers: Mapping[str, GivenAnswer]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the answers of one server, each with its place."""
    for endpoint, answer in answers.items():
        if not endpoint.strip("/ "):
            yield (endpoint,), "an endpoint has a path, such as `branches/main/protection`"
        if answer.status not in _STATUSES:
            yield (endpoint, "status"), f"{answer.status} is not an HTTP status"


def commit_problems(commits: tuple[GivenCommit, ...]) -> Iterator[tuple[Place, str]]:
    """What is wrong with who made them, each with its place."""
    for number, commit in enumerate(commits):
        for key, person in (("author", commit.author), ("committer", commit.committer)):
            if person and not _PERSON.fullmatch(person):
                yield (number, key), f"`{person}` is nobody: write it like octocat <octocat@example.com>"
