"""When something may happen, as policies write it: entries of `allow` and of `deny`, and the window that they make."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from govcheck.actions.calendar import Window
from govcheck.actions.calendar_entries import Problem, denial_of, denied_problems, hours_of, hours_problems
from govcheck.actions.calendar_text import timezone_problem
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen


@frozen(kw_only=True)
class AllowedHours:
    """Hours in which it may happen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    days: str | tuple[str, ...] | None = None
    """Days of the week: `mon-fri`, `mon,wed`, `fri-mon`, or a list. Default: every day, unless there are `dates`."""

    dates: tuple[str, ...] = ()
    """Single days, as `2026-12-24`."""

    from_: str = "00:00"
    """The time of day it opens, `HH:MM`."""

    to: str = "24:00"
    """The time of day it closes, `HH:MM`; where it is not after `from`, on the next day."""


@frozen(kw_only=True)
class Denied:
    """When it may not happen, whatever `allow` says: whole days from a date to a date, or hours on certain days."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    days: str | tuple[str, ...] | None = None
    """Days of the week, every week. `from` and `to` are then times of day."""

    dates: tuple[str, ...] = ()
    """Single days. `from` and `to` are then times of day."""

    from_: str | None = None
    """The first day, `2026-12-22`; with `days` or `dates` a time of day, by default `00:00`."""

    to: str | None = None
    """The last day, included; with `days` or `dates` a time of day, by default `24:00`."""

    reason: str = ""
    """Why, as `gate deploy` says it."""


def window_problems(
    timezone: str, allow: Sequence[AllowedHours], deny: Sequence[Denied], avoid: Sequence[Denied] = ()
) -> Iterator[Problem]:
    """Times, dates, days and zones that are none."""
    zone = timezone_problem(timezone)
    if zone:
        yield ("timezone",), zone
    for index, allowed in enumerate(allow):
        yield from ((("allow", index, *path), message) for path, message in hours_problems(allowed))
    for key, entries in (("deny", deny), ("avoid", avoid)):
        for index, denied in enumerate(entries):
            yield from (((key, index, *path), message) for path, message in denied_problems(denied))


def window(timezone: str, allow: Sequence[AllowedHours], deny: Sequence[Denied]) -> Window:
    """The window that entries without problems make."""
    return Window(
        timezone=timezone,
        allow=tuple(hours_of(allowed) for allowed in allow),
        deny=tuple(denial_of(denied, denied.reason) for denied in deny),
    )
