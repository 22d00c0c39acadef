"""The newest runs of workflows: which ones there are, then their runs, then the jobs of those.

Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns, WorkflowRunsRequest
from govcheck.findings import Json
from govcheck.globs import compile_globs
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.run_pages import pages_of_runs
from govcheck.sources.github.silence import is_silent

RUNS = 50
"""How many runs of a workflow are looked at."""

LOOKED_INTO = 5
"""Of how many that succeeded, and of how many that did not, the jobs are read."""

_THREADS = 8
MOST_WORKFLOWS = 30

_Asked = TypeVar("_Asked")
_Got = TypeVar("_Got")


def gather_runs(
    client: Client, root: str, repository: Answer, listed: Answer, requests: Sequence[WorkflowRunsRequest]
) -> dict[Request, Fact]:
    """The facts that are asked for.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        listed: The workflows that there are.
        requests: What is wanted.
    """
    if is_silent(repository):
        return dict.fromkeys(requests, WorkflowRuns(listed=listed, workflows=()))
    known = known_workflows(listed.body)
    wanted = {request: wanted_workflows(request.workflows, known)[:MOST_WORKFLOWS] for request in requests}
    asked = list(dict.fromkeys((file, request.days) for request, found in wanted.items() for file in found))
    answers = each(lambda one: _runs_of(client, root, one[0], known[one[0]], one[1]), asked)
    runs = dict(zip(asked, answers, strict=True))
    return {
        request: WorkflowRuns(listed=listed, workflows=tuple(runs[file, request.days] for file in found))
        for request, found in wanted.items()
    }


def known_workflows(body: Json) -> dict[str, str]:
    """The file of every workflow, with its state; those that GitHub makes itself have no file here."""
    found = body.get("workflows") if isinstance(body, dict) else None
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    files = ((entry.get("path"), entry.get("state")) for entry in entries)
    return {
        file: state if isinstance(state, str) else ""
        for file, state in files
        if isinstance(file, str) and file.startswith(".github/workflows/") and file.rpartition("/")[2]
    }


def wanted_workflows(patterns: Sequence[str], known: Iterable[str]) -> list[str]:
    """The files among those that GitHub knows which the patterns mean."""
    matches = compile_globs(patterns).matches
    return [file for file in known if matches(file.rpartition("/")[2]) or matches(file)]


def _runs_of(client: Client, root: str, file: str, state: str, days: int) -> RunsOfWorkflow:
    endpoint = f"{root}/{path('actions', 'workflows', file.rpartition('/')[2], 'runs')}"
    if days:
        runs = pages_of_runs(client, endpoint, timedelta(days=days))
    else:
        runs = client.get(endpoint, parameters={"status": "completed", "per_page": RUNS})
    numbers = _looked_into(runs.body)
    jobs = [client.get_list(f"{root}/{path('actions', 'runs', number, 'jobs')}", key="jobs") for number in numbers]
    return RunsOfWorkflow(path=file, state=state, runs=runs, jobs=tuple(zip(numbers, jobs, strict=True)))


def _looked_into(body: Json) -> list[int]:
    """The newest runs of each sort of end: a job on failure runs where the others failed."""
    found = body.get("workflow_runs") if isinstance(body, dict) else None
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    good: list[int] = []
    other: list[int] = []
    for entry in entries:
        number = entry.get("id")
        if type(number) is int:
            (good if entry.get("conclusion") == "success" else other).append(number)
    return [*good[:LOOKED_INTO], *other[:LOOKED_INTO]]


def each(call: Callable[[_Asked], _Got], asked: Sequence[_Asked]) -> list[_Got]:
    """What each call gives, in order; some at a time."""
    if not asked:
        return []
    with ThreadPoolExecutor(min(_THREADS, len(asked))) as pool:
        return list(pool.map(call, asked))
