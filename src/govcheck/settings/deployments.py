"""What was deployed, when it began, by whom and of which commit.

A deployment is made when its job is queued. It begins where a status says so: `in_progress`, or an outcome. One that
waited for an approval and never got further did not happen; one without any status may have, and counts.

Source: https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from govcheck.facts.deployments import DeploymentsOf
from govcheck.facts.live import Answer
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, instant, number, objects_of, required_text, text

LISTED = 100
"""How many deployments to an environment are listed: a page that has as many may not be the last one."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BEGUN = frozenset({"in_progress", "success"})
_FAILED = frozenset({"failure", "error"})
_NOT_YET = frozenset({"waiting", "queued", "pending"})


@frozen(kw_only=True)
class Deployment:
    """One that happened, or may have."""

    id: int
    environment: str
    began: datetime
    ended: datetime | None
    """When the newest status was given; None where there is none."""

    commit: str
    """Empty where it names none."""

    deployer: str
    """Empty where nobody is named."""

    ref: str


@frozen(kw_only=True)
class Deployments:
    """The deployments to one environment since an instant, the oldest first."""

    found: tuple[Deployment, ...]
    trouble: Trouble | None
    """Why there may be more."""


def deployments(asked: DeploymentsOf, since: datetime) -> Deployments:
    """What was deployed since then."""
    judged = verdict(asked.listed)
    if judged.trouble is not None:
        return Deployments(found=(), trouble=judged.trouble)
    if judged.state is not State.ON:
        return Deployments(found=(), trouble=unparseable(asked.listed, f"it answered {asked.listed.status}"))
    try:
        return _deployments(asked, since)
    except UnexpectedShapeError as error:
        return Deployments(found=(), trouble=unparseable(asked.listed, str(error)))


def _deployments(asked: DeploymentsOf, since: datetime) -> Deployments:
    statuses = dict(asked.statuses)
    found: list[Deployment] = []
    troubles: list[Trouble] = []
    listed = objects_of(asked.listed.body, "the deployments")
    for entry in listed:
        one = _deployment(entry, asked, statuses, since)
        if isinstance(one, Trouble):
            troubles.append(one)
        elif one is not None and one.began >= since:
            found.append(one)
    oldest = min((instant(text(entry, "created_at")) for entry in listed), default=None)
    if len(listed) >= LISTED and oldest is not None and oldest >= since:
        troubles.append(unparseable(asked.listed, f"there may be more than the newest {LISTED} deployments"))
    if not asked.listed.complete:
        troubles.append(incomplete(asked.listed))
    found.sort(key=lambda one: (one.began, one.id))
    return Deployments(found=tuple(found), trouble=troubles[0] if troubles else None)


def _deployment(
    entry: Body, asked: DeploymentsOf, statuses: Mapping[int, Answer], since: datetime
) -> Deployment | Trouble | None:
    identity, created = number(entry, "id"), instant(text(entry, "created_at"))
    if identity is None:
        raise UnexpectedShapeError("a deployment without `id`")
    answer = statuses.get(identity)
    if answer is None:
        more = f"only the newest {len(statuses)} deployments were looked into, and there are more since then"
        return unparseable(asked.listed, more) if created >= since else None
    told = verdict(answer)
    if told.trouble is not None or not answer.complete:
        return told.trouble or incomplete(answer)
    history = sorted(_history(answer))
    began = _began(history, created)
    if began is None:
        return None
    commit = text(entry, "sha") or ""
    return Deployment(
        id=identity,
        environment=asked.environment,
        began=began,
        ended=history[-1][0] if history else None,
        commit=commit if _COMMIT.fullmatch(commit) else "",
        deployer=text(entry, "creator.login") or "",
        ref=text(entry, "ref") or "",
    )


def _history(answer: Answer) -> Iterator[tuple[datetime, str]]:
    for status in objects_of(answer.body, "the statuses"):
        yield instant(text(status, "created_at")), required_text(status, "state")


def _began(history: list[tuple[datetime, str]], created: datetime) -> datetime | None:
    """When it began; None where it never did."""
    begun = next((at for at, state in history if state in _BEGUN), None)
    if begun is not None or not history:
        return begun or created
    states = {state for _, state in history}
    failed = next((at for at, state in history if state in _FAILED), None)
    if failed is not None:
        return None if "waiting" in states else failed
    return None if states <= _NOT_YET else created
