"""Holding settings to what a policy wants of them: whatever the kind, whatever the setting."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.constraints import Bound, NumberConstraint, SetConstraint, holds, words
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Finding, Fix, Json, Judged, Location, Undecided
from govcheck.records import replace
from govcheck.settings.evidence import answered
from govcheck.settings.judging import as_json
from govcheck.settings.reading import Reading, answer_of, read
from govcheck.settings.registry import Setting, of_kind
from govcheck.settings.strength import Strength

Wanted = bool | str | Bound
"""What a policy wants of a setting."""

Said = Finding | Undecided | Judged


def endpoints(settings: Iterable[Setting]) -> tuple[str, ...]:
    """What has to be asked to tell these settings."""
    return tuple(dict.fromkeys(setting.endpoint for setting in settings))


def asserted(kind: str, policy: object) -> dict[Setting, Wanted]:
    """The settings that a policy of that kind gives, with what it wants of each. Its keys are the registry's."""
    given = ((setting, getattr(policy, setting.key)) for setting in of_kind(kind))
    return {setting: wanted for setting, wanted in given if wanted is not None}


def judge(wanted: Mapping[Setting, Wanted], live: LiveAnswers, subject: str) -> Iterator[Said]:
    """Every setting that is not as wanted, or that could not be told.

    Args:
        wanted: What the policy wants.
        live: What was answered.
        subject: What the settings are of: `OWNER/NAME`, or an environment.
    """
    yield Judged(len(wanted), tuple(setting.name for setting in wanted))
    for setting, asked in wanted.items():
        found = read(setting, live)
        if found.trouble is not None:
            message = f"{setting.title} could not be told, where the policy wants {said_wanted(asked)}"
            yield found.trouble.undecided(setting.key, subject, message, _place(setting, live))
        elif not is_as_wanted(found.value, asked):
            told = finding(setting, found, asked, subject, _place(setting, live))
            yield replace(told, evidence=(answered(answer_of(setting.endpoint, live), setting.path),))


def finding(setting: Setting, found: Reading, wanted: Wanted, subject: str, place: Location) -> Finding:
    """What there is to say of a setting that is not as wanted."""
    plan = "; this account's plan does not have it" if found.unavailable else ""
    return Finding(
        control=setting.key,
        subject=subject,
        message=f"{setting.title}: {said_value(found.value)}, where the policy wants {said_wanted(wanted)}{plan}",
        plane="live",
        location=place,
        expected=wanted if isinstance(wanted, bool | str) else as_json(wanted),
        actual=found.value,
        direction=direction_from(setting, wanted, found.value),
        fix=Fix(text=f"Set {setting.title} to {said_wanted(wanted)}, or change the policy"),
    )


def is_as_wanted(value: Json, wanted: Wanted) -> bool:
    """Whether a known value is as the policy wants it."""
    if isinstance(wanted, bool | str):
        return value == wanted and isinstance(value, bool) is isinstance(wanted, bool)
    if isinstance(wanted, int | NumberConstraint):
        return (value is None or (isinstance(value, int) and not isinstance(value, bool))) and holds(wanted, value)
    return isinstance(value, list) and holds(wanted, frozenset(map(str, value)))


def direction(setting: Setting, before: Json, after: Json) -> Direction | None:
    """Which way a setting went from one value to another; None where it did not move."""
    if before == after:
        return None
    if setting.order and isinstance(before, str) and isinstance(after, str):
        return _by_order(setting.order, before, after)
    if setting.strength is None:
        return "changed"
    return setting.strength.direction(before, after)


def direction_from(setting: Setting, wanted: Wanted, found: Json) -> Direction | None:
    """How a value is off from what is wanted: weaker, stronger, or neither."""
    if isinstance(wanted, bool | str):
        return direction(setting, wanted, found)
    if isinstance(wanted, NumberConstraint | int):
        low, high = _edges(wanted)
        edge = low if isinstance(found, int) and low is not None and found < low else high
        return direction(setting, edge, found) if edge is not None else "changed"
    return "changed" if setting.strength is None else _of_set(setting.strength, wanted, found)


def said_wanted(wanted: Wanted) -> str:
    """What is wanted, for people."""
    return said_value(wanted) if isinstance(wanted, bool | str) else words(wanted)


def said_value(value: Json) -> str:
    """A value, for people."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None else str(value)


def _place(setting: Setting, live: LiveAnswers) -> Location:
    body = live.repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    url = f"{page}/settings" if isinstance(page, str) and page.startswith("https://") else None
    return Location(setting=setting.name, url=url)


def _by_order(order: tuple[str, ...], before: str, after: str) -> Direction:
    if before not in order or after not in order:
        return "changed"
    return "strengthened" if order.index(after) > order.index(before) else "weakened"


def _edges(wanted: NumberConstraint | int) -> tuple[int | None, int | None]:
    if isinstance(wanted, int):
        return wanted, wanted
    return (wanted.min if wanted.equals is None else wanted.equals), (
        wanted.max if wanted.equals is None else wanted.equals
    )


def _of_set(strength: Strength, wanted: tuple[str, ...] | SetConstraint, found: Json) -> Direction:
    named = wanted if isinstance(wanted, tuple) else wanted.equals or wanted.superset_of or wanted.subset_of or ()
    return strength.direction(list(named), found) or "changed"
