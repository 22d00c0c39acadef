"""What a setting is, by the answer that tells it: a value, or why there is none."""

from collections.abc import Iterable

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, hidden, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, part
from govcheck.settings.endpoints import ENDPOINTS, GRAPHQL, REPOSITORY, Condition
from govcheck.settings.registry import Absent, Setting, named


@frozen
class Reading:
    """What one setting is."""

    value: Json = None
    """As policies write it. Only where there is no trouble."""

    trouble: Trouble | None = None
    """Why it is not known."""

    unavailable: bool = False
    """Whether the account's plan does not have it, so that it is as good as off."""

    inapplicable: str = ""
    """Where GitHub has no such setting for this repository: why, in words that follow its title and a value."""


@frozen
class Ruling:
    """Why an endpoint has nothing to tell of this repository."""

    value: Json
    """What the setting that decides about that is."""

    message: str
    """In words: `it applies only where visibility of the repository is private, and it is public`."""


def answer_of(endpoint: str, live: LiveAnswers) -> Answer:
    """The answer of an endpoint that was asked for."""
    return live.repository if endpoint == REPOSITORY else live.answers[endpoint]


def with_deciding(endpoints: Iterable[str]) -> tuple[str, ...]:
    """Endpoints, and those that tell whether they have anything to tell."""
    found: dict[str, None] = {}
    waiting = list(endpoints)
    while waiting:
        endpoint = waiting.pop(0)
        if endpoint not in found:
            found[endpoint] = None
            waiting += [one for one in (deciding_endpoint(endpoint),) if one is not None]
    return tuple(found)


def deciding_endpoint(endpoint: str) -> str | None:
    """The endpoint that tells whether this one has anything to tell; None where that is never in question."""
    deciding = _deciding(endpoint)
    return deciding.endpoint if deciding else None


def ruled_out(endpoint: str, live: LiveAnswers) -> Ruling | None:
    """Why an endpoint has nothing to tell; None where it has, or where that is not known: then GitHub shall say."""
    condition, deciding = _condition(endpoint), _deciding(endpoint)
    if condition is None or deciding is None:
        return None
    asked = deciding.endpoint == REPOSITORY or deciding.endpoint in live.answers
    if not asked and ruled_out(deciding.endpoint, live) is None:
        return None
    found = read(deciding, live)
    if found.trouble is not None or found.value in condition.values:
        return None
    wanted = " or ".join(map(said_value, condition.values))
    is_ = "" if found.inapplicable else f", and it is {said_value(found.value)}"
    return Ruling(found.value, f"it applies only where {deciding.title} is {wanted}{is_}")


def read(setting: Setting, live: LiveAnswers) -> Reading:
    """What a setting is. Only for settings whose endpoint was asked."""
    ruling = ruled_out(setting.endpoint, live)
    if ruling is not None:
        return Reading((setting.elsewhere or {}).get(_key(ruling.value)), inapplicable=ruling.message)
    answer = answer_of(setting.endpoint, live)
    judged = verdict(answer)
    if judged.state is not State.ON:
        return Reading(
            setting.default if judged.trouble is None else None,
            trouble=judged.trouble,
            unavailable=judged.state is State.UNAVAILABLE,
        )
    found = read_document(setting, answer)
    if found.trouble is not None and setting.graphql_too and _lacks(answer, setting.path):
        return _by_graphql(setting, live) or found
    return found


def keeps_back(repository: Answer, paths: Iterable[str]) -> bool:
    """Whether the repository's document is there, and has none of these: one alone is a server that is older."""
    return repository.good and all(_lacks(repository, path) for path in paths)


def read_document(setting: Setting, answer: Answer) -> Reading:
    """What a setting is by a document that was answered."""
    if not answer.complete:
        return Reading(trouble=incomplete(answer))
    if not isinstance(answer.body, dict):
        return Reading(trouble=unparseable(answer, "the answer is no object"))
    try:
        found = part(answer.body, setting.path) if setting.derived is None else setting.derived(answer.body)
    except UnexpectedShapeError as error:
        return Reading(trouble=unparseable(answer, str(error)))
    if found is None:
        return _absent(setting, answer)
    return _translated(setting, found, answer)


def said_value(value: Json) -> str:
    """A value, for people."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None else str(value)


def _lacks(answer: Answer, path: str) -> bool:
    return isinstance(answer.body, dict) and path not in answer.body


def _by_graphql(setting: Setting, live: LiveAnswers) -> Reading | None:
    """What GraphQL says of a setting that REST keeps back; None where it does not say."""
    answer = live.answers.get(GRAPHQL)
    if answer is None or not answer.good or not isinstance(answer.body, dict):
        return None
    try:
        found = part(answer.body, f"data.repository.{setting.graphql.partition('.')[2]}")
    except UnexpectedShapeError:
        return None
    return None if found is None else _translated(setting, found, answer)


def _condition(endpoint: str) -> Condition | None:
    return ENDPOINTS[endpoint].only_where if endpoint in ENDPOINTS else None


def _deciding(endpoint: str) -> Setting | None:
    condition = _condition(endpoint)
    return named(condition.setting) if condition else None


def _absent(setting: Setting, answer: Answer) -> Reading:
    if setting.absent is Absent.UNKNOWN:
        what = f"`{setting.path}` is not in the answer, which is how GitHub keeps it from whoever may not see it"
        return Reading(trouble=hidden(answer, what, setting.permission or None))
    return Reading(setting.default, unavailable=setting.absent is Absent.UNAVAILABLE)


def _translated(setting: Setting, found: Json, answer: Answer) -> Reading:
    if setting.values is None and (not setting.order or found in setting.order):
        return Reading(found)
    for written, value in (setting.values or {}).items():
        if found == written and isinstance(found, bool) is isinstance(written, bool):
            return Reading(value)
    return Reading(trouble=unparseable(answer, f"`{setting.path}` is {found!r}, which this govcheck does not know"))


def _key(value: Json) -> str | int | float | None:
    """What a setting's `elsewhere` is looked up by."""
    return None if isinstance(value, list | dict) else value
