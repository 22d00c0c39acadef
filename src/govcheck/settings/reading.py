"""What a setting is, by the answer that tells it: a value, or why there is none."""

from collections.abc import Callable, Iterable, Sequence

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.records import frozen, replace
from govcheck.settings import caps
from govcheck.settings.answers import State, Trouble, hidden, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, objects_of, part
from govcheck.settings.endpoints import ENDPOINTS, GRAPHQL, REPOSITORY, Condition
from govcheck.settings.owners import is_owned_by_user
from govcheck.settings.registry import WHOLE, Absent, Setting, named

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
        return _only_of_organisations(endpoint, live)
    asked = deciding.endpoint == REPOSITORY or deciding.endpoint in live.answers
    if not asked and ruled_out(deciding.endpoint, live) is None:
        return None
    found = _read_own(deciding, live)  # GitHub asks what the repository itself says
    if found.trouble is not None:
        return None
    if found.value in condition.values:
        return _only_of_organisations(endpoint, live)
    wanted = " or ".join(map(said_value, condition.values))
    is_ = "" if found.inapplicable else f", and it is {said_value(found.value)}"
    return Ruling(found.value, f"it applies only where {deciding.title} is {wanted}{is_}")


def _only_of_organisations(endpoint: str, live: LiveAnswers) -> Ruling | None:
    known = ENDPOINTS.get(endpoint)
    if known is None or not known.organisation or not is_owned_by_user(live.repository):
        return None
    return Ruling("user", "a user owns the repository, and only an organisation has this")


def cap_of(setting: Setting) -> Setting | None:
    """The organisation's setting that caps this one; None where none does."""
    return named(f"{setting.kind}/{setting.capped_by}") if setting.capped_by else None


def read(setting: Setting, live: LiveAnswers) -> Reading:
    """What a setting comes to: as the repository has it, or as its organisation leaves it where that is stricter.

    Only for settings whose endpoint was asked.
    """
    own, cap = _read_own(setting, live), cap_of(setting)
    if cap is None or cap.endpoint not in live.answers or own.trouble is not None:
        return own
    if own.inapplicable and own.value is None:
        return own
    theirs = _read_own(cap, live)
    value = own.value if theirs.trouble or theirs.inapplicable else caps.capped(setting, own.value, theirs.value)
    if value == own.value:
        return own
    said = f"{cap.title} is {said_value(theirs.value)}, where the repository's own is {said_value(own.value)}"
    return replace(own, value=value, because=said, inapplicable="")


def _read_own(setting: Setting, live: LiveAnswers) -> Reading:
    ruling = ruled_out(setting.endpoint, live)
    if ruling is not None:
        return Reading((setting.elsewhere or {}).get(_key(ruling.value)), inapplicable=ruling.message)
    answer = answer_of(setting.endpoint, live)
    judged = verdict(answer)
    if judged.trouble is not None:
        return Reading(trouble=judged.trouble)
    if not setting.path and setting.members is None:
        return Reading(judged.state is State.ON, unavailable=judged.state is State.UNAVAILABLE)
    if judged.state is not State.ON or answer.status == _NO_CONTENT:
        return Reading(setting.default, unavailable=judged.state is State.UNAVAILABLE)
    found = read_document(setting, answer)
    if found.trouble is not None and setting.graphql_too and _lacks(answer, setting.path):
        found = _by_graphql(setting, live) or found
    if found.trouble is None or found.trouble.permission is None:
        return found
    return replace(found, trouble=replace(found.trouble, grantable=_grantable(found.trouble.permission, answer, live)))


def keeps_back(repository: Answer, paths: Iterable[str]) -> bool:
    """Whether the repository's document is there, and has none of these: one alone is a server that is older."""
    return repository.good and all(_lacks(repository, path) for path in paths)


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
    if setting.derived is not None:
        derived = setting.derived(answer.body)
        return _absent(setting, answer) if derived is None else _translated(setting, derived, answer)
    above, _, below = setting.path.partition(".")
    if below and setting.absent is not Absent.DEFAULT and part(answer.body, above) in (None, {}):
        return _kept_back(setting, answer, above)
    void = setting.unless
    if void is not None and (instead := part(answer.body, void[0])) in void[1]:
        return Reading(setting.default, because=f"`{void[0]}` is {_shown(instead)}")
    found = part(answer.body, setting.path)
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


def _members(members: Callable[[Json], Sequence[str]], answer: Answer) -> Reading:
    try:
        found: list[Json] = [*dict.fromkeys(members(answer.body))]
    except UnexpectedShapeError as error:
        return Reading(trouble=unparseable(answer, str(error)))
    return Reading(found, None if answer.complete else incomplete(answer))


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
    if setting.values is None and (not setting.order or found in setting.order):
        return Reading(found)
    for written, value in (setting.values or {}).items():
        if found == written and isinstance(found, bool) is isinstance(written, bool):
            return Reading(value)
    return Reading(trouble=unparseable(answer, f"`{setting.path}` is {found!r}, which this govcheck does not know"))


def _names(setting: Setting, found: Json) -> Json:
    name = setting.entry
    if name is None:
        raise UnexpectedShapeError(f"{setting.path}: a list of objects that this govcheck has no names for")
    named_ones = (name(entry) for entry in objects_of(found, setting.path))
    return list[Json](sorted({one for one in named_ones if one is not None}))


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "absent" if value is None else str(value)


def _key(value: Json) -> str | int | float | None:
    """What a setting's `elsewhere` is looked up by."""
    return None if isinstance(value, list | dict) else value
