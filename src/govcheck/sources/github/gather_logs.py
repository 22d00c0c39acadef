"""The logs of the newest runs of workflows: had, looked through, and let go.

Source: https://docs.github.com/en/rest/actions/workflow-runs#download-workflow-run-logs: GitHub answers with the
address of an archive on another server, which is good for a minute. No token goes there.
"""

import os
from collections.abc import Mapping, Sequence

from govcheck.facts import Fact, Missing, Request
from govcheck.facts.live import Answer
from govcheck.facts.run_logs import RunLog, RunLogs, RunLogsRequest
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Json, Reason
from govcheck.records import replace
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.fetcher import Trouble
from govcheck.sources.github.gather_runs import MOST_WORKFLOWS, each, known_workflows, wanted_workflows
from govcheck.sources.github.silence import is_silent
from govcheck.sources.log_scanner import Scanner, by_patterns, by_scanner, installed
from govcheck.sources.packed_logs import LogText, unpacked

LARGEST_PACKED = 64 * 1024 * 1024
"""Bytes of an archive."""

_OK = 200


def gather_logs(
    client: Client, root: str, repository: Answer, listed: Answer, requests: Sequence[RunLogsRequest]
) -> Mapping[Request, Fact]:
    """The facts that are asked for.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        listed: The workflows that there are.
        requests: What is wanted.
    """
    if is_silent(repository):
        nothing = WorkflowRuns(listed=listed, workflows=())
        return dict.fromkeys(requests, RunLogs(runs=nothing, logs=()))
    listing = _listing(client, root, listed, requests)
    scanner = _scanner(requests)
    logs: dict[RunLogsRequest, list[RunLog]] = {request: [] for request in requests}
    # One at a time: an archive and what it unpacks to are all that is in memory.
    for (file, number, url), asking in _wanted(listing).items():
        answer = client.locate(f"{root}/{path('actions', 'runs', number, 'logs')}")
        texts = _texts(client, answer)
        log = RunLog(path=file, run=number, url=url, answer=replace(answer, body=None))
        for request in asking:
            logs[request].append(_looked_through(log, texts, request, scanner))
    return {
        request: RunLogs(
            runs=WorkflowRuns(listed=listed, workflows=listing[request]),
            logs=tuple(found),
            scanner=scanner if isinstance(scanner, Missing) and request.secrets else None,
        )
        for request, found in logs.items()
    }


def _listing(
    client: Client, root: str, listed: Answer, requests: Sequence[RunLogsRequest]
) -> dict[RunLogsRequest, tuple[RunsOfWorkflow, ...]]:
    """The newest runs of the workflows that each request means; each list is asked for once."""
    known = known_workflows(listed.body)
    files = {request: wanted_workflows(request.workflows, known)[:MOST_WORKFLOWS] for request in requests}
    asked = list(dict.fromkeys((file, request.runs) for request, found in files.items() for file in found))

    def ran(one: tuple[str, int]) -> RunsOfWorkflow:
        file, most = one
        endpoint = f"{root}/{path('actions', 'workflows', file.rpartition('/')[2], 'runs')}"
        runs = client.get(endpoint, parameters={"status": "completed", "per_page": most})
        return RunsOfWorkflow(path=file, state=known[file], runs=runs, jobs=())

    answers = dict(zip(asked, each(ran, asked), strict=True))
    return {request: tuple(answers[file, request.runs] for file in found) for request, found in files.items()}


def _wanted(
    listing: Mapping[RunLogsRequest, tuple[RunsOfWorkflow, ...]],
) -> dict[tuple[str, int, str], list[RunLogsRequest]]:
    """Each run, by its file, number and address, with those who want its log."""
    found: dict[tuple[str, int, str], list[RunLogsRequest]] = {}
    for request, workflows in listing.items():
        for one in workflows:
            for number, url in _newest(one.runs.body, request.runs):
                found.setdefault((one.path, number, url), []).append(request)
    return found


def _scanner(requests: Sequence[RunLogsRequest]) -> Scanner | Missing | None:
    if not any(request.secrets for request in requests):
        return None
    return installed(os.environ.get("PATH", ""), _root_of(os.getcwd()))


def _root_of(folder: str) -> str:
    """The repository that a folder is of; the folder itself where it is of none."""
    here = os.path.realpath(folder)
    while here != os.path.dirname(here):
        if os.path.exists(os.path.join(here, ".git")):
            return here
        here = os.path.dirname(here)
    return folder


def _newest(body: Json, most: int) -> list[tuple[int, str]]:
    found = body.get("workflow_runs") if isinstance(body, dict) else None
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    told = [(entry.get("id"), entry.get("html_url")) for entry in entries]
    return [(number, url if isinstance(url, str) else "") for number, url in told if type(number) is int][:most]


def _texts(client: Client, answer: Answer) -> tuple[LogText, ...] | Missing | None:
    """The log that an answer leads to; None where it leads to none."""
    if not isinstance(answer.body, str) or answer.failure is not None:
        return None
    response = client.download(answer.body, LARGEST_PACKED)
    if isinstance(response, Trouble):
        reason = Reason.UNPARSEABLE if response.failure == "not-json" else Reason.API_ERROR
        return Missing(reason=reason, message=response.message)
    if response.status != _OK:
        return Missing(reason=Reason.API_ERROR, message=f"the server that has the log answered {response.status}")
    return unpacked(response.body)


def _looked_through(
    log: RunLog,
    texts: tuple[LogText, ...] | Missing | None,
    request: RunLogsRequest,
    scanner: Scanner | Missing | None,
) -> RunLog:
    if texts is None:
        return log
    if isinstance(texts, Missing):
        return replace(log, trouble=texts)
    hits = tuple(by_patterns(texts, request.patterns))
    secret = by_scanner(texts, scanner) if request.secrets and isinstance(scanner, Scanner) else ()
    if isinstance(secret, Missing):
        return replace(log, hits=hits, trouble=secret)
    return replace(log, hits=(*secret, *hits))
