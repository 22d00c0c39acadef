"""What each layer gives by itself, and the parts of its document that no control reads, as flat, named values.

`branches/main/protection/...` is classic protection, `rulesets/42/...` a ruleset: with `controls/` before it a
control's value by that layer alone, otherwise a part of the document.
"""

from collections.abc import Iterator, Mapping

from govcheck.facts.live import LiveBranch, LiveRulesets
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings import classic, rulesets
from govcheck.settings.actors import listed_actors
from govcheck.settings.answers import Trouble
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects_of, part, text, texts
from govcheck.settings.control import Target
from govcheck.settings.controls import CONTROLS
from govcheck.settings.every_ruleset import whole_rulesets
from govcheck.settings.places import owner_of, setting
from govcheck.settings.protection import EffectiveProtection, effective_protection
from govcheck.settings.ref_views import as_branch


@frozen
class SettingValue:
    """What one setting is."""

    value: Json
    """As policies write it. Where there is trouble: what is known all the same, or null."""

    trouble: Trouble | None = None
    """Why the value is not known, or not wholly."""

    sources: tuple[str, ...] = ()
    """The layers that give it."""


Named = Iterator[tuple[str, SettingValue]]

INCLUDE, EXCLUDE = "include", "exclude"
NOT_ON_CREATE = "do_not_enforce_on_create"
ENFORCE_ADMINS = "enforce_admins"
ALLOWANCES = "bypass_pull_request_allowances"
OWN = frozenset({ENFORCE_ADMINS, ALLOWANCES})
"""What of classic protection no control reads by itself, but who can go around them."""

_PROTECTION = "protection"
_RULESETS = "rulesets"
_WHOLE: tuple[Target, ...] = ("tag", "push")
"""No branch is asked for these."""

_NOISE = frozenset({"url", "contexts_url", "enabled", "name", "protection_url", "contexts", "enforcement_level"})
_RULESET_KEYS = frozenset(
    {
        *("id", "node_id", "_links", "created_at", "updated_at", "source", "source_type", "current_user_can_bypass"),
        *("name", "target", "enforcement", "conditions", "rules", "bypass_actors"),
    }
)
"""What a ruleset's document has that is either noise or told under a name of its own."""

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
"""Of every type of rule that a control reads, the parameters that are read, down to the members of lists."""


def of_classic(branch: LiveBranch, protection: EffectiveProtection) -> Named:
    """Classic protection of a branch."""
    body, _ = classic.document(branch)
    if body is None:
        return
    for key, value in _own(protection, None):
        yield setting(branch.branch, _PROTECTION, "controls", key), SettingValue(value)
    try:
        allowed = listed_actors(body, f"required_pull_request_reviews.{ALLOWANCES}", owner_of(branch)) or frozenset()
        yield setting(branch.branch, _PROTECTION, ALLOWANCES), SettingValue([*sorted(allowed)])
        bound = flag(body, f"{ENFORCE_ADMINS}.enabled") or False
        yield setting(branch.branch, _PROTECTION, ENFORCE_ADMINS), SettingValue(bound)
    except UnexpectedShapeError:  # who can go around its controls says that it could not be read
        pass
    for path, value in _unread_parts(body, classic.READ_KEYS):
        yield setting(branch.branch, _PROTECTION, path), SettingValue(value)


def of_rulesets(branch: LiveBranch, protection: EffectiveProtection) -> Named:
    """The rulesets that bear on a branch."""
    rules, _ = rulesets.active_rules(branch)
    seen: set[int | None] = set()
    for rule in rules:
        try:
            ruleset = number(rule, "ruleset_id")
            if ruleset not in seen:
                yield from _document(ruleset, rulesets.details(branch, ruleset) or {})
                yield from _passers(branch, ruleset)
                yield from _controls(protection, ruleset)
                seen.add(ruleset)
            yield from _rule(ruleset, rule)
        except UnexpectedShapeError:  # its controls say that it could not be read
            continue


def of_ruleset(branch: LiveBranch, ruleset: int, document: Body) -> Named:
    """One ruleset by itself, by its document; `branch` is one that it alone guards.

    Raises:
        UnexpectedShapeError: where the document is odd.
    """
    yield from _document(ruleset, document)
    yield from _passers(branch, ruleset)
    yield from _controls(effective_protection(branch), ruleset)
    for rule in rulesets.active_rules(branch)[0]:
        yield from _rule(ruleset, rule)


def of_every_ruleset(live: LiveRulesets) -> Named:
    """Which rulesets there are, and what those do that are for tags and pushes."""
    try:
        listed = objects_of(live.listed.body, "rulesets") if live.listed.status == 200 else ()  # noqa: PLR2004 - HTTP's
    except UnexpectedShapeError:  # a list that is none: whoever asserts something of it says so
        listed = ()
    for entry in listed:
        yield from _listed(entry)
    for target in _WHOLE:
        for ruleset in whole_rulesets(live, target)[0]:
            branch = as_branch(live, target, (ruleset,))
            yield from of_rulesets(branch, effective_protection(branch))


def _listed(entry: Body) -> Named:
    try:
        ruleset = number(entry, "id")
        for key in ("name", "enforcement", "target"):
            if (value := text(entry, key)) is not None:
                yield f"{_RULESETS}/{ruleset}/{key}", SettingValue(value)
    except UnexpectedShapeError:  # an entry that is none is nothing to compare
        return


def _own(protection: EffectiveProtection, ruleset: int | None) -> Iterator[tuple[str, Json]]:
    """Every control that one layer gives, by that layer alone; None is classic protection."""
    for key, effective in protection.controls.items():
        strength = effective.control.strength
        own = [
            one.value
            for one in effective.given
            if one.source.ruleset == ruleset and (ruleset is not None or one.source.name == classic.CLASSIC)
        ]
        if own:
            values = [strength.as_json(floor) for floor in strength.join(own)]
            yield key, values[0] if len(values) == 1 else values


def _controls(protection: EffectiveProtection, ruleset: int | None) -> Named:
    if ruleset is not None:
        for key, value in _own(protection, ruleset):
            yield f"{_RULESETS}/{ruleset}/controls/{key}", SettingValue(value)


def _document(ruleset: int | None, document: Body) -> Named:
    for key in ("name", "enforcement", "target"):
        if (value := text(document, key)) is not None:
            yield f"{_RULESETS}/{ruleset}/{key}", SettingValue(value)
    for key in (INCLUDE, EXCLUDE):
        if (refs := texts(document, f"conditions.ref_name.{key}")) is not None:
            yield f"{_RULESETS}/{ruleset}/{key}", SettingValue([*sorted(refs)])
    conditions = part(document, "conditions")
    for key, found in sorted(conditions.items()) if isinstance(conditions, dict) else ():
        if key != "ref_name" and found is not None:
            yield f"{_RULESETS}/{ruleset}/conditions/{key}", SettingValue(found)
    for key, found in sorted(document.items()):
        if key not in _RULESET_KEYS and found is not None:
            yield f"{_RULESETS}/{ruleset}/{key}", SettingValue(found)


def _passers(branch: LiveBranch, ruleset: int | None) -> Named:
    passers = rulesets.passers(branch, ruleset)
    written: Json = [f"{one.actor} ({one.mode})" for one in sorted(passers.known)]
    name = f"{_RULESETS}/{ruleset}/bypass_actors"
    yield name, SettingValue(None if passers.trouble else written, passers.trouble)


def _rule(ruleset: int | None, rule: Body) -> Named:
    """What no control reads of a rule."""
    kind, parameters = text(rule, "type"), part(rule, "parameters")
    known = _PARAMETERS.get(kind or "")
    for key, value in sorted(parameters.items()) if isinstance(parameters, dict) else ():
        left = _left(value, key, known or frozenset())
        if left is not None:
            yield f"{_RULESETS}/{ruleset}/{kind}/{key}", SettingValue(left)
    if known is None:
        yield f"{_RULESETS}/{ruleset}/{kind}", SettingValue(value=True)


def _left(value: Json, path: str, known: frozenset[str]) -> Json:
    """What remains of a parameter without what controls read; None where that is nothing."""
    if path in known:
        return None
    if not any(one.startswith((f"{path}.", f"{path}[].")) for one in known):
        return value
    if isinstance(value, dict):
        inner = {key: _left(found, f"{path}.{key}", known) for key, found in sorted(value.items())}
        return {key: found for key, found in inner.items() if found is not None} or None
    if isinstance(value, list):
        members = [_left(found, f"{path}[]", known) for found in value]
        return [one for one in members if one is not None] or None
    return None


def _unread_parts(body: Body, known: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, Json]]:
    for key, value in sorted(body.items()):
        inner = known.get(key)
        if key in _NOISE or (inner is not None and not isinstance(value, dict)):
            continue
        if inner is None:
            yield key, value
        elif isinstance(value, dict):
            yield from ((f"{key}.{one}", found) for one, found in sorted(value.items()) if one not in inner | _NOISE)
