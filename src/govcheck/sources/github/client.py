"""The client: one answer for each question, whatever happens; tokens tried in turn, lists joined to their end."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import frozen, replace
from govcheck.sources.github.app_token import Installation
from govcheck.sources.github.configuration import ANONYMOUS, Configuration, Token, TokenClass
from govcheck.sources.github.endpoints import accepted_permission, can_hold, permission_of
from govcheck.sources.github.exchange import PER_PAGE, HttpResponse, address
from govcheck.sources.github.fetcher import Fetcher, Page, Trouble, instant_of
from govcheck.sources.github.governor import Clock
from govcheck.sources.github.listing import Listing, items_of, listing
from govcheck.sources.github.protocol import Good, graphql_errors
from govcheck.sources.github.transport import Patience, Transport, Urllib3Transport

Parameters = Mapping[str, str | int]

_UNAUTHORIZED = 401
_INFORMATIVE = {None: 0, 403: 1, 404: 2, _UNAUTHORIZED: 3}
"""Where no token was answered: the smallest tells most. None is a rate limit: later it may be known."""

_SILENT = 4
"""The same for an App that gives no token at all."""


@frozen(kw_only=True)
class Counts:
    """What the run cost so far."""

    requests: int
    not_modified: int
    graphql_points: int


class Client:
    """Questions to one API. Its methods may be called from several threads."""

    def __init__(
        self, configuration: Configuration, *, transport: Transport | None = None, clock: Clock | None = None
    ) -> None:
        clock = clock or Clock()
        self._clock = clock
        self.configuration = configuration
        self._fetcher = Fetcher(
            configuration,
            transport or Urllib3Transport(configuration, Patience.within(configuration.max_wait), clock.steady),
            clock,
        )
        self._points: list[int] = []
        self._refused: dict[str, Trouble] = {}
        self._worked: set[str] = set()
        app = configuration.app
        self._installation = Installation(app, self._fetcher, configuration.api_url, clock.wall) if app else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the run: connections are let go."""
        self._fetcher.close()

    @property
    def counts(self) -> Counts:
        """What the run cost so far."""
        requests, not_modified, _ = self._fetcher.counts()
        return Counts(requests=requests, not_modified=not_modified, graphql_points=sum(self._points))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The tokens and keys of this run, so that they can be kept out of what is written."""
        return self._fetcher.secrets

    @property
    def api_versions(self) -> tuple[str, ...]:
        """The versions of the API that the server said it answered by."""
        return self._fetcher.versions

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should be told once: a token that is not valid, a cache that cannot be written."""
        return self._fetcher.counts()[2]

    def get(self, endpoint: str, *, parameters: Parameters | None = None, permission: str | None = None) -> Answer:
        """One document. `endpoint` is made by `exchange.path`; `permission` only where the table has none."""
        url = address(self.configuration.api_url, endpoint, parameters)
        return self._answer(endpoint, permission, lambda token: self._fetcher.fetch(url, token, _keep_always))

    def locate(self, endpoint: str) -> Answer:
        """Where a file lies that GitHub keeps on another server: the status is a redirect's, the body the address."""
        url = address(self.configuration.api_url, endpoint)
        return self._answer(endpoint, None, lambda token: self._fetcher.locate(url, token))

    def download(self, target: str, most: int) -> HttpResponse | Trouble:
        """The file at an address that `locate` gave, of at most so many bytes; no token goes there."""
        return self._fetcher.download(target, most)

    def get_list(
        self,
        endpoint: str,
        *,
        key: str | None = None,
        parameters: Parameters | None = None,
        permission: str | None = None,
        keep: bool = True,
    ) -> Answer:
        """A list with all its pages; `key` names the list in documents such as `{total_count, check_runs: [...]}`.

        `keep=False` keeps its pages off the disk.
        """
        root = self.configuration.api_url
        first = address(root, endpoint, {**(parameters or {}), "per_page": PER_PAGE})

        def ask(token: Token) -> Listing | Trouble:
            return listing(
                lambda url: self._fetcher.fetch(url, token, lambda good: keep and _keep_page(good, key)),
                root,
                first,
                key,
            )

        return self._answer(endpoint, permission, ask)

    def query(self, text: str, variables: Mapping[str, Json] | None = None, *, permission: str | None = None) -> Answer:
        """A GraphQL query. Errors of its own make the answer incomplete; the first one is the message."""
        if not self.configuration.tokens and self._installation is None:
            message = "GraphQL answers no one without a token"
            return Answer(endpoint="graphql", status=None, message=message, body=None, failure="no-token")
        answer = self._answer("graphql", permission, lambda token: self._ask(text, dict(variables or {}), token))
        if answer.status is not None:
            self._points.append(_cost(answer.body))
        return answer

    def _ask(self, text: str, variables: dict[str, Json], token: Token) -> Listing | Trouble:
        outcome = self._fetcher.ask(text, variables, token)
        if isinstance(outcome, Trouble):
            return outcome
        message = graphql_errors(outcome.document)
        return Listing(document=outcome.document, status=outcome.status, complete=not message, message=message)

    def _answer(
        self, endpoint: str, permission: str | None, ask: Callable[[Token], Page | Listing | Trouble]
    ) -> Answer:
        permission = permission or permission_of(endpoint)
        troubles: list[tuple[Token, Trouble]] = []
        for candidate in self._candidates(permission):
            token, result = self._asked(candidate, ask)
            if not isinstance(result, Trouble):
                self._worked.add(token.identity)
                return self._had(endpoint, permission, token, result)
            troubles.append((token, result))
            if not result.other_token:
                break
        return self._not_had(endpoint, permission, troubles)

    def _asked(
        self, candidate: Token | Installation, ask: Callable[[Token], Page | Listing | Trouble]
    ) -> tuple[Token, Page | Listing | Trouble]:
        if isinstance(candidate, Token):
            return candidate, self._by_token(candidate, ask)
        token = candidate.token()
        if isinstance(token, Trouble):
            return Token("", candidate.app.variable, TokenClass.APP_INSTALLATION), token
        result = self._by_token(token, ask)
        if isinstance(result, Trouble) and result.status == _UNAUTHORIZED:
            # It may have ended early, or have been revoked: another one can be had.
            candidate.drop(token, result)
            renewed = candidate.token()
            if isinstance(renewed, Token):
                return renewed, self._by_token(renewed, ask)
        return token, result

    def _by_token(self, token: Token, ask: Callable[[Token], Page | Listing | Trouble]) -> Page | Listing | Trouble:
        """What one token is answered; GitHub is not asked again with one that it does not take."""
        known = self._refused.get(token.identity)
        if known is not None:
            return known
        result = ask(token)
        if isinstance(result, Trouble) and result.status == _UNAUTHORIZED and token.value:
            self._refused[token.identity] = result
            more = " any more, though it did earlier in this run" if token.identity in self._worked else ""
            self._fetcher.note(f"GitHub does not take the {token}{more}: {result.message}")
        return result

    def _candidates(self, permission: str | None) -> tuple[Token | Installation, ...]:
        tokens = self.configuration.tokens
        able = tuple(token for token in tokens if can_hold(token, permission))
        if self._installation is not None:  # it can hold any permission
            return (self._installation, *able)
        # Where none can, GitHub shall say so itself.
        return able or tokens or (ANONYMOUS,)

    def _had(self, endpoint: str, permission: str | None, token: Token, result: Page | Listing) -> Answer:
        answer = Answer(
            endpoint=endpoint,
            status=result.status,
            message="",
            body=result.document,
            permission=permission,
            grantable=self._grantable(permission),
            token_class=token.token_class,
            at=instant_of(self._clock.wall()),
        )
        if isinstance(result, Page):
            return answer
        return replace(answer, complete=result.complete, message=result.message, failure=result.failure)

    def _not_had(self, endpoint: str, permission: str | None, troubles: list[tuple[Token, Trouble]]) -> Answer:
        # One that is no matter of tokens came last and ended the search: it stands, unless it has no more to say.
        token, trouble = min(troubles, key=lambda pair: (pair[1].other_token, _rank(pair[1])))
        message = trouble.message
        if token is ANONYMOUS and trouble.other_token:
            message = f"{message or 'refused'} (no token was given)"
        return Answer(
            endpoint=endpoint,
            status=trouble.status,
            message=message,
            body=trouble.document,
            failure=trouble.failure,
            permission=permission or accepted_permission(trouble.accepted),
            grantable=self._grantable(permission),
            token_class=token.token_class,
            at=instant_of(self._clock.wall()),
        )

    def _grantable(self, permission: str | None) -> bool:
        tokens = self.configuration.tokens
        return self._installation is not None or not tokens or any(can_hold(token, permission) for token in tokens)


def _rank(trouble: Trouble) -> int:
    return _SILENT if trouble.failure == "no-token" else _INFORMATIVE.get(trouble.status, 0)


def _keep_always(_good: Good) -> bool:
    return True


def _keep_page(good: Good, key: str | None) -> bool:
    # A full last page stays the same when a page is added after it, and its 304 might not say so.
    items = items_of(good.document, key)
    return items is not None and (len(items) < PER_PAGE or good.next_page is not None)


def _cost(document: Json) -> int:
    data = document.get("data") if isinstance(document, dict) else None
    limit = data.get("rateLimit") if isinstance(data, dict) else None
    cost = limit.get("cost") if isinstance(limit, dict) else None
    return cost if type(cost) is int and cost > 0 else 1
