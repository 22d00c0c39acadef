"""What a check says: `Finding`, `Undecided`, `Settled`, `Held`, `Judged`; and what a policy comes to: `Outcome`."""

from enum import StrEnum
from typing import Literal

from govcheck.records import frozen

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A bare JSON value."""

Severity = Literal["error", "warning", "note"]
Plane = Literal["repo", "workflow", "live"]
Direction = Literal["weakened", "strengthened", "changed"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Most severe first."""


class Outcome(StrEnum):
    """What one policy comes to; the first in this order wins."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    NOT_APPLICABLE = "not-applicable"


class Reason(StrEnum):
    """Why something could not be decided."""

    PERMISSION = "permission"
    REDACTED = "redacted"
    API_ERROR = "api-error"
    RATE_LIMITED = "rate-limited"
    UNPARSEABLE = "unparseable"
    MISSING_OBJECT = "missing-object"
    TOOL_MISSING = "tool-missing"
    RULE_CRASHED = "rule-crashed"
    DYNAMIC = "dynamic"


@frozen(kw_only=True)
class Location:
    """Where a finding stands: in a file of the repository, or in a live setting."""

    path: str | None = None
    """As `paths.decode` gives it; reports show it by `paths.display`."""

    line: int | None = None
    """The first line is 1."""

    column: int | None = None
    """In characters, the first is 1."""

    setting: str | None = None
    """A live setting, by its name in the report: `branches/main/protection#enforce_admins`."""

    url: str | None = None
    """Where a person can see or change the setting."""


@frozen(kw_only=True)
class Fix:
    """The exact edit or command that mends a finding."""

    text: str
    command: str | None = None

    @property
    def sentence(self) -> str:
        """The text as reports show it, begun and ended as a sentence, however it was written."""
        begun = self.text[:1].upper() + self.text[1:]
        return begun if "\n" in begun or begun.endswith((".", "!", "?", ":")) else f"{begun}."


@frozen(kw_only=True)
class Evidence:
    """One observed fact that a finding rests on, with its place where it has one."""

    text: str
    location: Location | None = None


@frozen(kw_only=True)
class Finding:
    """One thing that is not as its policy says."""

    control: str
    """What is asserted; with `subject` a public interface: DESIGN section 8 lists them."""

    subject: str
    """What it is asserted of: a path (`paths.display`), a branch, a context, an address."""

    message: str
    """The observed fact, in one sentence, without a full stop at its end."""

    plane: Plane
    location: Location = Location()
    severity: Severity | None = None
    """None: the policy's own."""

    expected: Json = None
    actual: Json = None
    direction: Direction | None = None
    fix: Fix | None = None
    evidence: tuple[Evidence, ...] = ()
    quotable: bool = True
    """False where its line may hold a secret: no report shows it."""


@frozen(kw_only=True)
class Undecided:
    """One thing that could not be told, and why. Never a pass."""

    control: str
    subject: str
    reason: Reason
    message: str
    """What was tried and what stood in the way, in one sentence."""

    permission: str | None = None
    """The token permission that would help: `administration:read`."""

    endpoint: str | None = None
    status: int | None = None
    location: Location = Location()
    grantable: bool = True
    """False where no token of this class can ever have the permission: at `ci` that is not on offer."""


@frozen(kw_only=True)
class Held:
    """One thing that is as its policy says, where it is worth telling how that was shown."""

    control: str
    subject: str
    message: str
    """How it was shown, in one sentence, without a full stop at its end."""

    location: Location = Location()


@frozen
class Settled:
    """That a check can tell what another check of its policy could not: that one's doubt is not told."""

    doubt: Undecided
    """What the other one says, to the letter."""

    instead: Undecided | None = None
    """What there is to say in its place, where this check cannot tell it either."""


@frozen
class Judged:
    """How many subjects a check looked at, whatever it found. Yielded once by each call of a check."""

    subjects: int
    settings: tuple[str, ...] = ()
    """Live settings that this call asserted something of, by name: what is left is uncovered."""


def fingerprint(policy: str, control: str, subject: str) -> str:
    """The lasting name of a finding: of its policy's id, control and subject, and of nothing else."""
    from hashlib import sha256  # noqa: PLC0415 - brings OpenSSL along, and most runs of the hook find nothing

    name = f"{policy}\0{control}\0{subject}".encode("utf-8", "surrogatepass")
    return sha256(name).hexdigest()[:16]
