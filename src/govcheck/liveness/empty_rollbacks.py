"""Rollbacks that deploy nothing, and those that seem to pick the release that is running.

`flyctl releases` lists releases and takes no arguments, so that `flyctl releases 41` and `flyctl releases rollback 41`
end as errors: https://github.com/superfly/flyctl/blob/master/internal/command/apps/releases.go
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from govcheck.actions import deploy_target_table as table
from govcheck.actions.deploy_targets import sites
from govcheck.actions.outcomes import ancestors
from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.verifying import phrase_of
from govcheck.actions.ways_back import ROLLBACK, is_rollback
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display

_SPEAKS = re.compile(r"(?i)verif|record|upload|notif|validat|determin|summar|display|plan|capture|check|wait|log|get ")
_HARMLESS = frozenset(
    {"echo", "printf", "sleep", "cat", "jq", "date", "mkdir", "true", ":", "test", "[", "curl", "exit"}
)
_ACTS = frozenset({"curl"})
_SECOND_LINE = re.compile(
    r"(?:flyctl|fly)\s[^\n|]{0,200}releases[^\n|]{0,200}\|\s*(?:awk\s+['\"]NR\s*==\s*2\b|sed\s+-n\s+['\"]?2p)"
)


def gates(workflow: Workflow) -> Iterator[Gate]:
    """Every job that calls itself a rollback."""
    for job in workflow.jobs:
        if is_rollback(job):
            yield from _promised(workflow, job)
    for job in workflow.jobs:
        yield from _running_image(workflow, job)


def _promised(workflow: Workflow, job: Job) -> Iterator[Gate]:
    if job.uses is not None:
        return
    found = sites(workflow, job)
    step = _step_that_promises(job)
    subject = f"{display(workflow.path)}:{job.id}:rollback"
    at = location(workflow.path, (step.name or step.node) if step is not None else job.key)
    if found:
        why = f"{job.id} deploys to {found[0].target.shown} by `{found[0].deploy.by}`"
        yield Gate(family="bypass", subject=subject, state=State.ALIVE, why=why, location=at)
        return
    unknown = _what_may_act(workflow, job)
    if unknown:
        why = f"{job.id} calls itself a rollback, and whether {unknown} deploys anything cannot be told"
        yield Gate(family="bypass", subject=subject, state=State.UNTOLD, why=why, location=at)
        return
    where = f'the step "{text(step.name)}" of {job.id}' if step is not None and step.name is not None else job.id
    why = f"{where} promises a rollback and deploys nothing"
    yield Gate(
        family="bypass",
        subject=subject,
        state=State.DEAD,
        why=f"{why}: {_instead(workflow, job, step)}",
        location=at,
        evidence=tuple(_listing(workflow, job)),
        fix=_fix(workflow, job),
    )


def _step_that_promises(job: Job) -> Step | None:
    named = [step for step in job.steps if step.name is not None and ROLLBACK.search(text(step.name))]
    return next((step for step in named if not _SPEAKS.search(text(step.name or step.node.key("name")))), None)


def _instead(workflow: Workflow, job: Job, step: Step | None) -> str:
    steps = (step,) if step is not None else job.steps
    listed = [f"`{program.name} releases`" for _, program in _programs(workflow, job, steps) if _lists(program)]
    if listed:
        return f"{listed[0]} only lists releases, and with a word behind it ends as an error"
    names = dict.fromkeys(f"`{program.name}`" for _, program in _programs(workflow, job, steps) if program.name)
    return f"it runs {', '.join(names)}" if names else "it runs nothing"


def _fix(workflow: Workflow, job: Job) -> Fix:
    for _, program in _programs(workflow, job, job.steps):
        if _lists(program):
            texts = program.texts()
            app = next((texts[index + 1] for index, word in enumerate(texts[:-1]) if word in {"-a", "--app"}), "APP")
            command = f"flyctl deploy --app {app or 'APP'} --image IMAGE"
            return Fix(text=f"deploy the image of the release to go back to: `{command}`")
    return Fix(text="let the job deploy the version to go back to, and fail where it cannot")


def _listing(workflow: Workflow, job: Job) -> Iterator[Evidence]:
    """Every `flyctl releases` that is given a word, as if it did something."""
    for step, program in _programs(workflow, job, job.steps):
        words = [word for word in program.arguments if not (word.literal or "").startswith("-")]
        if _lists(program) and len(words) > 1 and program.texts()[:1] == ["releases"] and not _is_value(program):
            line, column = step.run.place(program.command.offset) if step.run is not None else (0, 0)
            said = takewhile(lambda word: not (word.literal or "").startswith("-"), program.arguments)
            shown = " ".join([program.name, *(word.shown for word in said)])
            place = Location(path=workflow.path, line=line, column=column)
            yield Evidence(text=f"`{shown}` deploys nothing: `releases` takes no arguments", location=place)


def _is_value(program: Program) -> bool:
    """Whether the second word only belongs to an option: `releases --app x`."""
    return len(program.arguments) > 1 and (program.arguments[1].literal or "").startswith("-")


def _lists(program: Program) -> bool:
    return program.name in {"flyctl", "fly"} and program.texts()[:1] == ["releases"]


def _programs(workflow: Workflow, job: Job, steps: tuple[Step, ...]) -> Iterator[tuple[Step, Program]]:
    for step in steps:
        script = script_of(step, shell_of(workflow, job, step))
        for program in programs(script) if isinstance(script, Script) else ():
            yield step, program


def _what_may_act(workflow: Workflow, job: Job) -> str:
    """The first thing in the job that may deploy after all; empty where everything in it is known to be harmless."""
    for step in job.steps:
        if step.uses is not None and not text(step.uses).startswith(("actions/", "superfly/flyctl-actions/setup")):
            return f"`{text(step.uses)}`"
        script = script_of(step, shell_of(workflow, job, step))
        if step.run is not None and (not isinstance(script, Script) or script.damaged):
            return "a script that cannot be read"
    for _, program in _programs(workflow, job, job.steps):
        harmless = program.name in _HARMLESS and not _posts(program)
        if not harmless and not phrase_of(program.texts(), table.READS.get(program.name, ())):
            return f"`{program.name or 'a command that is computed'}`"
    return ""


def _posts(program: Program) -> bool:
    """Whether `curl` sends something, and may so deploy by an API."""
    sends = {"-X", "--request", "-d", "--data", "--json", "-T", "--data-raw", "--data-binary", "-F"}
    texts = program.texts()
    return program.name in _ACTS and any(word in sends or word.startswith(("-X", "-d")) for word in texts)


def _running_image(workflow: Workflow, job: Job) -> Iterator[Gate]:
    """The second line of a list that begins with a heading is its first entry."""
    for step in job.steps:
        match = _SECOND_LINE.search(text(step.run)) if step.run is not None else None
        if match is None or step.run is None or not _rolls_back(workflow, job):
            continue
        line, column = step.run.place(match.start())
        yield Gate(
            family="bypass",
            subject=f"{display(workflow.path)}:{job.id}:previous release",
            state=State.UNTOLD,
            why=(
                "the second line of `flyctl releases` is the newest release where the list begins with a heading: "
                "nobody can tell whether this rolls back to the release before, or to the one that runs"
            ),
            location=Location(path=workflow.path, line=line, column=column),
            fix=Fix(
                text="""take it by its place in the JSON: `flyctl releases --image --json | jq -r '.[1].ImageRef'`"""
            ),
        )


def _rolls_back(workflow: Workflow, job: Job) -> bool:
    """Whether the job is a rollback, or one comes after it."""
    after = [one for one in workflow.jobs if job.id.casefold() in ancestors(workflow, one)]
    return any(is_rollback(one) for one in (job, *after))
