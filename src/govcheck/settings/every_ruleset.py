"""The rulesets of a repository by what they are for: read whole, with the refs that each is meant for.

Which rulesets apply to a branch GitHub says itself. For tags, pushes and branches that are not there yet it does not:
there the conditions are read. Source: https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
"""

from govcheck.facts.live import Answer, LiveRulesets
from govcheck.findings import Reason
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects, objects_of, part, text
from govcheck.settings.control import Target
from govcheck.settings.controls import controls_of
from govcheck.settings.layers import Source, Unread
from govcheck.settings.ref_patterns import RefPattern

_ALL = "~ALL"
_DEFAULT_BRANCH = "~DEFAULT_BRANCH"
EVERYTHING = RefPattern.of("**/*")


@frozen
class WholeRuleset:
    """One active ruleset."""

    answer: Answer
    rules: tuple[Body, ...]
    """With the ruleset's number and source in each, as `rules/branches/{branch}` has them."""

    include: tuple[RefPattern, ...]
    exclude: tuple[RefPattern, ...]


def whole_rulesets(live: LiveRulesets, target: Target) -> tuple[tuple[WholeRuleset, ...], tuple[Unread, ...]]:
    """Every active ruleset for a target, and those of which it cannot be told what they do."""
    found: list[WholeRuleset] = []
    unread = [_unread(trouble, target) for trouble in _not_listed(live)]
    for answer in live.rulesets:
        try:
            ruleset = _read(live, answer, target)
        except UnexpectedShapeError as error:
            unread.append(_unread(unparseable(answer, str(error)), target))
            continue
        if isinstance(ruleset, Trouble):
            unread.append(_unread(ruleset, target))
        elif ruleset is not None:
            found.append(ruleset)
    return tuple(found), tuple(unread)


def _not_listed(live: LiveRulesets) -> list[Trouble]:
    judged = verdict(live.listed)
    if judged.trouble is not None:
        return [judged.trouble]
    if judged.state is not State.ON:
        return []
    try:
        objects_of(live.listed.body, "rulesets")
    except UnexpectedShapeError as error:
        return [unparseable(live.listed, str(error))]
    return [] if live.listed.complete else [incomplete(live.listed)]


def _read(live: LiveRulesets, answer: Answer, target: Target) -> WholeRuleset | Trouble | None:
    judged, body = verdict(answer), answer.body
    if not isinstance(body, dict) or judged.state is not State.ON:
        listed = _listed_target(live, answer)
        return None if listed not in {None, target} else judged.trouble or unparseable(answer, "expected a ruleset")
    if (text(body, "target") or "branch") != target or text(body, "enforcement") not in {None, "active"}:
        return None
    if target == "push":
        return WholeRuleset(answer, rules_of(body), (EVERYTHING,), ())
    return _with_refs(live, answer, body)


def _with_refs(live: LiveRulesets, answer: Answer, body: Body) -> WholeRuleset | Trouble | None:
    include, exclude = (_patterns(live, body, f"conditions.ref_name.{key}") for key in ("include", "exclude"))
    if include is None:
        return unparseable(answer, "it does not say which refs it is for")
    if not include and not exclude:
        return None
    if not include:
        return Trouble(
            reason=Reason.DYNAMIC,
            message=f"{answer.endpoint}: it includes nothing and excludes something, and GitHub does not document "
            "whether it then applies to everything else",
            endpoint=answer.endpoint,
            status=answer.status,
            grantable=False,
        )
    return WholeRuleset(answer, rules_of(body), include, exclude or ())


def _patterns(live: LiveRulesets, body: Body, path: str) -> tuple[RefPattern, ...] | None:
    listed = part(body, path)
    if listed is None:
        return None
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise UnexpectedShapeError(f"{path}: expected a list of texts")
    return tuple(_pattern(live, str(one)) for one in listed)


def _pattern(live: LiveRulesets, written: str) -> RefPattern:
    if written == _ALL:
        return EVERYTHING
    if written != _DEFAULT_BRANCH:
        return RefPattern.of(written)
    repository = live.repository.body
    name = text(repository, "default_branch") if isinstance(repository, dict) else None
    if name is None:
        raise UnexpectedShapeError(f"it is for {_DEFAULT_BRANCH}, and which branch that is could not be read")
    return RefPattern.of(f"refs/heads/{name}")


def rules_of(body: Body) -> tuple[Body, ...]:
    """The rules of a ruleset's document, with its number and source in each.

    Raises:
        UnexpectedShapeError: where it has none.
    """
    more = {
        "ruleset_id": body.get("id"),
        "ruleset_source_type": body.get("source_type"),
        "ruleset_source": body.get("source"),
    }
    rules = objects(body, "rules")
    if rules is None:
        raise UnexpectedShapeError("rules are missing")
    return tuple({**rule, **more} for rule in rules)


def _listed_target(live: LiveRulesets, answer: Answer) -> str | None:
    """For what the list says a ruleset is."""
    listed = live.listed.body if isinstance(live.listed.body, list) else []
    number = answer.endpoint.rpartition("/")[2]
    entries = (one for one in listed if isinstance(one, dict) and str(one.get("id")) == number)
    target = next((one.get("target", "branch") for one in entries), None)
    return target if isinstance(target, str) else None


def _unread(trouble: Trouble, target: Target) -> Unread:
    return Unread(source=Source("rulesets"), controls=frozenset(controls_of(target)), trouble=trouble)
