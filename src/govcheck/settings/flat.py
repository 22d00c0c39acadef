"""A branch's settings as flat, named values: what a snapshot keeps and drift compares.

Beside the controls: who can go around each, which app each required check is bound to, and, as GitHub has them, all
parts of the documents that no control reads; so that a setting which this govcheck does not know is seen to change.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from govcheck.facts.live import LiveBranch
from govcheck.findings import Direction, Json
from govcheck.records import frozen
from govcheck.settings import classic, rulesets
from govcheck.settings.actors import app_name
from govcheck.settings.answers import Trouble
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, text
from govcheck.settings.bypass import admins_included, bypass
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS, CONTROLS
from govcheck.settings.places import setting
from govcheck.settings.protection import EffectiveControl, EffectiveProtection, effective_protection, main_trouble
from govcheck.settings.required import required_checks
from govcheck.settings.strength import Strength


@frozen
class SettingValue:
    """What one setting is."""

    value: Json
    """As policies write it. Where there is trouble: what is known all the same, or null."""

    trouble: Trouble | None = None
    """Why the value is not known, or not wholly."""

    sources: tuple[str, ...] = ()
    """The layers that give it."""


_SOURCES = "status_check_sources"
_TITLES = {
    ADMINS_INCLUDED: "whether administrators are bound",
    _SOURCES: "which app each required status check is bound to",
}
_SECURITY = frozenset({ADMINS_INCLUDED, "approvals", "deletions", "force_pushes", "pull_requests", "status_checks"})
_RULESETS = "rulesets"
_ENFORCEMENT = {"active": 1}
"""`evaluate` only watches: it enforces as little as `disabled`."""

_NOISE = frozenset({"url", "contexts_url", "enabled", "name", "protection_url", "contexts", "enforcement_level"})
_PARAMETERS = {
    reading.type: frozenset(
        parameter
        for control in CONTROLS.values()
        for other in control.rules
        if other.type == reading.type
        for parameter in other.parameters
    )
    for control in CONTROLS.values()
    for reading in control.rules
}
"""Of every type of rule that a control reads, the parameters that it reads."""


def settings_of(branch: LiveBranch) -> dict[str, SettingValue]:
    """Every setting that bears on a branch, by name: `branches/main/approvals`, `rulesets/42/enforcement`."""
    protection = effective_protection(branch)
    name = branch.branch
    found: dict[str, SettingValue] = {}
    for key, effective in protection.controls.items():
        found[setting(name, key)] = _value(effective)
        if effective.given:
            found[setting(name, BYPASS, key)] = _bypass(effective)
    found[setting(name, ADMINS_INCLUDED)] = _admins(protection)
    found[setting(name, _SOURCES)] = _check_sources(branch, protection)
    found.update(_rest_of_classic(branch))
    found.update(_rest_of_rulesets(branch))
    return found


def direction(name: str, before: Json, after: Json) -> Direction | None:
    """Which way a setting went, by its name: None where it did not move, `changed` where neither is stronger."""
    if before == after:
        return None
    match name.split("/"):
        case ["branches", _, key] if key in CONTROLS:
            return CONTROLS[key].strength.direction(before, after)
        case ["branches", _, "admins_included"]:
            return Strength.TOGGLE.direction(before, after)
        case ["branches", _, "bypass", _] | ["rulesets", _, "bypass_actors"]:
            return Strength.ACTORS.direction(before, after)
        case ["rulesets", _, "enforcement"]:
            old, new = (_ENFORCEMENT.get(str(value), 0) for value in (before, after))
            return "changed" if old == new else "strengthened" if new > old else "weakened"
        case _:
            return "changed"


def describe(name: str) -> str:
    """A setting's name in words, for people: `required approvals on main`."""
    match name.split("/"):
        case ["branches", branch, key] if key in CONTROLS:
            return f"{CONTROLS[key].title} on {unquote(branch)}"
        case ["branches", branch, "bypass", key] if key in CONTROLS:
            return f"who can go around {CONTROLS[key].title} on {unquote(branch)}"
        case ["branches", branch, key] if key in _TITLES:
            return f"{_TITLES[key]} on {unquote(branch)}"
        case ["branches", branch, *rest]:
            return f"{' '.join(rest)} of {unquote(branch)}"
        case ["rulesets", number_, *rest]:
            return f"{' '.join(rest).replace('_', ' ')} of ruleset {number_}"
        case _:
            return name


def bears_on_security(name: str) -> bool:
    """Whether a setting of a branch is to be named where nobody asserts it."""
    match name.split("/"):
        case ["branches", _, key]:
            return key in _SECURITY
        case _:
            return False


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


def _rest_of_classic(branch: LiveBranch) -> Iterator[tuple[str, SettingValue]]:
    body, _ = classic.document(branch)
    for path, value in _unread_parts(body or {}, classic.READ_KEYS):
        yield setting(branch.branch, "protection", path), SettingValue(value)


def _unread_parts(body: Body, known: Mapping[str, frozenset[str]], above: str = "") -> Iterator[tuple[str, Json]]:
    for key, value in sorted(body.items()):
        inner = known.get(f"{above}{key}")
        if key in _NOISE or (inner is not None and not isinstance(value, dict)):
            continue
        if inner is None:
            yield f"{above}{key}", value
        elif isinstance(value, dict):
            yield from ((f"{key}.{one}", found) for one, found in sorted(value.items()) if one not in inner | _NOISE)


def _rest_of_rulesets(branch: LiveBranch) -> Iterator[tuple[str, SettingValue]]:
    rules, _ = rulesets.active_rules(branch)
    for rule in rules:
        try:
            ruleset, kind = number(rule, "ruleset_id"), text(rule, "type")
            document = rulesets.details(branch, ruleset) or {}
            yield from _ruleset(branch, ruleset, document)
        except UnexpectedShapeError:  # its controls say that it could not be read
            continue
        parameters = rule.get("parameters")
        for key, value in sorted(parameters.items()) if isinstance(parameters, dict) else ():
            if key not in _PARAMETERS.get(kind or "", frozenset()):
                yield f"{_RULESETS}/{ruleset}/{kind}/{key}", SettingValue(value)
        if kind not in _PARAMETERS:
            yield f"{_RULESETS}/{ruleset}/{kind}", SettingValue(value=True)


def _ruleset(branch: LiveBranch, ruleset: int | None, document: Body) -> Iterator[tuple[str, SettingValue]]:
    for key in ("name", "enforcement"):
        if (value := text(document, key)) is not None:
            yield f"{_RULESETS}/{ruleset}/{key}", SettingValue(value)
    passers = rulesets.passers(branch, ruleset)
    written: Json = [f"{one.actor} ({one.mode})" for one in sorted(passers.known)]
    yield f"{_RULESETS}/{ruleset}/bypass_actors", SettingValue(None if passers.trouble else written, passers.trouble)
