"""Scripts of jobs that stand for others, tried out: whether they can fail where a job that they need has failed.

`needs` has nothing but `result` and `outputs`, and a result is `success`, `failure`, `cancelled` or `skipped`. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
"""

import re
from collections.abc import Iterator, Mapping

from govcheck.actions.embedded import embedded
from govcheck.actions.evaluation import Scope, evaluate_source
from govcheck.actions.values import Array, Object, Unknown, Value, to_text
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.liveness.executions import Execution
from govcheck.records import replace

_NO_RESULT = re.compile(r"(['\"])(failed|fail|error|canceled|passed|succeeded|completed)\1")
_NO_KEY = re.compile(r"\bneeds\s*\.\s*[\w*-]+\s*\.\s*(?!result\b|outputs\b)([\w-]+)", re.IGNORECASE)


def fails(job: Job, execution: Execution, contexts: Mapping[str, Value]) -> bool:
    """Whether a step that can fail may do so where `needs` is like that."""
    found = _as_it_is_then(job, execution, Scope(contexts)).own.exits
    return found is None or bool(found.judging) or bool(found.untold)


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


def _values(env: MappingNode | None) -> Iterator[Scalar]:
    yield from (value for _, value in env.items() if isinstance(value, Scalar)) if env is not None else ()


def _as_it_is_then(job: Job, execution: Execution, scope: Scope) -> Execution:
    """The step with the values that its expressions have then, as far as they are known."""
    given = {**_entries(job.env), **_entries(execution.step.env)}
    said = [text(execution.run), *(text(value) for _, value in given.values() if isinstance(value, Scalar))]
    if not any("needs" in one for one in said):
        return execution
    run = _filled(execution.run, scope)
    known = {
        name: (key, _filled(value, scope) if isinstance(value, Scalar) else value)
        for name, (key, value) in given.items()
    }
    node = execution.step.node
    env = MappingNode(known, node.line, node.column)
    entries = {**node.entries, "env": (job.key, env)} if known else node.entries
    step = replace(execution.step, node=MappingNode(entries, node.line, node.column), run=run, env=env)
    return Execution(
        workflow=execution.workflow,
        job=job,
        step=step,
        run=run,
        shell=execution.shell,
        checkout=replace(execution.checkout, step=step),
    )


def _entries(env: MappingNode | None) -> Mapping[str, tuple[Scalar, Node]]:
    return env.entries if env is not None else {}


def _filled(node: Scalar, scope: Scope) -> Scalar:
    """The same text, each expression that is known replaced by its value."""
    pieces: list[str] = []
    position = 0
    source = text(node)
    for one in embedded(source):
        value = evaluate_source(one.source, scope)
        known = not isinstance(value, Unknown | Array | Object)
        shown = to_text(value) if known else source[one.start : one.end]
        pieces += [source[position : one.start], shown]
        position = one.end
    said = "".join([*pieces, source[position:]])
    return replace(node, value=said, text=said)
