"""What the runs of workflows came to: when a job last did its work, and how long that took.

Sources: https://docs.github.com/en/rest/actions/workflow-runs and https://docs.github.com/en/rest/actions/workflow-jobs
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from govcheck.facts.live import Answer
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.records import frozen
from govcheck.settings.answers import Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, text, texts
from govcheck.settings.evidence import answered


@frozen(kw_only=True)
class JobRun:
    """One job of one run."""

    name: str
    conclusion: str | None
    started: datetime | None
    completed: datetime | None
    steps: int | None = None
    """How many steps it had; None where that is not told."""

    labels: tuple[str, ...] = ()
    """The runner's."""


@frozen(kw_only=True)
class WorkflowRun:
    """One run of a workflow."""

    id: int
    conclusion: str | None
    created: datetime
    url: str | None
    jobs: tuple[JobRun, ...] | None
    """None where they were not read."""

    status: str | None = None
    """`completed`, `in_progress`, `queued`, `waiting`, ..."""

    event: str | None = None
    branch: str | None = None
    repository: str | None = None
    """Where the branch is: a fork's may have the name of one of ours."""

    attempt: int = 1
    started: datetime | None = None
    """When its newest attempt was begun."""

    updated: datetime | None = None
    """When GitHub last changed it: of a run that ended, when it did."""

    @property
    def took(self) -> timedelta | None:
        """From the first job's start to the last one's end, waiting for approval included."""
        ran = [job for job in self.jobs or () if job.conclusion != "skipped"]
        starts = [job.started for job in ran if job.started is not None]
        ends = [job.completed for job in ran if job.completed is not None]
        return max(ends) - min(starts) if starts and ends else None


@frozen(kw_only=True)
class RunHistory:
    """The newest runs of one workflow."""

    state: str
    runs: tuple[WorkflowRun, ...]
    """The newest first."""

    whole: bool
    """Whether these are all that there ever were."""

    trouble: Trouble | None = None
    """Why there may be others, or none are known."""

    asked: str = ""
    """Which endpoint was asked, and its status."""


def history(fact: WorkflowRuns, path: str) -> RunHistory | None:
    """What a workflow's file did lately; None where GitHub knows no workflow of that file, or it was not asked for."""
    found = next((one for one in fact.workflows if one.path == path), None)
    if found is not None:
        return _history(found)
    trouble = _trouble(fact.listed)
    return RunHistory(state="", runs=(), whole=False, trouble=trouble) if trouble is not None else None


def _history(found: RunsOfWorkflow) -> RunHistory:
    trouble = _trouble(found.runs)
    try:
        runs = () if trouble is not None else tuple(_runs(found))
        total = number(_body(found.runs), "total_count") if trouble is None else None
    except (UnexpectedShapeError, ValueError) as error:
        return RunHistory(state=found.state, runs=(), whole=False, trouble=unparseable(found.runs, str(error)))
    whole = total is not None and total <= len(runs)
    trouble = trouble or next((one for _, answer in found.jobs if (one := _trouble(answer)) is not None), None)
    asked = answered(found.runs).text
    return RunHistory(state=found.state, runs=runs, whole=whole, trouble=trouble, asked=asked)


def _runs(found: RunsOfWorkflow) -> Iterator[WorkflowRun]:
    jobs = {id_: answer for id_, answer in found.jobs if _trouble(answer) is None}
    for entry in _entries(found.runs, "workflow_runs"):
        identity, created = number(entry, "id"), text(entry, "created_at")
        if identity is None or created is None:
            raise UnexpectedShapeError("a run without `id` or `created_at`")
        yield WorkflowRun(
            id=identity,
            conclusion=text(entry, "conclusion"),
            created=_instant(created),
            url=text(entry, "html_url"),
            jobs=tuple(_jobs(jobs[identity])) if identity in jobs else None,
            status=text(entry, "status"),
            event=text(entry, "event"),
            branch=text(entry, "head_branch"),
            repository=text(entry, "head_repository.full_name"),
            attempt=number(entry, "run_attempt") or 1,
            started=_optional(entry, "run_started_at"),
            updated=_optional(entry, "updated_at"),
        )


def _jobs(answer: Answer) -> Iterator[JobRun]:
    for entry in _entries(answer, "jobs"):
        steps = objects(entry, "steps")
        yield JobRun(
            name=text(entry, "name") or "",
            conclusion=text(entry, "conclusion"),
            started=_optional(entry, "started_at"),
            completed=_optional(entry, "completed_at"),
            steps=None if steps is None else len(steps),
            labels=tuple(sorted(texts(entry, "labels") or ())),
        )


def _optional(entry: Body, key: str) -> datetime | None:
    written = text(entry, key)
    return None if written is None else _instant(written)


def _entries(answer: Answer, key: str) -> tuple[Body, ...]:
    found = objects(_body(answer), key)
    if found is None:
        raise UnexpectedShapeError(f"expected a list under `{key}`")
    return found


def _body(answer: Answer) -> Body:
    if not isinstance(answer.body, dict):
        raise UnexpectedShapeError("expected an object")
    return answer.body


def _instant(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise UnexpectedShapeError("a time without its zone")
    return found


def _trouble(answer: Answer) -> Trouble | None:
    judged = verdict(answer)
    if judged.trouble is not None:
        return judged.trouble
    if not isinstance(answer.body, dict):
        return unparseable(answer, "expected an object")
    return None if answer.complete else incomplete(answer)
