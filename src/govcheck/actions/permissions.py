"""What the token of a job may do: `permissions` of the workflow and of the job, and what callers pass on.

A job's `permissions` replaces the workflow's, whole: nothing is merged. A scope that a `permissions` leaves out has no
access. Where neither says anything, the repository's default decides, which no file tells. A called workflow can only
lower what its caller has. Scopes are data: one that is new to govcheck is a scope like any other.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions,
https://docs.github.com/en/actions/reference/workflows-and-actions/reusable-workflows and
https://docs.github.com/en/actions/concepts/security/github_token
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from govcheck.actions.callers import CALL, Caller, callers
from govcheck.actions.calls import DEEPEST
from govcheck.actions.steps import text
from govcheck.actions.workflow import Job, Workflow
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.facts.workflows import Workflows
from govcheck.records import field, frozen, replace

Level = Literal["none", "read", "write"]
Origin = Literal["job", "workflow", "caller", "default", "elsewhere", "unclear"]

_RANK: dict[Level, int] = {"none": 0, "read": 1, "write": 2}
MOST_WAYS = 16
"""How many ways of being called, each with other permissions, are followed for one job."""

_MORE = "it is called in more ways than are followed"
_WITHOUT_READ = frozenset({"id-token"})
"""Scopes that have `write` and nothing below it."""


@frozen
class Grant:
    """Access by scope."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    rest: Level = "none"
    """The access of every scope that `levels` does not name."""

    def level(self, scope: str) -> Level:
        """The access to one scope."""
        return self.levels.get(scope, _readable(scope, self.rest))

    def lowered_to(self, other: "Grant") -> "Grant":
        """What two grants have in common."""
        scopes = sorted(self.levels.keys() | other.levels.keys())
        return Grant(
            {scope: min(self.level(scope), other.level(scope), key=_RANK.__getitem__) for scope in scopes},
            min(self.rest, other.rest, key=_RANK.__getitem__),
        )

    def beyond(self, ceiling: "Grant") -> dict[str, Level]:
        """What this has and the ceiling has not: scope to access; `*` stands for all scopes that neither names."""
        scopes = [*self.levels, *(scope for scope in ceiling.levels if scope not in self.levels)]
        found = {scope: self.level(scope) for scope in scopes if self._more(scope, ceiling)}
        return found | ({"*": self.rest} if _RANK[self.rest] > _RANK[ceiling.rest] else {})

    def for_forks(self) -> "Grant":
        """What is left of it in the run of a pull request from a fork: nothing is written."""
        return Grant({scope: _read_only(scope, level) for scope, level in self.levels.items()}, _lower(self.rest))

    def _more(self, scope: str, ceiling: "Grant") -> bool:
        return _RANK[self.level(scope)] > _RANK[ceiling.level(scope)]


NOTHING = Grant()
READ_ALL = Grant(rest="read")
WRITE_ALL = Grant(rest="write")
_WORDS = {"read-all": READ_ALL, "write-all": WRITE_ALL}


@frozen(eq=False)
class Unclear:
    """A `permissions` that GitHub does not know, or that an expression decides."""

    message: str
    node: Node


def declared(node: Node | None) -> Grant | Unclear | None:
    """What a `permissions` says; None where there is none."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return _WORDS.get(text(node)) or Unclear(f"`permissions: {text(node)[:60]}` is nothing that GitHub knows", node)
    if not isinstance(node, MappingNode):
        return Unclear("`permissions` is a list, which GitHub does not know", node)
    levels: dict[str, Level] = {}
    for scope, value in node.items():
        level = _level(value)
        if level is None:
            return Unclear(f"the access of `{scope}` is not `read`, `write` or `none`", value)
        levels[scope] = level
    return Grant(levels)


@frozen(kw_only=True, eq=False)
class Effective:
    """What one job may do, by one way in which it is started."""

    workflow: Workflow
    job: Job
    most: Grant
    """What it has at most."""

    exact: bool
    """Whether it has just that; otherwise what is missing is told by no file."""

    origin: Origin
    """Where it is said: `caller`, passed on; `default`, the repository's; `elsewhere`, other repositories' callers."""

    node: Node | None = None
    """The `permissions` that decides."""

    said_by: Workflow | None = None
    """The file that `node` stands in."""

    callers: tuple[Caller, ...] = ()
    """The jobs that call, outermost first."""

    unclear: str = ""


def effective(workflow: Workflow, job: Job, workflows: Workflows) -> tuple[Effective, ...]:
    """What a job may do, once for each way in which its workflow is started that makes a difference."""
    return _effective(workflow, job, workflows, DEEPEST)


def _effective(workflow: Workflow, job: Job, workflows: Workflows, depth: int) -> tuple[Effective, ...]:
    own = _own(workflow, job)
    found = []
    if not workflow.triggers or any(trigger.event != CALL for trigger in workflow.triggers):
        found.append(own or Effective(workflow=workflow, job=job, most=WRITE_ALL, exact=False, origin="default"))
    if workflow.trigger(CALL) is None:
        return tuple(found)
    calling = _calling(workflow, workflows, depth) if depth else ()
    if not calling:
        found.append(own or Effective(workflow=workflow, job=job, most=WRITE_ALL, exact=False, origin="elsewhere"))
    return (*found, *(_passed_on(outer, caller, own, workflow, job) for outer, caller in calling))


@lru_cache(maxsize=4096)
def _calling(workflow: Workflow, workflows: Workflows, depth: int) -> tuple[tuple[Effective, Caller], ...]:
    """The callers of a workflow and what they may do: one for each difference, and one more where there are others."""
    found: dict[tuple[object, ...], tuple[Effective, Caller]] = {}
    for caller in callers(workflows).get(workflow.path, ()):
        for outer in _effective(caller.workflow, caller.job, workflows, depth - 1):
            said = (outer.exact, outer.origin, outer.most.rest, *sorted(outer.most.levels.items()))
            if len(found) == MOST_WAYS and said not in found:
                more = replace(outer, most=WRITE_ALL, exact=False, origin="unclear", node=None, unclear=_MORE)
                return (*found.values(), (more, caller))
            found.setdefault(said, (outer, caller))
    return tuple(found.values())


def _own(workflow: Workflow, job: Job) -> Effective | None:
    """What the file itself says; the job's word replaces the workflow's."""
    origins: tuple[tuple[Origin, Node | None], ...] = (("job", job.permissions), ("workflow", workflow.permissions))
    for origin, node in origins:
        said = declared(node)
        if isinstance(said, Grant):
            return Effective(
                workflow=workflow, job=job, most=said, exact=True, origin=origin, node=node, said_by=workflow
            )
        if isinstance(said, Unclear):
            return Effective(
                workflow=workflow,
                job=job,
                most=WRITE_ALL,
                exact=False,
                origin="unclear",
                node=said.node,
                said_by=workflow,
                unclear=said.message,
            )
    return None


def _passed_on(outer: Effective, caller: Caller, own: Effective | None, workflow: Workflow, job: Job) -> Effective:
    chain = (*outer.callers, caller)
    if own is None:
        origin: Origin = "caller" if outer.exact else outer.origin
        return Effective(
            workflow=workflow,
            job=job,
            most=outer.most,
            exact=outer.exact,
            origin=origin,
            node=outer.node,
            said_by=outer.said_by,
            callers=chain,
            unclear=outer.unclear,
        )
    # A called workflow that asks for more than its caller has does not start, so that what it asks for is what it has.
    return Effective(
        workflow=workflow,
        job=job,
        most=own.most.lowered_to(outer.most),
        exact=own.exact,
        origin=own.origin,
        node=own.node,
        said_by=own.said_by,
        callers=chain,
        unclear=own.unclear,
    )


def _level(value: Node) -> Level | None:
    said = text(value) if isinstance(value, Scalar) else ""
    return next((level for level in _RANK if level == said), None)


def _readable(scope: str, level: Level) -> Level:
    return "none" if level == "read" and scope in _WITHOUT_READ else level


def _lower(level: Level) -> Level:
    return "read" if level == "write" else level


def _read_only(scope: str, level: Level) -> Level:
    return _readable(scope, _lower(level))
