"""The variables that a step's script finds.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables and
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar

_RUNNER = {"CI": "true", "GITHUB_ACTIONS": "true"}
_SETS = re.compile(r"GITHUB_ENV|::set-env|BASH_ENV")
_BYTES_THAT_SET = b"GITHUB_ENV"


def environment_of(
    workflow: Workflow, job: Job, step: Step, contents: Mapping[str, object]
) -> tuple[dict[str, str], frozenset[str]]:
    """What is known of the variables: their values, and the names of all that are set.

    Args:
        workflow: The workflow.
        job: The job.
        step: The step.
        contents: Path to bytes of the repository's own programs, which may set variables for later steps.
    """
    values: dict[str, str] = dict(_RUNNER)
    names: set[str] = set(_RUNNER)
    container = job.node.get("container")
    _add(container.get("env") if isinstance(container, MappingNode) else None, values, names, known=False)
    _add(_env(workflow.file.document), values, names)
    _add(job.node.get("env"), values, names)
    _forget(job, step, contents, values)
    _add(step.node.get("env"), values, names)
    return values, frozenset(names)


def _env(document: object) -> Node | None:
    return document.get("env") if isinstance(document, MappingNode) else None


def _add(env: Node | None, values: dict[str, str], names: set[str], *, known: bool = True) -> None:
    if env is None or (isinstance(env, Scalar) and env.value is None):
        return
    if not isinstance(env, MappingNode):
        values.clear()  # an expression: it may set anything
        return
    for name, value in env.items():
        names.add(name)
        values.pop(name, None)
        if known and isinstance(value, Scalar) and "${{" not in text(value):
            values[name] = text(value)


@lru_cache(maxsize=1024)
def _sets(script: str) -> bool:
    """Whether a script may set variables for later steps; each of these asks."""
    return _SETS.search(script) is not None


def _forget(job: Job, step: Step, contents: Mapping[str, object], values: dict[str, str]) -> None:
    """A step before may have changed what is not the step's own."""
    before = job.steps[: step.index]
    scripts = [text(one.run) for one in before if one.run is not None]
    programs = any(isinstance(content, bytes) and _BYTES_THAT_SET in content for content in contents.values())
    if any(map(_sets, scripts)) or (scripts and programs):
        values.clear()
    elif any(one.uses is not None and not text(one.uses).startswith("actions/") for one in before):
        for name in values.keys() - _RUNNER.keys():
            del values[name]
