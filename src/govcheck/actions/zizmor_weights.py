"""What zizmor found, weighed: whether it was told already, and how severe it is."""

from govcheck.facts.zizmor import Weight, ZizmorFinding
from govcheck.findings import SEVERITIES, Severity

_WEIGHTS: dict[Weight, Severity] = {"high": "error", "medium": "warning", "low": "note", "informational": "note"}
_ORDER: tuple[Weight, ...] = ("informational", "low", "medium", "high")
_SAME: dict[str, str] = {
    "unpinned-uses": "pinning",
    "forbidden-uses": "allowed-action",
    "template-injection": "untrusted-text",
    "excessive-permissions": "permissions",
    "dangerous-triggers": "secrets-to-forks",
    "secrets-inherit": "secrets-to-forks",
    "self-hosted-runner": "runner",
}
"""Audit of zizmor to the control that says the same of the same line."""

OF_THE_FILE = frozenset({"permissions", "secrets-to-forks"})
"""Controls that say of a whole file what zizmor says of several of its lines."""

Told = set[tuple[str, str | None, int | None]]
"""Control, file and line of what other checks say; without a line where a control says it of a whole file."""


def is_heavy(one: ZizmorFinding, least: Weight) -> bool:
    """Whether it weighs this much or more."""
    return _ORDER.index(one.weight) >= _ORDER.index(least)


def is_told(one: ZizmorFinding, told: Told) -> bool:
    """Whether another check has said the same."""
    control = _SAME.get(one.audit, "")
    lines = (None, *range(one.line, min(one.end_line, one.line + 100) + 1))
    return any((control, one.path, line) in told for line in lines)


def severity(one: ZizmorFinding, policy: Severity) -> Severity:
    """How severe it is: never more than the policy."""
    own: Severity = "note" if one.ignored else _WEIGHTS[one.weight]
    return max(own, policy, key=SEVERITIES.index)
