"""Which status checks a branch requires, by every mechanism that was readable."""

from dataclasses import dataclass

from govcheck.facts.live import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredCheck:
    """One required status check, as one layer demands it."""

    context: str
    app_id: int | None
    """The app that must report it; None where any source counts."""

    source: str
    """The layer: `classic protection`, `ruleset 42 "main" of o/r`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredChecks:
    """All required checks of a branch."""

    checks: tuple[RequiredCheck, ...]
    unreadable: tuple[Answer, ...]
    """Layers that could not be read: there may be more required checks than `checks` has."""
