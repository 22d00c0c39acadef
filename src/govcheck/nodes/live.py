"""Environments, rulesets and settings as nodes, by what GitHub answered."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from govcheck import globs
from govcheck.facts.live import Answer, LiveRulesets
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json, Location, Reason, Undecided
from govcheck.nodes import shapes
from govcheck.nodes.judging import Node
from govcheck.settings import assertions, code_security, registered
from govcheck.settings import environments as reading_environments
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects, objects_of, part, required_text, text, texts
from govcheck.settings.endpoints import (
    ENVIRONMENT,
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENTS,
    PROTECTED_BRANCHES,
    VULNERABILITY_ALERTS,
)
from govcheck.settings.places import environment_setting
from govcheck.settings.registry import Setting, of_kind, settings

_ENVIRONMENT_KIND = "environment-protection"
_RULESETS = "rulesets"
_ENVIRONMENTS = "environments"


def environment_endpoints(reads: Iterable[str]) -> tuple[str, ...]:
    """What has to be asked for these values of an environment."""
    wanted = set(reads)
    branches = (ENVIRONMENT_BRANCHES, PROTECTED_BRANCHES) if "branches" in wanted else ()
    return (ENVIRONMENTS, *branches, *((ENVIRONMENT_RULES,) if "custom_rules" in wanted else ()))


def environments(live: LiveAnswers, reads: Iterable[str]) -> tuple[list[Node], list[Undecided]]:
    """Every environment with those values that are read, and what stands in the way of the others."""
    found = reading_environments.environments(live)
    wanted = [setting for setting in of_kind(_ENVIRONMENT_KIND) if setting.key in set(reads)]
    nodes = [_environment(one, wanted, live) for one in found.listed]
    place = Location(setting=_ENVIRONMENTS, url=reading_environments.settings_page(None, live))
    blind = _blind("environment", _ENVIRONMENTS, found.trouble, place)
    return nodes, blind


def _environment(environment: reading_environments.Environment, wanted: Sequence[Setting], live: LiveAnswers) -> Node:
    values: dict[str, Any] = {"name": environment.name}
    troubles: dict[str, Undecided] = {}
    page = reading_environments.settings_page(environment, live)
    for setting in wanted:
        told = reading_environments.read_protection(setting, environment, live)
        place = Location(setting=environment_setting(environment.name, setting.key), url=page)
        if told.trouble is not None:
            message = f"{setting.title} of {environment.name} could not be told: {told.trouble.message}"
            troubles[setting.key] = told.trouble.undecided("environment", environment.name, message, place)
        elif told.value is not None:
            values[setting.key] = told.value
    return Node(
        values=shapes.plain(shapes.Environment()) | values,
        subject=environment.name,
        goes_by=environment.name,
        location=Location(setting=f"{_ENVIRONMENTS}/{environment.name}", url=page),
        plane="live",
        troubles=troubles,
    )


def rulesets(live: LiveRulesets) -> tuple[list[Node], list[Undecided]]:
    """Every active ruleset, and what stands in the way of the others."""
    place = Location(setting=_RULESETS, url=_page(live.repository, "rules"))
    judged = verdict(live.listed)
    blind = _blind("ruleset", _RULESETS, judged.trouble, place)
    if judged.state is State.ON and not live.listed.complete:
        blind += _blind("ruleset", _RULESETS, incomplete(live.listed), place)
    nodes = []
    for answer in live.rulesets:
        trouble = verdict(answer).trouble
        try:
            if trouble is None:
                nodes.append(_ruleset(answer, live))
        except UnexpectedShapeError as error:
            trouble = unparseable(answer, str(error))
        blind += _blind("ruleset", answer.endpoint.rpartition("/")[2], trouble, place)
    return nodes, blind


def _ruleset(answer: Answer, live: LiveRulesets) -> Node:
    body = answer.body
    if not isinstance(body, dict):
        raise UnexpectedShapeError("a ruleset that is no object")
    rules = objects_of(body.get("rules"), "rules")
    kinds = tuple(required_text(rule, "type") for rule in rules)
    name, number = required_text(body, "name"), body.get("id")
    node = shapes.Ruleset(
        name=name,
        target=text(body, "target") or "branch",
        source=text(body, "source") or "",
        source_type=text(body, "source_type") or "Repository",
        include=_refs(body, "include"),
        exclude=_refs(body, "exclude"),
        rules=tuple(dict.fromkeys(kinds)),
        parameters=_parameters(rules, kinds),
        bypass=objects(body, "bypass_actors") or (),
    )
    place = Location(setting=f"{_RULESETS}/{name}", url=_page(live.repository, f"rules/{number}"))
    troubles = {}
    if "bypass_actors" not in body:
        what = "`bypass_actors` is not in the answer, which is how GitHub keeps it from whoever may not see it"
        message = f"who may go around the ruleset {name} could not be told: {what}"
        hidden = Trouble(
            reason=Reason.PERMISSION,
            message=what,
            permission="administration:write",
            endpoint=answer.endpoint,
            status=answer.status,
            grantable=answer.grantable,
        )
        troubles["bypass"] = hidden.undecided("ruleset", name, message, place)
    return Node(values=shapes.plain(node), subject=name, goes_by=name, location=place, plane="live", troubles=troubles)


def _refs(body: Body, key: str) -> tuple[str, ...]:
    found = part(body, f"conditions.ref_name.{key}")
    if found is None:
        return ()
    texts(body, f"conditions.ref_name.{key}")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def _parameters(rules: Sequence[Body], kinds: Sequence[str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for rule, kind in zip(rules, kinds, strict=True):
        if isinstance(rule.get("parameters"), dict):
            found.setdefault(kind, rule["parameters"])
    return found


@cache
def wanted_settings(applies_to: tuple[str, ...]) -> tuple[Setting, ...]:
    """The settings that the globs mean, of those that one place tells. Environments are nodes of their own."""
    wanted = globs.compile_globs(applies_to)
    told = (one for one in settings() if registered.is_kept(one) and ENVIRONMENT not in one.endpoint)
    return tuple(one for one in told if one.kind != _ENVIRONMENT_KIND and wanted.matches(one.name))


def setting_endpoints(applies_to: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be asked to tell these settings."""
    wanted = wanted_settings(applies_to)
    more = (VULNERABILITY_ALERTS,) if any(one.key == "dependency_graph" for one in wanted) else ()
    return tuple(dict.fromkeys((*assertions.endpoints(wanted), *more)))


def setting_nodes(live: LiveAnswers, applies_to: tuple[str, ...]) -> list[Node]:
    """Every setting that the globs mean, and that GitHub has for this repository."""
    nodes = (_setting(setting, live) for setting in wanted_settings(applies_to))
    return [node for node in nodes if node is not None]


def _setting(setting: Setting, live: LiveAnswers) -> Node | None:
    found = code_security.reading_of(setting, live)  # of any other kind: as the registry has it
    if found.inapplicable and found.value is None:
        return None
    node = shapes.Setting(
        name=setting.name,
        kind=setting.kind,
        key=setting.key,
        title=setting.title,
        value=found.value,
        available=not found.unavailable,
        security=setting.security,
    )
    place = Location(setting=setting.name, url=_page(live.repository, "settings"))
    troubles = {}
    if found.trouble is not None:
        message = f"{setting.title} could not be told: {found.trouble.message}"
        told = found.trouble.undecided("setting", setting.name, message, place)
        troubles = {"value": told, "available": told}
    return Node(
        values=shapes.plain(node),
        subject=setting.name,
        goes_by=setting.name,
        location=place,
        plane="live",
        setting=setting.name,
        troubles=troubles,
    )


def _blind(control: str, subject: str, trouble: Trouble | None, place: Location) -> list[Undecided]:
    if trouble is None:
        return []
    return [trouble.undecided(control, subject, f"{subject} could not be told: {trouble.message}", place)]


def _page(repository: Answer, below: str) -> str | None:
    body: Mapping[str, Json] = repository.body if isinstance(repository.body, dict) else {}
    page = body.get("html_url")
    return f"{page}/{below}" if isinstance(page, str) and page.startswith(("https://", "http://")) else None
