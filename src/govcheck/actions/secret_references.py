"""Which secrets the workflow files read, where, and whether it is this repository's stores that they are looked up in.

Inside a workflow that is only called, `secrets.X` is what its caller hands over under that name: a secret of the
repository's own where the caller writes `secrets: inherit`, and whatever the caller reads otherwise.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#secrets-context and
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsecretsinherit
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from govcheck.actions.callers import CALL, callers
from govcheck.actions.calls import DEEPEST, local_path
from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.secret_uses import OWN_TOKEN
from govcheck.actions.syntax import Compare, Context, Expression, Index, Literal, Logic, Not, children
from govcheck.actions.workflow import Job, Workflow, read, text
from govcheck.facts import document
from govcheck.facts.document import Node, Scalar
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.records import frozen

_CONTEXT = "secrets"
_INHERIT = "inherit"


@frozen(eq=False)
class Reference:
    """One place that reads one secret."""

    secret: str
    """Its name, in upper case: GitHub does not tell cases apart."""

    workflow: Workflow
    job: Job | None
    """None where the place belongs to the whole file."""

    node: Scalar
    offset: int
    """Where in the node's text the expression begins."""

    needed: bool
    """False where the workflow asks whether there is one, or has something in its place."""

    own: bool
    """Whether it is looked up in the stores of this repository; False where callers decide what it is."""


@frozen(eq=False)
class Handed:
    """One place that hands all secrets to somebody who cannot be looked at."""

    workflow: Workflow
    job: Job | None
    node: Node
    why: str
    """What happens there: `secrets: inherit` hands them to o/r/.github/workflows/w.yml@main`."""


@frozen(eq=False)
class References:
    """What the workflow files do with secrets. The run's own token is none."""

    named: tuple[Reference, ...]
    handed: tuple[Handed, ...]

    def names(self) -> frozenset[str]:
        """Every name that is read anywhere."""
        return frozenset(one.secret for one in self.named)


@lru_cache(maxsize=32)
def references(workflows: Workflows) -> References:
    """Every reference, in the order of the files."""
    readable = {file.path: read(file) for file in workflows.files if not isinstance(file.document, Unreadable)}
    named: list[Reference] = []
    handed: list[Handed] = []
    for workflow in readable.values():
        own = _is_own(workflow, workflows, 1)
        found = [one for job, node in _scalars(workflow) for one in _read(workflow, job, node, own=own)]
        asked = {one.secret for one in found if isinstance(one, Reference) and not one.needed}
        named += [_unneeded(one) if one.secret in asked else one for one in found if isinstance(one, Reference)]
        handed += [one for one in found if isinstance(one, Handed)]
        handed += _inherited(workflow, readable)
    return References(tuple(named), tuple(handed))


def _is_own(workflow: Workflow, workflows: Workflows, depth: int) -> bool:
    """Whether something starts a workflow, or hands it the repository's secrets under their own names."""
    if any(trigger.event != CALL for trigger in workflow.triggers) or depth > DEEPEST:
        return True
    calling = callers(workflows).get(workflow.path, ())
    return any(_inherits(one.job) and _is_own(one.workflow, workflows, depth + 1) for one in calling)


def _inherits(job: Job) -> bool:
    return isinstance(job.secrets, Scalar) and text(job.secrets) == _INHERIT


def _inherited(workflow: Workflow, readable: Mapping[str, Workflow]) -> Iterator[Handed]:
    for job in workflow.jobs:
        if job.uses is None or job.secrets is None or not _inherits(job):
            continue
        called = text(job.uses)
        if local_path(called) not in readable:
            why = f"`secrets: inherit` hands every secret to {called}, which is not at hand"
            yield Handed(workflow, job, job.secrets, why)


def _scalars(workflow: Workflow) -> Iterator[tuple[Job | None, Scalar]]:
    """Every text that may read a secret, with its job."""
    whole = workflow.file.document
    if isinstance(whole, Unreadable):
        return
    jobs = {id(job.node): job for job in workflow.jobs}
    waiting: list[tuple[Job | None, Node]] = [(None, whole)]
    while waiting:
        job, node = waiting.pop()
        if isinstance(node, Scalar):
            if _CONTEXT in node.text.lower():
                yield job, node
            continue
        below = node.items if isinstance(node, document.Sequence) else tuple(value for _, value in node.items())
        inner = jobs.get(id(node), job)
        waiting.extend((inner, one) for one in reversed(below))


def _read(workflow: Workflow, job: Job | None, node: Scalar, *, own: bool) -> Iterator[Reference | Handed]:
    for one in embedded(node.text):
        try:
            expression = parse(one.source)
        except ExpressionError:
            continue
        for name, needed in _names(expression, needed=True):
            if name is None:
                yield Handed(workflow, job, node, f"`{one.source[:100]}` reads every secret, or one that a run chooses")
            elif name != OWN_TOKEN:
                yield Reference(name, workflow, job, node, one.start, needed, own)


def _names(expression: Expression, *, needed: bool) -> Iterator[tuple[str | None, bool]]:
    """Each secret that an expression reads, and whether it has to be there; None for one that is not named."""
    match expression:
        case Index(Context(context), Literal(str() as name)) if context.casefold() == _CONTEXT:
            yield name.upper(), needed
        case Context(context) if context.casefold() == _CONTEXT:
            yield None, needed
        case Logic(_, operands):
            for operand in operands[:-1]:
                yield from _names(operand, needed=False)
            yield from _names(operands[-1], needed=needed)
        case Compare() | Not():
            for child in children(expression):
                yield from _names(child, needed=False)
        case _:
            for child in children(expression):
                yield from _names(child, needed=needed)


def _unneeded(one: Reference) -> Reference:
    return Reference(one.secret, one.workflow, one.job, one.node, one.offset, needed=False, own=one.own)
