"""Whether a workflow starts on the events, branches and activity types that somebody asks for.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

import difflib
from collections.abc import Iterator, Sequence

from govcheck.actions.reach import Level, of_branches, of_push
from govcheck.actions.triggers import Trigger
from govcheck.actions.workflow import Workflow
from govcheck.facts.document import Mapping, Node
from govcheck.records import frozen

EVENTS = frozenset(
    {
        *("branch_protection_rule", "check_run", "check_suite", "create", "delete", "deployment", "deployment_status"),
        *("discussion", "discussion_comment", "fork", "gollum", "image_version", "issue_comment", "issues", "label"),
        *("merge_group", "milestone", "page_build", "public", "pull_request", "pull_request_review"),
        *("pull_request_review_comment", "pull_request_target", "push", "registry_package", "release"),
        *("repository_dispatch", "schedule", "status", "watch", "workflow_call", "workflow_dispatch", "workflow_run"),
    }
)
"""The events that govcheck knows; GitHub may have new ones."""

OF_BRANCHES = frozenset({"push", "pull_request", "pull_request_target", "workflow_run", "merge_group"})
"""The events whose branches can be filtered."""

WITHOUT_TYPES = frozenset({"push", "create", "delete", "schedule", "workflow_call", "workflow_dispatch"})
"""Events that have no activity types."""

_DEFAULT_TYPES = ("opened", "synchronize", "reopened")


@frozen
class Shortfall:
    """One way in which a workflow does not start as it should."""

    message: str
    """A clause whose subject is the workflow's file."""

    node: Node
    fix: str
    untold: bool = False
    """Whether it only cannot be told."""


def shortfalls(workflow: Workflow, event: str, branches: Sequence[str], types: Sequence[str]) -> Iterator[Shortfall]:
    """How a workflow falls short of an event, of it for each of the branches, and of it for each of the types."""
    trigger = workflow.trigger(event)
    if trigger is None:
        yield Shortfall(
            f"does not start on `{event}`{_instead(workflow, event)}", on(workflow), f"add `{event}` to `on`"
        )
        return
    for branch in branches:
        yield from _branch(trigger, branch, workflow.path)
    absent = [one for one in types if one not in _types(trigger, types)]
    if absent:
        listed = " and ".join(f"`{one}`" for one in absent)
        node = trigger.types.key if trigger.types else trigger.key
        has = _types(trigger, types)
        fix = f"write `types: [{', '.join([*has, *absent])}]`"
        yield Shortfall(f"does not start on {listed} of `{event}`, only on {', '.join(has)}", node, fix)


def trigger_problems(
    event: str, branches: Sequence[str], types: Sequence[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with an event, branches and types that somebody asks for: where, and what."""
    near = difflib.get_close_matches(event.lower().replace("-", "_"), EVENTS, n=1, cutoff=0.8)
    if event not in EVENTS and near:
        yield ("event",), f"`{event}` is no event: did you mean {near[0]}?"
    if branches and event not in OF_BRANCHES:
        yield ("branches",), f"`{event}` has no branches: {', '.join(sorted(OF_BRANCHES))} have"
    for index, branch in enumerate(branches):
        if not branch or set("*?[!+") & set(branch):
            yield ("branches", index), f"`{branch}` is not a branch's name: name each branch"
    if types and event in WITHOUT_TYPES:
        yield ("types",), f"`{event}` has no activity types"


def on(workflow: Workflow) -> Node:
    """The place of `on`."""
    document = workflow.file.document
    if isinstance(document, Mapping) and "on" in document.entries:
        return document.key("on")
    return Mapping({}, document.line or 1, document.column or 1)


def _instead(workflow: Workflow, event: str) -> str:
    events = [trigger.event for trigger in workflow.triggers]
    if not events:
        return ""
    near = difflib.get_close_matches(event, events, n=1, cutoff=0.7)
    return f"; it starts on `{near[0]}`" if near else f"; it starts on {', '.join(events[:6])}"


def _branch(trigger: Trigger, branch: str, path: str) -> Iterator[Shortfall]:
    found = of_branches(trigger, branch, path)
    fix = (found.fix if found is not None else "") or f"let `{branch}` in"
    if found is not None:
        untold = found.level is Level.UNTOLD
        message = f"does not start on `{trigger.event}` for {branch}: {found.text}"
        if untold:
            message = f"may not start on `{trigger.event}` for {branch}: {found.text}"
        yield Shortfall(message, found.node, fix, untold)
    elif trigger.event == "push" and of_push(trigger, branch, path).level is Level.NEVER:
        yield Shortfall(
            f"does not start on `push` to {branch}: it names tags only", trigger.key, f"add `branches: [{branch}]`"
        )


def _types(trigger: Trigger, asked: Sequence[str]) -> tuple[str, ...]:
    """The activity types that start it; all that are asked for, where the event starts it on every one."""
    if trigger.types is not None:
        return trigger.types.values
    return _DEFAULT_TYPES if trigger.event in {"pull_request", "pull_request_target"} else tuple(asked)
