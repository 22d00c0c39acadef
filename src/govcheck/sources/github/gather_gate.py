"""What `gate deploy` asks GitHub: the checks of one commit, and the approvals of one run."""

from govcheck.facts.live import Answer, HeadChecks
from govcheck.sources.github.calls import Call, Calls
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path


def gather_checks(client: Client, repository: str, commit: str) -> HeadChecks:
    """What reported on a commit of `OWNER/NAME`."""
    runs, statuses = Calls(_root(repository)).reports_of(commit)
    answers = [_list(client, call) for call in (runs, statuses)]
    return HeadChecks(branch=commit, commit=commit, summary=answers[0], check_runs=answers[0], statuses=answers[1])


def gather_approval(client: Client, repository: str, environment: str, run: str) -> tuple[Answer, Answer]:
    """The environment, and who approved what in a workflow run."""
    described = client.get(f"{_root(repository)}/{path('environments', environment)}")
    return described, client.get(f"{_root(repository)}/{path('actions', 'runs', run, 'approvals')}")


def _list(client: Client, call: Call) -> Answer:
    return client.get_list(call.endpoint, key=call.key, parameters=dict(call.parameters))


def _root(repository: str) -> str:
    return path("repos", *repository.split("/", 1))
