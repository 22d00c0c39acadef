"""What many runs come to: how long they took, how many succeeded, how much of the time a branch was green. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from govcheck.records import frozen
from govcheck.settings.workflow_runs import WorkflowRun

SUCCESS = "success"
FAILURES = frozenset({"failure", "timed_out", "startup_failure"})
"""Ends that say that something is wrong; `cancelled`, `skipped`, `neutral`, `stale`, `action_required` say nothing."""

_OF_CHANGES = frozenset({"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"})
"""Events whose runs are of a change, and not of the branch that they name."""


@frozen
class Red:
    """One time in which a branch was red: from the end of a run that failed to that of the next that did not."""

    run: WorkflowRun
    """The first that failed."""

    since: datetime
    until: datetime | None
    """None where it is red still."""


def took(run: WorkflowRun) -> timedelta | None:
    """How long its newest attempt took, from its start to its last change; None where that is not told."""
    if run.conclusion is None or run.started is None or run.updated is None:
        return None
    return max(run.updated - run.started, timedelta())


def minutes(runs: Iterable[WorkflowRun]) -> int:
    """How many minutes runs took together, each rounded up; those that do not tell count nothing."""
    return sum(-(-length // timedelta(minutes=1)) for run in runs if (length := took(run)) is not None)


def percentile(lengths: Sequence[timedelta], share: int) -> timedelta:
    """The shortest of these lengths that so many percent of them do not exceed (the nearest rank).

    Raises:
        ValueError: there are none, or the share is not from 1 to 100.
    """
    if not lengths or not 0 < share <= 100:  # noqa: PLR2004 - per cent
        raise ValueError("a percentile is one of some lengths")
    return sorted(lengths)[-(-len(lengths) * share // 100) - 1]


def success_rate(runs: Iterable[WorkflowRun]) -> tuple[int, int]:
    """How many succeeded, of how many that did or failed."""
    ends = [run.conclusion for run in runs if run.conclusion == SUCCESS or run.conclusion in FAILURES]
    return ends.count(SUCCESS), len(ends)


def of_branch(runs: Iterable[WorkflowRun], branch: str, repository: str) -> list[WorkflowRun]:
    """The runs of a branch's own commits, in the order given."""
    return [
        run
        for run in runs
        if run.branch == branch
        and run.event not in _OF_CHANGES
        and (run.repository is None or run.repository.lower() == repository.lower())
    ]


def reds(runs: Iterable[WorkflowRun]) -> list[Red]:
    """When a branch was red, by its own runs; the newest last."""
    ended = ((run.updated or run.created, run) for run in runs)
    found: list[Red] = []
    for at, run in sorted(ended, key=lambda pair: (pair[0], pair[1].id)):
        is_red = bool(found) and found[-1].until is None
        if run.conclusion in FAILURES and not is_red:
            found.append(Red(run, at, None))
        elif run.conclusion == SUCCESS and is_red:
            found[-1] = Red(found[-1].run, found[-1].since, at)
    return found


def green_share(found: Iterable[Red], since: datetime, until: datetime) -> float:
    """How many percent of a time were green."""
    length = until - since
    if length <= timedelta():
        return 100.0
    red = sum((_within(one, since, until) for one in found), timedelta())
    return 100 * (1 - red / length)


def _within(red: Red, since: datetime, until: datetime) -> timedelta:
    return max(min(red.until or until, until) - max(red.since, since), timedelta())


def failed_in_a_row(runs: Iterable[WorkflowRun]) -> list[WorkflowRun]:
    """The runs that failed since the last that succeeded, of runs given newest first; others say nothing."""
    found = []
    for run in runs:
        if run.conclusion == SUCCESS:
            break
        if run.conclusion in FAILURES:
            found.append(run)
    return found


def never_began(run: WorkflowRun, now: datetime, patience: timedelta) -> str:
    """Why a run is one that no runner ever began, in words; empty where it is none, or nobody can tell."""
    if run.status in {"queued", "requested", "pending"} and now - run.created > patience:
        return f"it has been {run.status} since {run.created:%Y-%m-%d %H:%M} UTC"
    if run.conclusion == "startup_failure":
        return "GitHub could not start it (startup_failure)"
    ran = [job for job in run.jobs or () if job.conclusion not in {"skipped", "cancelled"}]
    if run.conclusion == "failure" and ran and all(job.steps == 0 for job in ran):
        return "it failed, and none of its jobs had a single step"
    return ""
