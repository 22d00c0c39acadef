"""Workflows exist, start when they should, run what they should, and are switched on.

```yaml
kind: required-workflows
id: our-workflows
why: A scan that nobody runs finds nothing.
workflows:
  - file: gitleaks.yml
    triggers: [push, {event: pull_request, branches: [main], types: [opened, synchronize]}]
    steps: [{uses: actions/checkout}, {run: scripts/verify_secrets.sh}]
    enabled: true
  - file: health-check.yml
    schedule: {cron: "0 9 * * 1-5", timezone: America/Los_Angeles}
  - file: "backup-*.yml"
    schedule: {every: 24h}
```

Every file that `file` names is held; where there is none, that is the finding. Of each is held what its entry says:

- `exists`: the file is there, and GitHub does not reject it.
- `trigger`: `on` names the event. With `branches` and `types`, the event starts the workflow for each of them, whatever
  its filters are; filters by paths are not looked at.
- `schedule`, with `cron`: the workflow starts at every time that the cron means; it may start at others too. A cron is
  UTC unless it has a `timezone`, in the policy as in the workflow. Times are compared, not texts, over four years: `0
  17 * * 1-5` in UTC is nine o'clock in Los Angeles in winter only. With `every`, no two starts are further apart; the
  day on which clocks go back counts as a day.
- `step`: some job has the step, in the file or in a workflow of this repository that it calls. An action is compared
  by its name, whatever its version; a command by the program or script that a `run` really runs (`bash
  scripts/check.sh` runs `scripts/check.sh`, `echo scripts/check.sh` does not). A step counts as absent where an `if`
  keeps it from every run, on one of the `triggers` that are listed or else on all that the workflow has; and where
  nobody heeds its failure: `continue-on-error: true`, `|| true`. What an action of this repository or another
  repository's workflow does inside is not read: then a step that is nowhere else cannot be told.
- `enabled`, live: nobody disabled the workflow, and neither did GitHub after 60 days without activity.
"""

import difflib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.calendar_text import timezone_problem
from govcheck.actions.commands import wanted
from govcheck.actions.crons import Cron, cron_problem, longest_gap, zone
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.explaining import Explanation
from govcheck.actions.required_steps import Search
from govcheck.actions.required_triggers import Shortfall, shortfalls, trigger_problems
from govcheck.actions.schedules import misses, schedule_of
from govcheck.actions.workflow import FOLDER, Workflow, location, read
from govcheck.facts.live import LiveWorkflows
from govcheck.facts.now import Now
from govcheck.facts.tree import Tree
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.evidence import answered
from govcheck.settings.workflow_states import ACTIVE, DISABLED, WorkflowState, setting, workflow_states

_STRICT = Policy.__pydantic_config__

Problem = tuple[tuple[str | int, ...], str]


@frozen(kw_only=True)
class RequiredTrigger:
    """An event that starts the workflow."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    event: str
    """The event, as `on` names it."""

    branches: tuple[str, ...] = ()
    """Branches for which it starts: names, not patterns."""

    types: tuple[str, ...] = ()
    """Activity types on which it starts."""


@frozen(kw_only=True)
class RequiredSchedule:
    """When the workflow starts by the clock: `cron` or `every`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    cron: str | None = None
    """Five fields; it starts at every time that they mean."""

    timezone: str = "UTC"
    """The IANA name of the place whose clock `cron` goes by."""

    every: str | None = None
    """The longest time between two starts, such as `24h` or `30m`."""


@frozen(kw_only=True)
class RequiredStep:
    """A step that some job has: `uses` or `run`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    uses: str | None = None
    """An action, without its version."""

    run: str | None = None
    """One command: a script by its path from the root, or a program with the words behind it."""

    @property
    def name(self) -> str:
        """The step, as findings name it."""
        return self.uses or self.run or ""


@frozen(kw_only=True)
class RequiredWorkflow:
    """One workflow file, or all that a glob matches."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    file: str
    """The file's name in `.github/workflows`, or a glob of names."""

    triggers: tuple[str | RequiredTrigger, ...] = ()
    """The events that start it."""

    schedule: RequiredSchedule | None = None
    """When it starts by the clock."""

    steps: tuple[RequiredStep, ...] = ()
    """What it runs."""

    enabled: bool = False
    """Whether it has to be switched on in the settings."""


@frozen(kw_only=True)
class RequiredWorkflowsPolicy(Policy):
    """Which workflows there are, and what is true of them."""

    kind: Literal["required-workflows"] = "required-workflows"

    workflows: tuple[RequiredWorkflow, ...]
    """The workflows."""

    def problems(self) -> Iterator[Problem]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.workflows:
            yield ("workflows",), "an empty list asserts nothing: name at least one file"
        for index, one in enumerate(self.workflows):
            yield from ((("workflows", index, *where), message) for where, message in _problems(one))


def _problems(one: RequiredWorkflow) -> Iterator[Problem]:
    problem = globs.problems(one.file)
    if problem:
        yield ("file",), problem
    elif not one.file.endswith((".yml", ".yaml", "*")):
        yield ("file",), f"`{one.file}` is no workflow file: its name ends with .yml or .yaml"
    for index, trigger in enumerate(map(_long, one.triggers)):
        yield from (
            (("triggers", index, *where), message)
            for where, message in trigger_problems(trigger.event, trigger.branches, trigger.types)
        )
    if one.schedule is not None:
        yield from ((("schedule", *where), message) for where, message in _schedule_problems(one.schedule))
    for index, step in enumerate(one.steps):
        if bool(step.uses) is bool(step.run):
            yield ("steps", index), "write either `uses`, with an action, or `run`, with a command"
        elif step.uses and "@" in step.uses:
            yield ("steps", index, "uses"), f"any version counts: write {step.uses.partition('@')[0]}"
        elif step.run and wanted(step.run) is None:
            yield ("steps", index, "run"), f"`{step.run}` is not one command: write a script's path, or a program"


def _long(trigger: str | RequiredTrigger) -> RequiredTrigger:
    return RequiredTrigger(event=trigger) if isinstance(trigger, str) else trigger


def _schedule_problems(schedule: RequiredSchedule) -> Iterator[Problem]:
    if (schedule.cron is None) is (schedule.every is None):
        yield (), "write either `cron` or `every`"
    elif schedule.cron is not None:
        for key, problem in (("cron", cron_problem(schedule.cron)), ("timezone", timezone_problem(schedule.timezone))):
            if problem:
                yield (key,), problem
    elif schedule.every is not None and durations.parse(schedule.every) is None:
        yield ("every",), f"`{schedule.every}` is not a duration: write days, hours, minutes, such as 24h or 90m"
    elif schedule.timezone != "UTC":
        yield ("timezone",), "only a `cron` has a time zone"


@check()
def exists(policy: RequiredWorkflowsPolicy, workflows: Workflows) -> Iterator[Said]:
    """Every file is there, and GitHub runs it."""
    names = [file.path.removeprefix(FOLDER) for file in workflows.files]
    yield Judged(len(policy.workflows))
    for one in policy.workflows:
        found = list(_files(one, workflows))
        if not found:
            near = difflib.get_close_matches(one.file, names, n=1)
            meant = f"; the nearest is {display(near[0])}" if near else ""
            message = f"there is no workflow file {one.file}{meant}"
            fix = f"add {FOLDER}{one.file}, or correct the name in the policy"
            said = Explanation(message=message, location=Location(path=FOLDER.rstrip("/")), fix=fix)
            yield _finding("exists", f"{FOLDER}{one.file}", said)
        for file in found:
            if isinstance(file.document, Unreadable) and file.document.reason is None:
                message = f"GitHub rejects this workflow file: {file.document.message}"
                yield _finding("exists", file.path, Explanation(message=message, location=_top(file)))


@check()
def triggers(policy: RequiredWorkflowsPolicy, workflows: Workflows) -> Iterator[Said]:
    """Every event starts it, for every branch and type."""
    yield Judged(sum(len(one.triggers) for one in policy.workflows))
    for one, file in _pairs(policy, workflows):
        for trigger in map(_long, one.triggers):
            subject = f"{file.path}:{trigger.event}"
            if isinstance(file.document, Unreadable):
                yield from _unread("trigger", subject, file)
                continue
            for found in shortfalls(read(file), trigger.event, trigger.branches, trigger.types):
                yield _short("trigger", subject, file, found)


@check()
def schedule(policy: RequiredWorkflowsPolicy, workflows: Workflows, now: Now) -> Iterator[Said]:
    """It starts by the clock when it should."""
    yield Judged(sum(one.schedule is not None for one in policy.workflows))
    for one, file in _pairs(policy, workflows):
        if one.schedule is None:
            continue
        if isinstance(file.document, Unreadable):
            yield from _unread("schedule", file.path, file)
        else:
            for found in _schedule(one.schedule, read(file), now):
                yield _short("schedule", file.path, file, found)


def _schedule(asked: RequiredSchedule, workflow: Workflow, now: Now) -> Iterator[Shortfall]:
    found = schedule_of(workflow)
    yield from found.broken
    trigger, place = workflow.trigger("schedule"), zone(asked.timezone)
    if not found.crons or trigger is None:
        return
    if asked.cron is not None and place is not None:
        missed = misses(workflow, found, Cron(asked.cron, place), now.instant)
        yield from (missed,) if missed is not None else ()
    limit, gap = durations.parse(asked.every or ""), longest_gap(found.crons, now.instant)
    if limit is not None and (gap is None or gap.length > limit):
        written = " and ".join(map(str, found.crons))
        apart = "years" if gap is None else f"{_shown(gap.length)} at times"
        message = f"starts {apart} apart by {written}, more than {asked.every}"
        yield Shortfall(
            message, trigger.crons[0].cron, f"write a cron that starts it every {asked.every} or more often"
        )


def _shown(length: timedelta) -> str:
    return (
        f"{length.days} days" if length == timedelta(days=length.days) and length.days > 1 else durations.show(length)
    )


@check()
def steps(policy: RequiredWorkflowsPolicy, workflows: Workflows) -> Iterator[Said]:
    """Every step is there, reached and heeded."""
    yield Judged(sum(len(one.steps) for one in policy.workflows))
    for one, file in _pairs(policy, workflows):
        for step in one.steps:
            subject = f"{file.path}:{step.name}"
            if isinstance(file.document, Unreadable):
                yield from _unread("step", subject, file)
            else:
                yield from _step(one, step, read(file), workflows, subject)


def _step(
    one: RequiredWorkflow, step: RequiredStep, workflow: Workflow, workflows: Workflows, subject: str
) -> Iterator[Said]:
    asked = [*(_long(trigger).event for trigger in one.triggers), *(["schedule"] if one.schedule else [])]
    own = [trigger.event for trigger in workflow.triggers]
    named = [event for event in dict.fromkeys(asked) if event in own]
    events = named or own
    search = Search(workflows, (step.uses or "").casefold(), wanted(step.run) if step.run else None)
    search.look(workflow, events, every=bool(named))
    unsure = search.unsure(step.name, workflow)
    if unsure is not None:
        yield _undecided("step", subject, unsure.reason, unsure.message, unsure.place)
    elif not search.counts:
        yield _finding("step", subject, search.explanation(step.name, workflow))


@check()
def enabled(policy: RequiredWorkflowsPolicy, workflows: Workflows, live: LiveWorkflows) -> Iterator[Said]:
    """Live: it is switched on."""
    states = workflow_states(live)
    wanted_files = list(_to_be_enabled(policy, workflows))
    yield Judged(len(wanted_files), tuple(setting(file.path) for file in wanted_files))
    for file in wanted_files:
        known = states.states.get(file.path)
        if known is None and states.trouble is not None:
            message = f"whether {_name(file.path)} is enabled cannot be told: {states.trouble.message}"
            yield states.trouble.undecided("enabled", display(file.path), message, Location(setting=setting(file.path)))
        elif known is not None and known.state != ACTIVE:
            yield _disabled(file, known, live)


@check()
def listed(policy: RequiredWorkflowsPolicy, workflows: Workflows, _tree: Tree, live: LiveWorkflows) -> Iterator[Said]:
    """Live, over a whole tree: GitHub knows it at all. A change may add a file that GitHub cannot know yet."""
    states = workflow_states(live)
    yield Judged(0)
    for file in _to_be_enabled(policy, workflows):
        if states.trouble is None and file.path not in states.states:
            message = f"GitHub knows no workflow {_name(file.path)}: it lists those of the default branch"
            yield _live(file, message, None, live, Fix(text=f"bring {display(file.path)} to the default branch"))


def _disabled(file: WorkflowFile, known: WorkflowState, live: LiveWorkflows) -> Finding:
    message = f"{_name(file.path)} is switched off: {DISABLED.get(known.state, f'its state is {known.state}')}"
    command = f"gh workflow enable {_name(file.path)}"
    return _live(file, message, known, live, Fix(text="switch it on", command=command))


def _live(file: WorkflowFile, message: str, known: WorkflowState | None, live: LiveWorkflows, fix: Fix) -> Finding:
    return Finding(
        control="enabled",
        subject=display(file.path),
        message=message,
        plane="live",
        location=Location(setting=setting(file.path), url=known.url if known is not None else None),
        expected=ACTIVE,
        actual=known.state if known is not None else None,
        fix=fix,
        evidence=(answered(live.answer),),
    )


def _pairs(policy: RequiredWorkflowsPolicy, workflows: Workflows) -> Iterator[tuple[RequiredWorkflow, WorkflowFile]]:
    return ((one, file) for one in policy.workflows for file in _files(one, workflows))


def _files(one: RequiredWorkflow, workflows: Workflows) -> Iterable[WorkflowFile]:
    scope = Scope((one.file,))
    return (file for file in workflows.files if scope.has_file(file.path))


def _to_be_enabled(policy: RequiredWorkflowsPolicy, workflows: Workflows) -> Iterable[WorkflowFile]:
    return dict.fromkeys(file for one, file in _pairs(policy, workflows) if one.enabled)


def _unread(control: str, subject: str, file: WorkflowFile) -> Iterator[Undecided]:
    """A file that only we cannot read; one that GitHub rejects is a finding of `exists`."""
    document = file.document
    if isinstance(document, Unreadable) and document.reason is not None:
        message = f"the workflow file cannot be read: {document.message}"
        yield _undecided(control, subject, document.reason, message, _top(file))


def _short(control: str, subject: str, file: WorkflowFile, found: Shortfall) -> Finding | Undecided:
    place = location(file.path, found.node)
    message = f"{_name(file.path)} {found.message}"
    if found.untold:
        return _undecided(control, subject, Reason.UNPARSEABLE, message, place)
    return _finding(control, subject, Explanation(message=message, location=place, fix=found.fix))


def _undecided(control: str, subject: str, reason: Reason, message: str, place: Location) -> Undecided:
    return Undecided(control=control, subject=display(subject), reason=reason, message=message, location=place)


def _finding(control: str, subject: str, said: Explanation) -> Finding:
    return Finding(
        control=control,
        subject=display(subject),
        message=said.message,
        plane="workflow",
        location=said.location,
        fix=Fix(text=said.fix) if said.fix else None,
        evidence=said.evidence,
    )


def _top(file: WorkflowFile) -> Location:
    document = file.document
    return Location(path=file.path, line=document.line or None, column=document.column or None)


def _name(path: str) -> str:
    return display(path.removeprefix(FOLDER))
