"""What a ruleset was in between: which of its versions to ask for, and what each of them set. Pure.

Source: https://docs.github.com/en/rest/repos/rules#get-repository-ruleset-version: `state` is the whole ruleset.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from govcheck.facts.live import Answer, LiveRulesets
from govcheck.settings.answers import State, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects_of, part, text
from govcheck.settings.every_ruleset import EVERYTHING, WholeRuleset, rules_of
from govcheck.settings.flat_layers import SettingValue, of_ruleset
from govcheck.settings.ref_views import as_branch

_MOST_OF_ONE = 10
_MOST = 40


def between(histories: Iterable[tuple[int, Answer]], since: datetime) -> tuple[tuple[int, int], ...]:
    """The versions after a moment, by ruleset and version, of each ruleset that has more than one of them.

    A single one needs no request: what it changed is what the two sweeps see.
    """
    found: list[tuple[int, int]] = []
    for ruleset, answer in histories:
        newer = _after(answer, since)
        found += [(ruleset, version) for version in newer[-_MOST_OF_ONE:] if len(newer) > 1]
    return tuple(found[:_MOST])


def state_of(answer: Answer) -> Body | None:
    """The ruleset as a version has it; None where that could not be read."""
    if not isinstance(answer.body, dict) or verdict(answer).state is not State.ON:
        return None
    try:
        state = part(answer.body, "state")
    except UnexpectedShapeError:
        return None
    return state if isinstance(state, dict) else None


def values(ruleset: int, state: Body) -> Mapping[str, SettingValue] | None:
    """Everything that a ruleset sets, switched off or not, by name; None where it has an odd shape."""
    whole = {**state, "id": ruleset}
    bare = {key: value for key, value in whole.items() if key not in {"enforcement", "conditions"}}
    answer = Answer(endpoint=f"repos/rulesets/{ruleset}", status=200, message="", body=bare)
    listed = Answer(endpoint="repos", status=200, message="", body=[])
    live = LiveRulesets(repository=listed, listed=listed, rulesets=(answer,))
    try:
        branch = as_branch(live, "any", (WholeRuleset(answer, rules_of(bare), (EVERYTHING,), ()),))
        return dict(of_ruleset(branch, ruleset, whole))
    except UnexpectedShapeError:
        return None


def _after(answer: Answer, since: datetime) -> list[int]:
    found: list[tuple[datetime, int]] = []
    try:
        for entry in objects_of(answer.body, "the list") if verdict(answer).state is State.ON else ():
            written, version = text(entry, "updated_at"), number(entry, "version_id")
            at = datetime.fromisoformat(written) if written is not None else None
            if version is not None and at is not None and at.tzinfo is not None and at > since:
                found.append((at, version))
    except (UnexpectedShapeError, ValueError):  # `happened` says that it is odd
        return []
    return [version for _, version in sorted(found)]
