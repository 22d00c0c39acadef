"""What GitHub's lists of alerts come to: which are open, since when and how severe, or that nothing is watched.

Sources: https://docs.github.com/en/rest/dependabot/alerts, https://docs.github.com/en/rest/code-scanning/code-scanning
and https://docs.github.com/en/rest/secret-scanning/secret-scanning
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, instant, number, text

SEVERITIES = ("critical", "high", "medium", "low")
"""How severe an alert of Dependabot is, or one of code scanning that bears on security."""

RULE_SEVERITIES = ("error", "warning", "note")
"""How severe any other alert of code scanning is."""

NO_SEVERITY = "none"


@frozen(kw_only=True)
class Alert:
    """One alert, without anything secret."""

    number: int
    opened: datetime
    what: str
    """What it is about: a package, a rule, a type of secret."""

    severity: str | None = NO_SEVERITY
    """One of the above; None where GitHub has a severity that this govcheck does not know."""

    url: str | None = None
    note: str = ""
    """What else there is to say of it."""

    bypassed: datetime | None = None
    """When its secret was pushed past push protection, where that is what is asked for."""


@frozen(kw_only=True)
class Alerts:
    """What one or several lists of alerts come to."""

    state: State
    """`ON`, also where not all of it could be read; `UNKNOWN` where nothing could."""

    alerts: tuple[Alert, ...] = ()
    """The oldest first; with `trouble` these are not all."""

    trouble: Trouble | None = None
    """Why there may be more than these."""

    unranked: Trouble | None = None
    """Why there are some among these whose severity is not known."""

    said: str = ""
    """GitHub's words, where nothing is watched."""


ReadAlert = Callable[[Body], Alert | None]
"""From an entry to its alert; None where it is not one of those that are asked for.

Raises:
    UnexpectedShapeError: the entry is not of the documented shape.
"""


def read_alerts(answers: Sequence[Answer], read: ReadAlert) -> Alerts:
    """The alerts of several lists together, each of them once."""
    found: dict[int, Alert] = {}
    troubles: list[Trouble] = []
    unranked: Trouble | None = None
    for answer in answers:
        judged = verdict(answer)
        if judged.state not in {State.ON, State.UNKNOWN}:
            return Alerts(state=judged.state, said=answer.message)
        if judged.trouble is not None:
            troubles.append(judged.trouble)
            continue
        for one in _listed(answer, read):
            if isinstance(one, Trouble):
                troubles.append(one)
            else:
                found.setdefault(one.number, one)
                unranked = unranked or _unranked(answer, one)
    return Alerts(
        state=State.UNKNOWN if len(troubles) >= len(answers) and not found else State.ON,
        alerts=tuple(sorted(found.values(), key=lambda alert: (alert.opened, alert.number))),
        trouble=troubles[0] if troubles else None,
        unranked=unranked,
    )


def dependabot_alert(entry: Body) -> Alert | None:
    """An open alert of Dependabot."""
    if not _is_open(entry, frozenset({"auto_dismissed", "dismissed", "fixed"})):
        return None
    severity = text(entry, "security_vulnerability.severity")
    package, manifest = text(entry, "dependency.package.name"), text(entry, "dependency.manifest_path")
    return _alert(entry, f"{package or 'a package'} in {manifest or 'an unnamed manifest'}", _known(severity))


def code_scanning_alert(entry: Body) -> Alert | None:
    """An open alert of code scanning."""
    if not _is_open(entry, frozenset({"dismissed", "fixed"})):
        return None
    level, severity = text(entry, "rule.security_severity_level"), text(entry, "rule.severity") or NO_SEVERITY
    ranked = _known(level) if level is not None else _known(severity, (*RULE_SEVERITIES, NO_SEVERITY))
    return _alert(entry, f"{text(entry, 'rule.id') or 'a rule'} of {text(entry, 'tool.name') or 'a tool'}", ranked)


def secret_alert(entry: Body) -> Alert | None:
    """An open alert of secret scanning: its type, never its secret."""
    if not _is_open(entry, frozenset({"resolved"})):
        return None
    note = _past_push_protection(entry) if flag(entry, "push_protection_bypassed") else ""
    return _alert(entry, _type(entry), note=note)


def bypassed_secret(entry: Body) -> Alert | None:
    """An alert, open or resolved, whose secret was pushed past push protection."""
    bypassed = flag(entry, "push_protection_bypassed")
    if bypassed is None:
        raise UnexpectedShapeError("an alert that does not say whether push protection was bypassed")
    at = text(entry, "push_protection_bypassed_at") or text(entry, "created_at")
    if not bypassed:
        return None
    resolution = text(entry, "resolution")
    closed = f", resolved as {resolution}" if resolution else ""
    return _alert(entry, _type(entry), note=_past_push_protection(entry) + closed, bypassed=instant(at))


def _listed(answer: Answer, read: ReadAlert) -> Iterator[Alert | Trouble]:
    if not isinstance(answer.body, list):
        yield unparseable(answer, "expected a list of alerts")
        return
    if not answer.complete:
        yield incomplete(answer)
    for entry in answer.body:
        try:
            one = read(_object(entry))
        except UnexpectedShapeError as error:
            yield unparseable(answer, str(error))
        else:
            if one is not None:
                yield one


def _object(entry: Json) -> Body:
    if not isinstance(entry, dict):
        raise UnexpectedShapeError("expected a list of objects")
    return entry


def _unranked(answer: Answer, alert: Alert) -> Trouble | None:
    if alert.severity is not None:
        return None
    return unparseable(answer, f"alert #{alert.number} has a severity that this govcheck does not know")


def _is_open(entry: Body, closed: frozenset[str]) -> bool:
    state = text(entry, "state")
    if state != "open" and state not in closed:
        raise UnexpectedShapeError(f"an alert is in the state {state!r}, which this govcheck does not know")
    return state == "open"


def _known(severity: str | None, known: Sequence[str] = SEVERITIES) -> str | None:
    return severity if severity in known else None


def _alert(
    entry: Body, what: str, severity: str | None = NO_SEVERITY, note: str = "", bypassed: datetime | None = None
) -> Alert:
    found, address = number(entry, "number"), text(entry, "html_url")
    if found is None:
        raise UnexpectedShapeError("an alert without its number")
    return Alert(
        number=found,
        opened=instant(text(entry, "created_at")),
        what=what,
        severity=severity,
        url=address if address is not None and address.startswith("https://") else None,
        note=note,
        bypassed=bypassed,
    )


def _type(entry: Body) -> str:
    return text(entry, "secret_type_display_name") or text(entry, "secret_type") or "a secret"


def _past_push_protection(entry: Body) -> str:
    by = text(entry, "push_protection_bypassed_by.login")
    return f"pushed past push protection by {by or 'somebody'}"
