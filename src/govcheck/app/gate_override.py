"""What opens a gate that is closed: an override committed beside the policies, or `--override` where that is allowed.

A committed one was reviewed as the policies were. What a flag says nobody reviewed: so the policies have to allow it,
and it lasts from its first record on, however often the workflow that has it is run again.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from govcheck.app.gate_log import kept_log
from govcheck.app.options import GateOptions
from govcheck.app.policies import read_overrides
from govcheck.app.state import Reading
from govcheck.errors import SourceError, UsageError
from govcheck.facts.decisions import Overriding
from govcheck.records import frozen
from govcheck.rules.deploy_window import DeployWindow
from govcheck.settings import durations

LONGEST = timedelta(hours=24)
"""Of `--override`: for longer than this, commit one."""

_SOURCE = "--override"


@frozen(kw_only=True)
class Overrides:
    """Where overrides are looked for, and for what."""

    options: GateOptions
    reading: Reading
    """The state whose policies judge."""

    commit: str
    now: datetime
    log: Path
    actor: str


def overriding(asked: Overrides, policies: tuple[DeployWindow, ...]) -> Overriding | None:
    """What opens a closed gate; None where nothing does.

    Raises:
        PolicyError: a committed override is not valid.
        UsageError: `--override` is given in a way that is none.
        SourceError: the log, by which it is told when an override ends, is not whole.
    """
    return _committed(asked) or _given(asked, policies)


def _committed(asked: Overrides) -> Overriding | None:
    files = read_overrides(asked.options.setting, asked.reading)
    if not files:
        return None
    from govcheck.sources.override_files import load_overrides  # noqa: PLC0415 - YAML, and few gates need it

    for one in load_overrides((file.path, file.data) for file in files):
        if one.holds(asked.options.environment, asked.commit, asked.now):
            return Overriding(
                reason=one.override.reason,
                approved_by=one.override.approved_by,
                created=one.created.astimezone(UTC),
                expires=one.expires.astimezone(UTC),
                source=f"{one.path}:{one.line}",
            )
    return None


def _given(asked: Overrides, policies: tuple[DeployWindow, ...]) -> Overriding | None:
    options = asked.options
    if options.override is None:
        return None
    approver = (options.approved_by or "").strip()
    length = durations.parse(options.lasts)
    if not options.override.strip() or not approver:
        raise UsageError("--override needs its reason, and --approved-by who agreed to it")
    if length is None or length > LONGEST:
        raise UsageError(f"--for {options.lasts}: write a length of time of at most 24h, such as 1h or 30m")
    if approver.lower() == asked.actor.lower():
        raise UsageError(f"--approved-by {approver}: nobody approves their own override", "name who agreed to it")
    refusing = [policy.id for policy in policies if not policy.overridable]
    if refusing:
        raise UsageError(
            f"--override is not allowed by {', '.join(refusing)}",
            "write `overridable: true` there, or commit the override to overrides.yaml beside the policies",
        )
    first = _first(asked, options.override, approver)
    created = first.created if first is not None else asked.now
    expires = first.expires if first is not None else asked.now + length
    if asked.now >= expires:
        raise UsageError(
            f"this override ended {expires:%Y-%m-%d %H:%M} UTC, and running it again does not make it longer",
            "a new one has a reason of its own",
        )
    return Overriding(reason=options.override, approved_by=approver, created=created, expires=expires, source=_SOURCE)


def _first(asked: Overrides, reason: str, approver: str) -> Overriding | None:
    """The same override as it was first recorded."""
    log = kept_log(asked.log)
    if log is None:
        return None
    if log.broken:
        raise SourceError(
            f"when this override began cannot be told: {log.source} is damaged: {log.broken}",
            "`govcheck gate log` shows what is whole",
        )
    supposed = asked.options.setting.at is not None
    for decision in log.decisions:
        one = decision.override
        if (decision.judged_at != decision.time) != supposed:
            continue  # an answer to `--at` neither begins an override that counts nor ends it
        same = one is not None and (one.source, one.reason, one.approved_by) == (_SOURCE, reason, approver)
        if same and decision.environment.lower() == asked.options.environment.lower():
            return one
    return None
