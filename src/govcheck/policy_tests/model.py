"""The words of a policy test: one YAML document each, validated as policies are."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from govcheck.findings import Severity
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.policy_tests.given_paths import path_problems
from govcheck.records import field, frozen

TestStage = Literal["tree", "pre-commit", "ci", "sweep"]
TestPhase = Literal["startup", "shutdown", "adhoc"]
TestOutcome = Literal["pass", "fail", "unknown", "waived", "not-applicable"]
TestReason = Literal[
    "permission",
    "redacted",
    "api-error",
    "rate-limited",
    "unparseable",
    "missing-object",
    "tool-missing",
    "rule-crashed",
    "dynamic",
]
Place = tuple[str | int, ...]

_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_STATUSES = range(100, 600)


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


@frozen(kw_only=True)
class GivenAnswer:
    """What one endpoint of GitHub answers."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    status: int = 200
    """The HTTP status."""

    body: Any = None
    """The document, as GitHub sends it."""


@frozen(kw_only=True)
class Given:
    """What a policy is held to."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    files: Mapping[str, str] = field(default_factory=dict)
    """Every tracked file: its path to its content. They become a real git repository, with `main` checked out."""

    change: Mapping[str, str | None] = field(default_factory=dict)
    """What is changed on top of `files`: paths to contents, null for a file that is deleted."""

    pull_request: GivenPullRequest | None = None
    """The pull request that `change` is of."""

    live: Mapping[str, GivenAnswer] = field(default_factory=dict)
    """What GitHub answers: an endpoint below the repository (`branches/main/protection`), or from the root
    (`repos/{owner}/{repo}/branches/main/protection`, `orgs/{org}`, `graphql`), to its answer."""

    otherwise: Literal["refused", "nothing-set"] = "refused"
    """What GitHub answers of every other endpoint: that the token may not see it, or what it says of a repository
    where nothing is set."""

    repository: str = "octo-org/octo-repo"
    """The repository's name on GitHub."""

    now: str = ""
    """The instant that is judged by: ISO 8601, with a zone. Left out: the time of the test run."""

    recording: str = ""
    """A file that `govcheck record` wrote, from the folder of this test: its facts are judged by the policies as they
    are now. Beside it only `now` can be given."""

    stage: TestStage | None = None
    """At which moment the policies judge. Left out: `sweep` where there is a phase, `ci` where there is a change or a
    pull request, else `tree`."""

    phase: TestPhase | None = None
    """Which sweep it is: that of the day's beginning, that of its end, or any other (`adhoc`, the default)."""

    @property
    def is_live(self) -> bool:
        """Whether GitHub answers."""
        return bool(self.live) or self.otherwise != "refused" or self.stage_meant == "sweep"

    @property
    def stage_meant(self) -> TestStage:
        """The stage that is given, or that follows from the rest."""
        if self.stage is None and self.phase is not None:
            return "sweep"
        return self.stage or ("ci" if self.change or self.pull_request else "tree")

    @property
    def instant(self) -> datetime | None:
        """`now`, where it is given and is one."""
        try:
            found = datetime.fromisoformat(self.now)
        except ValueError:
            return None
        return found if found.tzinfo else None

    def problems(self) -> Iterator[tuple[Place, str]]:
        """What the types cannot say."""
        if self.now and self.instant is None:
            yield ("now",), f"`{self.now}` is not an instant with a zone: write it like 2026-03-08T09:00:00-08:00"
        if not _REPOSITORY.fullmatch(self.repository):
            yield ("repository",), f"`{self.repository}` is not OWNER/NAME"
        yield from path_problems(self.files, self.change)
        for endpoint, answer in self.live.items():
            if not endpoint.strip("/ "):
                yield ("live", endpoint), "an endpoint has a path, such as `branches/main/protection`"
            if answer.status not in _STATUSES:
                yield ("live", endpoint, "status"), f"{answer.status} is not an HTTP status"
        yield from self._combinations()

    def _combinations(self) -> Iterator[tuple[Place, str]]:
        others = [
            name
            for name, there in (
                ("files", self.files),
                ("change", self.change),
                ("pull_request", self.pull_request),
                ("live", self.live),
                ("otherwise", self.otherwise != "refused"),
                ("stage", self.stage),
                ("phase", self.phase),
            )
            if there
        ]
        if self.recording:
            if self.recording.startswith("/"):
                yield ("recording",), "a recording is named from the folder of its test"
            for name in others:
                yield (name,), "does not go with `recording`, which says what it was"
            return
        if not others:
            yield (), "nothing is given: give `files`, `change`, `pull_request`, `live`, `otherwise` or `recording`"
        if self.phase is not None and self.stage_meant != "sweep":
            yield ("phase",), f"the stage `{self.stage}` has no phases"
        if self.stage_meant in {"tree", "sweep"} and self.change:
            yield ("change",), f"the stage `{self.stage_meant}` judges a whole tree: put its files under `files`"
        if self.stage_meant in {"tree", "sweep", "pre-commit"} and self.pull_request:
            yield ("pull_request",), f"the stage `{self.stage_meant}` knows no pull request"
        if self.stage == "pre-commit" and (self.live or self.otherwise != "refused"):
            name = "live" if self.live else "otherwise"
            yield (name,), "the stage `pre-commit` never asks GitHub"


@frozen(kw_only=True)
class ExpectedFinding:
    """One finding. Of what is left out anything will do."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    policy: str = ""
    """Whose it is; needed where the test is of several policies."""

    control: str
    """What is asserted, as the report names it."""

    subject: str
    """What it is asserted of."""

    severity: Severity | None = None
    """How much it weighs."""

    message: str = ""
    """A part of its message."""

    path: str = ""
    """The file that it stands in."""

    line: int | None = None
    """The line that it stands in."""

    pre_existing: bool = False
    """Whether the base had it already: it is shown then, and does not fail the change."""


@frozen(kw_only=True)
class ExpectedUnknown:
    """One thing that could not be told. Of what is left out anything will do."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    policy: str = ""
    """Whose it is; needed where the test is of several policies."""

    control: str
    """What is asserted."""

    subject: str
    """What it is asserted of."""

    reason: TestReason | None = None
    """Why it could not be told."""

    message: str = ""
    """A part of its message."""


@frozen(kw_only=True)
class Expect:
    """What the policies have to say."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    outcome: TestOutcome | Mapping[str, TestOutcome] | None = None
    """What each policy comes to, by its id; of a test of one policy the outcome alone."""

    findings: tuple[ExpectedFinding, ...] | None = None
    """All findings: these and no others."""

    findings_include: tuple[ExpectedFinding, ...] = ()
    """Some of the findings."""

    unknowns: tuple[ExpectedUnknown, ...] | None = None
    """Everything that could not be told. Left out: nothing, but for policies whose outcome is to be `unknown`."""

    def problems(self) -> Iterator[tuple[Place, str]]:
        """What the types cannot say."""
        is_empty = isinstance(self.outcome, Mapping) and not self.outcome
        if self.outcome is None and self.findings is None and not self.findings_include and self.unknowns is None:
            yield (), "this test expects nothing, so that it could not fail: give `outcome`, `findings` or `unknowns`"
        elif is_empty and self.findings is None and not self.findings_include and self.unknowns is None:
            yield ("outcome",), "this test expects nothing, so that it could not fail"
        if self.findings is not None and self.findings_include:
            yield ("findings_include",), "`findings` has them all already: give one of the two"


@frozen(kw_only=True)
class PolicyTest:
    """One test: one YAML document. A file may hold several, separated by lines of `---`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    test: str
    """What it shows, in a few words; no two of a file have the same."""

    policy: str = ""
    """The id of the policy that it is of."""

    policies: tuple[str, ...] = ()
    """The ids of several policies; where neither is given, it is of all of them."""

    given: Given
    """What the policies are held to."""

    expect: Expect
    """What they have to say of it."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The policies that it names; none: all."""
        return (self.policy,) if self.policy else self.policies

    def problems(self) -> Iterator[tuple[Place, str]]:
        """What the types cannot say."""
        if not self.test.strip():
            yield ("test",), "a test has a name: what it shows, in a few words"
        if self.policy and self.policies:
            yield ("policies",), "`policy` and `policies` do not go together"
        for place, message in self.given.problems():
            yield ("given", *place), message
        for place, message in self.expect.problems():
            yield ("expect", *place), message
