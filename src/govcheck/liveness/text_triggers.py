"""Gates that judge a pull request's title or body, and whether an edit of that starts them again.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request:
by default the types are `opened`, `synchronize` and `reopened`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from govcheck.actions.programs import programs, script_of, shell_of
from govcheck.actions.raw_text import may_run
from govcheck.actions.reach import PULL_REQUEST_EVENTS
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Trigger, Workflow, location, read, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Scalar
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.danger_jobs import Run
from govcheck.liveness.danger_script import Spot
from govcheck.liveness.gate import Gate, State

_READS = re.compile(r"github\.event\.pull_request\.(?:body|title)|context\.payload\.pull_request\??\.(?:body|title)")
_PARTS = (".body", ".title")
"""Of these one stands in whatever reads the text."""

_JUDGING_ACTIONS = re.compile(
    r"(?:amannn/action-semantic-pull-request|deepakputhraya/action-pr-title|thehanimo/pr-title-checker"
    r"|morrisoncole/pr-lint-action|mristin/opinionated-commit-message|nearform-actions/github-action-check-linked-issues"
    r"|webiny/action-conventional-commits|slashsbin/styleguide-.*|ytanikin/pr-?conventional-commits|gsactions/commit-message-checker)@"
)
"""Actions that fail for a title or body."""

_SCRIPT_FAILS = re.compile(r"setFailed\(|process\.exit\(\s*[1-9]|sys\.exit\((?!0|\))|\bthrow\s+new\s+Error")


def gates(workflows: Workflows, dangers: Sequence[Run], texts: Mapping[str, Spot]) -> Iterator[Gate]:
    """Every job for pull requests that fails for their text."""
    for file in workflows.files:
        if isinstance(file.document, Unreadable):
            continue
        workflow = read(file)
        triggers = [trigger for trigger in workflow.triggers if _gates_pushes(trigger)]
        for job in workflow.jobs if triggers else ():
            judging = _of_danger(workflow, job, dangers, texts) or _of_steps(workflow, job)
            if judging is not None:
                yield _gate(workflow, job, triggers, judging)


def _gates_pushes(trigger: Trigger) -> bool:
    """Whether it judges every push to a pull request; what only greets a new one is no gate."""
    types = trigger.types.values if trigger.types is not None else None
    return trigger.event in PULL_REQUEST_EVENTS and (types is None or "synchronize" in types)


def _gate(workflow: Workflow, job: Job, triggers: Sequence[Trigger], judging: Evidence) -> Gate:
    lacking = next((one for one in triggers if one.types is None or "edited" not in one.types.values), triggers[0])
    edited = any(one.types is not None and "edited" in one.types.values for one in triggers)
    node = lacking.types.key if lacking.types is not None else lacking.key
    if edited:
        why = f"job `{job.id}` judges the pull request's text, and an edit of that starts it again"
    else:
        has = (
            "by default the types are `opened`, `synchronize`, `reopened`"
            if lacking.types is None
            else "`types` lacks it"
        )
        why = (
            f"job `{job.id}` judges the pull request's text, and `{lacking.event}` does not start it when that is "
            f"edited ({has}): who changes the text afterwards is not judged again until the next push"
        )
    named = lacking.types.values if lacking.types is not None else ("opened", "synchronize", "reopened")
    listed = ", ".join((*named, "edited"))
    return Gate(
        family="trigger",
        subject=f"{workflow.path}:{job.id}:edited",
        state=State.ALIVE if edited else State.DEAD,
        why=why,
        location=location(workflow.path, node),
        fix=Fix(text=f"Write `{lacking.event}: {{types: [{listed}]}}`."),
        evidence=(judging,),
    )


def _of_danger(workflow: Workflow, job: Job, dangers: Sequence[Run], texts: Mapping[str, Spot]) -> Evidence | None:
    for run in dangers:
        spot = texts.get(run.path)
        if run.workflow is workflow and run.job is job and spot is not None:
            where = Location(path=run.path, line=spot.line, column=spot.column)
            return Evidence(text="the Dangerfile reads it here", location=where)
    return None


def _of_steps(workflow: Workflow, job: Job) -> Evidence | None:
    """Where a job reads the text, if that step or a later one of it may fail deliberately."""
    reading: Evidence | None = None
    may_read = may_run(workflow.file, _PARTS)
    for step in job.steps:
        if step.uses is not None and _JUDGING_ACTIONS.match(text(step.uses)):
            return Evidence(text="this action judges it", location=location(workflow.path, step.uses))
        reading = reading or (_reads(workflow, job, step) if may_read else None)
        if reading is not None and _fails(workflow, job, step):
            return reading
    return None


def _reads(workflow: Workflow, job: Job, step: Step) -> Evidence | None:
    names = {name for env in (workflow.env, job.env, step.env) for name in _text_variables(env)}
    for node in (step.run, _script(step)):
        if node is None:
            continue
        match = _READS.search(text(node))
        if match is not None:
            line, column = node.place(match.start())
            return Evidence(
                text="it reads the text here", location=Location(path=workflow.path, line=line, column=column)
            )
        used = next((name for name in sorted(names) if re.search(rf"\b{re.escape(name)}\b", text(node))), None)
        if used is not None:
            return Evidence(text=f"it reads the text here, as `{used}`", location=location(workflow.path, node))
    return None


def _text_variables(env: MappingNode | None) -> Iterator[str]:
    for name, value in env.items() if env is not None else ():
        if isinstance(value, Scalar) and _READS.search(text(value)):
            yield name


def _fails(workflow: Workflow, job: Job, step: Step) -> bool:
    node = _script(step)
    if node is not None:
        return _SCRIPT_FAILS.search(text(node)) is not None
    if step.run is None or (step.condition is not None and "failure()" in text(step.condition)):
        return False
    script = script_of(step, shell_of(workflow, job, step))
    if not isinstance(script, Script):
        return _SCRIPT_FAILS.search(text(step.run)) is not None
    return any(program.name == "exit" and "".join(program.texts()[:1]) not in {"", "0"} for program in programs(script))


def _script(step: Step) -> Scalar | None:
    """The script of `actions/github-script`."""
    if step.uses is None or not text(step.uses).startswith("actions/github-script@") or step.with_ is None:
        return None
    value = step.with_.get("script")
    return value if isinstance(value, Scalar) else None
