"""Whether a commit was deployed to one environment, with success, before it went to another. Pure."""

from collections.abc import Iterator
from datetime import datetime

from govcheck.facts.deployments import DeploymentsOf
from govcheck.facts.live import Answer
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, instant, number, objects_of, text
from govcheck.settings.deployments import LISTED


def succeeded(asked: DeploymentsOf, commit: str, earliest: datetime, latest: datetime) -> bool | Trouble:
    """Whether a commit was deployed there with success, in a time; what stood in the way where nobody can tell.

    Args:
        asked: The deployments to the environment.
        commit: Which commit.
        earliest: The first instant that counts.
        latest: The last one.
    """
    judged = verdict(asked.listed)
    if judged.trouble is not None:
        return judged.trouble
    if judged.state is not State.ON:
        return unparseable(asked.listed, f"it answered {asked.listed.status}")
    try:
        return _succeeded(asked, commit, earliest, latest)
    except UnexpectedShapeError as error:
        return unparseable(asked.listed, str(error))


def _succeeded(asked: DeploymentsOf, commit: str, earliest: datetime, latest: datetime) -> bool | Trouble:
    listed = objects_of(asked.listed.body, "the deployments")
    statuses = dict(asked.statuses)
    doubt: Trouble | None = None
    for entry in listed:
        if text(entry, "sha") != commit or instant(text(entry, "created_at")) > latest:
            continue
        answer = statuses.get(number(entry, "id") or 0)
        if answer is None:
            doubt = unparseable(asked.listed, f"only the newest {len(statuses)} deployments were looked into")
        elif (trouble := verdict(answer).trouble) is not None or not answer.complete:
            doubt = trouble or incomplete(answer)
        elif any(earliest <= at <= latest for at in _successes(answer)):
            return True
    return doubt or _unlisted(asked.listed, listed, earliest) or False


def _unlisted(answer: Answer, listed: tuple[Body, ...], earliest: datetime) -> Trouble | None:
    if not answer.complete:
        return incomplete(answer)
    oldest = min((instant(text(entry, "created_at")) for entry in listed), default=None)
    if len(listed) >= LISTED and oldest is not None and oldest > earliest:
        return unparseable(answer, f"there may be more than the newest {LISTED} deployments")
    return None


def _successes(answer: Answer) -> Iterator[datetime]:
    for status in objects_of(answer.body, "the statuses"):
        if text(status, "state") == "success":
            yield instant(text(status, "created_at"))
