"""What a setting is, by the answer that tells it: a value, or why there is none."""

from collections.abc import Callable, Sequence

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.records import frozen, replace
from govcheck.settings.answers import State, Trouble, hidden, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, objects_of, part
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import WHOLE, Absent, Setting

_NO_CONTENT = 204


@frozen
class Reading:
    """What one setting is."""

    value: Json = None
    """As policies write it. Only where there is no trouble; of a list that did not come whole, what came of it."""

    trouble: Trouble | None = None
    """Why it is not known."""

    unavailable: bool = False
    """Whether the account's plan does not have it, so that it is as good as off."""

    because: str = ""
    """What beside it makes it void, where something does."""


def answer_of(endpoint: str, live: LiveAnswers) -> Answer:
    """The answer of an endpoint that was asked for."""
    return live.repository if endpoint == REPOSITORY else live.answers[endpoint]


def read(setting: Setting, live: LiveAnswers) -> Reading:
    """What a setting is. Only for settings whose endpoint was asked."""
    answer = answer_of(setting.endpoint, live)
    judged = verdict(answer)
    if judged.trouble is not None:
        return Reading(trouble=judged.trouble)
    if not setting.path and setting.members is None:
        return Reading(judged.state is State.ON, unavailable=judged.state is State.UNAVAILABLE)
    if judged.state is not State.ON or answer.status == _NO_CONTENT:
        return Reading(setting.default, unavailable=judged.state is State.UNAVAILABLE)
    found = read_document(setting, answer)
    if found.trouble is None or found.trouble.permission is None:
        return found
    return replace(found, trouble=replace(found.trouble, grantable=_grantable(found.trouble.permission, answer, live)))


def read_document(setting: Setting, answer: Answer) -> Reading:
    """What a setting is by a document that was answered."""
    if setting.members is not None:
        return _members(setting.members, answer)
    if not answer.complete:
        return Reading(trouble=incomplete(answer))
    try:
        return _told(setting, answer)
    except UnexpectedShapeError as error:
        return Reading(trouble=unparseable(answer, str(error)))


def _told(setting: Setting, answer: Answer) -> Reading:
    if setting.path == WHOLE:
        return Reading(_names(setting, answer.body))
    if not isinstance(answer.body, dict):
        raise UnexpectedShapeError("the answer is no object")
    above, _, below = setting.path.partition(".")
    if below and setting.absent is not Absent.DEFAULT and part(answer.body, above) is None:
        return _kept_back(setting, answer, above)
    void = setting.unless
    if void is not None and (instead := part(answer.body, void[0])) in void[1]:
        return Reading(setting.default, because=f"`{void[0]}` is {_shown(instead)}")
    found = part(answer.body, setting.path)
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
        return _kept_back(setting, answer, setting.path)
    public = isinstance(answer.body, dict) and answer.body.get("visibility") == "public"
    if setting.absent is Absent.FREE and public:
        return Reading(public)
    return Reading(setting.default, unavailable=setting.absent in {Absent.UNAVAILABLE, Absent.FREE})


def _kept_back(setting: Setting, answer: Answer, path: str) -> Reading:
    what = f"`{path}` is not in the answer, which is how GitHub keeps it from whoever may not see it"
    return Reading(trouble=hidden(answer, what, setting.permission or None))


def _grantable(permission: str, answer: Answer, live: LiveAnswers) -> bool:
    """Whether the token could be given it: the answer knows of its own permission only, another may know of this."""
    if permission == answer.permission:
        return answer.grantable
    others = (other.grantable for other in live.answers.values() if other.permission == permission)
    return next(others, answer.grantable)


def _translated(setting: Setting, found: Json, answer: Answer) -> Reading:
    if setting.entry is not None:
        return Reading(_names(setting, found))
    if setting.values is None:
        return Reading(found)
    if isinstance(found, str | int | bool) and found in setting.values:
        return Reading(setting.values[found])
    return Reading(trouble=unparseable(answer, f"`{setting.path}` is {found!r}, which this govcheck does not know"))


def _names(setting: Setting, found: Json) -> Json:
    name = setting.entry
    if name is None:
        raise UnexpectedShapeError(f"{setting.path}: a list of objects that this govcheck has no names for")
    named = (name(entry) for entry in objects_of(found, setting.path))
    return list[Json](sorted({one for one in named if one is not None}))


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "absent" if value is None else str(value)
