"""The newest runs of some workflows, with the jobs of those that may matter: raw answers, as in `facts.live`."""

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class WorkflowRunsRequest(Request):
    """The newest runs of the workflows whose files have these names. Its answer is a `WorkflowRuns`."""

    workflows: tuple[str, ...]
    """Names of files, or globs of names."""

    days: int = 0
    """How many days of runs are wanted, ended or not; 0: one page of those that ended, however old."""


@frozen(kw_only=True)
class RunsOfWorkflow:
    """The newest runs of one workflow."""

    path: str
    """Its file, from the repository's root."""

    state: str
    """As GitHub says it: `active`, `disabled_manually`, `disabled_inactivity`, ..."""

    runs: Answer
    """`repos/{owner}/{repo}/actions/workflows/{file}/runs`: one page, the newest first; where days are asked for, the
    pages up to the first run that is that much older than the newest, at most ten of them."""

    jobs: tuple[tuple[int, Answer], ...]
    """Of the newest of these runs, by the run's number: `repos/{owner}/{repo}/actions/runs/{id}/jobs`."""


@frozen(kw_only=True)
class WorkflowRuns(Fact):
    """What workflows did lately."""

    listed: Answer
    """`repos/{owner}/{repo}/actions/workflows`: every workflow that GitHub knows."""

    workflows: tuple[RunsOfWorkflow, ...]
    """Those of them that were asked for."""
