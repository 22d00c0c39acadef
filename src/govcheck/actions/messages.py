"""What the messages of a workflow show: the expressions in what a step sends, and those that are always empty.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context (of jobs that a job
needs directly) and #steps-context; what an expression names and is not there is the empty text.
"""

import re
from collections.abc import Iterator

from govcheck.actions.embedded import embedded
from govcheck.actions.senders import At
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.records import frozen

_OF_A_JOB = re.compile(r"needs\.([\w-]+)\.outputs\.([\w-]+)", re.IGNORECASE)
_OF_A_STEP = re.compile(r"steps\.([\w-]+)\.outputs\.[\w-]+", re.IGNORECASE)


@frozen
class Empty:
    """An expression that comes to nothing, whatever happens."""

    expression: str
    why: str
    """A clause."""

    line: int
    column: int


def shown(at: At) -> Iterator[str]:
    """Every expression that a step's message shows, without blanks, in lower case."""
    for expression, _, _ in _expressions(at):
        yield "".join(expression.split()).casefold()


def always_empty(at: At) -> Iterator[Empty]:
    """Outputs that a step's message shows, and that nobody gives."""
    for expression, line, column in _expressions(at):
        why = _why_empty(at, expression.strip())
        if why:
            yield Empty(expression.strip(), why, line, column)


def _expressions(at: At) -> Iterator[tuple[str, int, int]]:
    with_ = at.step.with_.items() if at.step.with_ is not None else ()
    nodes = [node for _, node in with_ if isinstance(node, Scalar)]
    for node in (*nodes, *((at.step.run,) if at.step.run is not None else ())):
        for one in embedded(text(node)):
            yield (one.source, *node.place(one.start))


def _why_empty(at: At, expression: str) -> str:
    if found := _OF_A_JOB.fullmatch(expression):
        name, output = found[1].casefold(), found[2].casefold()
        job = at.workflow.job(name)
        if job is None:
            return f"there is no job `{found[1]}`"
        if name not in {text(one).casefold() for one in at.job.needs}:
            return f"the job `{at.job.id}` does not need `{job.id}`"
        return f"the job `{job.id}` has no output of that name" if not _may_give(job, output) else ""
    if found := _OF_A_STEP.fullmatch(expression):
        ids = {text(step.id).casefold() for step in at.job.steps if step.id is not None}
        return f"no step of the job has the id `{found[1]}`" if found[1].casefold() not in ids else ""
    return ""


def _may_give(job: Job, output: str) -> bool:
    if job.uses is not None:
        return True
    outputs = job.node.get("outputs")
    return isinstance(outputs, Mapping) and output in {name.casefold() for name in outputs.entries}
