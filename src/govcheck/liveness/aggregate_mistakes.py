"""Jobs that stand for others and ask for what `needs` never has.

`needs` has nothing but `result` and `outputs`, and a result is `success`, `failure`, `cancelled` or `skipped`. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
"""

import re
from collections.abc import Iterator

from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Mapping, Scalar

_NO_RESULT = re.compile(r"(['\"])(failed|fail|error|canceled|passed|succeeded|completed)\1")
_NO_KEY = re.compile(r"\bneeds\s*\.\s*[\w*-]+\s*\.\s*(?!result\b|outputs\b)([\w-]+)", re.IGNORECASE)


def mistaken(job: Job) -> str:
    """A word in a job that `needs` never has: a clause; empty where none is seen."""
    for step in job.steps:
        for node in (step.condition, step.run, *_values(step.env), *_values(job.env)):
            said = text(node) if node is not None else ""
            if match := _NO_KEY.search(said):
                return f"`{match[0]}` is always empty: `needs` has `result` and `outputs` and nothing else"
            if "needs" in said + text(step.run or job.key) and (match := _NO_RESULT.search(said)):
                return f"`{match[2]}` is no result of a job: those are `success`, `failure`, `cancelled` and `skipped`"
    return ""


def _values(env: Mapping | None) -> Iterator[Scalar]:
    yield from (value for _, value in env.items() if isinstance(value, Scalar)) if env is not None else ()
