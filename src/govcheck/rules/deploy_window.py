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
avoid:
  - {days: fri, from: "15:00", to: "17:00", reason: nobody is there when it breaks at night}
applies_to: {workflows: [deploy-production.yml], environments: [production]}
```

**The window.** It is open where an entry of `allow` says so and none of `deny`; without `allow` always, but for
`deny`. `timezone` is an IANA name that names a place, or UTC. Times of day are half-open: at `to` it is closed. Where
`to` is not after `from`, it is on the next day, and the hours belong to the day on which they start: `{days: fri,
from: "21:00", to: "05:00"}` ends on Saturday. `days` is `mon-fri`, `mon,wed`, `fri-mon` or a list; `dates` are single
days. A deny with two dates means whole local days, both included. Edges are instants: at a repeated hour `allow`
opens at the second and closes at the first, `deny` the reverse; a time that the clock skips is the moment of the
change. `avoid` has entries like those of `deny` and closes nothing: the gate says why it would be better to wait, logs
it, and opens.

**Beside the hours** `gate deploy` can ask for more, live and by the token at hand. `checks` have to be green on exactly
the commit that is deployed: `success` or `neutral`, from every app that reports the context; a check that was skipped
looked at nothing. `approval: true` wants the run approved by one of the environment's reviewers, so that the gate has
to run in a job that names the environment: a job before it is not approved yet. The one needs checks:read and
statuses:read, the other actions:read. What cannot be read leaves the gate undecided (exit 3), never open. An override
opens what is closed, for a reason and until a time: one in `overrides.yaml` beside the policies, which is reviewed as
they are, or `--override` where the policy is `overridable`. Every decision is appended to the [log](../exit-codes.md).

**Enforced** means that every path to a deploy runs `govcheck gate deploy` before it, and that a refusal stops it:

- by an earlier step of the same job, or of the same script; or in a job that it `needs`, however far;
- not with `continue-on-error`, `|| true`, in a pipe, under a condition that can skip it, or with `--at`;
- and neither the deploy's step nor its job runs all the same (`if: always()`, `if: failure()`, `if: !cancelled()`);
- asking for one of the policy's environments, where it lists some, and for this policy, where `--policy` names one.

A script that looks at the clock by itself is no gate: nobody can tell that it holds this window. The finding names
it, and where it only warns. A workflow that is only called by others is held where every caller is. Of the
repository's own actions, composite ones are followed into.

**Governed** are the jobs that deploy, by their commands (`flyctl deploy`, `kubectl apply`, `terraform apply`, a task
called deploy, ...) or actions, in `applies_to.workflows` (names of files or globs; default: all), but for those whose
`environment` is not in `applies_to.environments`. A job that names one of these environments is governed whatever it
runs. A job that deploys and names no environment is governed where `workflows` names its file, or another job of the
file names one of the environments, or a job anywhere that names one deploys to the same target (`--app`, project, ...):
what can deploy counts, not what its file is called. `applies_to.jobs` narrows this to jobs by id, and governs them
whatever they run. An environment for which no job is governed is a warning: its name may have changed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from shlex import quote
from typing import Any, ClassVar, Literal

from govcheck import __version__, globs
from govcheck.actions.calendar import Window
from govcheck.actions.calendar_entries import Problem
from govcheck.actions.deploy_jobs import MOST, Governed, Scope, governed, guarded_sites
from govcheck.actions.deploys import Deploy
from govcheck.actions.enforcement import Enforcement, enforcement, explained
from govcheck.actions.gates import Gate
from govcheck.actions.openings import GateAnswer, combined
from govcheck.actions.unseen import unseen
from govcheck.actions.window_entries import AllowedHours, Denied, window, window_problems
from govcheck.actions.workflow import FOLDER, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, LoadedPolicy, Policy
from govcheck.records import frozen, replace
from govcheck.registry import check

_STRICT = MODEL_CONFIGURATION
_GATE = "govcheck gate deploy"
_INSTALL = f"- run: pipx install git+https://github.com/OWNER/govcheck@v{__version__}"


@frozen(kw_only=True)
class AppliesTo:
    """What the window governs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    workflows: tuple[str, ...] = ()
    """Workflow files: names, or globs of names. Default: all."""

    environments: tuple[str, ...] = ()
    """Environments, as jobs name them. Default: all, and none."""

    jobs: tuple[str, ...] = ()
    """Jobs by id. Default: those that deploy."""


@frozen(kw_only=True)
class DeployWindow(Policy):
    """When deploys may happen, and that something stops them otherwise."""

    kind: Literal["deploy-window"] = "deploy-window"

    timezone: str
    """The IANA name of a place, `America/Los_Angeles`, or `UTC`: all times and days are local there."""

    allow: tuple[AllowedHours, ...] = ()
    """When it is open. Default: always, but for `deny`."""

    deny: tuple[Denied, ...] = ()
    """When it is closed, whatever `allow` says."""

    avoid: tuple[Denied, ...] = ()
    """When it is open and it would be better to wait, as `gate deploy` then says and logs."""

    applies_to: AppliesTo = AppliesTo()
    """What the window governs. Default: every job that deploys."""

    checks: tuple[str, ...] = ()
    """Checks, by their contexts, that `gate deploy` wants green on the very commit that is deployed."""

    approval: bool = False
    """Whether `gate deploy` wants the workflow's run approved by one of the environment's reviewers."""

    overridable: bool = False
    """Whether `gate deploy --override` may open it. An override that is committed beside the policies always may."""

    def problems(self) -> Iterator[Problem]:
        """Times, dates, days, zones and globs that are none, and a window that never closes."""
        if not self.allow and not self.deny:
            yield (), "neither `allow` nor `deny`: this window never closes"
        yield from window_problems(self.timezone, self.allow, self.deny, self.avoid)
        for index, context in enumerate(self.checks):
            if not context.strip():
                yield ("checks", index), "an empty name: write the check's context"
        for index, pattern in enumerate(self.applies_to.workflows):
            problem = globs.problems(pattern)
            if problem:
                yield ("applies_to", "workflows", index), problem


@check()
def enforced(policy: DeployWindow, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every path to every governed deploy."""
    scope = Scope(policy.applies_to.workflows, policy.applies_to.environments, policy.applies_to.jobs)
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    guarded = guarded_sites(readable, scope)
    count = 0
    yield from unseen(workflows, scope, "enforced")
    for found in (one for workflow in readable for one in governed(workflow, scope, guarded)):
        count += 1
        suits = partial(_misfit, policy, found)
        yield from _judge(
            policy,
            found,
            [_Held(deploy, enforcement(readable, found, deploy, suits)) for deploy in found.deploys or (None,)],
        )
    if len(readable) == len(workflows.files):
        for environment in scope.environments:
            one = replace(scope, environments=(environment,))
            if not any(found for workflow in readable for found in governed(workflow, one)):
                yield _no_such_environment(policy, environment)
    yield Judged(count)


def gate(policies: Sequence[LoadedPolicy], environment: str, instant: datetime) -> GateAnswer | None:
    """Whether a deploy to an environment may start: every window that governs it has to be open.

    Args:
        policies: All policies; those of other kinds, and of other environments, have no say.
        environment: As policies name it; compared without regard to case, as GitHub does.
        instant: With a time zone.

    Returns:
        The answer; None where no policy has a say.
    """
    having_a_say = governing(policies, environment)
    windows = {policy.id: window_of(policy) for policy in having_a_say}
    avoid = {policy.id: window(policy.timezone, (), policy.avoid) for policy in having_a_say if policy.avoid}
    return combined(windows, instant, avoid) if windows else None


def governing(policies: Sequence[LoadedPolicy], environment: str) -> tuple[DeployWindow, ...]:
    """The deploy windows that have a say in deploys to an environment."""
    windows = (loaded.policy for loaded in policies if isinstance(loaded.policy, DeployWindow))
    return tuple(policy for policy in windows if governs(policy, environment))


def governs(policy: DeployWindow, environment: str) -> bool:
    """Whether a window has a say in deploys to an environment."""
    scope = Scope(environments=policy.applies_to.environments)
    return not scope.environments or scope.has_environment(environment)


def window_of(policy: DeployWindow) -> Window:
    """The policy's window. Only for a policy without problems."""
    return window(policy.timezone, policy.allow, policy.deny)


@frozen
class _Held:
    deploy: Deploy | None
    by: Enforcement


def _misfit(policy: DeployWindow, found: Governed, one: Gate) -> str:
    """Why a gate is not this policy's; a leading `?` where only a run can tell."""
    if one.policy is not None and one.policy.literal != policy.id:
        doubt = "?" if one.policy.literal is None else ""
        return f"{doubt}it asks only for the policy {one.policy.shown}"
    environments = policy.applies_to.environments
    if not environments or one.environment is None or one.environment.shown == found.environment:
        return ""
    if one.environment.literal is None:
        return f"?it asks about {one.environment.shown}, which only a run can tell"
    return "" if governs(policy, one.environment.literal) else f"it asks about {one.environment.shown}"


def _judge(policy: DeployWindow, found: Governed, deploys: list[_Held]) -> Iterator[Finding | Undecided]:
    open_ = [one for one in deploys if not one.by.held]
    sure = [one for one in open_ if one.deploy is None or not one.deploy.unclear]
    if sure:
        doubt = next((beaten.why for beaten in sure[0].by.beaten if beaten.doubtful), "")
        if found.doubtful:
            doubt = (
                f"its environment is {found.environment}, so that only a run can tell whether this window governs it"
            )
        yield _doubt(found, doubt, sure[0]) if doubt else _finding(policy, found, sure)
    elif open_ and open_[0].deploy is not None:
        yield _doubt(found, open_[0].deploy.unclear, open_[0], Reason.UNPARSEABLE)
    elif found.cut:
        more = f"the job deploys in more than {MOST} places, and the others were not looked at"
        yield _doubt(found, more, deploys[-1], Reason.UNPARSEABLE)


def _doubt(found: Governed, message: str, held: _Held, reason: Reason = Reason.DYNAMIC) -> Undecided:
    return Undecided(
        control="enforced", subject=_subject(found), reason=reason, message=message, location=_place(found, held)
    )


def _finding(policy: DeployWindow, found: Governed, open_: list[_Held]) -> Finding:
    first = open_[0]
    what = f"`{first.deploy.by}`" if first.deploy is not None else f"the job {found.job.id}"
    instead = explained(first.by)
    return Finding(
        control="enforced",
        subject=_subject(found),
        message=f"{what} is not behind `{_GATE}`: {instead}",
        plane="workflow",
        location=_place(found, first),
        fix=Fix(text=_fix(policy, found, first)),
        evidence=(*_evidence(found, first.by), *_others(found, open_[1:])),
    )


def _others(found: Governed, open_: list[_Held]) -> Iterator[Evidence]:
    for one in open_:
        if one.deploy is not None:
            yield Evidence(text=f"`{one.deploy.by}` runs without it too", location=_place(found, one))


def _evidence(found: Governed, by: Enforcement) -> Iterator[Evidence]:
    path = found.workflow.path
    for clock in by.clocks:
        yield Evidence(
            text=f"the step {clock.title} looks at the clock itself",
            location=Location(path=path, line=clock.line, column=clock.column),
        )
        for line, column in clock.warns:
            yield Evidence(text="it only warns here", location=Location(path=path, line=line, column=column))
    for beaten in by.beaten:
        place = Location(path=beaten.workflow.path, line=beaten.gate.line, column=beaten.gate.column)
        yield Evidence(text=f"this gate does not hold it: {beaten.why}", location=place)


def _fix(policy: DeployWindow, found: Governed, held: _Held) -> str:
    environments = policy.applies_to.environments
    literal = found.environment if "${{" not in found.environment else ""
    environment = literal or (environments[0] if environments else "")
    steps = f"{_INSTALL}\n- name: Deploy window\n  run: {_GATE} --environment {quote(environment or 'ENVIRONMENT')}"
    named = "OWNER is the account on GitHub that you have govcheck from"
    if not environment:
        named += ", ENVIRONMENT the environment that you deploy to"
    if held.deploy is not None and held.deploy.step is not None:
        where = f"before the step in line {held.deploy.step.node.line}, behind a checkout"
    elif found.job.uses is None:
        where = f"into the job {found.job.id}, behind a checkout and before everything else"
    else:
        where = f"behind a checkout into a job of its own, and that job into the `needs` of {found.job.id}"
    return f"put these steps {where} ({named}):\n{steps}"


def _subject(found: Governed) -> str:
    return f"{display(found.workflow.path)}:{found.job.id}"


def _place(found: Governed, held: _Held) -> Location:
    line, column = (held.deploy or found.job.key).line, (held.deploy or found.job.key).column
    return Location(path=found.workflow.path, line=line, column=column)


def _no_such_environment(policy: DeployWindow, environment: str) -> Finding:
    return Finding(
        control="enforced",
        subject=environment,
        message=f"no job of any workflow deploys to {environment}, so that this window governs nothing there",
        plane="workflow",
        severity="note" if policy.severity == "note" else "warning",
        location=Location(path=FOLDER.rstrip("/")),
        fix=Fix(text="correct the name in `applies_to.environments`, or take it out"),
    )
