"""The logs of the newest runs of workflows: had, looked through, and let go.

Source: https://docs.github.com/en/rest/actions/workflow-runs#download-workflow-run-logs: GitHub answers with the
address of an archive on another server, which is good for a minute. No token goes there.
"""

import os
from collections.abc import Mapping, Sequence

from govcheck.facts import Fact, Missing, Request
from govcheck.facts.live import Answer
from govcheck.facts.run_logs import LogHit, RunLog, RunLogs, RunLogsRequest
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Json, Reason
from govcheck.records import replace
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.fetcher import Trouble
from govcheck.sources.github.gather_runs import MOST_WORKFLOWS, each, known_workflows, wanted_workflows
from govcheck.sources.github.silence import is_silent
from govcheck.sources.log_scanner import Scanner, by_patterns, by_scanner, installed
from govcheck.sources.packed_logs import unpacked

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
    return {request: _of(client, root, listed, request) for request in requests}


def _of(client: Client, root: str, listed: Answer, request: RunLogsRequest) -> RunLogs:
    known = known_workflows(listed.body)
    files = wanted_workflows(request.workflows, known)[:MOST_WORKFLOWS]
    parameters: dict[str, str | int] = {"status": "completed", "per_page": request.runs}

    def ran(file: str) -> RunsOfWorkflow:
        endpoint = f"{root}/{path('actions', 'workflows', file.rpartition('/')[2], 'runs')}"
        runs = client.get(endpoint, parameters=parameters)
        return RunsOfWorkflow(path=file, state=known[file], runs=runs, jobs=())

    workflows = tuple(each(ran, files))
    scanner = installed(os.environ.get("PATH", ""), _root_of(os.getcwd())) if request.secrets else None
    able = scanner if isinstance(scanner, Scanner) else None
    # One at a time: an archive and what it unpacks to are all that is in memory.
    logs: list[RunLog] = []
    for one in workflows:
        for number, url in _newest(one.runs.body, request.runs):
            answer = client.locate(f"{root}/{path('actions', 'runs', number, 'logs')}")
            log = RunLog(path=one.path, run=number, url=url, answer=replace(answer, body=None))
            logs.append(_log(client, answer, log, request, able))
    return RunLogs(
        runs=WorkflowRuns(listed=listed, workflows=workflows),
        logs=tuple(logs),
        scanner=scanner if isinstance(scanner, Missing) else None,
    )


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


def _log(client: Client, answer: Answer, log: RunLog, request: RunLogsRequest, scanner: Scanner | None) -> RunLog:
    target = answer.body
    if not isinstance(target, str) or answer.failure is not None:
        return log
    found = _looked_through(client, target, request, scanner)
    return replace(log, trouble=found) if isinstance(found, Missing) else replace(log, hits=found)


def _looked_through(
    client: Client, target: str, request: RunLogsRequest, scanner: Scanner | None
) -> tuple[LogHit, ...] | Missing:
    response = client.download(target, LARGEST_PACKED)
    if isinstance(response, Trouble):
        reason = Reason.UNPARSEABLE if response.failure == "not-json" else Reason.API_ERROR
        return Missing(reason=reason, message=response.message)
    if response.status != _OK:
        return Missing(reason=Reason.API_ERROR, message=f"the server that has the log answered {response.status}")
    texts = unpacked(response.body)
    if isinstance(texts, Missing):
        return texts
    secret = by_scanner(texts, scanner) if scanner is not None else ()
    return secret if isinstance(secret, Missing) else (*secret, *by_patterns(texts, request.patterns))
