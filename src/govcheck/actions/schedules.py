"""What the entries of a workflow's `on.schedule` come to, against what somebody asks for.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
"""

from collections.abc import Sequence
from datetime import datetime

from govcheck.actions.crons import Cron, Missed, cron_problem, first_missed, zone, zone_name
from govcheck.actions.required_triggers import Shortfall, on
from govcheck.actions.workflow import Workflow, text
from govcheck.records import frozen

_HOUR = "%H:%M"


@frozen
class Schedule:
    """The crons of one workflow."""

    crons: tuple[Cron, ...]
    broken: tuple[Shortfall, ...]
    """What GitHub does not take, or that there is no schedule at all."""


def schedule_of(workflow: Workflow) -> Schedule:
    """Every cron that GitHub takes, and what is wrong with the others."""
    trigger = workflow.trigger("schedule")
    if trigger is None or not trigger.crons:
        node = trigger.key if trigger is not None else on(workflow)
        return Schedule((), (Shortfall("has no schedule", node, "add `schedule` with a `cron` to `on`"),))
    crons, broken = [], []
    for entry in trigger.crons:
        expression = text(entry.cron)
        problem = cron_problem(expression)
        place = zone(text(entry.timezone)) if entry.timezone is not None else zone("UTC")
        if problem is not None:
            broken.append(
                Shortfall(f"has a cron that GitHub does not take: {problem}", entry.cron, "write another cron")
            )
        elif place is None and entry.timezone is not None:
            message = f"has a cron in {text(entry.timezone)!r}, which is no time zone"
            broken.append(Shortfall(message, entry.timezone, "write an IANA name, as America/Los_Angeles"))
        elif place is not None:
            crons.append(Cron(expression, place))
    return Schedule(tuple(crons), tuple(broken))


def misses(workflow: Workflow, schedule: Schedule, wanted: Cron, now: datetime) -> Shortfall | None:
    """How the crons miss a time that another one means; None where they miss none."""
    missed = first_missed(wanted, schedule.crons, now) if schedule.crons else None
    trigger = workflow.trigger("schedule")
    if missed is None or trigger is None:
        return None
    zoned = f"\n  timezone: {zone_name(wanted.zone)}" if zone_name(wanted.zone) != "UTC" else ""
    fix = f'write this under `on.schedule`:\n- cron: "{wanted.expression}"{zoned}'
    return Shortfall(_missed(schedule.crons, wanted, missed), trigger.crons[0].cron, fix)


def _missed(crons: Sequence[Cron], wanted: Cron, missed: Missed) -> str:
    written = " and ".join(map(str, crons[:3])) + (", ..." if len(crons) > 3 else "")  # noqa: PLR2004 - three tell enough
    asked = f"{missed.at.strftime(_HOUR)} in {zone_name(wanted.zone)}"
    if missed.nearest is None:
        return f"does not start on every day that {wanted} means: it has {written}"
    there = missed.nearest.strftime(_HOUR)
    if missed.clocks:
        since = f"from {missed.at:%Y-%m-%d} on, when clocks have changed,"
        return f"starts at {asked} for a part of the year only: {since} {written} is {there} there"
    return f"does not start at {asked}: {written} is {there} there"
