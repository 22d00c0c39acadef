"""What a policy test gives: a repository, and everything around it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from govcheck.policy import MODEL_CONFIGURATION
from govcheck.policy_tests.given_parts import (
    GivenAnswer,
    GivenClone,
    GivenCommit,
    GivenPullRequest,
    GivenServices,
    GivenSweeps,
    Place,
    answer_problems,
    commit_problems,
)
from govcheck.policy_tests.given_paths import path_problems
from govcheck.records import field, frozen

TestStage = Literal["tree", "pre-commit", "ci", "sweep"]
TestPhase = Literal["startup", "shutdown", "adhoc"]

_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_BRANCH = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)|/\.|\.$))[A-Za-z0-9_][A-Za-z0-9._/@+-]*(?<!/)")


@frozen(kw_only=True)
class Given:
    """What a policy is held to."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    files: Mapping[str, str] = field(default_factory=dict)
    """Every tracked file: its path to its content. They become a real git repository, with `main` checked out."""

    change: Mapping[str, str | None] = field(default_factory=dict)
    """What is changed on top of `files`: paths to contents, null for a file that is deleted."""

    commits: tuple[GivenCommit, ...] = ()
    """The same commit by commit, the oldest first, where their messages or authors matter."""

    branch: str | None = "main"
    """The branch that is checked out; null where none is, as in CI."""

    message: str = ""
    """The message of a commit that is being made: it alone is judged, as the hook `commit-msg` does."""

    pull_request: GivenPullRequest | None = None
    """The pull request that `change` is of."""

    live: Mapping[str, GivenAnswer] = field(default_factory=dict)
    """What GitHub answers: an endpoint below the repository (`branches/main/protection`), or from the root
    (`repos/{owner}/{repo}/branches/main/protection`, `orgs/{org}`, `graphql`), to its answer."""

    otherwise: Literal["refused", "nothing-set"] = "refused"
    """What GitHub answers of every other endpoint: that the token may not see it, or what it says of a repository
    where nothing is set."""

    services: GivenServices | None = None
    """What Fly.io, Supabase, Prometheus and Alertmanager answer."""

    phase: TestPhase | None = None
    """The phase of the sweep that is made. Left out: `adhoc`."""

    sweeps: GivenSweeps | None = None
    """The sweeps that there have been."""

    clone: GivenClone | None = None
    """The clone that sweeps: clean and pushed, but for what this says. Left out: as nobody would have it, with nothing
    checked out."""

    repository: str = "octo-org/octo-repo"
    """The repository's name on GitHub."""

    now: str = ""
    """The instant that is judged by: ISO 8601, with a zone. Left out: the time of the test run."""

    recording: str = ""
    """A file that `govcheck record` wrote, from the folder of this test: its facts are judged by the policies as they
    are now. Beside it only `now` can be given."""

    stage: TestStage | None = None
    """At which moment the policies judge. Left out: `ci` where there is a change or a pull request, else `tree`."""

    @property
    def is_live(self) -> bool:
        """Whether GitHub answers."""
        reviewed = self.pull_request is not None and self.pull_request.reviews is not None
        return bool(self.live) or self.otherwise != "refused" or self.stage_meant == "sweep" or reviewed

    @property
    def stage_meant(self) -> TestStage:
        """The stage that is given, or that follows from the rest."""
        if self.stage:
            return self.stage
        if self.phase or self.sweeps or self.clone:
            return "sweep"
        return "ci" if self.change or self.commits or self.pull_request else "tree"

    @property
    def instant(self) -> datetime | None:
        """`now`, where it is given and is one."""
        return instant(self.now)

    @property
    def chain(self) -> tuple[GivenCommit, ...]:
        """What a branch, or the index, has on top of `files`."""
        return self.commits or (GivenCommit(message="", change=self.change),)

    def problems(self) -> Iterator[tuple[Place, str]]:
        """What the types cannot say."""
        yield from self._instants()
        if not _REPOSITORY.fullmatch(self.repository):
            yield ("repository",), f"`{self.repository}` is not OWNER/NAME"
        if self.branch is not None and not _BRANCH.fullmatch(self.branch):
            yield ("branch",), f"`{self.branch}` is no name of a branch"
        yield from path_problems(self.files, self._changes())
        for place, message in answer_problems(self.live):
            yield ("live", *place), message
        for name, answers in self.services.by_name().items() if self.services else ():
            for place, message in answer_problems(answers):
                yield ("services", name, *place), message
        for place, message in commit_problems(self.commits):
            yield ("commits", *place), message
        yield from given_problems(self)

    def _instants(self) -> Iterator[tuple[Place, str]]:
        found = self.sweeps or GivenSweeps()
        swept = (("startup", found.startup), ("shutdown", found.shutdown), ("adhoc", found.adhoc))
        for place, written in ((("now",), self.now), *((("sweeps", name), written) for name, written in swept)):
            if written and instant(written) is None:
                yield place, f"`{written}` is not an instant with a zone: write it like 2026-03-08T09:00:00-08:00"

    def _changes(self) -> Iterator[tuple[Place, Mapping[str, str | None]]]:
        """What is made of the files, one after the other, each with its place."""
        yield ("change",), self.change
        for number, commit in enumerate(self.commits):
            yield ("commits", number, "change"), commit.change
        if self.clone:
            yield ("clone", "change"), self.clone.change


def instant(written: str) -> datetime | None:
    """The instant of ISO 8601 with a zone; None where it is none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None


def given_problems(given: Given) -> Iterator[tuple[Place, str]]:
    """What of it does not go together."""
    others = [
        name
        for name, there in (
            ("files", given.files),
            ("change", given.change),
            ("commits", given.commits),
            ("message", given.message),
            ("pull_request", given.pull_request),
            ("live", given.live),
            ("otherwise", given.otherwise != "refused"),
            ("services", given.services),
            ("phase", given.phase),
            ("sweeps", given.sweeps),
            ("clone", given.clone),
            ("stage", given.stage),
        )
        if there
    ]
    if given.recording:
        if given.recording.startswith("/"):
            yield ("recording",), "a recording is named from the folder of its test"
        for name in others:
            yield (name,), "does not go with `recording`, which says what it was"
        return
    if not others:
        yield (), "nothing is given: give `files`, `change`, `pull_request`, `live`, `otherwise` or `recording`"
    if given.message and others != ["message"]:
        yield ("message",), "is judged alone, as the hook `commit-msg` does"
    if given.change and given.commits:
        yield ("commits",), "`change` and `commits` do not go together: give each commit its own `change`"
    yield from _of_stage(given, others)


def _of_stage(given: Given, others: list[str]) -> Iterator[tuple[Place, str]]:
    stage = given.stage_meant
    for name in others:
        if name in {"change", "commits"} and stage in {"tree", "sweep"}:
            yield (name,), f"the stage `{stage}` judges a whole tree: put its files under `files`"
        if name == "commits" and stage == "pre-commit":
            yield (name,), "at the stage `pre-commit` there is no commit yet: give `change`"
        if name == "pull_request" and stage != "ci":
            yield (name,), f"the stage `{stage}` knows no pull request"
        if name in {"live", "otherwise", "services"} and stage == "pre-commit":
            yield (name,), "the stage `pre-commit` never asks GitHub" if name != "services" else "it asks nobody"
        if name == "services" and stage == "ci":
            yield (name,), "the stage `ci` asks GitHub alone: give `stage: sweep`"
        if name in {"phase", "sweeps", "clone"} and stage != "sweep":
            yield (name,), f"the stage `{stage}` is no sweep"
        if name == "clone" and given.branch is None:
            yield ("branch",), "a `clone` has a branch checked out"
