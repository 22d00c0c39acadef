"""The runs of one workflow in a window of time, and whether these are all of them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.records import frozen
from govcheck.settings.answers import Trouble, incomplete, verdict
from govcheck.settings.bodies import UnexpectedShapeError, objects, text
from govcheck.settings.workflow_runs import WorkflowRun, history


@frozen(kw_only=True)
class Window:
    """What one workflow did since some instant."""

    path: str
    active: bool
    runs: tuple[WorkflowRun, ...]
    """Those that began in it, the newest first."""

    known: tuple[WorkflowRun, ...]
    """The same, with older ones that are known: how it stood when the window began."""

    whole: bool
    """Whether every run of the window is known."""

    every: bool
    """Whether every run that there ever was is known."""

    trouble: Trouble | None
    asked: str

    def from_the_start(self, runs: Iterable[WorkflowRun], since: datetime) -> bool:
        """Whether some of these runs tell how it stood when the window began, or nothing was before them."""
        return self.every or any((run.updated or run.created) <= since for run in runs)


def window(found: RunsOfWorkflow, since: datetime, events: Sequence[str] = ()) -> Window:
    """The runs of a workflow since an instant.

    Args:
        found: What was answered.
        since: The instant.
        events: Only runs of these events; none given: all.
    """
    told = history(WorkflowRuns(listed=found.runs, workflows=(found,)), found.path)
    runs = told.runs if told is not None else ()
    known = tuple(run for run in runs if not events or run.event in events)
    return Window(
        path=found.path,
        active=found.state == "active",
        runs=tuple(run for run in known if run.created >= since),
        known=known,
        whole=told is not None and (told.whole or any(run.created < since for run in runs)),
        every=told is not None and told.whole,
        trouble=told.trouble if told is not None else None,
        asked=told.asked if told is not None else "",
    )


def unasked(fact: WorkflowRuns, patterns: Sequence[str]) -> Iterator[Undecided]:
    """What is wanted and was not read: the list itself, names that GitHub has no workflow for, too many workflows."""
    trouble = verdict(fact.listed).trouble or (None if fact.listed.complete else incomplete(fact.listed))
    if trouble is not None:
        yield trouble.undecided("workflows", "unread", trouble.message, Location())
        return
    try:
        body = fact.listed.body if isinstance(fact.listed.body, dict) else {}
        paths = [path for entry in objects(body, "workflows") or () if (path := text(entry, "path"))]
    except UnexpectedShapeError as error:
        yield _undecided("unread", Reason.UNPARSEABLE, f"{fact.listed.endpoint}: {error}")
        return
    names = [path for path in paths if path.startswith(".github/workflows/")]
    read = {one.path for one in fact.workflows}
    for pattern in patterns:
        matches = compile_globs((pattern,)).matches
        wanted = [path for path in names if matches(path.rpartition("/")[2]) or matches(path)]
        if not wanted and "*" not in pattern:
            yield _undecided(display(pattern), Reason.MISSING_OBJECT, f"GitHub knows no workflow {display(pattern)}")
    every = compile_globs(patterns).matches
    left = [path for path in names if path not in read and (every(path.rpartition("/")[2]) or every(path))]
    if left:
        message = f"{len(left)} workflows were left unread, {display(left[0])} among them: one run reads thirty"
        yield _undecided("unread", Reason.MISSING_OBJECT, message)


def _undecided(subject: str, reason: Reason, message: str) -> Undecided:
    return Undecided(control="workflows", subject=subject, reason=reason, message=message)
