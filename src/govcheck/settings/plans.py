"""What the plan of a repository's owner lets its environments enforce, or why that is not known. Pure.

Public repositories have everything. In private ones, environments and the choice of branches that may deploy to them
take GitHub Pro, Team or Enterprise; reviewers, waits and custom rules take Enterprise. What was set before a repository
became private, or before a plan ended, GitHub still shows and does not heed.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
"""

from enum import IntEnum
from urllib.parse import urlsplit

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, hidden, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, text
from govcheck.settings.endpoints import ENDPOINTS, PLAN, RULESETS


class Plan(IntEnum):
    """What a plan has for a private repository, the least first."""

    FREE = 0
    """No environments at all."""

    PAID = 1
    """Environments, their secrets, and which branches may deploy."""

    ENTERPRISE = 2
    """Everything."""


_NAMES = {
    **dict.fromkeys(("free", "bronze", "silver", "gold"), Plan.FREE),
    **dict.fromkeys(("pro", "team"), Plan.PAID),
    "enterprise": Plan.ENTERPRISE,
}
"""What GitHub's API calls the plans, in lower case. The metals are old plans, which never had environments."""

_TAKES = {Plan.PAID: "GitHub Pro, Team or Enterprise", Plan.ENTERPRISE: "GitHub Enterprise"}


@frozen(kw_only=True)
class Gap:
    """That a plan cannot enforce something, or that nobody can tell."""

    message: str = ""
    """Why it cannot; empty where that is not known."""

    trouble: Trouble | None = None
    """Why it is not known."""


@frozen(kw_only=True)
class _Known:
    """What is known of a plan: it has at least this, and at most that."""

    least: Plan = Plan.FREE
    most: Plan = Plan.ENTERPRISE
    name: str = ""
    trouble: Trouble | None = None
    """Why no more is known, where there is more to know."""


_EVERYTHING = _Known(least=Plan.ENTERPRISE)


def gap(live: LiveAnswers, needed: Plan) -> Gap | None:
    """Why something of an environment is not enforced, or may not be; None where it is."""
    known = _known(live)
    if known.least >= needed:
        return None
    if known.most < needed:
        called = f" ({known.name})" if known.name else ""
        cannot = f"the plan of {_login(live)}{called} cannot enforce it"
        return Gap(message=f"{cannot}: on a private repository that takes {_TAKES[needed]}")
    return Gap(trouble=known.trouble or unparseable(live.repository, "it does not say whose plan it is under"))


def _known(live: LiveAnswers) -> _Known:
    body = live.repository.body
    if not live.repository.good or not isinstance(body, dict):
        return _Known(trouble=verdict(live.repository).trouble)
    if body.get("private") is False or body.get("visibility") in {"public", "internal"}:
        return _EVERYTHING  # only an enterprise has internal ones
    if _has_no_plans(body):
        return _EVERYTHING
    try:
        return _by_refusal(live.answers.get(RULESETS), _by_owner(body, live))
    except UnexpectedShapeError as error:
        return _Known(trouble=unparseable(live.repository, str(error)))


def _has_no_plans(body: Body) -> bool:
    """Whether the repository is on a server of one's own, where everything is."""
    url = body.get("html_url")
    return isinstance(url, str) and urlsplit(url).hostname not in {None, "github.com"}


def _by_owner(body: Body, live: LiveAnswers) -> _Known:
    """A person is on GitHub Free or Pro, if not managed by an enterprise: the names of those have a `_`."""
    login, kind = text(body, "owner.login"), text(body, "owner.type")
    if kind == "User" and login:
        what = f"the plan of {login} is told to {login} alone"
        return _EVERYTHING if "_" in login else _Known(most=Plan.PAID, trouble=hidden(live.repository, what))
    return _by_organisation(live.answers.get(PLAN)) if kind == "Organization" else _Known()


def _by_organisation(answer: Answer | None) -> _Known:
    if answer is None:
        return _Known()
    trouble = verdict(answer).trouble
    if trouble is not None:
        return _Known(trouble=trouble)
    found = text(answer.body, "plan.name") if isinstance(answer.body, dict) else None
    if found is None:
        what = "`plan` is not in the answer, which is how GitHub keeps an organisation's plan from others"
        return _Known(trouble=hidden(answer, what, ENDPOINTS[PLAN].permission))
    plan = _NAMES.get(found.lower())
    if plan is None:
        return _Known(trouble=unparseable(answer, f"`plan.name` is {found!r:.40}, which this govcheck does not know"))
    return _Known(least=plan, most=plan, name=found)


def _by_refusal(answer: Answer | None, known: _Known) -> _Known:
    """What the answer about rulesets adds: GitHub refuses it in words where a plan is the free one."""
    state = verdict(answer).state if answer is not None else State.UNKNOWN
    if state is State.UNAVAILABLE:
        return _Known(least=Plan.FREE, most=Plan.FREE, name=known.name)
    least = max(known.least, Plan.PAID) if state is State.ON else known.least
    return _Known(least=min(least, known.most), most=known.most, name=known.name, trouble=known.trouble)


def _login(live: LiveAnswers) -> str:
    body = live.repository.body
    owner = body.get("owner") if isinstance(body, dict) else None
    login = owner.get("login") if isinstance(owner, dict) else None
    return login if isinstance(login, str) and login else "its owner"
