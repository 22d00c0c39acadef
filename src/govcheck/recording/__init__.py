"""A recording: everything that one verdict used, so that it can be given again, offline and by anybody. Pure.

What a run gathered is kept as it was judged (`codec`), without secrets (`masks`), in a canonical document with a hash
of its content (`document`), together with the report that it led to: a replay that leads to another one is an error.
"""

from collections.abc import Mapping
from datetime import datetime

from govcheck.facts import Facts
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.report import FailOn, OnUnknown, Phase, Stage
from govcheck.snapshot import Snapshot


@frozen
class RecordedFile:
    """One file that somebody wrote for govcheck."""

    path: str
    """As the report names it."""

    data: bytes
    set: str = ""
    """The set of policies that it is of; empty where it is the repository's own."""


@frozen(kw_only=True)
class Cost:
    """What the API was asked, as the report tells it."""

    requests: int = 0
    not_modified: int = 0
    graphql_points: int = 0


@frozen(kw_only=True)
class EarlierSweeps:
    """What a sweep was compared with."""

    base: Snapshot | None
    told: Snapshot | None
    last: Snapshot | None
    older: tuple[Snapshot, ...] = ()


@frozen(kw_only=True)
class Recording:
    """One run."""

    govcheck: str
    """The version that recorded it: only the same one replays it."""

    stage: Stage
    phase: Phase | None
    repository: str | None
    commit: str | None
    started_at: datetime
    finished_at: datetime
    moment: datetime
    """The instant that it judged by."""

    configuration: RecordedFile | None
    """`.govcheck.yaml`, where there was one. What it says is in the rest already."""

    policies: tuple[RecordedFile, ...]
    head_policies: tuple[RecordedFile, ...] | None
    """At `ci`: those of the head, where the base's judged."""

    disabled: tuple[str, ...] = ()
    """Ids of policies of sets that the repository leaves out."""

    policies_from: str
    policy_notes: tuple[str, ...]
    notes: tuple[str, ...]
    facts: Facts
    before: Facts | None
    fail_on: FailOn
    unknown: OnUnknown
    cost: Cost | None
    """None where GitHub was not asked."""

    tokens: tuple[str, ...]
    """The classes of the tokens, in words; never a token."""

    api_versions: tuple[str, ...]
    earlier: EarlierSweeps | None
    """For a sweep."""

    report: Mapping[str, Json]
    """The report that it led to, as JSON, without how long each policy took."""
