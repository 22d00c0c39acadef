"""Which jobs a policy about deploys governs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from govcheck.actions.deploy_targets import Site, same_target, sites
from govcheck.actions.deploys import Deploy, deploys
from govcheck.actions.workflow import FOLDER, Job, Workflow, text
from govcheck.globs import compile_globs
from govcheck.records import frozen

MOST = 50
"""How many deploys of one job are looked at."""


@frozen
class Scope:
    """What a policy applies to; an empty list leaves its part open."""

    workflows: tuple[str, ...] = ()
    """Names of workflow files, or globs of names."""

    environments: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()

    def has_file(self, path: str) -> bool:
        """Whether a workflow file is in scope."""
        matches = compile_globs(self.workflows).matches
        return not self.workflows or matches(path.removeprefix(FOLDER)) or matches(path)

    def has_environment(self, name: str) -> bool:
        """Whether an environment is listed; GitHub compares without regard to case."""
        return name.casefold() in {one.casefold() for one in self.environments}

    def has_job(self, job: Job) -> bool:
        """Whether a job is listed by its id."""
        return job.id.casefold() in {one.casefold() for one in self.jobs}


@frozen(kw_only=True)
class Governed:
    """One job that a window governs."""

    workflow: Workflow
    job: Job
    deploys: tuple[Deploy, ...]
    """Empty where the job is governed for its environment or its id, and nobody can tell what in it deploys."""

    cut: bool
    """Whether it has more deploys than are looked at."""

    environment: str
    """The name of its environment, an expression as it is written; empty where it has none."""

    doubtful: bool
    """Whether an expression decides if the window governs it at all."""


def guarded_sites(workflows: Iterable[Workflow], scope: Scope) -> tuple[Site, ...]:
    """Every deploy of a job that names one of the environments: what else goes to these targets is governed too."""
    jobs = ((workflow, job) for workflow in workflows for job in workflow.jobs if scope.environments)
    named = ((workflow, job) for workflow, job in jobs if scope.has_environment(environment_of(job)))
    return tuple(site for workflow, job in named for site in sites(workflow, job))


def governed(workflow: Workflow, scope: Scope, guarded: Sequence[Site] = ()) -> Iterator[Governed]:
    """The jobs of a workflow that a policy governs; `guarded` as `guarded_sites` gives it."""
    if not scope.has_file(workflow.path):
        return
    related = bool(scope.workflows) or any(scope.has_environment(environment_of(job)) for job in workflow.jobs)
    for job in workflow.jobs:
        if not scope.jobs or scope.has_job(job):
            yield from _governed(workflow, job, scope, related=related or _shares_target(workflow, job, guarded))


def environment_of(job: Job) -> str:
    """The environment that a job names, as it is written; empty where it names none."""
    return text(job.environment.name).strip() if job.environment is not None else ""


def _shares_target(workflow: Workflow, job: Job, guarded: Sequence[Site]) -> bool:
    """Whether a job deploys to what a job of a governed environment deploys to."""
    own = sites(workflow, job) if guarded else ()
    return any(same_target(site, other) for site in own for other in guarded)


def _governed(workflow: Workflow, job: Job, scope: Scope, *, related: bool) -> Iterator[Governed]:
    environment = environment_of(job)
    dynamic = "${{" in environment
    named = scope.has_environment(environment)
    if scope.environments and not named and not dynamic and (environment or not related):
        return
    found = tuple(islice(deploys(workflow, job), MOST + 1))
    if not found and not named and not scope.jobs:
        return
    yield Governed(
        workflow=workflow,
        job=job,
        deploys=found[:MOST],
        cut=len(found) > MOST,
        environment=environment,
        doubtful=dynamic and bool(scope.environments),
    )
