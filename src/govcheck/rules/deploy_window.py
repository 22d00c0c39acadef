"""Deploys happen in the hours that this repository allows, and something stops them at any other time.

```yaml
kind: deploy-window
id: business-hours
why: Somebody is there when it breaks.
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
deny:
  - {from: 2026-12-22, to: 2027-01-05, reason: holiday freeze}
  - {dates: [2026-11-26, 2026-11-27], reason: Thanksgiving}
  - {days: fri, from: "15:00", to: "24:00", reason: no Friday afternoons}
applies_to: {workflows: [deploy-production.yml], environments: [production]}
```

**The window.** It is open where an entry of `allow` says so and none of `deny`; without `allow` always, but for `deny`.
`timezone` is an IANA name that names a place, or UTC. Times of day are half-open: at `to` it is closed. Where `to` is not
after `from`, it is on the next day, and the hours belong to the day on which they start: `{days: fri, from: "21:00", to:
"05:00"}` ends on Saturday. `days` is `mon-fri`, `mon,wed`, `fri-mon` or a list; `dates` are single days. A deny with two
dates means whole local days, both included. Edges are instants: at a repeated hour `allow` opens at the second and closes
at the first, `deny` the reverse; a time that the clock skips is the moment of the change.

**Enforced** means that every path to a deploy runs `govcheck gate deploy` before it, and that a refusal stops it:

- by an earlier step of the same job, or of the same script; or in a job that it `needs`, however far;
- not with `continue-on-error`, `|| true`, in a pipe, under a condition that can skip it, or with `--at`;
- and neither the deploy's step nor its job runs all the same (`if: always()`, `if: failure()`, `if: !cancelled()`);
- asking for one of the policy's environments, where it lists some, and for this policy, where `--policy` names one.

A script that looks at the clock by itself is no gate: nobody can tell that it holds this window. The finding names it, and
where it only warns. A workflow that is only called by others is held where every caller is. What a local action does is
not read.

**Governed** are the jobs that deploy, by their commands (`flyctl deploy`, `kubectl apply`, `terraform apply`, a task called
deploy, ...) or actions, in `applies_to.workflows` (names of files or globs; default: all), but for those whose
`environment` is not in `applies_to.environments`. A job that names one of these environments is governed whatever it runs.
A job that deploys and names no environment is governed where `workflows` names its file, or another job of the file names
one of the environments. `applies_to.jobs` narrows this to jobs by id, and governs them whatever they run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions import calendar, calendar_text
from govcheck.actions.calendar import DAY_MINUTES, Dates, GateAnswer, Hours, Window
from govcheck.actions.deploy_jobs import Governed, Scope, governed
from govcheck.actions.enforcement import Beaten, Enforcement, enforcement
from govcheck.actions.gates import Gate
from govcheck.actions.workflow import FOLDER, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import LoadedPolicy, Policy
from govcheck.registry import check

_STRICT: dict[str, Any] = {"extra": "forbid", "strict": True, "use_attribute_docstrings": True}
Problems = Iterator[tuple[tuple[str | int, ...], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHours:
    """Hours in which it may happen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    days: str | tuple[str, ...] | None = None
    """Days of the week: `mon-fri`, `mon,wed`, `fri-mon`, or a list. Default: every day, unless there are `dates`."""

    dates: tuple[str, ...] = ()
    """Single days, as `2026-12-24`."""

    from_: str = "00:00"
    """The time of day it opens, `HH:MM`."""

    to: str = "24:00"
    """The time of day it closes, `HH:MM`; where it is not after `from`, on the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """When it may not happen, whatever `allow` says: whole days from a date to a date, or hours on certain days."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliesTo:
    """What the window governs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    workflows: tuple[str, ...] = ()
    """Workflow files: names, or globs of names. Default: all."""

    environments: tuple[str, ...] = ()
    """Environments, as jobs name them. Default: all, and none."""

    jobs: tuple[str, ...] = ()
    """Jobs by id. Default: those that deploy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployWindow(Policy):
    """When deploys may happen, and that something stops them otherwise."""

    kind: Literal["deploy-window"] = "deploy-window"

    timezone: str
    """The IANA name of a place, `America/Los_Angeles`, or `UTC`: all times and days are local there."""

    allow: tuple[AllowedHours, ...] = ()
    """When it is open. Default: always, but for `deny`."""

    deny: tuple[Denied, ...] = ()
    """When it is closed, whatever `allow` says."""

    applies_to: AppliesTo = AppliesTo()
    """What the window governs. Default: every job that deploys."""

    def problems(self) -> Problems:
        """Times, dates, days, zones and globs that are none, and a window that never closes."""
        zone = calendar_text.timezone_problem(self.timezone)
        if zone:
            yield ("timezone",), zone
        if not self.allow and not self.deny:
            yield (), "neither `allow` nor `deny`: this window never closes"
        for index, allowed in enumerate(self.allow):
            yield from _problems_at(("allow", index), _hours_problems(allowed))
        for index, denied in enumerate(self.deny):
            yield from _problems_at(("deny", index), _denied_problems(denied))
        for index, pattern in enumerate(self.applies_to.workflows):
            problem = globs.problems(pattern)
            if problem:
                yield ("applies_to", "workflows", index), problem


@check()
def enforced(policy: DeployWindow, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every path to every governed deploy."""
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    scope = Scope(policy.applies_to.workflows, policy.applies_to.environments, policy.applies_to.jobs)
    count = 0
    for file in workflows.files:
        if isinstance(file.document, Unreadable) and scope.has_file(file.path):
            yield _unreadable(file.path, file.document)
    for found in (one for workflow in readable for one in governed(workflow, scope)):
        count += 1
        yield from _judge(policy, found, [enforcement(readable, found, deploy, _suits(policy)) for deploy in found.deploys])
    missing = [name for name in policy.applies_to.workflows if not any(Scope((name,)).has_file(f.path) for f in workflows.files)]
    yield from (_no_such_workflow(name) for name in missing)
    yield Judged(count)


def gate(policies: Sequence[LoadedPolicy], environment: str, instant: datetime) -> GateAnswer | None:
    """Whether a deploy to an environment may start: every window that governs it has to be open.

    Args:
        policies: All policies; those of other kinds, and of other environments, have no say.
        environment: As policies name it.
        instant: With a time zone.

    Returns:
        The answer; None where no policy has a say.
    """
    windows = {
        loaded.policy.id: window_of(loaded.policy)
        for loaded in policies
        if isinstance(loaded.policy, DeployWindow) and governs(loaded.policy, environment)
    }
    return calendar.gate(windows, instant) if windows else None


def governs(policy: DeployWindow, environment: str) -> bool:
    """Whether a window has a say in deploys to an environment; names of environments are compared as GitHub does."""
    named = {name.casefold() for name in policy.applies_to.environments}
    return not named or environment.casefold() in named


def window_of(policy: DeployWindow) -> Window:
    """The policy's window. Only for a policy without problems."""
    return Window(
        timezone=policy.timezone,
        allow=tuple(map(_allowed_hours, policy.allow)),
        deny=tuple(map(_denial, policy.deny)),
    )
