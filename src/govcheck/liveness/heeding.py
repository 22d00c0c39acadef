"""Whether a step that fails is let pass, and whether anything asks how it ended."""

import re
from collections.abc import Iterator

from govcheck.actions.outcomes import runs_after
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Node, Scalar, Sequence

_READS_OUTCOME = re.compile(
    r"\bsteps\s*\.\s*([\w-]+)\s*\.\s*(?:outcome|conclusion)|steps\[|toJSON\(\s*steps", re.IGNORECASE
)


def passes_anyway(job: Job, step: Step) -> bool:
    """Whether a step's failure fails nothing: it is let go on, and nothing asks for its outcome."""
    goes_on = step.continue_on_error
    return goes_on is not None and runs_after(goes_on, "success") is True and not is_asked_for(job, step)


def never_runs(step: Step) -> bool:
    """Whether a step's `if` is true neither where all went well before nor where something failed."""
    condition = step.condition
    return condition is not None and all(runs_after(condition, outcome) is False for outcome in ("success", "failure"))


def is_asked_for(job: Job, step: Step) -> bool:
    """Whether some condition, script or output of the job reads how the step ended."""
    own = text(step.id).casefold() if step.id is not None else None
    for source in texts(job):
        for match in _READS_OUTCOME.finditer(source):
            if match[1] is None or match[1].casefold() == own:
                return True
    return False


def texts(job: Job) -> Iterator[str]:
    """Every text of the job."""
    waiting: list[Node] = [job.node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node.text
        else:
            waiting.extend(node.items if isinstance(node, Sequence) else (value for _, value in node.items()))
