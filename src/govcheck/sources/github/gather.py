"""The live facts: each endpoint asked once, side by side, and every answer kept with its status and message."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from govcheck.errors import UsageError
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    Answer,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveRepository,
)
from govcheck.sources.github.client import Client
from govcheck.sources.github.endpoints import permission_of
from govcheck.sources.github.exchange import path

_THREADS = 8
_UNAUTHORIZED = 401
_REPOSITORY = re.compile(r"(?P<owner>[A-Za-z0-9_.-]+)/(?P<name>[A-Za-z0-9_.-]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def handles(request: Request) -> bool:
    """Whether a request is for one of the facts that are gathered here."""
    return isinstance(request, LiveBranchRequest | HeadChecksRequest) or request.fact is LiveRepository


def gather(client: Client, repository: str, requests: Sequence[Request]) -> Mapping[Request, Fact | Missing]:
    """The facts that are asked for, of `OWNER/NAME`.

    Raises:
        UsageError: the repository's name is none.
        ValueError: a request is not for a live fact.
    """
    strangers = [request for request in requests if not handles(request)]
    if strangers:
        raise ValueError(f"not a live fact: {strangers[0]}")
    if not requests:
        return {}
    # A part that is dots only would climb out of the repository's own paths.
    place = _REPOSITORY.fullmatch(repository)
    if place is None or not all(part.strip(".") for part in place.groups()):
        raise UsageError(f"{repository!r} is not a repository's name", "Write it like OWNER/NAME.")
    return _Gathering(client, place["owner"], place["name"]).facts(requests)


@dataclass(frozen=True, slots=True)
class _Call:
    """One endpoint, with how it is asked. `key` and `parameters` as the client has them."""

    endpoint: str
    is_list: bool = False
    key: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()


class _Gathering:
    """One run over one repository."""

    def __init__(self, client: Client, owner: str, name: str) -> None:
        self._client = client
        self._repository = _Call(path("repos", owner, name))
        self._root = self._repository.endpoint
        self._answers: dict[_Call, Answer] = {}

    def facts(self, requests: Sequence[Request]) -> Mapping[Request, Fact | Missing]:
        """Asks in four rounds, each of which needs what the one before it said."""
        self._ask([self._repository])
        self._root = _root(self._answers[self._repository], self._root)
        heads = self._names(request.branch for request in requests if isinstance(request, HeadChecksRequest))
        guarded = self._names(request.branch for request in requests if isinstance(request, LiveBranchRequest))
        self._ask([self._summary(branch) for branch in (*heads, *guarded)])
        self._ask([call for branch in guarded for call in (self._protection(branch), self._rules(branch))])
        self._ask(
            [call for branch in guarded for call in self._rulesets(branch)]
            + [call for branch in heads for call in self._reports(branch)]
        )
        return {request: self._fact(request) for request in requests}
