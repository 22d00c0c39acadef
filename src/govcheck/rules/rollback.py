"""Every deploy has a way back that works, that somebody looks at, and that was tried not long ago.

```yaml
kind: rollback
id: deployments-are-reversible
why: Every deployment is reversible; a rollback takes less than five minutes, and is tested.
applies_to: {environments: [production]}
with: {workflow: rollback-*.yml}
exercised_within: 90d
within: 5m
```

**A way back** from a deploy is a job after it that runs where it failed and deploys to the same target; a step of its
own job that does; a workflow of its own that somebody starts (by the name of its file, `with`, or because it calls
itself a rollback); or a deploy that takes itself back (`helm upgrade --atomic`). It has to *deploy*: a job that is
called rollback and only lists releases is none, and one that goes to another target is none either. The target is read
from the command (`--app`, `--namespace`, a project, a folder), or is the environment that both jobs name.

**Verified** means that something comes after it that fails where it did not work: an `exit 1`, `curl --fail`, a test,
`kubectl rollout status`. A step that only prints what it saw verifies nothing.

**Exercised**, live: the newest run in which the way back itself succeeded is not older than `exercised_within`, and
took no longer than `within`, from the first job's start to the last one's end, waiting for an approval included; for a
job on failure, its own time. The newest 50 runs of each workflow that ended are looked at, and into the newest five
that succeeded and five that did not. Needs the permission actions:read.

**Governed** are the same jobs as of `deploy-window`: those that deploy, in `applies_to.workflows`, but for those whose
`environment` is not in `applies_to.environments`. A job that is a way back itself needs none.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.deploy_jobs import Governed, Scope, governed, guarded_sites
from govcheck.actions.deploy_targets import Site, sites
from govcheck.actions.job_names import base_name
from govcheck.actions.unseen import unseen
from govcheck.actions.ways_back import DEFAULT_WORKFLOWS, WayBack, is_way_back, verified, ways_back
from govcheck.actions.workflow import Workflow, location, read
from govcheck.facts import Request
from govcheck.facts.now import Now
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.exercise_verdicts import Asked, judged
from govcheck.settings.exercises import Exercises, exercises
from govcheck.settings.workflow_runs import history

_DEPLOYING = ("*[Dd]eploy*", "*[Rr]elease*")


@frozen(kw_only=True)
class RollbackScope:
    """Which deploys need a way back."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    workflows: tuple[str, ...] = ()
    """Workflow files: names, or globs of names. Default: all."""

    environments: tuple[str, ...] = ()
    """Environments, as jobs name them. Default: all, and none."""

    jobs: tuple[str, ...] = ()
    """Jobs by id. Default: those that deploy."""


@frozen(kw_only=True)
class RollbackWith:
    """What leads back."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    workflow: str
    """The rollback workflow's file: its name, or a glob of names."""


@frozen(kw_only=True)
class Rollback(Policy):
    """Which deploys need a way back, and what has to be true of it."""

    kind: Literal["rollback"] = "rollback"

    applies_to: RollbackScope = RollbackScope()
    """Which deploys need one. Default: every job that deploys."""

    with_: RollbackWith | None = None
    """What leads back. Default: a job on failure, or a workflow that calls itself a rollback."""

    verified: bool = True
    """Whether something after it has to be able to fail."""

    exercised_within: str | None = None
    """How long ago it may have been tried, such as `90d`. Left out: nobody asks."""

    within: str | None = None
    """How long it may take, such as `5m`. Left out: nobody asks."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Durations and globs that are none."""
        for key, written in (("exercised_within", self.exercised_within), ("within", self.within)):
            if written is not None and durations.parse(written) is None:
                yield (
                    (key,),
                    f"`{written}` is not a duration: write days, hours, minutes, seconds, such as 90d or 1h30m",
                )
        for index, pattern in enumerate(self.applies_to.workflows):
            if problem := globs.problems(pattern):
                yield ("applies_to", "workflows", index), problem
        if self.with_ is not None and (problem := globs.problems(self.with_.workflow)):
            yield ("with", "workflow"), problem

    @property
    def named(self) -> tuple[str, ...]:
        """The names of rollback workflows that this policy gives."""
        return (self.with_.workflow,) if self.with_ is not None else ()


@frozen
class _Deploying:
    """One governed deploy, and every way back from it."""

    found: Governed
    site: Site
    ways: tuple[WayBack, ...]

    @property
    def subject(self) -> str:
        return f"{display(self.found.workflow.path)}:{self.found.job.id}"

    @property
    def place(self) -> Location:
        path = self.found.workflow.path
        return Location(path=path, line=self.site.deploy.line, column=self.site.deploy.column)

    @property
    def good(self) -> tuple[WayBack, ...]:
        """Those that deploy to the same target, one of each job."""
        found = [way for way in self.ways if way.site is not None and way.same]
        return tuple({(way.sort, way.shown): way for way in reversed(found)}.values())[::-1]


@check()
def way_back(policy: Rollback, workflows: Workflows) -> Iterator[Said]:
    """Every governed deploy has a way back, and something verifies it."""
    count = 0
    for one in _deploying(policy, workflows):
        count += 1
        yield from _way_back(policy, one)
        if policy.verified:
            yield from _verified(one)
    yield from unseen(workflows, _scope(policy), "way_back")
    yield Judged(count)


def _asked(policy: Rollback) -> Iterable[tuple[Request, ...]]:
    if policy.exercised_within is None and policy.within is None:
        return []
    wanted = policy.named or DEFAULT_WORKFLOWS
    return [(WorkflowRunsRequest(WorkflowRuns, (*wanted, *(policy.applies_to.workflows or _DEPLOYING))),)]


@check(wants=_asked)
def exercised(policy: Rollback, workflows: Workflows, runs: WorkflowRuns, now: Now) -> Iterator[Said]:
    """The way back was tried lately, and fast enough."""
    asked = [one for one in _deploying(policy, workflows) if one.good]
    yield Judged(len(asked))
    for one in asked:
        found = [_exercises(way, runs) for way in one.good if way.sort in {"job", "workflow"}]
        if found:
            wanted = Asked(
                subject=one.subject,
                place=one.place,
                now=now.instant,
                exercised_within=policy.exercised_within,
                within=policy.within,
            )
            yield from judged(wanted, found)
        else:
            why = f"{one.found.job.id} takes itself back, and its runs do not tell whether it ever did"
            yield _untold("exercised", one, why)


def _deploying(policy: Rollback, workflows: Workflows) -> Iterator[_Deploying]:
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    scope = _scope(policy)
    guarded = guarded_sites(readable, scope)
    for found in (one for workflow in readable for one in governed(workflow, scope, guarded)):
        if is_way_back(found.workflow, found.job, policy.named) or not found.deploys:
            continue
        site = sites(found.workflow, found.job)[0]
        yield _Deploying(found, site, tuple(ways_back(readable, site, policy.named)))


def _scope(policy: Rollback) -> Scope:
    return Scope(policy.applies_to.workflows, policy.applies_to.environments, policy.applies_to.jobs)


def _way_back(policy: Rollback, one: _Deploying) -> Iterator[Said]:
    if one.good:
        return
    target = one.site.target.shown
    untold = next((way for way in one.ways if way.site is not None and way.same is None), None)
    if untold is not None:
        why = f"whether {display(untold.shown)} goes to the target of {one.found.job.id} ({target}) cannot be told"
        yield _untold("way_back", one, why)
    elif _is_called_only(one.found.workflow):
        why = f"other workflows call {display(one.found.workflow.path)}, and a way back in them is not looked for"
        yield _untold("way_back", one, why)
    else:
        yield Finding(
            control="way_back",
            subject=one.subject,
            message=f"nothing leads back from `{one.site.deploy.by}` to {target}: {_instead(policy, one)}",
            plane="workflow",
            location=one.place,
            fix=Fix(text=_fix(one)),
            evidence=tuple(_evidence(one.ways)),
        )


def _instead(policy: Rollback, one: _Deploying) -> str:
    empty = next((way for way in one.ways if way.site is None), None)
    if empty is not None:
        return f"{display(empty.shown)} calls itself a rollback and deploys nothing"
    other = next((way.site for way in one.ways if way.site is not None), None)
    if other is not None:
        return f"{display(other.workflow.path)}:{other.job.id} deploys to {other.target.shown}"
    named = f"no workflow is named {policy.named[0]}" if policy.named else "no workflow calls itself a rollback"
    return f"no job deploys after it failed, and {named}"


def _fix(one: _Deploying) -> str:
    job = one.found.job.id
    return (
        f"add a job that deploys the version before to {one.site.target.shown}, and runs only where {job} began, which "
        f"a step of {job} says by an output:\n"
        f"  rollback:\n    needs: {job}\n    if: failure() && needs.{job}.outputs.began == 'true'"
    )


def _evidence(ways: Sequence[WayBack]) -> Iterator[Evidence]:
    for way in ways:
        said = f"deploys to {way.site.target.shown}" if way.site is not None else "deploys nothing"
        yield Evidence(text=f"{way.job.id} {said}", location=location(way.workflow.path, way.job.key))


def _verified(one: _Deploying) -> Iterator[Said]:
    for way in one.good:
        answer = verified(way)
        if answer is True or way.site is None:
            continue
        subject = f"{one.subject} by {display(way.shown)}"
        place = Location(path=way.workflow.path, line=way.site.deploy.line, column=way.site.deploy.column)
        if answer is None:
            after = f"what comes after `{way.site.deploy.by}` in {way.job.id}"
            why = f"whether {after} fails where it did not work cannot be told"
            yield Undecided(control="verified", subject=subject, reason=Reason.DYNAMIC, message=why, location=place)
            continue
        yield Finding(
            control="verified",
            subject=subject,
            message=f"nothing verifies the rollback in {way.job.id}: no step after `{way.site.deploy.by}` can fail",
            plane="workflow",
            location=place,
            fix=Fix(text="let a step after it fail where the old version does not answer: `curl --fail --retry 5 URL`"),
        )


def _exercises(way: WayBack, runs: WorkflowRuns) -> Exercises:
    return exercises(history(runs, way.workflow.path), base_name(way.job), way.shown, whole=way.sort == "workflow")


def _untold(control: str, one: _Deploying, why: str) -> Undecided:
    return Undecided(control=control, subject=one.subject, reason=Reason.DYNAMIC, message=why, location=one.place)


def _is_called_only(workflow: Workflow) -> bool:
    return {trigger.event for trigger in workflow.triggers} == {"workflow_call"}
