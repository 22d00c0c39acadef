"""What zizmor says of the workflow files: taken as evidence, never judged again."""

from typing import Literal

from govcheck.facts import Fact
from govcheck.records import frozen

Weight = Literal["informational", "low", "medium", "high"]


@frozen(kw_only=True)
class ZizmorFinding:
    """One finding of zizmor."""

    audit: str
    """The audit's id: `unpinned-uses`."""

    description: str
    url: str
    weight: Weight
    confidence: str
    """As zizmor writes it; empty where it says none."""

    path: str
    line: int
    """The first line is 1."""

    column: int
    """In characters, the first is 1."""

    end_line: int
    annotation: str
    """What it says of the place."""

    job: str
    """The id of the job that it stands in; empty outside of all."""

    ignored: bool
    """Whether a comment beside it asks zizmor to ignore this audit."""


@frozen(kw_only=True)
class Zizmor(Fact):
    """A whole run of zizmor over the workflow files of the state that is judged, without configuration."""

    version: str
    """Empty where zizmor does not say it."""

    findings: tuple[ZizmorFinding, ...]
    unaudited: tuple[str, ...]
    """Paths of workflow files that zizmor did not read to the end."""

    odd: int
    """How many entries of its report have a shape that is not known."""
