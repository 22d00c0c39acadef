"""A ruleset: what `GET /repos/{owner}/{repo}/rulesets/{id}` answers, or the web page exports.

Source: https://docs.github.com/en/rest/repos/rules
"""

import re
from collections.abc import Iterator

from govcheck.app.init.importing.controls import bounds, unnamed
from govcheck.app.init.importing.told import Left, Source, identity, key_left, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Sequence, plain
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.findings import Json
from govcheck.settings.actors import ruleset_passers
from govcheck.settings.apps import APP_IDS
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects
from govcheck.settings.control import Control, Target
from govcheck.settings.controls import CONTROLS, KEPT, controls_of
from govcheck.settings.readers import NotToldError, Surroundings
from govcheck.settings.ref_patterns import is_pattern
from govcheck.settings.strength import Value

_KINDS: dict[Target, tuple[str, str, str]] = {
    "branch": ("branch-protection", "branch", "refs/heads/"),
    "tag": ("tag-protection", "tag", "refs/tags/"),
    "push": ("push-rules", "", ""),
}
"""Target to the kind of policy, its key for the ref, and what begins a ref's name."""

_FORGIVEN = frozenset(
    [
        "id",
        "name",
        "target",
        "source",
        "source_type",
        "enforcement",
        "conditions",
        "rules",
        "bypass_actors",
        "node_id",
        "created_at",
        "updated_at",
        "current_user_can_bypass",
        "_links",
    ]
)


def read(document: Mapping, source: Source) -> Iterator[Proposal | Left]:
    """The rules of one ruleset, once for each pattern that it includes."""
    found = plain(document)
    body: Body = found if isinstance(found, dict) else {}
    for key in document.entries:
        if key not in _FORGIVEN:
            yield key_left(source, document, key, "no such part of a ruleset is known")
    target = body.get("target", "branch")
    enforcement = body.get("enforcement", "active")
    if not isinstance(target, str) or target not in _KINDS:
        yield left(source, document, f"target {target}", "only rulesets for branches, tags and pushes are known")
    elif enforcement != "active":
        yield left(source, document, f"enforcement {enforcement}", "it is not in force, so that no policy would hold")
    else:
        yield from _active(document, body, target, source)


def _active(document: Mapping, body: Body, target: Target, source: Source) -> Iterator[Proposal | Left]:
    values: dict[Control, Value] = {}
    for node in _rules(document):
        yield from _rule(node, target, values, source)
    for control in list(values):
        if names := unnamed(values[control]):
            yield left(source, document, control.key, f"{', '.join(names)} has no name in it")
            del values[control]
    keys = bounds(values)
    passers = _passers(body)
    if isinstance(passers, Left | str):
        yield left(source, document.get("bypass_actors") or document, "bypass_actors", str(passers))
    elif keys:
        keys["bypass"] = {"subset_of": [*passers]}
    if not keys:
        return
    kind, key, start = _KINDS[target]
    name = body.get("name")
    words = name if isinstance(name, str) else target
    if not key:
        yield _proposal(kind, identity(words), keys, source)
        return
    for ref, said in _refs(document, start, target):
        if said:
            yield left(source, document, f"conditions {ref}", said)
        else:
            own = "" if ref == DEFAULT_BRANCH else ref
            yield _proposal(kind, identity(words, own, target), {key: ref, **keys}, source)


def _proposal(kind: str, name: str, keys: dict[str, Json], source: Source) -> Proposal:
    return Proposal(
        kind=kind,
        id=name,
        file="branches.yaml" if kind == "branch-protection" else "refs.yaml",
        why=f"As {source.name} says.",
        fixed=keys,
        explained=(f"Imported from {source.name}.",),
        declared=True,
    )


def _rules(document: Mapping) -> list[Node]:
    rules = document.get("rules")
    return list(rules) if isinstance(rules, Sequence) else []


def _rule(node: Node, target: Target, values: dict[Control, Value], source: Source) -> Iterator[Left]:
    found = plain(node)
    body: Body = found if isinstance(found, dict) else {}
    kind = body.get("type")
    parameters = body.get("parameters") or {}
    readings = [(control, one) for control in CONTROLS.values() for one in control.rules if one.type == kind]
    if not readings or not isinstance(parameters, dict):
        yield left(source, node, f"rule {kind}", "no such rule is known")
        return
    legal = controls_of(target)
    read_too = {re.split(r"[.\[]", name)[0] for _, one in readings for name in one.parameters}
    read_too |= {parameter for rule, parameter in KEPT if rule == kind}
    for name in parameters:
        if name not in read_too:
            yield left(source, node, f"rule {kind}", f"no policy says `{name}`")
    for control, reading in readings:
        if control.key not in legal:
            yield left(source, node, f"rule {kind}", f"no policy for a {target} says {control.key}")
            continue
        try:
            value = reading.read(parameters, Surroundings(source.owner, {}))
        except (NotToldError, UnexpectedShapeError) as error:
            yield left(source, node, f"rule {kind}", f"{control.key}: {error}")
            continue
        before = values.get(control, control.strength.weakest)
        joined = control.strength.join([before, value])
        values[control] = joined[0]


def _passers(body: Body) -> list[str] | str:
    """Who may go around it, or why that cannot be said."""
    try:
        listed = objects(body, "bypass_actors")
        if listed is None:
            return "they are not in the document: GitHub shows them only to who may change the ruleset"
        names = {("app", number): f"app:{slug}" for slug, number in APP_IDS.items()}
        found = frozenset(passer.actor for passer in ruleset_passers(listed, names))
    except UnexpectedShapeError as error:
        return str(error)
    if missing := unnamed(found):
        return f"{', '.join(missing)} has no name in it: write `bypass` with the name that GitHub shows"
    return sorted(found)


def _refs(document: Mapping, start: str, target: Target) -> Iterator[tuple[str, str]]:
    """Each pattern as a policy writes it, or why it cannot be one."""
    conditions = document.get("conditions")
    names = conditions.get("ref_name") if isinstance(conditions, Mapping) else None
    for key in conditions.entries if isinstance(conditions, Mapping) else ():
        if key != "ref_name":
            yield key, "which repositories it is for is not looked at"
    found = plain(names) if isinstance(names, Mapping) else None
    include, exclude = (found.get("include"), found.get("exclude")) if isinstance(found, dict) else (None, None)
    if not isinstance(include, list) or not include:
        yield "include", "it includes nothing, so that it protects nothing"
        return
    for ref in include:
        if not isinstance(ref, str):
            yield str(ref), "it is no pattern"
        elif exclude and (ref == "~ALL" or is_pattern(ref)):
            yield ref, "no policy leaves refs out of a pattern, as `exclude` does here"
        elif ref == "~ALL":
            yield ("**/*" if target == "branch" else "~ALL"), ""
        elif ref == DEFAULT_BRANCH or ref.startswith(start):
            yield ref.removeprefix(start), ""
        else:
            yield ref, f"a pattern of a {target} begins with {start}"
