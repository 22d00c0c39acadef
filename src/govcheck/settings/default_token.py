"""What a workflow's token has where no file says it: the repository's default, as its organisation leaves it."""

from collections.abc import Iterator

from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Evidence, Undecided
from govcheck.records import replace
from govcheck.settings import assertions
from govcheck.settings.reading import read
from govcheck.settings.registry.actions import SETTINGS

SETTING = next(one for one in SETTINGS if one.key == "default_token")


def default_of(live: LiveAnswers) -> str | None:
    """`read` or `write`; None where that could not be told."""
    found = read(SETTING, live)
    return found.value if found.trouble is None and isinstance(found.value, str) else None


def with_cause(doubt: Undecided, live: LiveAnswers) -> Undecided:
    """A doubt with what keeps the default from us. It stays one, whoever's token this is: a file could tell it too."""
    trouble = read(SETTING, live).trouble
    if trouble is None:
        return doubt
    message = f"{doubt.message}; {trouble.message}"
    return replace(trouble.undecided(doubt.control, doubt.subject, message, doubt.location), grantable=True)


def evidence(live: LiveAnswers) -> Iterator[Evidence]:
    """What the repository's endpoint says, and its organisation's."""
    return assertions.evidence(SETTING, live)
