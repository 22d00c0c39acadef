"""Rulesets as layers: the active rules that GitHub says apply to a branch, and the rulesets that they come from.

Which rulesets apply is GitHub's own answer (`rules/branches/{branch}`), so that no pattern is matched here. A ruleset
that says of itself that it is not active, or that includes nothing, does not count all the same.
"""

from collections.abc import Iterator

from govcheck.facts.live import Answer, LiveBranch
from govcheck.findings import Reason
from govcheck.settings import classic
from govcheck.settings.actors import ruleset_passers
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, objects_of, part, text, texts
from govcheck.settings.controls import CONTROLS
from govcheck.settings.layers import Document, Passers, Said, Source, Unread, kept_back, say
from govcheck.settings.places import owner_of, page
from govcheck.settings.readers import Surroundings

_CONTROLS = frozenset(key for key, control in CONTROLS.items() if control.rules)


def said(branch: LiveBranch) -> Iterator[Said]:
    """What all rulesets say about a branch."""
    rules, trouble = active_rules(branch)
    for rule in rules:
        yield from of_rule(branch, rule)
    if trouble is not None:
        yield Unread(source=Source("rulesets", page(branch, "rules")), controls=_CONTROLS, trouble=trouble)


def active_rules(branch: LiveBranch) -> tuple[tuple[Body, ...], Trouble | None]:
    """The rules of every ruleset that counts, and why there may be more of them."""
    judged = verdict(branch.rules)
    if judged.trouble is not None:
        return (), None if classic.unprotected(branch) else judged.trouble
    if judged.state is not State.ON:
        return (), None
    try:
        rules = objects_of(branch.rules.body, "rules")
        counting = tuple(rule for rule in rules if _counts(branch, number(rule, "ruleset_id")))
    except UnexpectedShapeError as error:
        return (), unparseable(branch.rules, str(error))
    return counting, None if branch.rules.complete else incomplete(branch.rules)


def details(branch: LiveBranch, ruleset: int | None) -> Body | None:
    """A ruleset's own document, or None where it could not be had."""
    answer = _answer(branch, ruleset)
    return answer.body if answer and verdict(answer).state is State.ON and isinstance(answer.body, dict) else None


def source_of(branch: LiveBranch, rule: Body) -> Source:
    """The ruleset that a rule comes from: `ruleset "main" (42) of o/r`.

    Raises:
        UnexpectedShapeError: where the rule does not say so.
    """
    ruleset, owner = number(rule, "ruleset_id"), text(rule, "ruleset_source")
    document = details(branch, ruleset) or {}
    name = text(document, "name")
    words = ["ruleset", f'"{name}" ({ruleset})' if name else f"{ruleset or 'without a number'}"]
    url = text(document, "_links.html.href") or page(branch, f"rules/{ruleset}")
    return Source(" ".join(words + ([f"of {owner}"] if owner else [])), _safe(url), ruleset)


def passers(branch: LiveBranch, ruleset: int | None) -> Passers:
    """Who may go around a ruleset."""
    answer, document = _answer(branch, ruleset), details(branch, ruleset)
    if answer is None:
        return _untold(Trouble(reason=Reason.API_ERROR, message=f"ruleset {ruleset} was not read"))
    if document is None:
        return _untold(verdict(answer).trouble or unparseable(answer, "expected a ruleset"))
    try:
        listed = objects(document, "bypass_actors")
        if listed is not None:
            return Passers(ruleset_passers(listed, classic.names(branch)))
    except UnexpectedShapeError as error:
        return _untold(unparseable(answer, str(error)))
    message = f"GitHub does not show who may bypass ruleset {ruleset} to a token that may not change it"
    return _untold(kept_back(answer, message, "administration:write", grantable=branch.protection.grantable))


def of_rule(branch: LiveBranch, rule: Body) -> Iterator[Said]:
    """What one rule says, as it applies to a branch."""
    around = Surroundings(owner_of(branch), classic.names(branch))
    try:
        kind, parameters, source = text(rule, "type"), part(rule, "parameters"), source_of(branch, rule)
        around_it = passers(branch, number(rule, "ruleset_id"))
    except UnexpectedShapeError as error:
        yield _odd(branch, str(error))
        return
    if kind is None or not isinstance(parameters, dict | None):
        yield _odd(branch, "a rule without a type, or with odd parameters")
        return
    document = Document(parameters or {}, branch.rules, around, source)
    for control in CONTROLS.values():
        for reading in control.rules:
            if reading.type == kind:
                yield from say(control, reading.read, document, around_it)


def _odd(branch: LiveBranch, what: str) -> Unread:
    return Unread(source=Source("rulesets"), controls=_CONTROLS, trouble=unparseable(branch.rules, what))


def _untold(trouble: Trouble) -> Passers:
    return Passers(trouble=trouble, admins_told=False)


def _answer(branch: LiveBranch, ruleset: int | None) -> Answer | None:
    return next((answer for answer in branch.rulesets if answer.endpoint.endswith(f"/rulesets/{ruleset}")), None)


def _counts(branch: LiveBranch, ruleset: int | None) -> bool:
    document = details(branch, ruleset)
    if document is None:
        return True
    try:
        if text(document, "enforcement") not in {None, "active"}:
            return False
        include, exclude = (texts(document, f"conditions.ref_name.{key}") for key in ("include", "exclude"))
    except UnexpectedShapeError:  # GitHub's own word that its rules apply stands
        return True
    return include is None or bool(include) or bool(exclude)


def _safe(url: str | None) -> str | None:
    return url if url is not None and url.startswith(("https://", "http://")) else None
