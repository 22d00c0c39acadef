"""What a setting is, by the answer that tells it: a value, or why there is none."""

from collections.abc import Callable, Sequence

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, hidden, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, part
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Absent, Setting


@frozen
class Reading:
    """What one setting is."""

    value: Json = None
    """As policies write it. Only where there is no trouble; of a list that did not come whole, what came of it."""

    trouble: Trouble | None = None
    """Why it is not known."""

    unavailable: bool = False
    """Whether the account's plan does not have it, so that it is as good as off."""


def answer_of(endpoint: str, live: LiveAnswers) -> Answer:
    """The answer of an endpoint that was asked for."""
    return live.repository if endpoint == REPOSITORY else live.answers[endpoint]


def read(setting: Setting, live: LiveAnswers) -> Reading:
    """What a setting is. Only for settings whose endpoint was asked."""
    answer = answer_of(setting.endpoint, live)
    judged = verdict(answer)
    if judged.trouble is not None:
        return Reading(trouble=judged.trouble)
    if judged.state is State.UNAVAILABLE:
        return Reading(setting.default, unavailable=True)
    if judged.state is not State.ON:
        return Reading(setting.default)
    return read_document(setting, answer)


def read_document(setting: Setting, answer: Answer) -> Reading:
    """What a setting is by a document that was answered."""
    if setting.members is not None:
        return _members(setting.members, answer)
    if not isinstance(answer.body, dict):
        return Reading(trouble=unparseable(answer, "the answer is no object"))
    try:
        found = part(answer.body, setting.path)
    except UnexpectedShapeError as error:
        return Reading(trouble=unparseable(answer, str(error)))
    if found is None:
        return _absent(setting, answer)
    return _translated(setting, found, answer)


def _members(members: Callable[[Json], Sequence[str]], answer: Answer) -> Reading:
    try:
        found: list[Json] = [*dict.fromkeys(members(answer.body))]
    except UnexpectedShapeError as error:
        return Reading(trouble=unparseable(answer, str(error)))
    return Reading(found, None if answer.complete else incomplete(answer))


def _absent(setting: Setting, answer: Answer) -> Reading:
    if setting.absent is Absent.UNKNOWN:
        what = f"`{setting.path}` is not in the answer, which is how GitHub keeps it from whoever may not see it"
        return Reading(trouble=hidden(answer, what, setting.permission or None))
    return Reading(setting.default, unavailable=setting.absent is Absent.UNAVAILABLE)


def _translated(setting: Setting, found: Json, answer: Answer) -> Reading:
    if setting.values is None:
        return Reading(found)
    if isinstance(found, str | int | bool) and found in setting.values:
        return Reading(setting.values[found])
    return Reading(trouble=unparseable(answer, f"`{setting.path}` is {found!r}, which this govcheck does not know"))
