"""The words of a policy test: one YAML document each, validated as policies are."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from govcheck.findings import Severity
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import Place
from govcheck.records import frozen

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
