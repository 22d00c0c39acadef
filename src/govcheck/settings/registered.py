"""The registry's settings as flat, named values, beside those of branches: what a snapshot keeps and drift compares."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Json
from govcheck.settings import assertions, flat
from govcheck.settings.bodies import UnexpectedShapeError, objects, text
from govcheck.settings.endpoints import ENVIRONMENT, ENVIRONMENTS, REPOSITORY
from govcheck.settings.flat import SettingValue
from govcheck.settings.reading import read
from govcheck.settings.registry import Setting, named, settings


def endpoints() -> tuple[str, ...]:
    """Everything that has to be asked to tell all settings."""
    found = assertions.endpoints(one for one in settings() if not one.measure)
    each = any(ENVIRONMENT in name for name in found) and ENVIRONMENTS not in found
    return (*found, *([ENVIRONMENTS] if each else []))


def settings_of(live: LiveAnswers) -> dict[str, SettingValue]:
    """Every setting that these answers tell or withhold, by name; see `name_of`."""
    return {name: value for setting in settings() if not setting.measure for name, value in _values(setting, live)}


def without_a_setting(live: LiveAnswers) -> frozenset[str]:
    """The names of those that GitHub does not have for this repository: there is nothing in them to assert."""
    told = (one for one in settings() if ENVIRONMENT not in one.endpoint and _is_told(one, live))
    return frozenset(one.name for one in told if read(one, live).inapplicable)


def name_of(setting: Setting, environment: str | None = None) -> str:
    """A setting's name in snapshots and reports; that of one environment names it: `KIND/production/KEY`."""
    if environment is None:
        return setting.name
    return f"{setting.kind}/{quote(environment, safe='')}/{setting.key}"


def direction(name: str, before: Json, after: Json) -> Direction | None:
    """Which way a setting went, by its name; None where it did not move."""
    setting, _ = _setting(name)
    return assertions.direction(setting, before, after) if setting else flat.direction(name, before, after)


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
    if ENVIRONMENT in setting.endpoint:
        for environment in _environments(live.answers.get(ENVIRONMENTS)):
            answer = live.answers.get(setting.endpoint.replace(ENVIRONMENT, environment))
            if answer is not None:
                yield name_of(setting, environment), _of_environment(setting, answer, live.repository)
    elif _is_told(setting, live):
        found = read(setting, live)
        yield setting.name, SettingValue(found.value, found.trouble)


def _is_told(setting: Setting, live: LiveAnswers) -> bool:
    return setting.endpoint == REPOSITORY or setting.endpoint in live.answers


def _of_environment(setting: Setting, answer: Answer, repository: Answer) -> SettingValue:
    found = read(setting, LiveAnswers(repository, {setting.endpoint: answer}))
    return SettingValue(found.value, found.trouble)


def _environments(listed: Answer | None) -> tuple[str, ...]:
    try:
        found = objects(listed.body, "environments") if listed and isinstance(listed.body, dict) else ()
        return tuple(name for name in (text(one, "name") for one in found or ()) if name)
    except UnexpectedShapeError:  # whoever judges environments says so
        return ()
