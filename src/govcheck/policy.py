"""What every policy has in common, whatever its kind."""

from datetime import timedelta
from typing import Any, ClassVar

from govcheck.findings import Severity
from govcheck.records import frozen

RESERVED_IDS = frozenset({"drift", "waivers", "govcheck"})
"""Ids that govcheck's own findings carry."""


_DIGITS = 5


def yaml_key(field: str) -> str:
    """The key that a field has in YAML: `from_` is `from`, which Python keeps for itself."""
    return field.removesuffix("_")


MODEL_CONFIGURATION: dict[str, Any] = {
    "extra": "forbid",
    "strict": True,
    "alias_generator": yaml_key,
}
"""How pydantic validates the model of a policy, and every record within it."""


@frozen(kw_only=True)
class Policy:
    """One YAML document. Validated from outside by pydantic, so that a rule module needs none of it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    kind: str
    """What sort of policy this is; it decides which other keys are legal."""

    id: str
    """The policy's name: unique among all policies, lower-case words joined by hyphens."""

    severity: Severity = "error"
    """How much a finding of this policy weighs; `--fail-on` compares with it."""

    why: str = ""
    """The reason for this policy, shown with its findings."""

    owner: str = ""
    """Who answers for this policy."""

    links: tuple[str, ...] = ()
    """Addresses of background, shown with its findings."""

    waivable: bool = True
    """Whether a waiver may excuse its findings."""

    waivable_for: str = "365d"
    """How long a waiver of its findings may hold at most, in days: `90d`."""

    def longest_waiver(self) -> timedelta:
        """`waivable_for`, as a length of time; nothing at all where it is not written like one."""
        days = self.waivable_for.removesuffix("d")
        known = self.waivable_for.endswith("d") and days.isascii() and days.isdigit() and len(days) <= _DIGITS
        return timedelta(days=int(days)) if known else timedelta()


@frozen
class LoadedPolicy:
    """A valid policy, and where it is written."""

    policy: Policy
    path: str
    """The file, as the report names it."""

    line: int
    """Where its document begins; the first line is 1."""
