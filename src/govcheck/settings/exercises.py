"""When a job last did its work, and how long that took; and whether there may be more than was seen."""

from datetime import datetime, timedelta

from govcheck.records import frozen
from govcheck.settings.answers import Trouble
from govcheck.settings.workflow_runs import JobRun, RunHistory, WorkflowRun

_ACTIVE = "active"
_SUCCESS = "success"


@frozen(kw_only=True)
class Exercise:
    """One time that it worked."""

    by: str
    """The file and the job."""

    at: datetime
    took: timedelta | None
    url: str | None


@frozen(kw_only=True)
class Exercises:
    """What is known of one job's work."""

    by: str
    last: Exercise | None
    """The newest that is known."""

    said: str
    """What was seen, in words."""

    unseen_since: datetime | None
    """The newest moment at which there may be one that was not seen; None where there is none."""

    unclear: str = ""
    """Why nothing at all can be told; empty where something can."""

    trouble: Trouble | None = None
    asked: str = ""
    """Which endpoint was asked, and its status."""

    def doubt(self, now: datetime, limit: timedelta | None) -> str:
        """Why there may be a newer one that matters; empty where there is none."""
        if self.unclear:
            return self.unclear
        if self.unseen_since is None or (limit is not None and now - self.unseen_since > limit):
            return ""
        return f"{self.said}, and there are runs whose jobs were not read"


def exercises(history: RunHistory | None, name: str | None, by: str, *, whole: bool) -> Exercises:
    """What the runs of its workflow say of one job.

    Args:
        history: The runs; None where GitHub knows no such workflow, or it was not asked for.
        name: What the job reports as; None where an expression decides.
        by: The file and the job.
        whole: Whether the whole run is the work, which then has to succeed, or only this job of it.
    """
    unknown = Exercises(by=by, last=None, said="nothing was seen", unseen_since=None)
    if history is None:
        return _unclear(unknown, "GitHub lists no such workflow among those that were asked for")
    if history.trouble is not None:
        return _unclear(unknown, history.trouble.message, history.trouble)
    if name is None:
        return _unclear(unknown, "an expression decides what its job reports as")
    if history.state not in {"", _ACTIVE}:
        said = f"its workflow is {history.state}"
        return Exercises(by=by, last=None, said=said, unseen_since=None, asked=history.asked)
    runs = [run for run in history.runs if not whole or run.conclusion == _SUCCESS]
    done = [(run, job) for run in runs for job in run.jobs or () if _did(job, name)]
    last = max((_exercise(run, job, by, whole=whole) for run, job in done), key=lambda one: one.at, default=None)
    looked = sum(run.jobs is not None for run in history.runs)
    return Exercises(
        by=by,
        last=last,
        said=f"{looked} of its {len(history.runs)} newest runs were looked into",
        unseen_since=_unseen(history, by_success=whole),
        asked=history.asked,
    )


def _unclear(found: Exercises, why: str, trouble: Trouble | None = None) -> Exercises:
    return Exercises(by=found.by, last=None, said=found.said, unseen_since=None, unclear=why, trouble=trouble)


def _did(job: JobRun, name: str) -> bool:
    return job.conclusion == _SUCCESS and (job.name == name or job.name.startswith(f"{name} ("))


def _exercise(run: WorkflowRun, job: JobRun, by: str, *, whole: bool) -> Exercise:
    own = job.completed - job.started if job.started is not None and job.completed is not None else None
    return Exercise(by=by, at=run.created, took=run.took if whole else own, url=run.url)


def _unseen(history: RunHistory, *, by_success: bool) -> datetime | None:
    """The newest run that may count and was not looked into: of a rollback workflow only those that succeeded."""
    asked = [run for run in history.runs if not by_success or run.conclusion == _SUCCESS]
    unread = [run.created for run in asked if run.jobs is None]
    if not history.whole and history.runs:
        unread.append(history.runs[-1].created)
    return max(unread, default=None)
