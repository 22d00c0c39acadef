"""Calls of reusable workflows: which file is meant, and what its `inputs` are.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusable-workflows
"""

from govcheck.actions.evaluation import Scope
from govcheck.actions.templates import fill_node
from govcheck.actions.values import Array, Object, Unknown, Value, fold, to_text
from govcheck.actions.workflow import Job, Workflow
from govcheck.facts.document import Mapping, Node, Scalar

DEEPEST = 10
"""Levels of workflows, the first caller counted."""

_LOCAL = ("./", "$/")
_DEFAULTS: dict[str, Value] = {"boolean": False, "number": 0}


def local_path(uses: str) -> str | None:
    """The path of a called workflow of the same repository; None where it is another repository's."""
    return uses[2:] if uses.startswith(_LOCAL) else None


def inputs(call: Job, called: Workflow, caller: Scope, outside: Scope) -> Object:
    """What `inputs` is inside the called workflow.

    Args:
        call: The job with `uses`.
        called: The workflow that it names.
        caller: What the calling job's expressions see.
        outside: What the defaults of the called workflow see.
    """
    trigger = called.trigger("workflow_call")
    declared = trigger.config.get("inputs") if trigger and trigger.config else None
    if not isinstance(declared, Mapping):
        return Object({})
    given = {fold(key): value for key, value in call.with_.items()} if call.with_ else {}
    return Object(
        {name: _input(definition, given.get(fold(name)), caller, outside) for name, definition in declared.items()}
    )


def _input(definition: Node, given: Node | None, caller: Scope, outside: Scope) -> Value:
    declared = definition if isinstance(definition, Mapping) else Mapping({}, definition.line, definition.column)
    kind = declared.get("type")
    type_ = str(kind.value) if isinstance(kind, Scalar) else "string"
    default = declared.get("default")
    if given is not None:
        value = fill_node(given, caller)
    elif default is not None:
        value = fill_node(default, outside)
    else:
        return _DEFAULTS.get(type_, "")
    if type_ == "string" and not isinstance(value, Unknown | Array | Object):
        return to_text(value)
    return value
