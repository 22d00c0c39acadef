"""Who changed a setting and when, and what else happened in between: told where GitHub tells it. Pure."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from govcheck.drift.versions import story
from govcheck.facts.events import LiveEvents, LiveEventsRequest
from govcheck.records import replace
from govcheck.report import Attribution, Drift, DriftEntry, DriftEvent
from govcheck.settings.events import CHANGED, Event, Events, happened
from govcheck.snapshot import Snapshot

_RULESET = re.compile(r'ruleset (?:".*" \((\d+)\)|(\d+))')
_ENDPOINT = re.compile(r"repos/[^/]+/[^/]+/rulesets/([0-9]+)")
_OWN = re.compile(r"rulesets/(\d+)/")
_MOVED = frozenset({"changed", "introduced", "gone", "renamed"})
_MOST_RULESETS = 20
_PERIODS = (("day", timedelta(days=1)), ("week", timedelta(days=7)))
_LONGEST = "month"
_LONGEST_SPAN = timedelta(days=28)

SILENCE = "GitHub does not say"


def wanted(drift: Drift, before: Snapshot, after: Snapshot) -> LiveEventsRequest | None:
    """What to ask GitHub, where a setting moved since the last sweep; None where none did."""
    moved = list(_news(drift))
    touched = touched_rulesets(before, after)
    if not moved and not touched:
        return None
    numbers = dict.fromkeys((*(number for entry in moved for number in rulesets_of(entry, before, after)), *touched))
    since = _oldest(drift)
    span = after.finished_at - since
    period = next((name for name, most in _PERIODS if span <= most), _LONGEST)
    return LiveEventsRequest(LiveEvents, since, tuple(numbers)[:_MOST_RULESETS], period)


def attributed(drift: Drift, live: LiveEvents, before: Snapshot, after: Snapshot) -> Drift:
    """The drift with who and when, and with what else happened."""
    since = drift.told_at or drift.since
    found = happened(live, _oldest(drift))
    entries = tuple(
        replace(entry, by=_by(entry, before, after, found)) if _is_news(entry) else entry for entry in drift.entries
    )
    told = {str(number) for entry in _news(drift) for number in rulesets_of(entry, before, after)}
    events = [event for event in found.events if event.at > since]
    known = story(live, events, before, after)
    others = tuple(
        DriftEvent(
            kind=event.kind,
            at=event.at,
            actor=event.actor,
            what=_what(event, after),
            changes=known.steps.get((event.what, event.version)) if event.kind == CHANGED else None,
        )
        for event in events
        if event.kind != CHANGED or event.what not in told or known.steps.get((event.what, event.version))
    )
    notes = (*drift.notes, *_notes(found, since, after.finished_at), *known.notes)
    return replace(drift, entries=entries, events=others, notes=notes)


def touched_rulesets(before: Snapshot, after: Snapshot) -> tuple[int, ...]:
    """Rulesets that were changed in between, by GitHub's own date, whatever is left of it."""
    old, new = _dates(before), _dates(after)
    return tuple(sorted(number for number in old.keys() & new.keys() if old[number] != new[number]))


def _dates(snapshot: Snapshot) -> dict[int, str]:
    found = {}
    for answer in snapshot.answers:
        match = _ENDPOINT.fullmatch(answer.endpoint)
        date = answer.body.get("updated_at") if isinstance(answer.body, dict) else None
        if match is not None and isinstance(date, str):
            found[int(match[1])] = date
    return found


def _what(event: Event, after: Snapshot) -> str:
    if event.kind != CHANGED:
        return event.what
    name = after.settings.get(f"rulesets/{event.what}/name")
    return f'ruleset "{name.value}" ({event.what})' if name is not None and name.value else f"ruleset {event.what}"


def rulesets_of(entry: DriftEntry, before: Snapshot, after: Snapshot) -> tuple[int, ...]:
    """The rulesets that give a setting, then or now."""
    own = _OWN.match(entry.name)
    if own is not None:
        return (int(own[1]),)
    layers = _layers(entry, before, after)
    numbers = (match[1] or match[2] for layer in layers for match in _RULESET.finditer(layer))
    return tuple(dict.fromkeys(map(int, numbers)))


def _layers(entry: DriftEntry, before: Snapshot, after: Snapshot) -> Iterator[str]:
    kept = (snapshot.settings.get(entry.name) for snapshot in (before, after))
    return (source for setting in kept if setting is not None for source in setting.sources)


def _by(entry: DriftEntry, before: Snapshot, after: Snapshot, found: Events) -> Attribution:
    names = [str(number) for number in rulesets_of(entry, before, after)]
    changes = [event for event in found.events if event.kind == CHANGED and event.what in names]
    if changes:
        last = changes[-1]
        more = f", the last of {len(changes)} changes of its rulesets" if len(changes) > 1 else ""
        others = any(not _RULESET.search(layer) for layer in _layers(entry, before, after))
        rest = "; of the other layers that give it GitHub does not say" if others else ""
        return Attribution(actor=last.actor, at=last.at, note=f"ruleset {last.what}{more}{rest}")
    untold = [found.untold[name] for name in names if name in found.untold]
    return Attribution(actor=None, at=None, note=untold[0] if untold else SILENCE)


def _notes(found: Events, since: datetime, until: datetime) -> Iterator[str]:
    untold = dict.fromkeys(why for what, why in found.untold.items() if not what.isdigit())
    for why in untold:
        yield f"what happened in between is not known whole: {why}"
    if until - since > _LONGEST_SPAN:
        yield "GitHub lists bypasses, force pushes and deletions of the last month only, and that sweep is older"


def _oldest(drift: Drift) -> datetime:
    """What was hidden for a while may have changed before the sweep that the rest is measured from."""
    hidden = (entry.since for entry in _news(drift) if entry.since is not None)
    return min([drift.told_at or drift.since, *hidden])


def _news(drift: Drift) -> Iterator[DriftEntry]:
    return (entry for entry in drift.entries if _is_news(entry))


def _is_news(entry: DriftEntry) -> bool:
    return entry.plane == "setting" and entry.change in _MOVED and not entry.told
