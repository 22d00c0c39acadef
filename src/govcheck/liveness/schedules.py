"""Schedules that name no day that there is, so that they never start anything.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
"""

import re
from collections.abc import Iterator

from govcheck.actions.crons import cron_problem
from govcheck.actions.workflow import Workflow, location, text
from govcheck.findings import Fix
from govcheck.liveness.gate import Gate, State

_LONGEST_MONTH = {"1": 31, "2": 29, "3": 31, "4": 30, "5": 31, "6": 30, "7": 31, "8": 31, "9": 30, "10": 31, "11": 30}
_NUMBERS = re.compile(r"\d{1,2}(?:,\d{1,2})*")


def gates(workflow: Workflow) -> Iterator[Gate]:
    """Every cron of a workflow that can never be."""
    for trigger in workflow.triggers:
        for entry in trigger.crons:
            cron = " ".join(text(entry.cron).split())
            if never(cron):
                yield Gate(
                    family="trigger",
                    subject=f"{workflow.path}:schedule:{cron}",
                    state=State.DEAD,
                    why=f"the schedule `{cron}` never starts anything: no month that it names has such a day",
                    location=location(workflow.path, entry.cron),
                    fix=Fix(text="name a day that there is: `28` is in every month"),
                )


def never(cron: str) -> bool:
    """Whether a cron names no day that there is: `0 3 31 2 *`. Where a day of the week is named too, there is one."""
    fields = cron.split()
    if len(fields) != 5 or fields[4] != "*" or not all(map(_NUMBERS.fullmatch, fields[2:4])):  # noqa: PLR2004 - a cron's fields
        return False
    longest = max(_LONGEST_MONTH.get(month.lstrip("0"), 31) for month in fields[3].split(","))
    return min(map(int, fields[2].split(","))) > longest and cron_problem(cron) is not None
