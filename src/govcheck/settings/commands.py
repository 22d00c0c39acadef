"""The command that mends a setting, where one call of GitHub's API does it and touches nothing else."""

import re
from shlex import quote

from govcheck.constraints import NumberConstraint, lowest
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Json
from govcheck.settings.registry import Setting
from govcheck.settings.strength import Strength

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def command(setting: Setting, wanted: object, live: LiveAnswers) -> str | None:
    """What to type; None where no one call does it, or the repository's name is not known."""
    body = live.repository.body
    name = body.get("full_name") if isinstance(body, dict) else None
    value = _as_github_writes_it(setting, wanted)
    if not setting.command or value is None or not isinstance(name, str) or not _REPOSITORY.fullmatch(name):
        return None
    return setting.command.format(repository=name, value=quote(value))


def _as_github_writes_it(setting: Setting, wanted: object) -> str | None:
    if isinstance(wanted, int | NumberConstraint) and not isinstance(wanted, bool):
        edge = lowest(wanted) if setting.strength is Strength.AT_LEAST else None
        return None if edge is None else str(edge)
    if not isinstance(wanted, bool | str):
        return None
    written: Json = next((key for key, value in (setting.values or {}).items() if value == wanted), wanted)
    return str(written).lower() if isinstance(written, bool) else str(written)
