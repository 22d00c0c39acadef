"""Holding alerts to limits: how many may be open, and for how long. What is not known of them counts for neither."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from govcheck.findings import Evidence, Finding, Fix, Held, Location, Undecided
from govcheck.records import frozen
from govcheck.settings import durations
from govcheck.settings.alerts import NO_SEVERITY, Alert, Alerts
from govcheck.settings.answers import State, Trouble

SUBJECT = "repository"
_MOST_EVIDENCE = 10
_RANKS = ("critical", "high", "medium", "low", "error", "warning", "note")


@frozen(kw_only=True)
class Watcher:
    """What raises alerts."""

    key: str
    """The policy's key, which is its control too: `dependabot`."""

    name: str
    """`Dependabot`."""

    fix: str
    """What to do about its alerts."""

    switch: str
    """What to do where it watches nothing."""

    page: str
    """Its page below the repository's own."""


@frozen(kw_only=True)
class Limit:
    """How many alerts may be open, and for how long."""

    severity: str | None = None
    """Of which severity; None for all together."""

    max: int | None
    older_than: str | None
    """A duration."""


@frozen(kw_only=True)
class Watch:
    """What a watcher's alerts come to, seen from one instant."""

    watcher: Watcher
    found: Alerts
    now: datetime
    place: Location

    @property
    def idle(self) -> bool:
        """Whether nothing is watched, so that there is no alert whatever is wrong."""
        return self.found.state not in {State.ON, State.UNKNOWN}


def judged(watch: Watch, limits: Iterable[Limit]) -> Iterator[Finding | Undecided | Held]:
    """Every limit that is exceeded, or that could not be held against all alerts; else what there is."""
    if watch.idle:
        yield _unwatched(watch)
        return
    said = [one for limit in limits for one in (*_number(watch, limit), *_age_of(watch, limit))]
    yield from said
    if not said:
        yield _held(watch, _summary(watch.found.alerts, watch.now))


def past_push_protection(watch: Watch, most: int, within: str | None) -> Iterator[Finding | Undecided | Held]:
    """Secrets that were pushed past push protection, open and resolved alerts alike."""
    if watch.idle:
        yield _unwatched(watch)
        return
    span = durations.parse(within or "")
    found = [one for one in watch.found.alerts if one.bypassed and (span is None or watch.now - one.bypassed <= span)]
    message = f"{_secrets(len(found))} pushed past push protection{f' within {within}' if within else ''}"
    wanted = f"where the policy wants {_at_most(most)}"
    if len(found) > most:
        yield _exceeded(watch, "max", f"{message}, {wanted}", found, (most, len(found)))
    elif watch.found.trouble is not None:
        yield _untold(watch, watch.found.trouble, "max", f"secrets that were pushed past push protection, {wanted}")
    else:
        yield _held(watch, message)


def _unwatched(watch: Watch) -> Finding:
    name, state = watch.watcher.name, watch.found.state
    why = {
        State.UNAVAILABLE: f"{name} watches nothing, as this account's plan does not have it",
        State.EMPTY: f"{name} has analysed nothing",
    }.get(state, f"{name} watches nothing")
    return Finding(
        control=watch.watcher.key,
        subject=SUBJECT,
        message=f'{why}: GitHub says "{watch.found.said.rstrip(".")}"',
        plane="live",
        location=watch.place,
        expected=State.ON.value,
        actual=state.value,
        direction="weakened",
        fix=Fix(text=watch.watcher.switch),
    )


def _number(watch: Watch, limit: Limit) -> Iterator[Finding | Undecided]:
    if limit.max is None:
        return
    counted, doubtful = _of(watch.found.alerts, limit.severity)
    wanted = f"where the policy wants {_at_most(limit.max)}"
    trouble = watch.found.trouble or (watch.found.unranked if len(counted) + len(doubtful) > limit.max else None)
    if len(counted) > limit.max:
        message = f"{_counted(len(counted), watch, limit.severity)}, {wanted}{_oldest(counted, watch.now)}"
        yield _exceeded(watch, _key(limit, "max"), message, counted, (limit.max, len(counted)))
    elif trouble is not None:
        yield _untold(watch, trouble, _key(limit, "max"), f"{_kind(watch, limit.severity)}, {wanted}")


def _age_of(watch: Watch, limit: Limit) -> Iterator[Finding | Undecided]:
    span = durations.parse(limit.older_than or "")
    if span is None:
        return
    old = [alert for alert in watch.found.alerts if watch.now - alert.opened > span]
    counted, doubtful = _of(old, limit.severity)
    trouble = watch.found.trouble or (watch.found.unranked if doubtful else None)
    if counted:
        verb = "is" if len(counted) == 1 else "are"
        message = f"{_counted(len(counted), watch, limit.severity)} {verb} open for longer than {limit.older_than}"
        numbers = (limit.older_than, _age(counted[0].opened, watch.now))
        yield _exceeded(watch, _key(limit, "older_than"), f"{message}{_oldest(counted, watch.now)}", counted, numbers)
    elif trouble is not None:
        wanted = f"where the policy wants none that is open for longer than {limit.older_than}"
        yield _untold(watch, trouble, _key(limit, "older_than"), f"{_kind(watch, limit.severity)}, {wanted}")


def _of(alerts: Sequence[Alert], severity: str | None) -> tuple[list[Alert], list[Alert]]:
    """Those of a severity, and those that may be of it."""
    if severity is None:
        return list(alerts), []
    return [one for one in alerts if one.severity == severity], [one for one in alerts if one.severity is None]


def _key(limit: Limit, name: str) -> str:
    return name if limit.severity is None else f"{limit.severity}.{name}"


def _exceeded(
    watch: Watch, key: str, message: str, alerts: Sequence[Alert], numbers: tuple[int | str | None, int | str]
) -> Finding:
    shown = [_evidence(one, watch.now) for one in alerts[:_MOST_EVIDENCE]]
    if len(alerts) > _MOST_EVIDENCE:
        shown.append(Evidence(text=f"and {len(alerts) - _MOST_EVIDENCE} more"))
    return Finding(
        control=f"{watch.watcher.key}.{key}",
        subject=SUBJECT,
        message=message,
        plane="live",
        location=watch.place,
        expected=numbers[0],
        actual=numbers[1],
        direction="weakened",
        fix=Fix(text=watch.watcher.fix),
        evidence=tuple(shown),
    )


def _evidence(alert: Alert, now: datetime) -> Evidence:
    ranked = "" if alert.severity == NO_SEVERITY else f"{alert.severity or 'of unknown severity'}, "
    note = f"; {alert.note}" if alert.note else ""
    since = f"opened {alert.opened:%Y-%m-%d}, {_age(alert.opened, now)} ago"
    return Evidence(text=f"#{alert.number}: {ranked}{alert.what}, {since}{note}", location=Location(url=alert.url))


def _untold(watch: Watch, trouble: Trouble, key: str, what: str) -> Undecided:
    message = f"not all can be told of the {what}: {trouble.message}"
    return trouble.undecided(f"{watch.watcher.key}.{key}", SUBJECT, message, watch.place)


def _held(watch: Watch, message: str) -> Held:
    return Held(control=watch.watcher.key, subject=SUBJECT, message=message, location=watch.place)


def _summary(alerts: Sequence[Alert], now: datetime) -> str:
    if not alerts:
        return "no open alert"
    ranks = {rank: sum(alert.severity == rank for alert in alerts) for rank in _RANKS}
    ranked = ", ".join(f"{count} {rank}" for rank, count in ranks.items() if count)
    count = "1 open alert" if len(alerts) == 1 else f"{len(alerts)} open alerts"
    return f"{count}{f' ({ranked})' if ranked else ''}{_oldest(alerts, now)}"


def _oldest(alerts: Sequence[Alert], now: datetime) -> str:
    if not alerts:
        return ""
    which = "the oldest" if len(alerts) > 1 else "it"
    return f"; {which} is open for {_age(alerts[0].opened, now)}"


def _counted(count: int, watch: Watch, severity: str | None) -> str:
    kind = _kind(watch, severity)
    return f"{count} {kind.replace('alerts', 'alert', 1) if count == 1 else kind}"


def _kind(watch: Watch, severity: str | None) -> str:
    return f"open {f'{severity} ' if severity else ''}alerts of {watch.watcher.name}"


def _secrets(count: int) -> str:
    return {0: "no secret was", 1: "1 secret was"}.get(count, f"{count} secrets were")


def _at_most(most: int) -> str:
    return f"at most {most}" if most else "none"


def _age(since: datetime, now: datetime) -> str:
    days = max(0, (now - since).days)
    if days == 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"
