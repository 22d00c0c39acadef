"""How a required check can come out as success without having run: a skipped job counts as one.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from collections.abc import Collection

from govcheck.actions.contexts import Contexts, Reported
from govcheck.actions.evaluation import STATUS_FUNCTIONS
from govcheck.actions.expressions import ExpressionError
from govcheck.actions.nearest import show
from govcheck.actions.syntax import Call, walk
from govcheck.actions.templates import condition
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Node
from govcheck.records import frozen

_GUARDS = STATUS_FUNCTIONS - {"success"}


@frozen
class Loophole:
    """One way around a check."""

    text: str
    """A clause."""

    node: Node
    fix: str


def loophole(one: Reported, contexts: Contexts, required: Collection[str]) -> Loophole | None:
    """How a context that is reported every time can be green without its job having run.

    Args:
        one: The job that reports it.
        contexts: All contexts.
        required: The contexts that have to be green as well.
    """
    if one.runs is not True and one.job.condition is not None:
        shown = " ".join(text(one.job.condition).split())[:120]
        often = "is always skipped" if one.runs is False else "can be skipped"
        why = f"its job {often} by `if: {shown}`, and GitHub counts skipped as success"
        return Loophole(why, one.job.condition, "Leave the `if` out, or move it to the steps.")
    if _guarded(one.job):
        return None
    for need in one.job.needs:
        names = {
            show(other.name)
            for other in contexts.reported
            if other.path == one.path
            and other.callers == one.callers
            and other.job.id.casefold() == text(need).casefold()
        }
        if not names or not names.issubset(required):
            why = f"its job is skipped when job `{text(need)}` fails, and GitHub counts skipped as success"
            fix = f"Require what `{text(need)}` reports too, or give the job `if: always()` and let it look at results."
            return Loophole(why, need, fix)
    return None


def _guarded(job: Job) -> bool:
    """Whether the job's condition lets it start after a job that failed."""
    if job.condition is None:
        return False
    try:
        wanted = condition(text(job.condition))
    except ExpressionError:
        return True
    return wanted is not None and any(isinstance(node, Call) and node.name.lower() in _GUARDS for node in walk(wanted))
