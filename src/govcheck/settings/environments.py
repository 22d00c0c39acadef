"""What protects an environment: each of its settings, as policies write them, or why it is not known.

A missing rule means no protection. What the owner's plan cannot enforce protects nothing: see `settings.plans`.

Sources: https://docs.github.com/en/rest/deployments/environments and
https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
"""

from collections.abc import Callable, Iterator

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json, Reason
from govcheck.records import frozen, replace
from govcheck.settings import plans
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects_of, part, text
from govcheck.settings.endpoints import (
    ENVIRONMENT,
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENTS,
    PROTECTED_BRANCHES,
)
from govcheck.settings.registry import Setting

PROTECTED = "protected"
_KIND = "environment-protection"
_NEEDED = {
    **dict.fromkeys(("reviewers", "min_reviewers", "self_review", "wait", "custom_rules"), plans.Plan.ENTERPRISE),
    **dict.fromkeys(("branches", "admin_bypass"), plans.Plan.PAID),
}
"""The least plan that enforces a setting in a private repository."""


@frozen(eq=False)
class Environment:
    """One environment that exists."""

    name: str
    body: Body


@frozen(kw_only=True)
class Environments:
    """The environments that exist."""

    listed: tuple[Environment, ...] = ()
    trouble: Trouble | None = None
    """Why they are not known, or not all of them."""

    unavailable: bool = False
    """Whether the account's plan has none for this repository."""


@frozen(kw_only=True)
class Told:
    """What one setting of one environment is."""

    value: Json = None
    """As policies write it; a wait in minutes. None for branches: every branch may deploy."""

    trouble: Trouble | None = None
    note: str = ""
    """What there is to say about it: that this plan cannot enforce it."""

    doubt: Trouble | None = None
    """Why it is not known whether the owner's plan enforces it: it may be as good as not set."""

    unenforced: bool = False
    """Whether the owner's plan does not enforce it, so that it is as good as not set."""


def environments(live: LiveAnswers) -> Environments:
    """The environments of the repository, by the list that was asked for."""
    answer = live.answers[ENVIRONMENTS]
    judged = verdict(answer)
    if judged.trouble is not None:
        return Environments(trouble=judged.trouble)
    if judged.state is not State.ON:
        return Environments(unavailable=judged.state is State.UNAVAILABLE)
    try:
        listed = part(answer.body, "environments") if isinstance(answer.body, dict) else None
        found = tuple(_environment(body) for body in objects_of(listed, "environments"))
    except UnexpectedShapeError as error:
        return Environments(trouble=unparseable(answer, str(error)))
    return Environments(listed=found, trouble=None if answer.complete else incomplete(answer))


def read_protection(setting: Setting, environment: Environment, live: LiveAnswers) -> Told:
    """What one setting of an environment comes to. Only for settings whose endpoint was asked."""
    told = read_as_set(setting, environment, live)
    gap = plans.gap(live, _NEEDED[setting.key]) if told.trouble is None else None
    if gap is None:
        return told
    if gap.trouble is not None:
        return replace(told, doubt=gap.trouble)
    return Told(value=setting.default, note=gap.message, unenforced=True)


def read_as_set(setting: Setting, environment: Environment, live: LiveAnswers) -> Told:
    """How one setting of an environment is set, whether or not the owner's plan enforces it."""
    try:
        return _READERS[setting.key](environment, live)
    except UnexpectedShapeError as error:
        return Told(trouble=unparseable(live.answers[ENVIRONMENTS], f"{environment.name}: {error}"))


def has_one_of_each(setting: Setting) -> bool:
    """Whether every environment has a setting of its own here."""
    return setting.kind == _KIND and setting.endpoint in {ENVIRONMENTS, ENVIRONMENT_BRANCHES, ENVIRONMENT_RULES}


def each(setting: Setting, live: LiveAnswers) -> Iterator[tuple[str, Told]]:
    """How a setting is set in each environment, by the environments' names; nothing where that was not asked."""
    listed = environments(live).listed if ENVIRONMENTS in live.answers else ()
    beside = {"branches": (ENVIRONMENT_BRANCHES, PROTECTED_BRANCHES), "custom_rules": (ENVIRONMENT_RULES,)}
    needed = beside.get(setting.key, ())
    if all(any(one.replace(ENVIRONMENT, found.name) in live.answers for found in listed) for one in needed):
        yield from ((one.name, read_as_set(setting, one, live)) for one in listed)


def settings_page(environment: Environment | None, live: LiveAnswers) -> str | None:
    """Where a person sees and changes the environment; without one, all of them."""
    body = live.repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    if not isinstance(page, str) or not page.startswith(("https://", "http://")):
        return None
    identity = environment.body.get("id") if environment is not None else None
    return f"{page}/settings/environments" + (f"/{identity}/edit" if type(identity) is int else "")


def _environment(body: Body) -> Environment:
    name = text(body, "name")
    if not name:
        raise UnexpectedShapeError("environments: expected a name")
    return Environment(name, body)


def _rule(environment: Environment, kind: str) -> Body | None:
    rules = objects_of(environment.body.get("protection_rules"), "protection_rules")
    if not all(text(rule, "type") for rule in rules):
        raise UnexpectedShapeError("protection_rules: a rule without a type")
    return next((rule for rule in rules if rule["type"] == kind), None)


def _reviewers(environment: Environment, live: LiveAnswers) -> Told:
    rule = _rule(environment, "required_reviewers")
    return Told(value=[] if rule is None else [*sorted(_actors(rule, live))])


def _min_reviewers(environment: Environment, live: LiveAnswers) -> Told:
    rule = _rule(environment, "required_reviewers")
    return Told(value=0 if rule is None else len(set(_actors(rule, live))))


def _actors(rule: Body, live: LiveAnswers) -> Iterator[str]:
    for entry in objects_of(rule.get("reviewers"), "reviewers"):
        kind, reviewer = text(entry, "type"), entry.get("reviewer")
        if not isinstance(reviewer, dict) or kind not in {"User", "Team"}:
            raise UnexpectedShapeError(f"a reviewer of type {kind!r} that this govcheck cannot read")
        name = text(reviewer, "login" if kind == "User" else "slug")
        if not name:
            raise UnexpectedShapeError("a reviewer without a name")
        yield f"user:{name}".lower() if kind == "User" else f"team:{_owner(live)}/{name}".lower()


def _owner(live: LiveAnswers) -> str:
    body = live.repository.body
    name = body.get("full_name") if isinstance(body, dict) else None
    return name.partition("/")[0] if isinstance(name, str) else ""


def _self_review(environment: Environment, _: LiveAnswers) -> Told:
    rule = _rule(environment, "required_reviewers")
    prevented = flag(rule, "prevent_self_review") if rule is not None else False
    return Told(value="forbidden" if prevented else "allowed")


def _wait(environment: Environment, _: LiveAnswers) -> Told:
    rule = _rule(environment, "wait_timer")
    return Told(value=(number(rule, "wait_timer") or 0) if rule is not None else 0)


def _branches(environment: Environment, live: LiveAnswers) -> Told:
    body = environment.body
    if "deployment_branch_policy" not in body:
        raise UnexpectedShapeError("`deployment_branch_policy` is not in the answer")
    if body["deployment_branch_policy"] is None:
        return Told(note="no rule keeps any branch from deploying")
    if flag(body, "deployment_branch_policy.protected_branches"):
        return _protected(live)
    return _patterns(environment, live)


def _protected(live: LiveAnswers) -> Told:
    answer = live.answers[PROTECTED_BRANCHES]
    judged = verdict(answer)
    if judged.trouble is not None:
        return Told(trouble=judged.trouble)
    branches = objects_of(answer.body, "branches")
    if not branches and answer.complete:
        return Told(
            note="it is limited to protected branches, and no branch is protected, so that every branch may deploy"
        )
    if branches and all(flag(branch, "protection.enabled") is False for branch in branches):
        what = "only rulesets protect branches here, and GitHub does not say whether those count for environments"
        return Told(trouble=replace(unparseable(answer, what), reason=Reason.DYNAMIC))
    return Told(value=PROTECTED) if branches else Told(trouble=incomplete(answer))


def _patterns(environment: Environment, live: LiveAnswers) -> Told:
    answer = _own_answer(ENVIRONMENT_BRANCHES, environment, live)
    if isinstance(answer, Told):
        return answer
    if not answer.complete:
        return Told(trouble=incomplete(answer))
    entries = objects_of(_member(answer, "branch_policies"), "branch_policies")
    return Told(value=[*sorted(map(_pattern, entries))])


def _pattern(entry: Body) -> str:
    name = text(entry, "name")
    if not name:
        raise UnexpectedShapeError("branch_policies: expected a name")
    return f"tag:{name}" if text(entry, "type") == "tag" else name


def _admin_bypass(environment: Environment, live: LiveAnswers) -> Told:
    found = flag(environment.body, "can_admins_bypass")
    if found is None:
        answer = live.answers[ENVIRONMENTS]
        what = f"{environment.name}: `can_admins_bypass` is not in the answer; GitHub sends it without documenting it"
        return Told(trouble=replace(unparseable(answer, what), reason=Reason.REDACTED))
    return Told(value="allowed" if found else "forbidden")


def _custom_rules(environment: Environment, live: LiveAnswers) -> Told:
    answer = _own_answer(ENVIRONMENT_RULES, environment, live)
    if isinstance(answer, Told):
        return answer
    key = "custom_deployment_protection_rules"
    found = objects_of(_member(answer, key), key)
    enabled = [text(rule, "app.slug") for rule in found if flag(rule, "enabled")]
    if not all(enabled):
        raise UnexpectedShapeError(f"{key}: expected an app with a slug")
    return Told(value=[*sorted(f"{slug}".lower() for slug in enabled)])


def _own_answer(template: str, environment: Environment, live: LiveAnswers) -> Answer | Told:
    """What an endpoint of this one environment answered; what is told where that was no document."""
    answer = live.answers.get(template.replace(ENVIRONMENT, environment.name))
    if answer is None:
        whole = live.answers[ENVIRONMENTS]
        return Told(
            trouble=unparseable(whole, f"there are more environments than are asked: {environment.name} was not")
        )
    judged = verdict(answer)
    if judged.trouble is not None:
        return Told(trouble=judged.trouble)
    if judged.state is State.ON:
        return answer
    return Told(value=None if template == ENVIRONMENT_BRANCHES else [], note="this account's plan does not have it")


def _member(answer: Answer, key: str) -> Json:
    return part(answer.body, key) if isinstance(answer.body, dict) else None


_READERS: dict[str, Callable[[Environment, LiveAnswers], Told]] = {
    "reviewers": _reviewers,
    "min_reviewers": _min_reviewers,
    "self_review": _self_review,
    "wait": _wait,
    "branches": _branches,
    "admin_bypass": _admin_bypass,
    "custom_rules": _custom_rules,
}
