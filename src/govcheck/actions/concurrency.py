"""The concurrency groups of jobs that deploy: whether they have one, and what it is called.

Of the jobs in one group only one runs at a time, whatever workflow they are of. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#concurrency
"""

import re
from collections.abc import Iterator, Sequence

from govcheck.actions.calls import local_path
from govcheck.actions.deploys import Deploy, deploys
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.records import frozen

_WORD = re.compile(r"[a-z0-9]+")
_SAYS_NOTHING = frozenset({"deploy", "deploys", "deployment", "deployments", "github", "env", "environment", "release"})
_SHORTEST_BEGINNING = 3
_WORKFLOW_NAME = re.compile(r"\$\{\{\s*github\.workflow\s*\}\}", re.IGNORECASE)
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)


@frozen
class Group:
    """One concurrency group."""

    path: str
    """The file that names it."""

    name: Scalar
    key: str
    """The name as GitHub compares it, as far as it is known: without regard to case."""


@frozen(kw_only=True)
class Deploying:
    """One job that deploys, and the groups that hold it."""

    workflow: Workflow
    job: Job
    deploy: Deploy | None
    """What deploys; None where only its environment says so."""

    environment: str
    """What it deploys to: its environment, or the one that its workflow's other deploys name; empty where none does."""

    groups: tuple[Group, ...]
    """Its own, its workflow's, and those of the jobs that call it."""

    @property
    def dynamic(self) -> bool:
        """Whether an expression decides what it deploys to."""
        return "${{" in self.environment


def deploying(workflows: Sequence[Workflow]) -> list[Deploying]:
    """Every job that deploys: by what it runs, or because it names an environment that another job deploys to."""
    found = [
        (workflow, job, deploy)
        for workflow in workflows
        for job in workflow.jobs
        for deploy in (next((one for one in deploys(workflow, job) if not one.unclear), None),)
    ]
    targets = {_environment(job).casefold() for _, job, deploy in found if deploy is not None} - {""}
    return [
        Deploying(
            workflow=workflow,
            job=job,
            deploy=deploy,
            environment=_environment(job) or _only_environment(workflow),
            groups=tuple(_groups(workflows, workflow, job)),
        )
        for workflow, job, deploy in found
        if deploy is not None or _environment(job).casefold() in targets
    ]


def names(group: Group, environment: str) -> bool:
    """Whether a group's name tells an environment by one of its words: `deploy-production`, `prod`, `pages`."""
    if {*_expressions(group.name)} & {*_expressions_of(environment)}:
        return True
    wanted = [word for word in _WORD.findall(environment.casefold()) if word not in _SAYS_NOTHING]
    there = _WORD.findall(group.key)
    return not wanted or any(_same(one, other) for one in wanted for other in there)


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SHORTEST_BEGINNING and long.startswith(short))


def _groups(workflows: Sequence[Workflow], workflow: Workflow, job: Job) -> Iterator[Group]:
    yield from _named(workflow, workflow.concurrency)
    yield from _named(workflow, job.concurrency)
    if {trigger.event for trigger in workflow.triggers} != {"workflow_call"}:
        return
    callers = [
        (one, caller)
        for one in workflows
        for caller in one.jobs
        if caller.uses is not None and local_path(text(caller.uses)) == workflow.path and one is not workflow
    ]
    held = [[*_named(one, one.concurrency), *_named(one, caller.concurrency)] for one, caller in callers]
    if held and all(held):
        yield from (group for groups in held for group in groups)


def _named(workflow: Workflow, node: Node | None) -> Iterator[Group]:
    name = node.get("group") if isinstance(node, Mapping) else node
    if isinstance(name, Scalar) and text(name).strip():
        called = any(trigger.event == "workflow_call" for trigger in workflow.triggers)
        shown = text(name) if called else _WORKFLOW_NAME.sub(lambda _: workflow.title, text(name))
        key = _EXPRESSION.sub(lambda found: f"${{{{ {' '.join(found[1].split())} }}}}", shown)
        yield Group(workflow.path, name, key.strip().casefold())


def _environment(job: Job) -> str:
    return text(job.environment.name).strip() if job.environment is not None else ""


def _only_environment(workflow: Workflow) -> str:
    """The environment of a workflow whose jobs name one and no other."""
    named = {_environment(job) for job in workflow.jobs} - {""}
    return named.pop() if len(named) == 1 else ""


def _expressions(name: Scalar) -> list[str]:
    return _expressions_of(text(name))


def _expressions_of(written: str) -> list[str]:
    return [" ".join(found.split()).casefold() for found in _EXPRESSION.findall(written)]
