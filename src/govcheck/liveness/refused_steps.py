"""Steps that deploy although an earlier step of their job refused.

A step without a status function in its `if` is skipped where any step before it failed; `failure()` and `always()` let
it run. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from collections.abc import Iterator

from govcheck.actions.deploy_targets import Site, same_target, sites
from govcheck.actions.outcomes import runs_after
from govcheck.actions.values import Object, Unknown, Value
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.findings import Evidence, Fix
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display

_LONGEST = 80


def gates(workflow: Workflow) -> Iterator[Gate]:
    """Every step that deploys, has an `if`, and comes after steps that may refuse."""
    for job in workflow.jobs:
        own = sites(workflow, job)
        for site in own:
            step = site.deploy.step
            if step is not None and step.condition is not None:
                yield from _judged(site, step, _followed(site, own))


def _followed(site: Site, own: tuple[Site, ...]) -> Step | None:
    """The step that deployed to the same target before."""
    step = site.deploy.step
    earlier = [one for one in own if one.deploy.step and step and one.deploy.step.index < step.index]
    return next((one.deploy.step for one in earlier if same_target(one, site)), None)


def _judged(site: Site, step: Step, followed: Step | None) -> Iterator[Gate]:
    refusing = _refusing(site.job, followed or step)
    if refusing is None or step.condition is None:
        return
    answer = runs_after(step.condition, "failure", _steps(refusing, followed))
    written = text(step.condition)
    after = " although the deploy that it follows was never begun" if followed is not None else ""
    why = f'the step "{_title(step)}" of {site.job.id} deploys to {site.target.shown}{after} where '
    why += f'the step "{_title(refusing)}" failed: `if: {written}` lets it run'
    state = State.DEAD
    if answer is not True:
        state = State.ALIVE if answer is False else State.UNTOLD
        why = f'whether the step "{_title(step)}" deploys where "{_title(refusing)}" failed is decided at run time'
        if answer is False:
            why = f'the step "{_title(step)}" does not deploy where "{_title(refusing)}" failed'
    yield Gate(
        family="bypass",
        subject=f"{display(site.workflow.path)}:{site.job.id}:step {_title(step)}",
        state=state,
        why=why,
        location=location(site.workflow.path, step.condition),
        evidence=(Evidence(text="the step that fails", location=location(site.workflow.path, refusing.node)),),
        fix=_fix(step, followed) if state is State.DEAD else None,
    )


def _fix(step: Step, followed: Step | None) -> Fix:
    line = step.condition.line if step.condition is not None else step.node.line
    if followed is None:
        return Fix(text=f"leave the `if` in line {line} out, or write one without `always()` and `failure()`")
    name = text(followed.id) if followed.id is not None else "deploy"
    given = "" if followed.id is not None else f", and `id: deploy` in the step in line {followed.node.line}"
    return Fix(text=f"in line {line}: `if: failure() && steps.{name}.outcome == 'failure'`{given}")


def _refusing(job: Job, before: Step) -> Step | None:
    """The last step before one that runs something of its own, and whose failure counts."""
    earlier = [step for step in job.steps if step.index < before.index and step.run is not None]
    counting = [step for step in earlier if step.continue_on_error is None]
    return counting[-1] if counting else None


def _steps(refusing: Step, followed: Step | None) -> dict[str, Value]:
    """The `steps` context where one failed and the deploy after it was skipped."""
    known: dict[str, Value] = {}
    for step, outcome in ((refusing, "failure"), (followed, "skipped")):
        if step is not None and step.id is not None:
            rest = Unknown(expression="steps") if outcome == "failure" else None
            known[text(step.id)] = Object({"outcome": outcome, "conclusion": outcome}, rest)
    return {"steps": Object(known, Unknown(expression="steps"))}


def _title(step: Step) -> str:
    named = step.name or step.uses or step.run
    return " ".join(text(named).split())[:_LONGEST] if named is not None else f"number {step.index + 1}"
