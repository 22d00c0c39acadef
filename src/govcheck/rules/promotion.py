"""What goes to production was on staging before: the same commit, with success.

```yaml
kind: promotion
id: staging-before-production
why: A commit that never ran on staging is tried on customers.
from: staging
to: production
over: 30d
within: 14d
```

Live, every deployment to `to` in `over` has to be of a commit that was deployed to `from` with success before the
deployment began, and where `within` is given, no longer before than that. A deployment that failed counts as one: it
was tried. GitHub's own deployments are what is looked at: the newest hundred of each environment, and the statuses of
the newest thirty; what more there may be is unknown. Needs deployments:read.

`changed_workflows` names workflows that are tried before they are merged: where a pull request changes one, some run of
it, whatever started it, has to be of the pull request's newest commit. In CI with `--live`; needs actions:read.

Offline, `demanded`: a job that names the environment `to` needs, by `needs`, a job that names `from`; a rollback, which
goes back to what was there already, needs none. Where a workflow
waits for another one (`workflow_run`), whether that one deployed the same commit cannot be told. A step that asks
whether staging answers says nothing about which commit runs there.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.environments import Use, uses
from govcheck.actions.values import Unknown
from govcheck.actions.ways_back import is_way_back
from govcheck.actions.workflow import FOLDER, Job, Workflow, location, text
from govcheck.facts import Request
from govcheck.facts.change import Change
from govcheck.facts.deployments import DeploymentsOf, LiveDeployments, LiveDeploymentsRequest
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.now import Now
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.answers import Trouble
from govcheck.settings.commit_runs import ran_on
from govcheck.settings.deployments import Deployment, deployments
from govcheck.settings.evidence import answered
from govcheck.settings.promotions import succeeded

_EVER = datetime.min.replace(tzinfo=UTC)
_SHORT = 12


@frozen(kw_only=True)
class Promotion(Policy):
    """Which environment comes before which."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    kind: Literal["promotion"] = "promotion"

    from_: str
    """The environment that a commit has to have been on."""

    to: str
    """The environment that it goes to."""

    over: str = "30d"
    """How far back deployments are looked at, such as `30d`."""

    within: str | None = None
    """How long before it may have been there, such as `14d`. Left out: however long."""

    changed_workflows: tuple[str, ...] = ()
    """Workflow files, names or globs of names: where a change touches one, it has to have run on the newest commit."""

    demanded: bool = True
    """Whether workflows have to demand it."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key, written in (("over", self.over), ("within", self.within)):
            if written is not None and durations.parse(written) is None:
                yield (key,), f"{written!r} is not a length of time: write it like 30d"
        for number, pattern in enumerate(self.changed_workflows):
            if problem := globs.problems(pattern):
                yield ("changed_workflows", number), f"`{pattern}`: {problem}"
        if self.from_.casefold() == self.to.casefold():
            yield ("to",), "the two environments are one"


@check(wants=lambda policy: [()] if policy.demanded else [])
def demanded(policy: Promotion, workflows: Workflows) -> Iterator[Said]:
    """A job that deploys there needs one that deployed to the environment before."""
    named = uses(workflows)
    wanted = [use for use in named if _is(use, policy.to) and not is_way_back(use.workflow, use.job, ())]
    yield Judged(len(wanted))
    before = {(use.workflow.path, use.job.id.casefold()) for use in named if _is(use, policy.from_)}
    open_ones = [use for use in named if isinstance(use.name, Unknown)]
    for use in wanted:
        if not any((use.workflow.path, id_) in before for id_ in _needed(use.workflow, use.job)):
            yield _undemanded(policy, use)
    for use in open_ones:
        message = f"which environment job {use.job.id} deploys to is known to a run only"
        yield _undecided("demanded", _subject(use), message, use)


def _undemanded(policy: Promotion, use: Use) -> Finding | Undecided:
    if any(trigger.event in {"workflow_run", "workflow_call"} for trigger in use.workflow.triggers):
        message = (
            f"whether the workflow that {display(use.workflow.path)} follows put the same commit on {policy.from_}"
        )
        return _undecided("demanded", _subject(use), f"{message} cannot be told", use)
    return Finding(
        control="demanded",
        subject=_subject(use),
        message=f"job {use.job.id} deploys to {display(policy.to)}, and needs no job that deploys to "
        f"{display(policy.from_)} before it: any commit may go there",
        plane="workflow",
        location=location(use.workflow.path, use.environment.node),
        fix=Fix(text=f"deploy to {policy.from_} in a job of the same workflow, and add it to `needs` of {use.job.id}"),
    )


def _needed(workflow: Workflow, job: Job) -> set[str]:
    """The ids of every job before this one."""
    found: set[str] = set()
    open_ones = [text(need).casefold() for need in job.needs]
    while open_ones:
        id_ = open_ones.pop()
        if id_ not in found:
            found.add(id_)
            needed = workflow.job(id_)
            open_ones += [text(need).casefold() for need in needed.needs] if needed is not None else []
    return found


def _is(use: Use, name: str) -> bool:
    return isinstance(use.name, str) and use.name.casefold() == name.casefold()


def _subject(use: Use) -> str:
    return f"{display(use.workflow.path)}:{use.job.id}"


def _undecided(control: str, subject: str, message: str, use: Use) -> Undecided:
    place = location(use.workflow.path, use.environment.node)
    return Undecided(control=control, subject=subject, reason=Reason.DYNAMIC, message=message, location=place)


@check(wants=lambda policy: [()] if policy.changed_workflows else [])
def tried(policy: Promotion, change: Change, live: PullRequestRuns) -> Iterator[Said]:
    """Live: every workflow that a change touches ran on the change's newest commit."""
    matches = globs.compile_globs(policy.changed_workflows).matches
    left = [one.path for one in change.paths if one.mode is not None and one.path.startswith(FOLDER)]
    wanted = [path for path in left if matches(path.removeprefix(FOLDER)) or matches(path)]
    yield Judged(len(wanted))
    ran = ran_on(live) if wanted else frozenset[str]()
    for path in wanted:
        if isinstance(ran, Trouble):
            message = f"whether {display(path)} ran on this commit cannot be told: {ran.message}"
            yield ran.undecided("tried", display(path), message, Location(path=path))
        elif path not in ran:
            yield Finding(
                control="tried",
                subject=display(path),
                message=f"{display(path)} was changed, and never ran on {live.commit[:_SHORT]}",
                plane="live",
                location=Location(path=path),
                fix=Fix(text=f"let it run: gh workflow run {path.removeprefix(FOLDER)} --ref YOUR-BRANCH"),
                evidence=(Evidence(text=answered(live.runs).text),),
            )


def _asked(policy: Promotion) -> Iterable[tuple[Request, ...]]:
    return [(LiveDeploymentsRequest(LiveDeployments, (policy.from_, policy.to)),)]


@check(wants=_asked)
def promoted(policy: Promotion, live: LiveDeployments, now: Now) -> Iterator[Said]:
    """Live: every commit that went there was on the other one before."""
    by_name = {one.environment: one for one in live.environments}
    before, after = by_name[policy.from_], by_name[policy.to]
    found = deployments(after, now.instant - (durations.parse(policy.over) or timedelta.max))
    yield Judged(len(found.found))
    if found.trouble is not None:
        yield found.trouble.undecided("promoted", display(policy.to), found.trouble.message, Location())
    for deployment in found.found:
        yield from _promoted(policy, deployment, before, after)


def _promoted(
    policy: Promotion, deployment: Deployment, before: DeploymentsOf, after: DeploymentsOf
) -> Iterator[Finding | Undecided]:
    subject = f"{display(policy.to)}:{deployment.id}"
    if not deployment.commit:
        message = f"deployment {deployment.id} to {display(policy.to)} names no commit"
        yield Undecided(control="promoted", subject=subject, reason=Reason.MISSING_OBJECT, message=message)
        return
    longest = durations.parse(policy.within or "")
    earliest = deployment.began - longest if longest is not None else _EVER
    told = succeeded(before, deployment.commit, earliest, deployment.began)
    commit, when = deployment.commit[:_SHORT], f"{deployment.began:%Y-%m-%d %H:%M} UTC"
    if isinstance(told, Trouble):
        message = f"whether {commit} was on {display(policy.from_)} before {when} cannot be told: {told.message}"
        yield told.undecided("promoted", subject, message, Location())
    elif not told:
        ever = f" in the {policy.within} before" if policy.within else ""
        yield Finding(
            control="promoted",
            subject=subject,
            message=f"{commit} went to {display(policy.to)} on {when}, and was not deployed to "
            f"{display(policy.from_)} with success{ever or ' before'}",
            plane="live",
            actual={"commit": deployment.commit, "deployer": deployment.deployer},
            evidence=(Evidence(text=answered(before.listed).text), Evidence(text=answered(after.listed).text)),
        )
