"""Deploys that go on although something before them refused.

A job without a status function in its `if` is skipped where any job before it failed. `failure()` is true where *any*
ancestor failed, however far: so a rollback with `if: failure()` also runs where the deploy that it follows was never
begun. Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#failure and, for what an
environment refuses (a rejected job fails, and none of its steps ran),
https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments
"""

from collections.abc import Iterator
from functools import partial

from govcheck.actions.deploy_targets import Site, same_target, sites
from govcheck.actions.gates import gates as window_gates
from govcheck.actions.outcomes import ancestors
from govcheck.actions.plays import MOST_JOBS, heeds_failures, plays, where_refused
from govcheck.actions.programs import script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display
from govcheck.records import frozen


@frozen
class _Way:
    """A deploy, the deploy that it follows, and who may have refused that one."""

    site: Site
    followed: Site
    refusing: tuple[Job, ...]
    """Jobs after whose failure the first deploys and the second does not; the likeliest first."""

    perhaps: tuple[Job, ...]
    """The same, where a run decides."""

    besides: tuple[Job, ...]
    """Jobs that have to fail as well: a health check that runs though nothing was deployed."""

    unapproved: bool | None
    """Whether it deploys where the other's environment refused; None where nobody can tell."""


def gates(workflow: Workflow) -> Iterator[Gate]:
    """Every job of a workflow that deploys after other jobs."""
    for job in workflow.jobs:
        own = sites(workflow, job)
        if own and ancestors(workflow, job):
            yield _judged(workflow, job, own)


def _judged(workflow: Workflow, job: Job, own: tuple[Site, ...]) -> Gate:
    before = tuple(ancestors(workflow, job).values())
    if heeds_failures(job):
        return _alive(workflow, own[0], f"it does not start where {' or '.join(one.id for one in before[:3])} failed")
    if _has_own_gate(workflow, job):
        return _alive(workflow, own[0], "it asks `govcheck gate deploy` itself")
    if len(before) > MOST_JOBS:
        why = f"{_deploys(own[0])} after {len(before)} other jobs, more than the {MOST_JOBS} that are played through"
        return _gate(workflow, own[0], State.UNTOLD, why)
    pairs = [(site, other) for one in before for other in _distinct(sites(workflow, one)) for site in _distinct(own)]
    pairs = [(site, other) for site, other in pairs if same_target(site, other) is not False]
    if not pairs:
        return _alone(workflow, own[0], before)
    ways = [_way(workflow, site, other) for site, other in pairs]
    return min((_verdict(workflow, way) for way in ways), key=lambda gate: _WORST.index(gate.state))


def _distinct(found: tuple[Site, ...]) -> tuple[Site, ...]:
    """The first site of each target."""
    return tuple({site.target: site for site in reversed(found)}.values())[::-1]


_WORST = (State.DEAD, State.UNTOLD, State.ALIVE)


def _has_own_gate(workflow: Workflow, job: Job) -> bool:
    return any(not gate.weakness and not gate.other_time and not gate.unread for gate in window_gates(workflow, job))


def _way(workflow: Workflow, site: Site, followed: Site) -> _Way:
    """Who can refuse the one so that the other still runs: jobs that do it alone, or else with another one."""
    answers: dict[bool | None, dict[str, Job]] = {True: {}, None: {}, False: {}}
    besides: dict[str, Job] = {}
    for play in plays(workflow, site.job):
        refusing = [one for one in play.failed if one.id.casefold() in ancestors(workflow, followed.job)]
        skipped = play.results[followed.job.id.casefold()] == "skipped"
        if skipped and refusing and not (len(play.failed) > 1 and answers[True]):
            answers[play.runs].update({one.id: one for one in refusing})
            besides.update({one.id: one for one in play.failed if play.runs and one not in refusing})
    own = site.environment.casefold() == followed.environment.casefold()
    unapproved: bool | None = False
    if followed.environment and not own:
        unapproved = where_refused(workflow, site.job, followed.job)
    order = partial(_likely, workflow)
    sure, perhaps = (tuple(sorted(answers[answer].values(), key=order)) for answer in (True, None))
    return _Way(site, followed, sure, perhaps, tuple(besides.values()), unapproved)


def _likely(workflow: Workflow, job: Job) -> tuple[bool, int]:
    """What refuses on purpose first, and then what comes first."""
    return _refusing_step(workflow, job)[0] is None, len(ancestors(workflow, job))


def _verdict(workflow: Workflow, way: _Way) -> Gate:
    same = same_target(way.site, way.followed)
    if way.refusing and same:
        return _hole(workflow, way)
    if way.refusing or way.perhaps:
        return _untold(workflow, way, same=bool(same))
    if way.unapproved is not False:
        why = (
            f"{_deploys(way.site)}, and it runs where the environment {way.followed.environment} refused the job "
            f"{way.followed.job.id}, which is a failure to GitHub: whether that environment asks anybody is not in "
            "the files"
        )
        return _gate(workflow, way.site, State.UNTOLD, why, evidence=(_job_line(workflow, way.followed.job),))
    return _alive(workflow, way.site, f"it does not run where {way.followed.job.id} was never begun")


def _hole(workflow: Workflow, way: _Way) -> Gate:
    site, followed = way.site, way.followed
    names = " or ".join(job.id for job in way.refusing[:2])
    written = text(site.job.condition) if site.job.condition is not None else ""
    why = (
        f"{_deploys(site)} although the deploy that it follows was refused: where {names} fails, the job "
        f"{followed.job.id} is skipped, and `if: {written}` still lets this one run"
    )
    if not site.environment and followed.environment:
        why += f", outside of the environment {followed.environment}"
    return _gate(
        workflow, site, State.DEAD, why, evidence=tuple(_path(workflow, way)), fix=Fix(text=_fix(way)), at_if=True
    )


def _untold(workflow: Workflow, way: _Way, *, same: bool) -> Gate:
    site, followed = way.site, way.followed
    written = text(site.job.condition) if site.job.condition is not None else ""
    doubt = (
        f"only a run can tell whether `if: {written}` lets it run where {followed.job.id} was skipped"
        if same
        else f"it runs where {followed.job.id} was skipped, and nothing says whether both deploy to one target"
    )
    refusing = (*way.refusing, *way.perhaps)
    evidence = tuple(_job_line(workflow, job) for job in (*refusing, followed.job))
    return _gate(workflow, site, State.UNTOLD, f"{_deploys(site)}: {doubt}", evidence=evidence)


def _alone(workflow: Workflow, site: Site, before: tuple[Job, ...]) -> Gate:
    """A deploy that follows none of its own target: whether the jobs that it needs can stop it."""
    job = site.job
    answers = [(play.failed[0], play.runs) for play in plays(workflow, job) if len(play.failed) == 1]
    through = [earlier for earlier, answer in answers if answer is True]
    doubtful = [earlier for earlier, answer in answers if answer is None]
    written = text(job.condition) if job.condition is not None else ""
    if through:
        names = " or ".join(one.id for one in through[:2])
        why = f"{_deploys(site)} although {names}, which it needs, failed: `if: {written}` lets it run"
        fix = Fix(
            text=f"write `if: ${{{{ !failure() && !cancelled() }}}}` in line {_condition_line(job)}, or leave it out"
        )
        evidence = tuple(_job_line(workflow, one) for one in through)
        return _gate(workflow, site, State.DEAD, why, evidence=evidence, fix=fix, at_if=True)
    if doubtful:
        why = f"{_deploys(site)}: only a run can tell whether `if: {written}` stops it where {doubtful[0].id} failed"
        return _gate(workflow, site, State.UNTOLD, why, evidence=(_job_line(workflow, doubtful[0]),))
    return _alive(workflow, site, f"it does not start where {' or '.join(one.id for one in before[:3])} failed")


def _path(workflow: Workflow, way: _Way) -> Iterator[Evidence]:
    """Step by step how a refused deploy gets there."""
    first = way.refusing[0]
    step, line = _refusing_step(workflow, first)
    where = f', for one by the step "{_title(step)}"' if step is not None else ""
    place = Location(path=workflow.path, line=line) if line else location(workflow.path, first.key)
    yield Evidence(text=f"1. {first.id} fails{where}", location=place)
    number = 2
    for other in reversed(list(ancestors(workflow, way.followed.job).values())):
        if other is not first and first.id.casefold() in ancestors(workflow, other):
            yield _skipped(workflow, number, other, first)
            number += 1
    yield _skipped(workflow, number, way.followed.job, first)
    if way.besides:
        number += 1
        place = location(workflow.path, way.besides[0].condition or way.besides[0].key)
        yield Evidence(text=f"{number}. {way.besides[0].id} runs all the same, and fails", location=place)
    written = way.site.job.condition or way.site.job.key
    yield Evidence(
        text=f"{number + 1}. `if: {text(written)}` is true, for a job before it failed: {way.site.job.id} runs",
        location=location(workflow.path, written),
    )
    place = Location(path=workflow.path, line=way.site.deploy.line, column=way.site.deploy.column)
    yield Evidence(text=f"{number + 2}. `{way.site.deploy.by}` deploys to {way.site.target.shown}", location=place)
    for other in way.refusing[1:]:
        yield Evidence(text=f"the same where {other.id} fails", location=location(workflow.path, other.key))
    if way.unapproved:
        text_ = f"the same where the environment {way.followed.environment} refuses {way.followed.job.id}"
        yield Evidence(text=text_, location=location(workflow.path, way.followed.job.key))


def _skipped(workflow: Workflow, number: int, job: Job, first: Job) -> Evidence:
    node = job.condition or (job.needs[0] if job.needs else job.key)
    needs = {text(need).casefold() for need in job.needs}
    reason = "needs it" if first.id.casefold() in needs else "comes after it"
    return Evidence(text=f"{number}. {job.id} {reason}, and is skipped", location=location(workflow.path, node))


def _fix(way: _Way) -> str:
    """The condition that holds; where an environment may refuse as well, its result alone does not tell."""
    site, followed = way.site, way.followed
    line = _condition_line(site.job)
    if not way.unapproved:
        return f"in line {line}: `if: failure() && needs.{followed.job.id}.result != 'skipped'`{_needs(site, followed)}"
    step = followed.deploy.step
    before = f"before the step in line {step.node.line}" if step is not None else "first"
    return (
        f"let {followed.job.id} say that it began, and deploy in {site.job.id} only then:\n"
        f"in the job {followed.job.id} (line {followed.job.key.line}):\n"
        "  outputs:\n    began: ${{ steps.began.outputs.began }}\n"
        f"and {before}:\n"
        '  - id: began\n    run: echo "began=true" >> "$GITHUB_OUTPUT"\n'
        f"and in line {line}:\n"
        f"  if: failure() && needs.{followed.job.id}.outputs.began == 'true'{_needs(site, followed)}"
    )


def _needs(site: Site, followed: Site) -> str:
    named = {text(need).casefold() for need in site.job.needs}
    return "" if followed.job.id.casefold() in named else f", with {followed.job.id} in the `needs` of {site.job.id}"


def _condition_line(job: Job) -> int:
    return (job.condition or job.key).line


def _refusing_step(workflow: Workflow, job: Job) -> tuple[Step | None, int]:
    """The first step that ends its script as a failure on purpose, and the line where."""
    for step in job.steps:
        script = script_of(step, shell_of(workflow, job, step))
        for command in script.commands if isinstance(script, Script) else ():
            status = (command.arguments[0].literal or "") if command.arguments else ""
            if command.name == "exit" and status.isdigit() and status != "0" and step.run is not None:
                return step, step.run.place(command.offset)[0]
    return None, 0


def _title(step: Step) -> str:
    named = step.name or step.uses or step.run
    return " ".join(text(named).split())[:80] if named is not None else f"number {step.index + 1}"


def _deploys(site: Site) -> str:
    return f"{site.job.id} deploys to {site.target.shown} by `{site.deploy.by}`"


def _job_line(workflow: Workflow, job: Job) -> Evidence:
    return Evidence(text=f"the job {job.id}", location=location(workflow.path, job.key))


def _alive(workflow: Workflow, site: Site, why: str) -> Gate:
    return _gate(workflow, site, State.ALIVE, f"{_deploys(site)}, and {why}")


def _gate(
    workflow: Workflow,
    site: Site,
    state: State,
    why: str,
    *,
    evidence: tuple[Evidence, ...] = (),
    fix: Fix | None = None,
    at_if: bool = False,
) -> Gate:
    at = site.job.condition if at_if and site.job.condition is not None else site.job.key
    return Gate(
        family="bypass",
        subject=f"{display(workflow.path)}:{site.job.id}",
        state=state,
        why=why,
        location=location(workflow.path, at),
        evidence=evidence,
        fix=fix,
    )
