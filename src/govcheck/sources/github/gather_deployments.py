"""The newest deployments to some environments, and the statuses of the newest of those.

Sources: https://docs.github.com/en/rest/deployments/deployments#list-deployments and
https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from govcheck.facts import Fact, Request
from govcheck.facts.deployments import DeploymentsOf, LiveDeployments, LiveDeploymentsRequest
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.settings.deployments import LISTED
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.silence import is_silent, stand_in

LOOKED_INTO = 30
"""Of how many of these the statuses are read."""

_THREADS = 8


def gather_deployments(
    client: Client, root: str, repository: Answer, requests: Sequence[LiveDeploymentsRequest]
) -> dict[Request, Fact]:
    """The facts that are asked for; each environment is asked about once.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        requests: What is wanted.
    """
    names = dict.fromkeys(name for request in requests for name in request.environments)
    found = {name: _of_environment(client, root, repository, name) for name in names}
    return {
        request: LiveDeployments(environments=tuple(found[name] for name in request.environments))
        for request in requests
    }


def _of_environment(client: Client, root: str, repository: Answer, name: str) -> DeploymentsOf:
    endpoint = f"{root}/deployments"
    if is_silent(repository):
        return DeploymentsOf(environment=name, listed=stand_in(endpoint, repository), statuses=())
    listed = client.get(endpoint, parameters={"environment": name, "per_page": LISTED})
    numbers = _numbers(listed.body)[:LOOKED_INTO]
    if not numbers:
        return DeploymentsOf(environment=name, listed=listed, statuses=())
    with ThreadPoolExecutor(min(_THREADS, len(numbers))) as pool:
        answers = pool.map(lambda number: client.get_list(f"{endpoint}/{path(number, 'statuses')}"), numbers)
        return DeploymentsOf(environment=name, listed=listed, statuses=tuple(zip(numbers, answers, strict=True)))


def _numbers(body: Json) -> list[int]:
    entries = [one.get("id") for one in body if isinstance(one, dict)] if isinstance(body, list) else []
    return [number for number in dict.fromkeys(entries) if type(number) is int]
