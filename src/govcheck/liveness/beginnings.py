"""Everything that can start a workflow, as what its expressions see then: events, their types, and calls."""

from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions import scopes
from govcheck.actions.callers import CALL, callers
from govcheck.actions.calls import DEEPEST, inputs
from govcheck.actions.evaluation import Scope
from govcheck.actions.job_names import named_legs
from govcheck.actions.matrix import expand
from govcheck.actions.outcomes import runs_after
from govcheck.actions.running import Running
from govcheck.actions.triggers import Patterns, Trigger
from govcheck.actions.values import Object, Unknown, Value
from govcheck.actions.workflow import Workflow
from govcheck.facts.workflows import Workflows

_ANYTHING = Scope({})
_MOST = 64
_DEFAULT_TYPES = ("opened", "synchronize", "reopened")
"""Of `pull_request` and `pull_request_target`:
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request."""

_PULLS = frozenset({scopes.PULL_REQUEST, scopes.PULL_REQUEST_TARGET})
_SIGNS = frozenset("*?[]!+\\")


@lru_cache(maxsize=512)
def beginnings(workflow: Workflow, workflows: Workflows) -> tuple[Scope, ...]:
    """What the expressions of a workflow see outside its jobs, once for everything that can start it."""
    if not workflow.triggers:
        return (_ANYTHING,)
    found: list[Scope] = []
    for one in _of_all(workflow, workflows, DEEPEST):
        found.append(one)
        if len(found) > _MOST:
            return (_ANYTHING,)
    return tuple(found)


@lru_cache(maxsize=1024)
def running(workflow: Workflow, outside: Scope) -> Running:
    """The jobs of a workflow, under one of its beginnings."""
    return Running(workflow, outside)


def _of_all(workflow: Workflow, workflows: Workflows, depth: int) -> Iterator[Scope]:
    for trigger in workflow.triggers:
        if trigger.event == CALL:
            yield from _of_calls(workflow, workflows, depth)
        else:
            yield from _of_event(trigger)


def _of_calls(workflow: Workflow, workflows: Workflows, depth: int) -> Iterator[Scope]:
    calling = callers(workflows).get(workflow.path, ())
    if not calling or not depth:
        yield _ANYTHING
        return
    for caller in calling:
        for outside in _of_all(caller.workflow, workflows, depth - 1):
            known = running(caller.workflow, outside)
            if known.runs(caller.job) is False and runs_after(caller.job.condition, "failure") is False:
                continue
            scope = known.scope_of(caller.job)
            for leg in named_legs(caller.job, expand(caller.job.strategy, scope), scope):
                given = inputs(caller.job, workflow, leg.scope, outside)
                yield Scope({**outside.contexts, "inputs": given}, outside.functions)


def _of_event(trigger: Trigger) -> Iterator[Scope]:
    event = trigger.event
    branches = _names(trigger.branches) if trigger.branches_ignore is None else None
    if event in _PULLS:
        types = trigger.types.values if trigger.types is not None else _DEFAULT_TYPES
        for branch in branches or (None,):
            yield from (_of_type(scopes.scope(event, branch), one) for one in types)
    elif event == "push" and branches and trigger.tags is None and trigger.tags_ignore is None:
        yield from (scopes.scope(event, None, ref=f"refs/heads/{branch}") for branch in branches)
    else:
        yield scopes.scope(event, None)


def _names(patterns: Patterns | None) -> tuple[str, ...] | None:
    """The branches that patterns name; None where any of them stands for several."""
    if patterns is None or any(_SIGNS.intersection(one) for one in patterns.values):
        return None
    return patterns.values


def _of_type(scope: Scope, type_: str) -> Scope:
    """The same for one type of event: a pull request that is not closed is not merged."""
    github = scope.contexts["github"]
    event = github.entries.get("event") if isinstance(github, Object) else None
    if not isinstance(github, Object) or not isinstance(event, Object):
        return scope
    pull: dict[str, Value] = {} if type_ == "closed" else {"merged": False}
    known: dict[str, Value] = {
        **event.entries,
        "action": type_,
        "pull_request": Object(pull, Unknown(expression="github.event.pull_request", truth=True)),
    }
    told = Object({**github.entries, "event": Object(known, event.rest)}, github.rest)
    return Scope({**scope.contexts, "github": told}, scope.functions)
