"""A branch's settings as flat, named values: what a snapshot keeps and drift compares.

Beside the controls: who can go around each, which app each required check is bound to, what each layer gives by itself,
and, as GitHub has them, all parts of the documents that no control reads; so that a setting which this govcheck does
not know is seen to change.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from govcheck.facts.live import LiveBranch, LiveRulesets
from govcheck.findings import Direction, Json
from govcheck.settings import classic, flat_layers
from govcheck.settings.actors import app_name
from govcheck.settings.bypass import admins_included, bypass
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS, CONTROLS, controls_of
from govcheck.settings.flat_layers import EXCLUDE, INCLUDE, NOT_ON_CREATE, OWN, SettingValue
from govcheck.settings.places import setting
from govcheck.settings.protection import EffectiveControl, EffectiveProtection, effective_protection, main_trouble
from govcheck.settings.required import required_checks
from govcheck.settings.strength import Strength

_SOURCES = "status_check_sources"
_TITLES = {
    ADMINS_INCLUDED: "whether administrators are bound",
    _SOURCES: "which app each required status check is bound to",
}
_SECURITY = frozenset({ADMINS_INCLUDED, "approvals", "deletions", "force_pushes", "pull_requests", "status_checks"})
_ENFORCEMENT = {"active": 1}
"""`evaluate` only watches: it enforces as little as `disabled`."""

_Way = Callable[[Json, Json], Direction | None]


def settings_of(branch: LiveBranch) -> dict[str, SettingValue]:
    """Every setting that bears on a branch, by name: `branches/main/approvals`, `rulesets/42/enforcement`."""
    protection = effective_protection(branch)
    name = branch.branch
    found: dict[str, SettingValue] = {}
    for key in controls_of("branch"):
        effective = protection.controls[key]
        found[setting(name, key)] = _value(effective)
        if effective.given:
            found[setting(name, BYPASS, key)] = _bypass(effective)
    found[setting(name, ADMINS_INCLUDED)] = _admins(protection)
    found[setting(name, _SOURCES)] = _check_sources(branch, protection)
    found.update(flat_layers.of_classic(branch, protection))
    found.update(flat_layers.of_rulesets(branch, protection))
    return found


def settings_of_rulesets(live: LiveRulesets) -> dict[str, SettingValue]:
    """What no branch tells of rulesets: which there are, and all of those for tags and pushes."""
    return dict(flat_layers.of_every_ruleset(live))


def direction(name: str, before: Json, after: Json) -> Direction | None:
    """Which way a setting went, by its name: None where it did not move, `changed` where neither is stronger.

    A layer's own value and a ruleset's enforcement may be null, where there is none.
    """
    return None if before == after else _way(name.split("/"))(before, after)


def told_by(name: str) -> re.Pattern[str] | None:
    """Where a setting is a layer's own: the names of what it comes to, each of which tells as much where it moved."""
    match name.split("/"):
        case ["rulesets", _, "controls", key]:
            return re.compile(f"branches/[^/]+/{re.escape(key)}")
        case ["branches", branch, "protection", "controls", key]:
            return re.compile(re.escape(f"branches/{branch}/{key}"))
        case ["branches", branch, "protection", own] if own in OWN:
            return re.compile(re.escape(f"branches/{branch}/") + f"({ADMINS_INCLUDED}|{BYPASS}/.*)")
        case _:
            return None


def describe(name: str) -> str:
    """A setting's name in words, for people: `required approvals on main`."""
    match name.split("/"):
        case ["branches", branch, *rest]:
            return _describe_of_branch(unquote(branch), rest)
        case ["rulesets", number, "controls", key] if key in CONTROLS:
            return f"{CONTROLS[key].title}, by ruleset {number} alone"
        case ["rulesets", number, *rest]:
            return f"{' '.join(rest).replace('_', ' ')} of ruleset {number}"
        case _:
            return name


def bears_on_security(name: str) -> bool:
    """Whether a setting of a branch is to be named where nobody asserts it."""
    match name.split("/"):
        case ["branches", _, key]:
            return key in _SECURITY
        case _:
            return False


def _describe_of_branch(branch: str, rest: list[str]) -> str:
    match rest:
        case [key] if key in CONTROLS:
            return f"{CONTROLS[key].title} on {branch}"
        case ["bypass", key] if key in CONTROLS:
            return f"who can go around {CONTROLS[key].title} on {branch}"
        case [key] if key in _TITLES:
            return f"{_TITLES[key]} on {branch}"
        case ["protection", "controls", key] if key in CONTROLS:
            return f"{CONTROLS[key].title}, by {classic.CLASSIC} of {branch} alone"
        case _:
            return f"{' '.join(rest)} of {branch}"


def _way(parts: list[str]) -> _Way:
    match parts:
        case ["branches", _, *below]:
            return _way_of_branch(below)
        case ["rulesets", _, "controls", key] if key in CONTROLS:
            return _way_of_control(key)
        case ["rulesets", _, known] if known in _WAYS:
            return _WAYS[known]
        case ["rulesets", _, _, known] if known == NOT_ON_CREATE:
            return lambda before, after: Strength.TOGGLE.direction(after or False, before or False)
        case _:
            return _any_way


def _way_of_branch(below: list[str]) -> _Way:
    match below:
        case [key] | ["protection", "controls", key] if key in CONTROLS:
            return _way_of_control(key)
        case ["admins_included"] | ["protection", "enforce_admins"]:
            return Strength.TOGGLE.direction
        case ["bypass", _]:
            return Strength.ACTORS.direction
        case ["protection", own] if own in OWN:
            return Strength.ACTORS.direction
        case _:
            return _any_way


def _way_of_control(key: str) -> _Way:
    return _any_way if CONTROLS[key].neutral else CONTROLS[key].strength.direction


def _any_way(_before: Json, _after: Json) -> Direction:
    return "changed"


def _enforcement(before: Json, after: Json) -> Direction:
    old, new = (_ENFORCEMENT.get(str(value), 0) for value in (before, after))
    return "changed" if old == new else "strengthened" if new > old else "weakened"


_WAYS: dict[str, _Way] = {
    "bypass_actors": Strength.ACTORS.direction,
    "enforcement": _enforcement,
    INCLUDE: Strength.DEMANDED.direction,
    EXCLUDE: Strength.CHOICE.direction,
}
"""Of a ruleset itself."""


def _value(effective: EffectiveControl) -> SettingValue:
    trouble = main_trouble(effective.unread) if effective.unread else None
    sources = tuple(dict.fromkeys(one.source.name for one in effective.given))
    return SettingValue(effective.json, trouble, sources)


def _bypass(effective: EffectiveControl) -> SettingValue:
    found = bypass(effective)
    hidden = found.others or found.certain != found.possible
    trouble = main_trouble(found.unread) if hidden and found.unread else None
    return SettingValue([*sorted(found.possible)], trouble)


def _admins(protection: EffectiveProtection) -> SettingValue:
    found = admins_included(protection)
    controls = protection.controls.values()
    unread = tuple(one for control in controls for one in (*control.unread, *bypass(control).unread))
    return SettingValue(found, main_trouble(unread) if found is None else None)


def _check_sources(branch: LiveBranch, protection: EffectiveProtection) -> SettingValue:
    sources: dict[str, set[str]] = {}
    names = classic.names(branch)
    for check in required_checks(branch).checks:
        sources.setdefault(check.context, set()).add("any" if check.app_id is None else app_name(check.app_id, names))
    value: dict[str, Json] = {context: [*sorted(apps)] for context, apps in sorted(sources.items())}
    return SettingValue(value, _value(protection.controls["status_checks"]).trouble)
