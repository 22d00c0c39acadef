"""Holding an environment's settings to what a policy wants of them, and saying what is otherwise."""

import difflib
import re
from collections.abc import Iterator, Mapping

from govcheck.constraints import NumberConstraint, SetBound, holds, members, words
from govcheck.constraints import problems as bound_problems
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Evidence, Finding, Fix, Json, Location, Undecided
from govcheck.settings import assertions, durations
from govcheck.settings.environments import PROTECTED, Environment, Environments, Told, read_protection, settings_page
from govcheck.settings.judging import as_json
from govcheck.settings.places import environment_setting
from govcheck.settings.reading import said_value
from govcheck.settings.registry import Setting

ALL = "environments"
"""What all environments together are called among the settings."""

_TO = {"self_review": "to", "branches": "to"}
_OK = 200
_REVIEWER = re.compile(r"user:[^/:\s]+|team:[^/:\s]+/[^/:\s]+")
_LONGEST_WAIT = 43_200
"""Minutes; GitHub takes no more."""

Wanted = str | int | NumberConstraint | SetBound
"""What a policy wants of a setting; a wait in minutes."""


def held_to(
    environment: Environment, setting: Setting, asked: Wanted, live: LiveAnswers
) -> Iterator[Finding | Undecided]:
    """What there is to say of one setting of one environment: nothing where it is as wanted."""
    told = read_protection(setting, environment, live)
    place = Location(setting=environment_setting(environment.name, setting.key), url=settings_page(environment, live))
    said, title = _said_wanted(setting, asked), f"{setting.title} {_TO.get(setting.key, 'of')} {environment.name}"
    if told.trouble is not None:
        message = f"{title} could not be told, where the policy wants {said}"
        if told.trouble.status == _OK:
            message = f"{message}: {told.trouble.message}"
        yield told.trouble.undecided(setting.key, environment.name, message, place)
        return
    held = _is_as_wanted(told.value, asked)
    if told.doubt is not None and held is not _is_as_wanted(setting.default, asked):
        shown = f"{title}: {_said_value(setting, told)}, where the policy wants {said}"
        message = f"{shown}; whether the owner's plan enforces it could not be told: {told.doubt.message}"
        yield told.doubt.undecided(setting.key, environment.name, message, place)
    elif not held:
        note = f"; {told.note}" if told.note else ""
        value = _said_value(setting, told)
        yield Finding(
            control=setting.key,
            subject=environment.name,
            message=f"{title}: {value}, where the policy wants {said}{note}",
            plane="live",
            location=place,
            expected=asked if isinstance(asked, str) else as_json(asked),
            actual=told.value,
            direction=_direction(setting, asked, told),
            fix=Fix(text=_fix(title, said, told)),
        )


def _is_as_wanted(value: Json, wanted: Wanted) -> bool:
    if isinstance(wanted, str) or isinstance(value, str):
        return value == wanted
    if isinstance(value, list):
        return holds(wanted, frozenset(map(str, value)))
    return (value is None or isinstance(value, int)) and holds(wanted, value)


def _direction(setting: Setting, wanted: Wanted, told: Told) -> Direction | None:
    if told.value == setting.default:
        return "weakened"
    if setting.key == "branches" and PROTECTED in (wanted, told.value):
        return "changed"
    return assertions.direction_from(setting, wanted, told.value)


def _said_wanted(setting: Setting, wanted: Wanted) -> str:
    if isinstance(wanted, str):
        return "protected branches only" if wanted == PROTECTED else wanted
    if setting.key == "wait" and isinstance(wanted, NumberConstraint):
        named = (("at least", wanted.min), ("at most", wanted.max), ("exactly", wanted.equals))
        return " and ".join(f"{word} {_shown(found)}" for word, found in named if found is not None)
    return words(wanted)


def _said_value(setting: Setting, told: Told) -> str:
    if setting.key == "branches" and told.value is None:
        return "all of them"
    if setting.key == "wait" and isinstance(told.value, int):
        return _shown(told.value)
    return "protected branches only" if told.value == PROTECTED else said_value(told.value)


def _fix(title: str, said: str, told: Told) -> str:
    if told.unenforced:
        return "Make the repository public, or move it to an organisation on GitHub Enterprise, or change the policy"
    return f"Set {title} to {said} in the repository's settings, or change the policy"


def _shown(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "".join([f"{hours}h" if hours else "", f"{rest}m" if rest or not hours else ""])


def minutes(exactly: str | None, low: str | None, high: str | None) -> NumberConstraint:
    """Bounds of a wait as a policy writes them, in minutes."""
    return NumberConstraint(equals=_whole_minutes(exactly), min=_whole_minutes(low), max=_whole_minutes(high))


def _whole_minutes(written: str | None) -> int | None:
    length = durations.parse(written) if written is not None else None
    return int(length.total_seconds() // 60) if length is not None else None


def wait_problem(written: str) -> str | None:
    """What is wrong with a wait as a policy writes it, or None."""
    length = durations.parse(written)
    if length is None or length.total_seconds() % 60:
        return f"`{written}` is no wait: write days, hours, minutes, such as 10m or 1h30m"
    if length.total_seconds() > _LONGEST_WAIT * 60:
        return f"`{written}` is longer than GitHub waits: at most 30d"
    return None


def list_problems(lists: Mapping[str, str | SetBound | None]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the lists that a policy gives, by its keys: bounds that are none, and who cannot approve."""
    for key, bound in lists.items():
        if bound is None or isinstance(bound, str):
            continue
        yield from (((key,), problem) for problem in bound_problems(bound))
        legal = "write user:LOGIN or team:ORGANISATION/SLUG"
        strange = [one for one in members(bound) if not _REVIEWER.fullmatch(one)] if key == "reviewers" else []
        yield from (((key,), f"{one!r} is nobody who can approve: {legal}") for one in strange)


def absent(name: str, found: Environments, job: str, evidence: tuple[Evidence, ...], live: LiveAnswers) -> Finding:
    """That there is no environment of that name; `job` is the first job that names it, if any does."""
    next_run = f"; the next run of the job {job} creates it without any protection" if job else ""
    near = difflib.get_close_matches(name.casefold(), [one.name.casefold() for one in found.listed], n=1)
    known = next((one.name for one in found.listed if near and one.name.casefold() == near[0]), None)
    hint = f"; the nearest that exists is {known}" if known is not None else ""
    return Finding(
        control="exists",
        subject=name,
        message=f"there is no environment {name}, so that nothing protects it{next_run}{_plan(found, live)}{hint}",
        plane="live",
        location=Location(setting=ALL, url=settings_page(None, live)),
        expected=True,
        actual=False,
        direction="weakened",
        fix=Fix(text=f"Create {name} with its rules in the repository's settings, or correct the name"),
        evidence=evidence,
    )


def unwanted(environment: Environment, live: LiveAnswers) -> Finding:
    """That there is an environment which should not be."""
    return Finding(
        control="exists",
        subject=environment.name,
        message=f"there is an environment {environment.name}, where the policy wants none",
        plane="live",
        location=Location(setting=ALL, url=settings_page(environment, live)),
        expected=False,
        actual=True,
        direction="changed",
        fix=Fix(text="Delete it in the repository's settings, under Environments, or change the policy"),
    )


def _plan(found: Environments, live: LiveAnswers) -> str:
    body = live.repository.body
    if found.unavailable:
        return "; this account's plan has no environments for this repository"
    if not found.listed and isinstance(body, dict) and body.get("private") is True:
        return "; on GitHub Free a private repository cannot have one"
    return ""
