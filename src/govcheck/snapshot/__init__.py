"""A snapshot: what one sweep saw and said, whole, so that a later sweep can be compared with it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from govcheck import __version__
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import field, frozen, replace
from govcheck.report import Phase, Report
from govcheck.report_json import as_json, plain, text
from govcheck.snapshot.redact import redacted

Entry = Mapping[str, Json]
"""A policy, a finding or an unknown, as the JSON report has it. Not to be written to."""


@frozen(kw_only=True)
class Setting:
    """One live setting, as it was."""

    value: Json
    """Its value; where `unknown` is set, what is known of it all the same, or None."""

    unknown: str | None = None
    """Why it could not be read, or not wholly."""

    sources: tuple[str, ...] = ()
    """The layers that give it."""


@frozen(kw_only=True)
class Snapshot:
    """One sweep. Made by `build`, so that it is the same before it was written and after it was read."""

    govcheck: str
    """The version of govcheck that made it."""

    repository: str | None
    phase: Phase
    commit: str | None
    started_at: datetime
    finished_at: datetime
    tokens: tuple[str, ...]
    """What classes of token the sweep had, in words; never a token."""

    api_versions: tuple[str, ...] = ()
    """The versions of the API that the server said it answered by."""

    answers: tuple[Answer, ...]
    """Everything that the API answered, by endpoint."""

    settings: Mapping[str, Setting]
    policies: tuple[Entry, ...]
    findings: tuple[Entry, ...]
    unknowns: tuple[Entry, ...]
    coverage: Entry
    exit_code: int
    previous: str | None
    """The content hash of the sweep before this one."""

    open_since: Mapping[str, datetime]
    """For each finding, by fingerprint: when the first of an unbroken row of sweeps saw it."""

    drift: int | None = None
    """How many differences from the sweep that it was compared with were news; None where there was none."""

    written_as: str | None = None
    """For one of an older form: the content hash that it has there, which is its name in the chain."""

    fixed: Mapping[str, int] = field(default_factory=dict)
    """For each finding that was fixed before, by fingerprint: how often; see `drift.returns`."""


def build(
    report: Report,
    *,
    answers: Iterable[Answer] = (),
    settings: Mapping[str, Setting] | None = None,
    tokens: Iterable[str] = (),
    api_versions: Iterable[str] = (),
    previous: Snapshot | None = None,
    previous_hash: str | None = None,
) -> Snapshot:
    """The snapshot of a sweep, without anything secret and without what differs from run to run for no reason.

    `previous` is the sweep before this one, whatever its phase; the caller knows its content hash.

    Raises:
        ValueError: where the report is not a sweep's.
    """
    if report.phase is None:
        raise ValueError("only a sweep has a snapshot")
    document = as_json(report)
    finished = to_millisecond(report.finished_at)
    findings = _entries(document["findings"])
    names = (str(finding["fingerprint"]) for finding in findings)
    taken = Snapshot(
        govcheck=__version__,
        repository=text(report.repository) if report.repository is not None else None,
        phase=report.phase,
        commit=text(report.commit) if report.commit is not None else None,
        started_at=to_millisecond(report.started_at),
        finished_at=finished,
        tokens=tuple(sorted({redacted_text(token) for token in tokens})),
        api_versions=tuple(sorted({redacted_text(version) for version in api_versions})),
        answers=_answers(answers),
        settings={text(name): _setting(setting) for name, setting in (settings or {}).items()},
        policies=tuple(
            {key: value for key, value in entry.items() if key != "duration_ms"}
            for entry in _entries(document["policies"])
        ),
        findings=findings,
        unknowns=_entries(document["unknowns"]),
        coverage=_entry(document["coverage"]),
        exit_code=report.exit_code,
        previous=previous_hash,
        open_since=dict.fromkeys(names, finished),
    )
    return following(taken, previous, previous_hash) if previous else taken


def following(taken: Snapshot, previous: Snapshot, previous_hash: str | None) -> Snapshot:
    """A sweep's snapshot behind the sweep before it, whose findings are carried on where they are still there."""
    since = {name: previous.open_since.get(name, first) for name, first in taken.open_since.items()}
    return replace(taken, previous=previous_hash, open_since=since)


def own_answer(snapshot: Snapshot) -> Entry:
    """What GitHub says of the repository itself; empty where that could not be read."""
    own = f"repos/{snapshot.repository}".lower()
    body = next((answer.body for answer in snapshot.answers if answer.endpoint.lower() == own and answer.good), None)
    return body if isinstance(body, dict) else {}


def to_millisecond(moment: datetime) -> datetime:
    """The instant that a snapshot keeps of this one, in UTC."""
    return moment.astimezone(UTC) - timedelta(microseconds=moment.microsecond % 1000)


def redacted_text(value: str) -> str:
    """Text that can be kept."""
    return str(redacted(text(value)))


def _entries(value: Json) -> tuple[Entry, ...]:
    return tuple(_entry(item) for item in value) if isinstance(value, list) else ()


def _entry(value: Json) -> Entry:
    kept = redacted(value)
    return kept if isinstance(kept, dict) else {}


def _setting(setting: Setting) -> Setting:
    return Setting(
        value=redacted(plain(setting.value)),
        unknown=None if setting.unknown is None else redacted_text(setting.unknown),
        sources=tuple(redacted_text(source) for source in setting.sources),
    )


def _answers(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    kept: dict[str, Answer] = {}
    for answer in answers:
        known = kept.get(answer.endpoint)
        if known is None or (answer.good and not known.good):
            kept[answer.endpoint] = answer
    return tuple(_answer(kept[endpoint]) for endpoint in sorted(kept))


def _answer(answer: Answer) -> Answer:
    return Answer(
        endpoint=redacted_text(answer.endpoint),
        status=answer.status,
        message=redacted_text(answer.message),
        body=redacted(plain(answer.body)),
        complete=answer.complete,
        failure=answer.failure,
        permission=answer.permission,
        grantable=answer.grantable,
    )
