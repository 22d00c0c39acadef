"""When govcheck itself tells of a sweep, and who hears of what stays open."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from govcheck.actions.calendar import Open, Window, is_open
from govcheck.actions.calendar_entries import Problem, hours_of, hours_problems
from govcheck.actions.calendar_text import timezone_problem
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen
from govcheck.services.recipient_lists import address_problems


@frozen(kw_only=True)
class QuietHours:
    """Hours in which nobody is told."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    days: str | tuple[str, ...] | None = None
    """Days of the week: `mon-fri`, `sat,sun`, or a list. Default: every day, unless there are `dates`."""

    dates: tuple[str, ...] = ()
    """Single days, as `2026-12-24`."""

    from_: str = "00:00"
    """When they begin, `HH:MM`."""

    to: str = "24:00"
    """When they end, `HH:MM`; where it is not after `from`, on the next day."""


@frozen(kw_only=True)
class Escalation:
    """What happens where something stays open."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    after: int
    """How many sweeps in a row have it, before."""

    mail: tuple[str, ...] = ()
    """Who is told then. Left out: those who were told already are told once more."""


@frozen(kw_only=True)
class Telling:
    """How `govcheck notify` tells of a sweep."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    mail: tuple[str, ...] = ()
    """Addresses that are told, beside those of `--mail`; `allow` has to have them."""

    timezone: str = "UTC"
    """The IANA name of a place: `quiet` is local there."""

    quiet: tuple[QuietHours, ...] = ()
    """Hours in which nothing is sent; what there was to tell is told after them."""

    escalate: Escalation | None = None
    """What happens where something stays open."""


def is_quiet(tell: Telling | None, now: datetime) -> bool:
    """Whether an aware instant lies in its quiet hours."""
    if tell is None or not tell.quiet:
        return False
    hours = tuple(hours_of(entry) for entry in tell.quiet)
    return isinstance(is_open(Window(timezone=tell.timezone, allow=hours), now), Open)


def telling_problems(tell: Telling) -> Iterator[Problem]:
    """What the types cannot say."""
    zone = timezone_problem(tell.timezone)
    if zone:
        yield ("timezone",), zone
    for index, entry in enumerate(tell.quiet):
        yield from ((("quiet", index, *path), message) for path, message in hours_problems(entry))
    yield from ((("mail", index), problem) for index, problem in address_problems(tell.mail))
    if tell.escalate is not None:
        if tell.escalate.after < 1:
            yield ("escalate", "after"), "write how many sweeps in a row, 1 or more"
        found = address_problems(tell.escalate.mail)
        yield from ((("escalate", "mail", index), problem) for index, problem in found)
