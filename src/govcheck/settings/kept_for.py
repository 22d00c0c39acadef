"""How long a repository keeps artifacts and logs, as its organisation leaves it. Pure."""

from collections.abc import Iterator

from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Evidence
from govcheck.settings import assertions
from govcheck.settings.answers import Trouble, unparseable
from govcheck.settings.reading import read
from govcheck.settings.registry.actions import SETTINGS

SETTING = next(one for one in SETTINGS if one.key == "retention_days")
ENDPOINTS = (SETTING.endpoint,)
BESIDE = ("orgs/{org}/actions/permissions/artifact-and-log-retention",)


def days(live: LiveAnswers) -> int | Trouble:
    """The days; what stood in the way where that could not be told."""
    found = read(SETTING, live)
    if found.trouble is not None:
        return found.trouble
    if isinstance(found.value, int) and not isinstance(found.value, bool):
        return found.value
    return unparseable(live.answers.get(SETTING.endpoint, live.repository), "it does not say how many days")


def evidence(live: LiveAnswers) -> Iterator[Evidence]:
    """What the repository's endpoint says, and its organisation's."""
    return assertions.evidence(SETTING, live)
