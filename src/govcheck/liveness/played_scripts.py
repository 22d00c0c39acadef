"""A step's script as a run has it in which the jobs before ended like that: their results stand where `${{ }}` did."""

import re
from collections.abc import Mapping

from govcheck.actions.embedded import embedded
from govcheck.actions.evaluation import Scope, evaluate_source
from govcheck.actions.programs import shell_of
from govcheck.actions.steps import Step
from govcheck.actions.values import Array, Object, Unknown, Value, to_text
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits

_PLAIN = re.compile(r"[\w ,.:/-]*", re.ASCII)
"""Text that means the same to a shell with and without quotes, but for its blanks."""


def may_fail(workflow: Workflow, job: Job, step: Step, needs: Mapping[str, Value]) -> bool:
    """Whether a step's script may judge that something is wrong, where the jobs before ended like that.

    Args:
        workflow: The file.
        job: The job.
        step: One with a script.
        needs: The `needs` context.
    """
    shell = shell_of(workflow, job, step)
    if step.run is None or not shell.posix:
        return True
    scope = Scope(needs)
    document = workflow.file.document
    around = (document.get("env") if isinstance(document, MappingNode) else None, job.node.get("env"))
    environment: dict[str, str] = {}
    for env in (*around, step.node.get("env")):
        _add(env, scope, environment)
    found = exits(
        _filled(text(step.run), scope),
        errexit=shell.errexit,
        pipefail=shell.pipefail,
        bash=shell.name == "bash",
        surroundings=Surroundings(environment=environment, given=frozenset(environment)),
    )
    return bool(found.untold) or bool(found.judging)


def _add(env: Node | None, scope: Scope, environment: dict[str, str]) -> None:
    for name, value in env.items() if isinstance(env, MappingNode) else ():
        environment.pop(name, None)
        filled = _filled(text(value), scope) if isinstance(value, Scalar) else "${{"
        if "needs" in (text(value) if isinstance(value, Scalar) else "") and "${{" not in filled:
            environment[name] = filled


def _filled(source: str, scope: Scope) -> str:
    """The text with every expression in its place that is known, and is plain."""
    pieces, position = [], 0
    for one in embedded(source):
        value = evaluate_source(one.source, scope)
        known = "" if isinstance(value, Unknown | Object | Array) else to_text(value)
        if isinstance(value, Unknown | Object | Array) or _PLAIN.fullmatch(known) is None:
            continue
        pieces += [source[position : one.start], known]
        position = one.end
    return "".join((*pieces, source[position:]))
