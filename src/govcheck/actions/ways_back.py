"""Ways back from a deploy: what undoes it, when that is reached, and who looks whether it worked."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from govcheck.actions.deploy_targets import Site, same_target, sites
from govcheck.actions.outcomes import Outcome, ancestors, needs_after, runs_after
from govcheck.actions.plays import MOST_JOBS
from govcheck.actions.programs import programs
from govcheck.actions.shell import Script, read
from govcheck.actions.verifying import verifies
from govcheck.actions.workflow import FOLDER, Job, Step, Workflow, text
from govcheck.globs import compile_globs
from govcheck.records import frozen

Sort = Literal["command", "step", "job", "workflow"]

ROLLBACK = re.compile(r"(?i)roll(?:ing)?[ _-]?back|\brevert\b")
_TELLS = re.compile(r"(?i)notif|summar|report|alert|verif|validat")

DEFAULT_WORKFLOWS = ("*[Rr]ollback*", "*[Rr]oll-back*", "*[Rr]oll_back*", "*[Rr]evert*")
"""How a rollback workflow's file is called, where a policy does not say it."""

_BY_ITSELF = {"helm": frozenset({"--atomic", "--rollback-on-failure"})}
"""Programs that take a failed deploy back by themselves, with one of these options.

Source: https://helm.sh/docs/helm/helm_upgrade/
"""


@frozen(kw_only=True)
class WayBack:
    """One way back from a deploy."""

    sort: Sort
    of: Site
    """What it leads back from."""

    workflow: Workflow
    job: Job
    site: Site | None
    """What it deploys; None where it deploys nothing."""

    same: bool | None
    """Whether it goes to the same target; None where nobody can tell."""

    @property
    def shown(self) -> str:
        """For people, lastingly: the file and the job."""
        return f"{self.workflow.path}:{self.job.id}"


def is_rollback(job: Job) -> bool:
    """Whether a job calls itself a rollback, and not only a word about one."""
    name = f"{job.id} {text(job.name) if job.name is not None else ''}"
    return ROLLBACK.search(name) is not None and _TELLS.search(name) is None


def is_way_back(workflow: Workflow, job: Job, named: Sequence[str]) -> bool:
    """Whether a job is itself a way back, and no deploy that needs one."""
    return is_rollback(job) or is_rollback_workflow(workflow, named) or _only_after_failure(workflow, job)


def _only_after_failure(workflow: Workflow, job: Job) -> bool:
    """Whether a job is skipped where everything before it went well."""
    nearest = next(iter(ancestors(workflow, job).values()), job)
    needs = needs_after(workflow, job, nearest, "success", others="success")
    return runs_after(job.condition, "success", needs) is False


def is_rollback_workflow(workflow: Workflow, named: Sequence[str]) -> bool:
    """Whether a workflow's file has one of these names, or, where there are none, it calls itself a rollback."""
    name = workflow.path.removeprefix(FOLDER)
    if named:
        return compile_globs(tuple(named)).matches(name)
    return ROLLBACK.search(name) is not None or ROLLBACK.search(workflow.title) is not None


def ways_back(workflows: Sequence[Workflow], site: Site, named: Sequence[str]) -> Iterator[WayBack]:
    """Everything that may lead back from a deploy, whether it deploys anything or not."""
    if _by_itself(site):
        yield WayBack(sort="command", of=site, workflow=site.workflow, job=site.job, site=site, same=True)
    yield from _steps(site)
    for job in site.workflow.jobs:
        if _comes_after_failure(site, job):
            yield _of_job("job", site, site.workflow, job)
    for workflow in workflows:
        if workflow is not site.workflow and is_rollback_workflow(workflow, named):
            jobs = [job for job in workflow.jobs if sites(workflow, job)] or _promising(workflow)
            yield from (_of_job("workflow", site, workflow, job) for job in jobs)


def verified(way: WayBack) -> bool | None:
    """Whether something after the way back fails where it did not work; None where nobody can tell."""
    if way.sort == "command":
        return True
    answers = [verifies(way.workflow, job, step) for job, step in _after(way)]
    if True in answers:
        return True
    return None if None in answers else False


def _after(way: WayBack) -> Iterator[tuple[Job, Step]]:
    """Every step that comes after the deploy of a way back, and is reached where that went well."""
    first = way.site.deploy.step if way.site is not None else None
    if first is None:
        return
    if _goes_on(first, way):
        yield way.job, first
    outcome: Outcome = "failure" if way.sort == "step" else "success"
    for step in way.job.steps:
        if step.index > first.index and runs_after(step.condition, outcome) is not False:
            yield way.job, step
    for job in way.workflow.jobs:
        if way.job.id.casefold() in ancestors(way.workflow, job) and _follows(way, job):
            yield from ((job, step) for step in job.steps if runs_after(step.condition, "success") is not False)


def _follows(way: WayBack, job: Job) -> bool:
    """Whether a job runs after a way back that went well: in a workflow whose deploy failed, only where it says so."""
    if way.sort == "workflow":
        return runs_after(job.condition, "success") is not False
    needs = needs_after(way.workflow, job, way.of.job, "failure", others="success")
    return runs_after(job.condition, "failure", needs) is not False


def _goes_on(step: Step, way: WayBack) -> bool:
    """Whether the script that deploys has more in it than the deploy."""
    script = read(text(step.run)) if step.run is not None else None
    command = way.site.deploy.command if way.site is not None else None
    return isinstance(script, Script) and command is not None and script.commands[-1].offset > command.end


def _by_itself(site: Site) -> bool:
    command = site.deploy.command
    script = read(text(site.deploy.step.run)) if site.deploy.step is not None and site.deploy.step.run else None
    for program in programs(script) if isinstance(script, Script) else ():
        if command is not None and program.command.offset == command.offset:
            return not _BY_ITSELF.get(program.name, frozenset()).isdisjoint(program.texts())
    return False


def _steps(site: Site) -> Iterator[WayBack]:
    """Steps of the same job that deploy where something failed."""
    for other in sites(site.workflow, site.job):
        one, first = other.deploy.step, site.deploy.step
        if one is None or first is None or one.index <= first.index:
            continue
        if runs_after(one.condition, "success") is not True and runs_after(one.condition, "failure") is not False:
            same = same_target(site, other)
            yield WayBack(sort="step", of=site, workflow=site.workflow, job=site.job, site=other, same=same)


def _comes_after_failure(site: Site, job: Job) -> bool:
    """Whether a job may run where the deploy, or what came after it, failed."""
    before = ancestors(site.workflow, job)
    if site.job.id.casefold() not in before or not (sites(site.workflow, job) or is_rollback(job)):
        return False
    after = (one for one in before.values() if site.job.id.casefold() in ancestors(site.workflow, one))
    between = list(islice(after, MOST_JOBS))
    return any(
        runs_after(job.condition, "failure", needs_after(site.workflow, job, one, "failure")) is not False
        for one in (site.job, *between)
    )


def _of_job(sort: Sort, site: Site, workflow: Workflow, job: Job) -> WayBack:
    found = [(same_target(site, other), other) for other in sites(workflow, job)]
    for wanted in (True, None, False):
        for same, other in found:
            if same is wanted:
                alike = wanted is None and bool(site.environment) and site.environment == other.environment
                return WayBack(sort=sort, of=site, workflow=workflow, job=job, site=other, same=True if alike else same)
    return WayBack(sort=sort, of=site, workflow=workflow, job=job, site=None, same=None)


def _promising(workflow: Workflow) -> list[Job]:
    """The jobs of a rollback workflow that call themselves so, or else all of them."""
    return [job for job in workflow.jobs if is_rollback(job)] or list(workflow.jobs[:1])
