"""The stores that secrets are kept in, with the names that are there and when each was last written. Never a value.

Each store needs a permission of its own: one that cannot be read leaves the others readable. Source:
https://docs.github.com/en/rest/actions/secrets and https://docs.github.com/en/rest/dependabot/secrets
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, objects_of, part, text
from govcheck.settings.endpoints import (
    DEPENDABOT_SECRETS,
    ENVIRONMENT,
    ENVIRONMENT_SECRETS,
    ENVIRONMENTS,
    ORGANISATION_SECRETS,
    REPOSITORY_SECRETS,
)
from govcheck.settings.environments import environments

REPOSITORY = "repository"
ORGANISATION = "organisation"
DEPENDABOT = "dependabot"
IN_ENVIRONMENT = "environment:"
ANY_ENVIRONMENT = "environments"
"""Stands for all of them, where they cannot be listed."""

ACTIONS_ENDPOINTS = (REPOSITORY_SECRETS, ORGANISATION_SECRETS, ENVIRONMENTS, ENVIRONMENT_SECRETS)
DEPENDABOT_ENDPOINTS = (DEPENDABOT_SECRETS,)


@frozen(kw_only=True)
class Store:
    """One store."""

    name: str
    """As policies name it: `repository`, `organisation`, `dependabot`, `environment:production`."""

    written: Mapping[str, str | None]
    """The names that are there, in upper case, with the instant of the last write as GitHub writes it."""

    trouble: Trouble | None = None
    """Why it is not known, or not whole: then what is in `written` is there, and more may be."""

    @property
    def environment(self) -> str | None:
        """The environment whose store it is."""
        return self.name.removeprefix(IN_ENVIRONMENT) if self.name.startswith(IN_ENVIRONMENT) else None

    @property
    def title(self) -> str:
        """Its secrets, in words that fit into a sentence."""
        if self.environment is not None:
            return f"the secrets of the environment {self.environment}"
        if self.name == ANY_ENVIRONMENT:
            return "the secrets of the environments"
        owned = {REPOSITORY: "the repository's secrets", DEPENDABOT: "Dependabot's secrets"}
        return owned.get(self.name, "the organisation's secrets")

    def is_called(self, name: str) -> bool:
        """Whether a policy means this store by that name."""
        return self.name.casefold() == name.casefold()

    def may_be(self, name: str) -> bool:
        """The same, where it stands for all environments."""
        return self.is_called(name) or (self.name == ANY_ENVIRONMENT and name.startswith(IN_ENVIRONMENT))


def actions_stores(live: LiveAnswers) -> tuple[Store, ...]:
    """Every store that jobs read."""
    found = [_store(REPOSITORY, live.answers[REPOSITORY_SECRETS])]
    if not _is_owned_by_a_person(live.repository):
        found.append(_store(ORGANISATION, live.answers[ORGANISATION_SECRETS]))
    return (*found, *_of_environments(live))


def dependabot_stores(live: LiveAnswers) -> tuple[Store, ...]:
    """The store that the runs which Dependabot starts read instead."""
    return (_store(DEPENDABOT, live.answers[DEPENDABOT_SECRETS]),)


def last_written(stamp: str | None) -> datetime | None:
    """The instant of a last write; None where it cannot be read."""
    try:
        found = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _of_environments(live: LiveAnswers) -> Iterator[Store]:
    listed = environments(live)
    if listed.trouble is not None:
        yield Store(name=ANY_ENVIRONMENT, written={}, trouble=listed.trouble)
    for environment in listed.listed:
        answer = live.answers.get(ENVIRONMENT_SECRETS.replace(ENVIRONMENT, environment.name))
        name = f"{IN_ENVIRONMENT}{environment.name}"
        if answer is not None:
            yield _store(name, answer)
        else:
            trouble = unparseable(live.answers[ENVIRONMENTS], f"{environment.name} was not asked for its secrets")
            yield Store(name=name, written={}, trouble=trouble)


def _store(name: str, answer: Answer) -> Store:
    judged = verdict(answer)
    if judged.trouble is not None or judged.state is not State.ON:
        return Store(name=name, written={}, trouble=judged.trouble)
    try:
        entries = objects_of(_list(answer.body), "secrets")
        written = {_name(text(entry, "name")): text(entry, "updated_at") for entry in entries}
    except UnexpectedShapeError as error:
        return Store(name=name, written={}, trouble=unparseable(answer, str(error)))
    return Store(name=name, written=written, trouble=None if answer.complete else incomplete(answer))


def _list(body: Json) -> Json:
    return part(body, "secrets") if isinstance(body, dict) else None


def _name(found: str | None) -> str:
    if not found:
        raise UnexpectedShapeError("secrets: expected a name")
    return found.upper()


def _is_owned_by_a_person(repository: Answer) -> bool:
    """Whose repositories get no secrets of an organisation."""
    try:
        return isinstance(repository.body, dict) and text(repository.body, "owner.type") == "User"
    except UnexpectedShapeError:
        return False
