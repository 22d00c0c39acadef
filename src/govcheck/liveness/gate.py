"""One gate that was recognised, and what is known of its life.

A *gate* is something that promises to stop what is not as it should be: a secret scan, a hook, a step called "Verify".
It is `alive` where something was found by which it can go red; `dead` where it is shown that nothing can make it go red
(or, for the family `cannot-go-green`, that nothing can make it go green); otherwise nobody can tell, and why.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from govcheck.findings import Evidence, Finding, Fix, Held, Location, Plane, Reason, Severity, Undecided
from govcheck.records import frozen
from govcheck.settings.answers import Trouble

Family = Literal[
    "secret-scan",
    "pre-commit",
    "comparison",
    "promise",
    "unheeded",
    "rewrite",
    "output",
    "judge",
    "aggregate",
    "codeowners",
    "danger",
    "bypass",
    "trigger",
    "cannot-go-green",
    "workflow",
    "governance",
]
"""What sort of gate it is, or in what way it fails to be one. It is the `control` of its finding."""


class State(StrEnum):
    """What is known of a gate."""

    ALIVE = "alive"
    DEAD = "dead"
    WEAK = "weak"
    """It can go red, but not for all that it promises to stop."""

    UNTOLD = "cannot-tell"


@frozen(kw_only=True)
class Gate:
    """One gate, with the verdict on it and what that rests on."""

    family: Family
    subject: str
    """What it is, lastingly, without line numbers: `.github/workflows/ci.yml:lint:Check docs`, `.gitleaks.toml`."""

    state: State
    why: str
    """One sentence, without a full stop: how it was shown to be alive, why it is dead, or what stands in the way."""

    location: Location
    plane: Plane = "workflow"
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    reason: Reason = Reason.DYNAMIC
    """Of `cannot-tell`."""

    severity: Severity | None = None
    """Of a finding that weighs less than the policy's own; a `note` is a remark, and the policy holds.

    A living gate that has one is told of in the same way.
    """

    trouble: Trouble | None = None
    """Of `cannot-tell`: what GitHub did not answer. It brings its own reason, and the permission that would help."""

    def said(self) -> Iterator[Finding | Undecided | Held]:
        """What a rule says of it."""
        if self.state is State.ALIVE and self.severity is None:
            yield Held(control=self.family, subject=self.subject, message=self.why, location=self.location)
        elif self.trouble is not None:
            yield self.trouble.undecided(self.family, self.subject, self.why, self.location)
        elif self.state is not State.UNTOLD:
            yield Finding(
                control=self.family,
                subject=self.subject,
                message=self.why,
                plane=self.plane,
                location=self.location,
                severity=self.severity,
                actual=self.state.value,
                fix=self.fix,
                evidence=self.evidence,
            )
        elif self.state is State.UNTOLD:
            yield Undecided(
                control=self.family,
                subject=self.subject,
                reason=self.reason,
                message=self.why,
                location=self.location,
            )
