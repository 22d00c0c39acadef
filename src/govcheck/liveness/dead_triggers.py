"""Triggers that start nothing: filters that let nothing in, and workflows to wait for that there are not.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushpull_requestpull_request_targetpathspaths-ignore
and https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run
"""

from collections.abc import Iterator, Mapping, Sequence

from govcheck.actions.path_filters import FILTERED_EVENTS
from govcheck.actions.triggers import Patterns, Trigger
from govcheck.actions.workflow import Workflow, location, text
from govcheck.facts.document import Node, Scalar
from govcheck.facts.document import Sequence as SequenceNode
from govcheck.findings import Fix
from govcheck.globs import compile_globs
from govcheck.globs.segments import GlobError
from govcheck.liveness.gate import Gate, State

_EVERYTHING = "**"
_SIGNS = frozenset("*?[]!+\\")


def gates(readable: Sequence[Workflow], tracked: Mapping[str, str], *, whole: bool) -> Iterator[Gate]:
    """Every trigger that starts nothing.

    Args:
        readable: Every workflow that can be read.
        tracked: Every tracked path.
        whole: Whether these are all workflows that there are.
    """
    titles = {workflow.title for workflow in readable}
    for workflow in readable:
        for trigger in workflow.triggers:
            for patterns in (trigger.branches_ignore, trigger.paths_ignore):
                if patterns is not None and patterns.values[-1:] == (_EVERYTHING,):
                    why = f"its `{patterns.key.text}` leaves everything out"
                    yield _gate(workflow, trigger, patterns.key, why, "take out what is not to be left out")
            if trigger.paths is not None and trigger.event in FILTERED_EVENTS and not _lets_in(trigger.paths, tracked):
                why = "no tracked file is one of its `paths`: only a change that adds such a file starts it"
                yield _gate(workflow, trigger, trigger.paths.key, why, "name paths that there are")
            if trigger.event == "workflow_run" and whole:
                yield from _waits_for_nobody(workflow, trigger, titles)


def _lets_in(paths: Patterns, tracked: Mapping[str, str]) -> bool:
    """Whether any tracked file starts it, as far as the patterns can be read."""
    last = paths.values[-1] if paths.values else ""
    if last in tracked and _SIGNS.isdisjoint(last):  # the last pattern decides; many name their own file there
        return True
    try:
        globs = compile_globs(paths.values, "actions")
    except GlobError:
        return True
    return any(map(globs.matches, tracked))


def _waits_for_nobody(workflow: Workflow, trigger: Trigger, titles: set[str]) -> Iterator[Gate]:
    node = trigger.config.get("workflows") if trigger.config is not None else None
    named = [text(one) for one in _listed(node)]
    if node is not None and named and titles.isdisjoint(named) and not any("*" in one for one in named):
        shown = ", ".join(f"`{one}`" for one in named[:4])
        why = f"it waits for {shown}, and no workflow has that name"
        yield _gate(workflow, trigger, node, why, "name a workflow as its `name` says")


def _listed(node: Node | None) -> Iterator[Scalar]:
    for one in node.items if isinstance(node, SequenceNode) else (node,):
        if isinstance(one, Scalar) and one.value is not None:
            yield one


def _gate(workflow: Workflow, trigger: Trigger, node: Node, why: str, fix: str) -> Gate:
    return Gate(
        family="trigger",
        subject=f"{workflow.path}:{trigger.event}",
        state=State.DEAD,
        why=f"`{trigger.event}` never starts this workflow: {why}",
        location=location(workflow.path, node),
        severity="warning",
        fix=Fix(text=fix),
    )
