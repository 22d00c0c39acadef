"""Several windows at once: whether all of them are open, until when, and when all are open next."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from govcheck.actions.calendar import HORIZON_DAYS, Closed, Open, Window, is_open, zone_of
from govcheck.records import frozen


@frozen(kw_only=True)
class WindowAnswer:
    """What one window says."""

    policy: str
    """The policy's id."""

    timezone: str
    state: Open | Closed
    edge: datetime | None
    """When it closes, or opens next, in the window's own zone; None where that is not in sight."""

    def __str__(self) -> str:
        """For people, in the window's own time: `business-hours: open until Mon 2026-11-23 17:00 PST`."""
        when = f"{self.edge:%a %Y-%m-%d %H:%M %Z}" if self.edge is not None else ""
        if isinstance(self.state, Open):
            return f"{self.policy}: open until {when}" if when else f"{self.policy}: open, with no end in sight"
        opens = f"opens {when}" if when else f"does not open within {HORIZON_DAYS} days"
        return f"{self.policy}: closed, {self.state.reason}; {opens}"


@frozen(kw_only=True)
class GateAnswer:
    """What all windows together say."""

    open: bool
    until: datetime | None
    """If open: when the first of them closes, in UTC; None where that is not in sight."""

    next_open: datetime | None
    """If closed: when all of them are open next, in UTC; None where that is not within `HORIZON_DAYS`."""

    windows: tuple[WindowAnswer, ...]
    """Each window's own answer, in the policies' order."""

    avoided: tuple[str, ...] = ()
    """Why it would be better to wait, open or not: the reason of every window in whose `avoid` the instant lies."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What closes it: the reason of every window that is closed."""
        closed = (answer for answer in self.windows if isinstance(answer.state, Closed))
        return tuple(f"{answer.policy}: {answer.state.reason}" for answer in closed if isinstance(answer.state, Closed))


def combined(windows: Mapping[str, Window], instant: datetime, avoid: Mapping[str, Window] | None = None) -> GateAnswer:
    """The answer of all windows, which are given by their policies' ids.

    Args:
        windows: What opens and closes.
        instant: With a time zone.
        avoid: Windows that close nothing: where one of them is closed, it would be better to wait.

    Raises:
        ValueError: where the instant has no time zone.
        UsageError: where it lies in a year that no clock change is known of.
    """
    answers = tuple(_answer(policy, window, instant) for policy, window in windows.items())
    states = [answer.state for answer in answers]
    ends = [state.until for state in states if isinstance(state, Open) and state.until is not None]
    is_it = all(isinstance(state, Open) for state in states)
    return GateAnswer(
        open=is_it,
        until=min(ends, default=None) if is_it else None,
        next_open=None if is_it else _all_open(tuple(windows.values()), instant),
        windows=answers,
        avoided=tuple(_avoided(avoid or {}, instant)),
    )


def _avoided(avoid: Mapping[str, Window], instant: datetime) -> Iterator[str]:
    for policy, window in avoid.items():
        state = is_open(window, instant)
        if isinstance(state, Closed):
            yield f"{policy}: {state.reason}"


def _answer(policy: str, window: Window, instant: datetime) -> WindowAnswer:
    state = is_open(window, instant)
    edge = state.until if isinstance(state, Open) else state.next_open
    local = edge.astimezone(zone_of(window.timezone)) if edge is not None else None
    return WindowAnswer(policy=policy, timezone=window.timezone, state=state, edge=local)


def _all_open(windows: tuple[Window, ...], instant: datetime) -> datetime | None:
    """The first instant from here on at which all are open: from one opening on to the next, until none objects."""
    last = instant + timedelta(days=HORIZON_DAYS)
    while instant <= last:
        openings = [_opening(window, instant) for window in windows]
        known = [opening for opening in openings if opening is not None]
        if len(known) < len(openings):
            return None
        if max(known) <= instant:
            return instant
        instant = max(known)
    return None


def _opening(window: Window, instant: datetime) -> datetime | None:
    state = is_open(window, instant)
    return instant if isinstance(state, Open) else state.next_open
