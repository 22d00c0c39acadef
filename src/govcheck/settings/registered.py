"""The registry's settings as flat, named values, beside those of branches: what a snapshot keeps and drift compares."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Json
from govcheck.settings import assertions, code_security, environments, flat
from govcheck.settings.bodies import UnexpectedShapeError, objects, text
from govcheck.settings.endpoints import ENVIRONMENT, ENVIRONMENTS, PROTECTED_BRANCHES, REPOSITORY, VULNERABILITY_ALERTS
from govcheck.settings.flat_layers import SettingValue
from govcheck.settings.reading import Reading, read
from govcheck.settings.registry import WHOLE, Setting, named, settings


def endpoints() -> tuple[str, ...]:
    """Everything that has to be asked to tell all settings."""
    found = assertions.endpoints(one for one in settings() if is_kept(one))
    each = any(ENVIRONMENT in name for name in found) and ENVIRONMENTS not in found
    beside = [PROTECTED_BRANCHES] if ENVIRONMENTS in found else []
    return (*found, *([ENVIRONMENTS] if each else []), *beside)


def is_kept(setting: Setting) -> bool:
    """Whether snapshots have it: not what moves by itself, nor what is in the entries of a list, but environments.

    Of the others no one place tells the value. How many reviewers an environment has, its reviewers tell.
    """
    if environments.has_one_of_each(setting):
        return setting.key != "min_reviewers"
    return not setting.measure and ("[" not in setting.path or setting.path == WHOLE)


def settings_of(live: LiveAnswers) -> dict[str, SettingValue]:
    """Every setting that these answers tell or withhold, by name; see `name_of`."""
    return {name: value for setting in settings() if is_kept(setting) for name, value in _values(setting, live)}


def without_a_setting(live: LiveAnswers) -> frozenset[str]:
    """The names of those that GitHub does not have for this repository: there is nothing in them to assert."""
    plain = (one for one in settings() if ENVIRONMENT not in one.endpoint and not environments.has_one_of_each(one))
    told = (one for one in plain if _is_told(one, live))
    return frozenset(one.name for one in told if is_kept(one) and _read(one, live).inapplicable)


def name_of(setting: Setting, environment: str | None = None) -> str:
    """A setting's name in snapshots and reports; that of one environment names it: `KIND/production/KEY`."""
    if environment is None:
        return setting.name
    return f"{setting.kind}/{quote(environment, safe='')}/{setting.key}"


def direction(name: str, before: Json, after: Json) -> Direction | None:
    """Which way a setting went, by its name; None where it did not move.

    One of an environment may be null, where there is no such environment.
    """
    setting, environment = _setting(name)
    if setting is None:
        return flat.direction(name, before, after)
    if environment is not None:
        before, after = (setting.default if value is None else value for value in (before, after))
    return assertions.direction(setting, before, after)


def tells_alone(name: str) -> bool:
    """Whether its coming and going has a direction: nothing else that it is part of tells that."""
    return flat.told_by(name) is not None or name.endswith("/enforcement") or _setting(name)[1] is not None


def describe(name: str) -> str:
    """A setting's name in words, for people."""
    setting, environment = _setting(name)
    if setting is None:
        return flat.describe(name)
    return f"{setting.title} of {environment}" if environment else setting.title


def uncovered(known: Iterable[str], asserted: Iterable[str]) -> tuple[str, ...]:
    """The settings that no policy asserts something of. Who asserts one of environments asserts it of each."""
    taken = set(asserted)
    return tuple(sorted(name for name in known if name not in taken and _registered_name(name) not in taken))


def bears_on_security(name: str) -> bool:
    """Whether a setting is to be named where nobody asserts it."""
    setting, _ = _setting(name)
    return setting.security if setting else flat.bears_on_security(name)


def _registered_name(name: str) -> str | None:
    setting, _ = _setting(name)
    return setting.name if setting else None


def _setting(name: str) -> tuple[Setting | None, str | None]:
    """The setting of that name, and the environment that it is of."""
    match name.split("/"):
        case [kind, environment, key]:
            return named(f"{kind}/{key}"), unquote(environment)
        case _:
            return named(name), None


def _values(setting: Setting, live: LiveAnswers) -> Iterator[tuple[str, SettingValue]]:
    if environments.has_one_of_each(setting):
        for name, told in environments.each(setting, live):
            yield name_of(setting, name), SettingValue(told.value, told.trouble)
    elif ENVIRONMENT in setting.endpoint:
        for environment in _environments(live.answers.get(ENVIRONMENTS)):
            answer = live.answers.get(setting.endpoint.replace(ENVIRONMENT, environment))
            if answer is not None:
                yield name_of(setting, environment), _of_environment(setting, answer, live.repository)
    elif _is_told(setting, live):
        found = _read(setting, live)
        yield setting.name, SettingValue(found.value, found.trouble)


def _is_told(setting: Setting, live: LiveAnswers) -> bool:
    rests_on = [VULNERABILITY_ALERTS] if _is_dependency_graph(setting) else []
    return all(one == REPOSITORY or one in live.answers for one in (setting.endpoint, *rests_on))


def _read(setting: Setting, live: LiveAnswers) -> Reading:
    return code_security.reading_of(setting, live) if _is_dependency_graph(setting) else read(setting, live)


def _is_dependency_graph(setting: Setting) -> bool:
    """No endpoint tells that one by itself."""
    return setting.name == "code-security/dependency_graph"


def _of_environment(setting: Setting, answer: Answer, repository: Answer) -> SettingValue:
    found = read(setting, LiveAnswers(repository, {setting.endpoint: answer}))
    return SettingValue(found.value, found.trouble)


def _environments(listed: Answer | None) -> tuple[str, ...]:
    try:
        found = objects(listed.body, "environments") if listed and isinstance(listed.body, dict) else ()
        return tuple(name for name in (text(one, "name") for one in found or ()) if name)
    except UnexpectedShapeError:  # whoever judges environments says so
        return ()
