"""Whether a scan runs on every push, or on every pull request, whatever its branch; and how often by the clock."""

import re
from collections.abc import Iterator
from typing import Literal

from govcheck.actions.contexts import Moment, Reported, derive
from govcheck.actions.outcomes import runs_after
from govcheck.actions.scopes import scope
from govcheck.actions.values import Unknown
from govcheck.actions.workflow import Trigger, text
from govcheck.facts.document import Mapping, Node
from govcheck.facts.workflows import Workflows
from govcheck.findings import Location
from govcheck.liveness.scanner_checkouts import shallow
from govcheck.liveness.scanner_steps import Scan
from govcheck.records import frozen

Event = Literal["push", "pull_request"]
Often = Literal["daily", "weekly", "monthly"]

_MOMENTS: dict[Event, Moment] = {"push": "push", "pull_request": "pull-request"}
_EVERY_BRANCH = frozenset({"**"})
_STEP = re.compile(r"\*/(\d{1,2})")
_WEEK = 7


@frozen(kw_only=True)
class Gap:
    """Something for which a scan does not run."""

    message: str
    """A clause."""

    location: Location
    fix: str
    untold: bool = False
    """Whether it only may not run."""


def gaps(scan: Scan, workflows: Workflows, event: Event) -> tuple[Gap, ...]:
    """Why a scan does not run on every such event; nothing where it does."""
    found = [
        one
        for one in derive(workflows, None, _MOMENTS[event]).reported
        if one.job is scan.job and one.event == event and one.remote is None
    ]
    if not found:
        message = f"`{scan.workflow.path.rpartition('/')[2]}` does not start on `{event}`"
        return (Gap(message=message, location=_at(scan, _on(scan)), fix=f"Add `{event}` to `on`."),)
    return min((tuple(_gaps(scan, one, event)) for one in found), key=len)


def scheduled(scan: Scan, often: Often) -> str:
    """Why a scan of the history does not run that often by the clock: a clause. Empty where it does."""
    trigger = scan.workflow.trigger("schedule")
    if trigger is None or not trigger.crons:
        return "no `schedule` starts it"
    if not any(_comes(text(entry.cron), often) for entry in trigger.crons):
        return f"its `schedule` ({', '.join(text(entry.cron) for entry in trigger.crons)}) is not {often}"
    if scan.invocation.mode not in {"history", "range"} or (scan.invocation.mode == "range" and scan.step.uses is None):
        return "it does not scan the history"
    return "its job checks out a part of the history only" if shallow(scan) is not None else ""


def _gaps(scan: Scan, one: Reported, event: Event) -> Iterator[Gap]:
    trigger = one.workflow.trigger(event)
    filters = list(_branches(one.workflow.path, trigger)) if trigger is not None else []
    yield from filters
    places = {(gap.location.line, gap.location.column) for gap in filters}
    for condition in one.reach.conditions:
        if (condition.node.line, condition.node.column) not in places:
            location = Location(path=condition.path, line=condition.node.line, column=condition.node.column)
            fix = condition.fix or "Let the scan run whatever the change is."
            yield Gap(message=condition.text, location=location, fix=fix)
    if one.runs is not True and one.job.condition is not None and not one.reach.conditions:
        untold = isinstance(one.runs, Unknown) and one.runs.constant
        message = f"its job has `if: {_short(text(one.job.condition))}`"
        yield Gap(message=message, location=_at(scan, one.job.condition), fix="Leave the `if` out.", untold=untold)
    step = scan.step
    known = scope(event, None).contexts if not one.callers else None
    answer = runs_after(step.condition, "success", known)
    if step.condition is not None and answer is not True:
        untold = answer is None and bool(one.callers)
        message = f"its step has `if: {_short(text(step.condition))}`"
        yield Gap(message=message, location=_at(scan, step.condition), fix="Leave the `if` out.", untold=untold)


def _branches(path: str, trigger: Trigger) -> Iterator[Gap]:
    for patterns in (trigger.branches, trigger.branches_ignore):
        if patterns is None or (patterns is trigger.branches and _EVERY_BRANCH.issuperset(patterns.values)):
            continue
        key = patterns.key
        shown = ", ".join(patterns.values[:3]) + (", ..." if len(patterns.values) > 3 else "")  # noqa: PLR2004 - enough to know it by
        yield Gap(
            message=f"`{key.text}: [{shown}]` of `{trigger.event}` leaves other branches out",
            location=Location(path=path, line=key.line, column=key.column),
            fix=f"Take `{key.text}` out of `{trigger.event}`.",
        )


def _comes(cron: str, often: Often) -> bool:
    """Whether a cron surely comes that often. Fields: minute, hour, day of the month, month, day of the week."""
    fields = cron.split()
    if len(fields) != 5 or fields[3] not in {"*", "*/1"}:  # noqa: PLR2004 - a cron has five fields
        return False
    days, weekdays = fields[2] in {"*", "*/1", "?"}, fields[4] in {"*", "*/1", "?", "0-6", "1-7"}
    if often == "monthly" or (days and weekdays):
        return True
    step = _STEP.fullmatch(fields[2])
    return often == "weekly" and (not weekdays or (step is not None and 0 < int(step[1]) <= _WEEK))


def _on(scan: Scan) -> Node:
    document = scan.workflow.file.document
    if isinstance(document, Mapping) and "on" in document.entries:
        return document.key("on")
    return scan.job.key


def _at(scan: Scan, node: Node) -> Location:
    return Location(path=scan.workflow.path, line=node.line, column=node.column)


def _short(condition: str) -> str:
    return " ".join(condition.split())[:120]
