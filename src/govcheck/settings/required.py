"""Which status checks a branch requires, by every mechanism that was readable."""

from collections.abc import Iterator

from govcheck.facts.live import Answer, LiveBranch
from govcheck.records import frozen
from govcheck.settings import classic, rulesets
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, part, text, texts


@frozen(kw_only=True)
class RequiredCheck:
    """One required status check, as one layer demands it."""

    context: str
    app_id: int | None
    """The app that must report it; None where any source counts."""

    source: str
    """The layer: `classic protection`, `ruleset "main" (42) of o/r`."""


@frozen(kw_only=True)
class RequiredChecks:
    """All required checks of a branch."""

    checks: tuple[RequiredCheck, ...]
    unreadable: tuple[Answer, ...]
    """Layers that could not be read: there may be more required checks than `checks` has."""


_RULE = "required_status_checks"


def required_checks(branch: LiveBranch) -> RequiredChecks:
    """What every readable layer demands, each context once for every layer and app, by context."""
    checks: set[tuple[str, int, str]] = set()
    unreadable: list[Answer] = []
    for answer, read in ((branch.protection, _classic), (branch.rules, _rules)):
        try:
            checks.update(read(branch))
            complete = not _hidden(branch, answer)
        except UnexpectedShapeError:
            complete = False
        if not complete:
            unreadable.append(answer)
    return RequiredChecks(
        checks=tuple(
            RequiredCheck(context=context, app_id=app if app >= 0 else None, source=source)
            for context, app, source in sorted(checks)
        ),
        unreadable=tuple(unreadable),
    )


def _hidden(branch: LiveBranch, answer: Answer) -> bool:
    if answer is branch.rules:
        return rulesets.active_rules(branch)[1] is not None
    return classic.document(branch)[1] is not None and classic.summary_checks(branch) is None


_Check = tuple[str, int, str]
"""Context, app (-1: any), source."""


def _classic(branch: LiveBranch) -> Iterator[_Check]:
    body, trouble = classic.document(branch)
    if body is None and trouble is not None:
        body = classic.summary_checks(branch)
        if body is not None and text(body, f"{_RULE}.enforcement_level") == "off":
            body = None
    if body is None:
        return
    listed = list(_members(objects(body, f"{_RULE}.checks") or (), "app_id", classic.CLASSIC))
    yield from listed
    named = {context for context, _, _ in listed}
    for context in texts(body, f"{_RULE}.contexts") or ():
        if context not in named:
            yield context, _ANY, classic.CLASSIC


def _rules(branch: LiveBranch) -> Iterator[_Check]:
    for rule in rulesets.active_rules(branch)[0]:
        if text(rule, "type") == _RULE:
            parameters = part(rule, "parameters")
            if not isinstance(parameters, dict):
                raise UnexpectedShapeError("a required_status_checks rule without parameters")
            listed = objects(parameters, _RULE) or ()
            yield from _members(listed, "integration_id", rulesets.source_of(branch, rule).name)


_ANY = -1
"""GitHub writes "any source" as null, as -1 and by leaving the key out."""


def _members(listed: tuple[Body, ...], key: str, source: str) -> Iterator[_Check]:
    for entry in listed:
        context = text(entry, "context")
        if context is None:
            raise UnexpectedShapeError("a required check without a context")
        app = number(entry, key)
        yield context, _ANY if app is None else app, source
