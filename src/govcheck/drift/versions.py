"""What a ruleset was between two sweeps, change by change, where GitHub's own history of it tells. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from govcheck.drift.settings import setting_entries
from govcheck.facts.events import LiveEvents
from govcheck.records import frozen, replace
from govcheck.report import DriftStep
from govcheck.settings import registered
from govcheck.settings.bodies import Body
from govcheck.settings.events import CHANGED, Event
from govcheck.settings.ruleset_versions import state_of, values
from govcheck.snapshot import Setting, Snapshot

_ITSELF = re.compile(r"(?: of ruleset \d+|, by ruleset \d+ alone)$")
_ORDER = ("weakened", "changed", None, "strengthened")

Values = Mapping[str, Setting]


@frozen
class Story:
    """What the changes of rulesets did."""

    steps: Mapping[tuple[str, int | None], tuple[DriftStep, ...]]
    """By the ruleset's number, as `Event.what` has it, and the version."""

    notes: tuple[str, ...]
    """Where GitHub's history is not that of what the sweeps saw."""


def story(live: LiveEvents, events: Iterable[Event], before: Snapshot, after: Snapshot) -> Story:
    """Each change of the rulesets whose versions are known."""
    steps: dict[tuple[str, int | None], tuple[DriftStep, ...]] = {}
    notes: list[str] = []
    changed = [event for event in events if event.kind == CHANGED]
    for ruleset in dict.fromkeys(number for number, _, _ in live.versions):
        own = [event for event in changed if event.what == str(ruleset)]
        if not own:
            continue
        states = _states(ruleset, live)
        row = [_at(ruleset, before), *(states.get(event.version) for event in own)]
        now = _at(ruleset, after)
        if now is not None and row[-1] is not None and any(_steps(row[-1], now, after)):
            notes.append(f"GitHub's history of ruleset {ruleset} does not end with what is there now; it is not told")
            continue
        for event, (old, new) in zip(own, pairwise(row), strict=True):
            if old is not None and new is not None:
                steps[event.what, event.version] = tuple(_steps(old, new, after))
    return Story(steps, tuple(notes))


def _states(ruleset: int, live: LiveEvents) -> Mapping[int | None, Values | None]:
    found = {version: state_of(answer) for number, version, answer in live.versions if number == ruleset}
    return {version: None if state is None else _kept(ruleset, state) for version, state in found.items()}


def _at(ruleset: int, snapshot: Snapshot) -> Values | None:
    end = f"/rulesets/{ruleset}"
    bodies = (answer.body for answer in snapshot.answers if answer.good and answer.endpoint.endswith(end))
    body = next(bodies, None)
    return _kept(ruleset, body) if isinstance(body, dict) else None


def _kept(ruleset: int, state: Body) -> Values | None:
    found = values(ruleset, state)
    if found is None:
        return None
    return {
        name: Setting(value=one.value, unknown=one.trouble.message if one.trouble else None)
        for name, one in found.items()
    }


def _steps(old: Values, new: Values, like: Snapshot) -> Sequence[DriftStep]:
    """What of both is known and differs, weakened first."""
    before, after = (replace(like, settings=values, answers=()) for values in (old, new))
    entries = setting_entries(before, after, registered.direction, registered.describe)
    found = (
        DriftStep(
            name=entry.name,
            title=_ITSELF.sub("", registered.describe(entry.name)),
            direction=entry.direction,
            before=entry.before,
            after=entry.after,
        )
        for entry in entries
        if entry.change in {"changed", "introduced", "gone", "renamed"}
    )
    return sorted(found, key=lambda step: _ORDER.index(step.direction))
