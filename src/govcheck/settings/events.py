"""What the answers say that happened, by whom and when; and what they do not say. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from govcheck.facts.events import LiveEvents
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, incomplete, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects_of, part, text

CHANGED, BYPASSED, FORCE_PUSHED, DELETED = "ruleset-changed", "rules-bypassed", "force-pushed", "branch-deleted"

_Reader = Callable[[Body], "Event"]


@frozen(kw_only=True)
class Event:
    """One thing that happened."""

    kind: str
    at: datetime
    actor: str | None
    """A login, or `User 12` where GitHub tells no more; None where it tells nobody."""

    what: str
    """A ruleset's number, or a ref."""

    version: int | None = None
    """Of a ruleset: the number of what it became."""


@frozen(kw_only=True)
class Events:
    """Everything that happened since a moment."""

    events: tuple[Event, ...]
    """The oldest first."""

    untold: Mapping[str, str]
    """What could not be read: of a ruleset's number, or a kind of event, why."""


def happened(live: LiveEvents, since: datetime) -> Events:
    """What happened after a moment."""
    names = dict(_names(live))
    asked: tuple[tuple[str, Answer, _Reader], ...] = (
        *(
            (str(ruleset), answer, partial(_change, ruleset=str(ruleset), names=names))
            for ruleset, answer in live.histories
        ),
        (BYPASSED, live.bypasses, _bypass),
        (FORCE_PUSHED, live.force_pushes, partial(_activity, kind=FORCE_PUSHED)),
        (DELETED, live.deletions, partial(_activity, kind=DELETED)),
    )
    found: list[Event] = []
    untold: dict[str, str] = {}
    for what, answer, read in asked:
        try:
            found += (event for entry in _entries(answer) if (event := read(entry)).at > since)
        except (UnexpectedShapeError, ValueError) as error:
            untold[what] = f"{answer.endpoint}: {error}"
        trouble = verdict(answer).trouble or (None if answer.complete else incomplete(answer))
        if trouble is not None:
            untold[what] = trouble.message
    return Events(
        events=tuple(sorted(found, key=lambda event: (event.at, event.kind, event.what, event.version or 0))),
        untold=untold,
    )


def _entries(answer: Answer) -> tuple[Body, ...]:
    return objects_of(answer.body, "the list") if verdict(answer).state is State.ON else ()


def _names(live: LiveEvents) -> Iterator[tuple[int, str]]:
    """Logins by number: a ruleset's history has numbers only."""
    for answer, identity, login in (
        (live.bypasses, "actor_id", "actor_name"),
        (live.force_pushes, "actor.id", "actor.login"),
        (live.deletions, "actor.id", "actor.login"),
    ):
        for entry in answer.body if isinstance(answer.body, list) else ():
            known, name = _quietly(entry, identity), _quietly(entry, login)
            if type(known) is int and isinstance(name, str):
                yield known, name


def _quietly(entry: Json, place: str) -> Json:
    try:
        return part(entry, place) if isinstance(entry, dict) else None
    except UnexpectedShapeError:  # then it names nobody; the entry itself is read elsewhere, and said to be odd
        return None


def _change(entry: Body, *, ruleset: str, names: Mapping[int, str]) -> Event:
    identity = number(entry, "actor.id")
    name = text(entry, "actor.name") or (names.get(identity) if identity is not None else None)
    actor = name or (f"{text(entry, 'actor.type') or 'actor'} {identity}" if identity is not None else None)
    return Event(
        kind=CHANGED, at=_instant(entry, "updated_at"), actor=actor, what=ruleset, version=number(entry, "version_id")
    )


def _bypass(entry: Body) -> Event:
    actor, ref = text(entry, "actor_name"), text(entry, "ref")
    return Event(kind=BYPASSED, at=_instant(entry, "pushed_at"), actor=actor, what=_ref(ref))


def _activity(entry: Body, *, kind: str) -> Event:
    actor, ref = text(entry, "actor.login"), text(entry, "ref")
    return Event(kind=kind, at=_instant(entry, "timestamp"), actor=actor, what=_ref(ref))


def _ref(ref: str | None) -> str:
    if ref is None:
        raise UnexpectedShapeError("an entry without `ref`")
    return ref.removeprefix("refs/heads/")


def _instant(entry: Body, key: str) -> datetime:
    written = text(entry, key)
    found = datetime.fromisoformat(written) if written is not None else None
    if found is None or found.tzinfo is None:
        raise UnexpectedShapeError(f"an entry without an instant under `{key}`")
    return found
