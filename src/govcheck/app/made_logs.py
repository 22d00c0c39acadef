"""Made-up logs of runs: as GitHub gives them, for tests of policies; and looked through, for made-up worlds."""

import io
import re
import zipfile

from govcheck.app.contrary_settings import CANARY
from govcheck.facts import Request
from govcheck.facts.live import Answer
from govcheck.facts.run_logs import LogHit, RunLog, RunLogs, RunLogsRequest
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.findings import Json
from govcheck.settings.endpoints import REPOSITORY
from govcheck.sources.github.exchange import HttpResponse

_LOGS = re.compile(r"(?:.*/)?actions/runs/[0-9]+/logs")
_ELSEWHERE = "https://logs.invalid/"


def is_of_logs(path: str) -> bool:
    """Whether an endpoint is one that leads to a log."""
    return _LOGS.fullmatch(path) is not None


def lead(path: str) -> HttpResponse:
    """The answer that leads to the log of an endpoint."""
    return HttpResponse(status=302, headers={"location": f"{_ELSEWHERE}{path}"}, body=b"")


def led_from(url: str) -> str:
    """The endpoint whose log lies at an address."""
    return url.removeprefix(_ELSEWHERE)


def archive(files: Json) -> HttpResponse:
    """What lies there: the names of files to their texts."""
    if not isinstance(files, dict):
        return HttpResponse(status=404, headers={}, body=b"")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, str(text))
    return HttpResponse(status=200, headers={}, body=packed.getvalue())


def bad(request: Request) -> RunLogs:
    """Runs of each workflow, in whose logs everything was found that is looked for."""
    if not isinstance(request, RunLogsRequest):
        raise TypeError("logs are asked for by workflows")
    found = [(pattern.name, False) for pattern in request.patterns] + [(CANARY, True)] * request.secrets
    hits = tuple(
        LogHit(what=what, is_secret=is_secret, job=CANARY, step=CANARY, line=1, count=1) for what, is_secret in found
    )
    return _logs(request, hits)


def good(request: Request) -> RunLogs:
    """Runs of each workflow, in whose logs nothing was found."""
    if not isinstance(request, RunLogsRequest):
        raise TypeError("logs are asked for by workflows")
    return _logs(request, ())


def _logs(request: RunLogsRequest, hits: tuple[LogHit, ...]) -> RunLogs:
    paths = [f".github/workflows/{name.replace('*', CANARY)}" for name in request.workflows]
    workflows: list[Json] = [{"path": path, "state": "active"} for path in paths]
    runs: Json = {"total_count": 0, "workflow_runs": []}
    listed = _answer("actions/workflows", 200, {"total_count": len(workflows), "workflows": workflows})
    ran = tuple(
        RunsOfWorkflow(path=path, state="active", runs=_answer(f"{path}/runs", 200, runs), jobs=()) for path in paths
    )
    logs = [
        RunLog(path=path, run=number, url="", answer=_answer(f"actions/runs/{number}/logs", 302, None), hits=hits)
        for path in paths
        for number in range(request.runs)
    ]
    return RunLogs(runs=WorkflowRuns(listed=listed, workflows=ran), logs=tuple(logs))


def _answer(below: str, status: int, body: Json) -> Answer:
    return Answer(endpoint=f"{REPOSITORY}/{below}", status=status, message="", body=body)
