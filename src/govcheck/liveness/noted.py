"""Whether a file that a step writes by `tee` is read by anything, so that its verdict may come later."""

import posixpath
import re
from collections.abc import Iterator

from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Node, Scalar, Sequence
from govcheck.liveness.executions import Execution

_UPLOADS = re.compile(r"actions/upload-artifact@", re.IGNORECASE)
_FETCHES = re.compile(r"download-artifact|gh run download|artifacts", re.IGNORECASE)
_FORGOTTEN = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "$GITHUB_STEP_SUMMARY"})


def is_read(execution: Execution, words: str) -> bool:
    """Whether a file that `tee` writes may be read: it is named elsewhere in the job, or its name is computed.

    What is only uploaded for people to look at is not read, as long as the workflow fetches nothing.

    Args:
        execution: The step.
        words: What stands behind `tee`.
    """
    for word in words.split():
        path = word.strip("\"'")
        if word.startswith(("-", ">", "2>")) or path.replace("{", "").replace("}", "") in _FORGOTTEN:
            continue
        name = posixpath.basename(path)
        if "$" in path or "(" in path or not name or _mentions(execution, name):
            return True
    return False


def _mentions(execution: Execution, name: str) -> bool:
    """Whether the file is named once more, beside where it is written."""
    own = sum(ran.source.count(name) for ran in execution.ran)
    return own > 1 or any(name in one for one in _texts(execution.job, execution))


def _texts(job: Job, execution: Execution) -> Iterator[str]:
    """Every text of the job outside of the step, but for what it uploads and nothing fetches."""
    fetches = _FETCHES.search(execution.workflow.file.text.replace("upload-artifact", "")) is not None
    for step in job.steps:
        uploads = step.uses is not None and _UPLOADS.match(text(step.uses)) is not None
        if step.index != execution.step.index and not (uploads and not fetches):
            yield from _of(step.node)


def _of(node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            yield one.text
        else:
            waiting.extend(one.items if isinstance(one, Sequence) else (value for _, value in one.items()))
