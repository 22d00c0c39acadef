"""Jobs that stand for others: one name to require, which must be red where any of the others is.

A job that is skipped counts as success, and a job that only runs whatever happened turns red into green. Source:
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

import re
from collections.abc import Iterator, Mapping

from govcheck.actions.outcomes import runs_after
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, Workflow, location, text
from govcheck.findings import Evidence, Fix
from govcheck.liveness.aggregate_mistakes import mistaken
from govcheck.liveness.blind_spots import ALLS_GREEN, Blind, asks_for_results, blind_spot
from govcheck.liveness.executions import Execution
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.heeding import never_runs, passes_anyway
from govcheck.records import replace

_NAME = re.compile(
    r"(?:^|[\s/_-])(?:all|ci|checks?|tests?|required|merge|pr|build|alls)[\s_-]+(?:jobs?[\s_-]+|checks?[\s_-]+|tests?[\s_-]+)?"
    r"(?:ok|green|pass(?:ed|es|ing)?|success(?:ful)?|succeeded|done|complete[ds]?|gate|conclusion|result|finished|required|check)$"
    r"|^(?:conclusion|required|gate|gatekeeper|alls?-green|ok|success|ci-?gate|(?:required-)?status-checks?|required-checks?)$",
    re.IGNORECASE,
)
_NO_JUDGE = re.compile(r"actions/(?:checkout|setup-[\w-]+|cache|upload-artifact|download-artifact)@", re.IGNORECASE)
_FAILS = re.compile(r"\bexit\s+[1-9]|\bfalse\b")
_REQUIRED_BY = ("pull_request", "pull_request_target", "merge_group", "push", "workflow_call")
"""Events whose runs report checks that a branch can require."""

_TO_FIX = (
    "give it `if: always()` and a step that fails unless every result is as it should be, such as "
    "`run: exit 1` with `if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')`"
)


def gates(workflow: Workflow, executions: Mapping[int, tuple[Execution, ...]]) -> Iterator[Gate]:
    """Every job of a workflow that stands for others.

    Args:
        workflow: The workflow.
        executions: What the steps of each job run, by the identity of the job.
    """
    for job in workflow.jobs:
        if job.needs and job.uses is None and (stands_for_others(job) or _sums_up(job)):
            yield _gate(workflow, job, executions.get(id(job), ()))


def stands_for_others(job: Job) -> bool:
    """Whether a job's name says that it sums up others."""
    names = (job.id, text(job.name) if job.name is not None else "")
    return any(_NAME.search(name.strip()) and not name.lower().startswith("no ") for name in names)


def _sums_up(job: Job) -> bool:
    """Whether a job runs whatever happened, and does nothing but ask how others ended, to fail by that."""
    if any(step.uses is not None and ALLS_GREEN.match(text(step.uses)) for step in job.steps):
        return runs_after(job.condition, "failure") is not False
    steps = [step for step in job.steps if step.uses is None or _NO_JUDGE.match(text(step.uses)) is None]
    scripts = [text(step.run) for step in steps if step.run is not None]
    if len(scripts) < len(steps) or not any(map(_FAILS.search, scripts)):
        return False
    return all(map(asks_for_results, steps)) and runs_after(job.condition, "failure") is not False


def _gate(workflow: Workflow, job: Job, executions: tuple[Execution, ...]) -> Gate:
    needed = ", ".join(text(need) for need in job.needs[:4]) + (", ..." if len(job.needs) > 4 else "")  # noqa: PLR2004 - four are enough to know a list by
    after = runs_after(job.condition, "failure")
    if after is False:
        why = f"job {job.id} is skipped when one of {needed} fails, and GitHub counts skipped as success"
        return _told(workflow, job, State.DEAD, why)
    failing = [one for one in executions if _can_fail(one)]
    other = [step for step in job.steps if step.uses is not None and _may_judge(job, step)]
    known = {one.step.index for one in executions}
    unread = [step for step in job.steps if step.run is not None and step.index not in known and not never_runs(step)]
    blind = blind_spot(workflow, job, [*(one.step for one in failing), *other, *unread])
    if blind is not None and (failing or other) and any(map(workflow.trigger, _REQUIRED_BY)):
        return _blind(workflow, job, blind)
    if failing:
        how = f'the step "{failing[0].title}" can fail it, and it runs although one of {needed} failed'
        return _told(workflow, job, State.ALIVE, how)
    if other:
        how = f"{text(other[0].uses)} decides" if other[0].uses is not None else ""
        return _told(workflow, job, State.ALIVE, how)
    if unread:
        return _told(workflow, job, State.UNTOLD, f"job {job.id} has a step for a shell that is not read")
    why = f"job {job.id} runs whatever became of {needed}, and none of its steps can fail: it turns red into green"
    return _told(workflow, job, State.DEAD, why)


def _blind(workflow: Workflow, job: Job, blind: Blind) -> Gate:
    failed, said = blind.failed.id, mistaken(job)
    if blind.runs is False:
        why = f"job {job.id} is skipped where {failed} fails, and GitHub counts skipped as success"
    elif blind.skipped:
        skipped = ", ".join(blind.skipped[:4])
        then = f"{skipped} {'is' if len(blind.skipped) == 1 else 'are'} skipped then"
        why = f"job {job.id} stays green where {failed} fails: {then}, and no step of it fails because of that"
    else:
        why = f"job {job.id} stays green where {failed} fails: no step of it fails because of that"
    fix = (
        f"add {failed} to the `needs` of {job.id}, and let a step of it fail where that failed"
        if blind.skipped
        else f"let a step of it fail where `needs.{failed}.result` is not `success`"
    )
    told = _told(workflow, job, State.DEAD, f"{why}: {said}" if said else why)
    return replace(told, fix=Fix(text=fix))


def _may_judge(job: Job, step: Step) -> bool:
    if step.uses is None or never_runs(step) or passes_anyway(job, step):
        return False
    return _NO_JUDGE.match(text(step.uses)) is None


def _can_fail(execution: Execution) -> bool:
    found = execution.own.exits
    if never_runs(execution.step) or passes_anyway(execution.job, execution.step):
        return False
    return found is None or bool(found.judging) or bool(found.untold)


def _told(workflow: Workflow, job: Job, state: State, why: str) -> Gate:
    node = job.condition if job.condition is not None and state is State.DEAD else job.key
    return Gate(
        family="aggregate",
        subject=f"{workflow.path}:{job.id}",
        state=state,
        why=why,
        location=location(workflow.path, node),
        evidence=(
            Evidence(
                text=f"job {job.id} stands for others by {'its name' if stands_for_others(job) else 'what it does'}",
                location=location(workflow.path, job.key),
            ),
        ),
        fix=Fix(text=_TO_FIX) if state is State.DEAD else None,
    )
