"""What was deployed lately to some environments: raw answers, as in `facts.live`."""

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class LiveDeploymentsRequest(Request):
    """The newest deployments to some environments. Its answer is a `LiveDeployments`."""

    environments: tuple[str, ...]


@frozen(kw_only=True)
class DeploymentsOf:
    """The newest deployments to one environment."""

    environment: str
    listed: Answer
    """`repos/{owner}/{repo}/deployments`: one page, the newest first."""

    statuses: tuple[tuple[int, Answer], ...]
    """Of the newest of them, by their numbers: `repos/{owner}/{repo}/deployments/{deployment_id}/statuses`."""


@frozen(kw_only=True)
class LiveDeployments(Fact):
    """What was deployed lately. A change is not held to it: other people's deployments are none of its business."""

    environments: tuple[DeploymentsOf, ...]
