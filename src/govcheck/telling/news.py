"""What is news to a reader: what it was not told yet, and what it was told that holds no more."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from govcheck.findings import SEVERITIES, Severity
from govcheck.records import frozen, replace
from govcheck.telling.memory import Memory, Told
from govcheck.telling.sweep import Event, Item, Sweep

Word = Literal["new", "returned", "unknown", "escalated", "fixed", "gone", "waived", "event"]

CLOSING: tuple[Word, ...] = ("fixed", "gone", "waived")


@frozen(kw_only=True)
class Reader:
    """Somebody who is told, by one channel."""

    channel: Literal["mail", "webhook", "apprise"]
    address: str
    """Of mail. Of the others the name of what holds their address: never a secret."""

    from_start: bool = True
    """False for those who are told only once something stays open."""

    escalate_after: int | None = None
    """After how many sweeps in a row it is told, or told again; None for never."""

    @property
    def name(self) -> str:
        """As the memory calls it."""
        return f"{self.channel}:{self.address.casefold()}"


@frozen(kw_only=True)
class News:
    """One thing to be told."""

    word: Word
    fingerprint: str
    title: str
    policy: str
    thread: str | None
    """The thread that it belongs to; None begins one."""

    item: Item | None = None
    event: Event | None = None
    sweeps: int = 1


def counted(memory: Memory, sweep: Sweep, readers: Iterable[Reader]) -> Memory:
    """The memory once it knows of a sweep: how long everything is open, and which events have to be told.

    A sweep that was counted before changes nothing, so that a second try tells what the first one could not.

    Raises:
        ValueError: where a later sweep was told already.
    """
    if memory.finished_at is not None and sweep.finished_at < memory.finished_at:
        raise ValueError(f"a later sweep ({memory.finished_at.isoformat()}) was told already")
    if sweep.finished_at == memory.finished_at:
        return memory
    waiting = dict(memory.waiting)
    for reader in readers:
        if reader.from_start and sweep.events:
            waiting[reader.name] = tuple(dict.fromkeys((*waiting.get(reader.name, ()), *sweep.events)))
    seen = {item.fingerprint: memory.seen.get(item.fingerprint, 0) + 1 for item in sweep.items}
    return replace(memory, finished_at=sweep.finished_at, seen=seen, waiting=waiting)


def news(memory: Memory, sweep: Sweep, reader: Reader, least: Severity) -> tuple[News, ...]:
    """Everything that a reader has to be told.

    Args:
        memory: It knows of the sweep.
        sweep: What is open now.
        reader: Who.
        least: The least severity that is told.
    """
    known = memory.told.get(reader.name, {})
    wanted = [item for item in sweep.items if SEVERITIES.index(item.severity) <= SEVERITIES.index(least)]
    opened = (
        _opened(item, known.get(item.fingerprint), reader, memory.seen.get(item.fingerprint, 1)) for item in wanted
    )
    closed = (one for name, told in known.items() for one in _closed(name, told, sweep))
    events = (_event(event) for event in memory.waiting.get(reader.name, ()))
    return (*(one for one in opened if one is not None), *closed, *events)


def remembered(memory: Memory, reader: Reader, told: Iterable[News], thread: str) -> Memory:
    """The memory once a reader was told; `thread` is the message's id, for what begins a thread."""
    known, waiting = dict(memory.told.get(reader.name, {})), list(memory.waiting.get(reader.name, ()))
    for one in told:
        if one.event is not None:
            waiting = [event for event in waiting if event != one.event]
            continue
        before = known.get(one.fingerprint)
        known[one.fingerprint] = Told(
            thread=one.thread or thread,
            state="closed" if one.item is None else one.item.status,
            title=one.title,
            policy=one.policy,
            escalated=one.item is not None
            and (one.word == "escalated" or bool(before and before.escalated and before.state != "closed")),
        )
    return replace(
        memory,
        told={**memory.told, reader.name: known},
        waiting={**memory.waiting, reader.name: tuple(waiting)},
    )


def _opened(item: Item, told: Told | None, reader: Reader, sweeps: int) -> News | None:
    is_due = reader.escalate_after is not None and sweeps >= reader.escalate_after
    word: Word | None = None
    if told is None or told.state == "closed":
        first: Word = "returned" if told else "unknown" if item.status == "unknown" else "new"
        word = first if reader.from_start else "escalated" if is_due else None
    elif told.state != item.status:
        word = "unknown" if item.status == "unknown" else "new"
    elif is_due and not told.escalated:
        word = "escalated"
    if word is None:
        return None
    return News(
        word=word,
        fingerprint=item.fingerprint,
        title=f"{item.control} of {item.subject}",
        policy=item.policy,
        thread=told.thread if told else None,
        item=item,
        sweeps=sweeps,
    )


def _closed(name: str, told: Told, sweep: Sweep) -> Iterator[News]:
    if told.state == "closed" or any(item.fingerprint == name for item in sweep.items):
        return
    word = closing_word(name, told.policy, sweep)
    if word is not None:
        yield News(word=word, fingerprint=name, title=told.title, policy=told.policy, thread=told.thread)


def closing_word(fingerprint: str, policy: str, sweep: Sweep) -> Word | None:
    """Why something is no longer open; None where the sweep could not tell all of its policy, so that it may be.

    Args:
        fingerprint: Of what the sweep does not have among its items.
        policy: The id of its policy.
        sweep: The newest.
    """
    if fingerprint in sweep.waived:
        return "waived"
    judged = next((one for one in sweep.policies if one.id == policy), None)
    if judged is None or judged.outcome == "not-applicable":
        return "gone"
    return None if judged.has_unknowns or judged.outcome == "unknown" else "fixed"


def _event(event: Event) -> News:
    return News(word="event", fingerprint=event.name, title=event.title, policy="drift", thread=None, event=event)


def threads(told: Iterable[News], most: int) -> list[tuple[News, ...]]:
    """What goes into one message each: a thread that goes on, or one new thing; many new things are one message.

    Args:
        told: All news of one reader.
        most: How many new threads there may be at once.
    """
    going_on: dict[str, list[News]] = {}
    fresh: list[News] = []
    for one in told:
        if one.thread is None:
            fresh.append(one)
        else:
            going_on.setdefault(one.thread, []).append(one)
    begun = [(one,) for one in fresh] if len(fresh) <= most else [tuple(fresh)]
    return [*begun, *(tuple(group) for group in going_on.values())]


def readers_by_name(readers: Iterable[Reader]) -> Mapping[str, Reader]:
    """Each reader once; somebody who is told from the start is not made to wait by an escalation that names them."""
    found: dict[str, Reader] = {}
    for reader in readers:
        before = found.get(reader.name)
        if before is None:
            found[reader.name] = reader
        else:
            after = [one.escalate_after for one in (before, reader) if one.escalate_after is not None]
            found[reader.name] = replace(
                before,
                from_start=before.from_start or reader.from_start,
                escalate_after=min(after) if after else None,
            )
    return found
