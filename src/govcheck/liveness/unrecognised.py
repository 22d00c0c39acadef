"""What was not judged: steps whose commands no gate was recognised in, and CI that lives elsewhere."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from govcheck.actions.workflow import Job, Step, Workflow, location, read, text
from govcheck.facts.tree import TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Location, Reason, Undecided
from govcheck.records import frozen

_ELSEWHERE = re.compile(
    r"(\.(?:depot|forgejo|gitea)/workflows)/.+|(\.circleci|\.buildkite|\.woodpecker|\.semaphore)/.+|"
    r"(\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|Jenkinsfile|bitrise\.yml|\.cirrus\.yml|\.drone\.yml)"
)
"""Where the workflows of other services stand, which are not read."""

_EXPRESSION = re.compile(r"\$\{\{(?!\s*(?:github\.workspace|github\.action_path|runner\.\w+)\s*\}\})[^}]*\}\}")
"""One that may be a command; not the folder in which a command stands."""

_JUDGES = re.compile(r"\b(?:tests?|lint|check|verify|validate|typecheck|audit|scan|spec)\b", re.IGNORECASE)


@frozen(kw_only=True)
class Unrecognised:
    """What the gates that were recognised do not tell of."""

    steps: int
    """How many `run` steps have commands in which no gate was recognised."""

    computed: tuple[Undecided, ...]
    """Steps that say that they judge, and run what an expression gives."""

    elsewhere: tuple[str, ...]
    """Folders and files of other services' CI."""


def unrecognised(workflows: Workflows, tracked: TrackedFiles, gates: Iterable[Location]) -> Unrecognised:
    """What was not judged.

    Args:
        workflows: All workflow files.
        tracked: Every tracked path.
        gates: Where the gates stand that were recognised.
    """
    lines: dict[str, list[int]] = {}
    for place in gates:
        if place.path is not None and place.line is not None:
            lines.setdefault(place.path, []).append(place.line)
    steps, computed = 0, []
    for file in workflows.files:
        workflow = None if isinstance(file.document, Unreadable) else read(file)
        for job, step in _without_gate(workflow, lines.get(file.path, ())) if workflow is not None else ():
            if workflow is not None and _is_computed(job, step):
                computed.append(_untold(workflow, job, step))
            else:
                steps += 1
    found = (_ELSEWHERE.fullmatch(path) for path in tracked.modes)
    named = {next(name for name in match.groups() if name) for match in found if match is not None}
    return Unrecognised(steps=steps, computed=tuple(computed), elsewhere=tuple(sorted(named)))


def _without_gate(workflow: Workflow, lines: Iterable[int]) -> Iterator[tuple[Job, Step]]:
    """The steps that run something, and in which no gate stands."""
    starts = sorted([*(job.key.line for job in workflow.jobs), *(step.node.line for _, step in _steps(workflow))])
    seen = {starts[at - 1] for at in (bisect_right(starts, line) for line in lines) if at}
    for job, step in _steps(workflow):
        if step.run is not None and step.node.line not in seen:
            yield job, step


def _steps(workflow: Workflow) -> Iterator[tuple[Job, Step]]:
    yield from ((job, step) for job in workflow.jobs for step in job.steps if not step.origin)


def _is_computed(job: Job, step: Step) -> bool:
    """Whether an expression says what is run, in a step or job that says that it judges."""
    run = text(step.run).strip() if step.run is not None else ""
    names = (step.name, job.name)
    said = " ".join([job.id, *(text(name) for name in names if name is not None)])
    return _EXPRESSION.match(run) is not None and _JUDGES.search(said.replace("_", " ")) is not None


def _untold(workflow: Workflow, job: Job, step: Step) -> Undecided:
    run = " ".join(text(step.run).split()) if step.run is not None else ""
    title = " ".join(text(step.name).split()) if step.name is not None else run[:80]
    name = posixpath.basename(workflow.path)
    return Undecided(
        control="judge",
        subject=f"{workflow.path}:{job.id}:{title}",
        reason=Reason.DYNAMIC,
        message=f"job {job.id} of {name} runs `{run[:80]}`, and what that is, an expression says",
        location=location(workflow.path, step.run or step.node),
    )
