"""What was told already, to whom, in which thread: so that nothing is told twice, and nothing is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from govcheck.findings import Json
from govcheck.records import field, frozen
from govcheck.telling.sweep import Event

MEMORY_SCHEMA = "urn:govcheck:told:1"

State = Literal["fail", "unknown", "closed"]


@frozen(kw_only=True)
class Told:
    """What one reader knows of one item."""

    thread: str
    """The id of the first message about it."""

    state: State
    title: str
    """How it was called, for the message that closes it."""

    policy: str
    escalated: bool = False


@frozen(kw_only=True)
class Memory:
    """What is remembered of one repository."""

    finished_at: datetime | None = None
    """When the newest sweep that was told of had finished."""

    seen: Mapping[str, int] = field(default_factory=dict)
    """Fingerprint to how many sweeps in a row had it."""

    told: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)
    """Reader to fingerprint to what it was told."""

    waiting: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    """Reader to events that it has still to be told of."""


def as_document(memory: Memory) -> dict[str, Json]:
    """The memory as JSON."""
    return {
        "finished_at": memory.finished_at.isoformat() if memory.finished_at else None,
        "seen": dict(memory.seen),
        "told": {reader: {name: _told(told) for name, told in known.items()} for reader, known in memory.told.items()},
        "waiting": {reader: [_event(event) for event in events] for reader, events in memory.waiting.items()},
    }


def parse(document: Mapping[str, Any]) -> Memory:
    """The memory that a document holds.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: where it is none.
    """
    finished = document["finished_at"]
    seen = document["seen"]
    if not all(isinstance(name, str) and type(count) is int for name, count in seen.items()):
        raise TypeError("`seen` has something else than counts")
    return Memory(
        finished_at=datetime.fromisoformat(finished) if finished else None,
        seen=dict(seen),
        told={
            reader: {name: _parsed(told) for name, told in known.items()} for reader, known in document["told"].items()
        },
        waiting={
            reader: tuple(Event(**_texts(event)) for event in events) for reader, events in document["waiting"].items()
        },
    )


def _told(told: Told) -> Json:
    return {
        "thread": told.thread,
        "state": told.state,
        "title": told.title,
        "policy": told.policy,
        "escalated": told.escalated,
    }


def _parsed(document: Mapping[str, Any]) -> Told:
    state, escalated = document["state"], document["escalated"]
    if state not in {"fail", "unknown", "closed"} or not isinstance(escalated, bool):
        raise ValueError("an item in a state that there is not")
    thread, title, policy = (_text(document[key]) for key in ("thread", "title", "policy"))
    return Told(thread=thread, state=state, title=title, policy=policy, escalated=escalated)


def _event(event: Event) -> Json:
    return {
        "name": event.name,
        "title": event.title,
        "before": event.before,
        "after": event.after,
        "by": event.by,
    }


def _texts(document: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(document[key]) for key in ("name", "title", "before", "after", "by")}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("something else than text")
    return value
