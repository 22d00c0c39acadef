"""One URL, one token: tries again where that helps, follows what stays at home, keeps what may be kept."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from govcheck.findings import Json
from govcheck.records import frozen, replace
from govcheck.sources.github import exchange
from govcheck.sources.github.cache import Cache, Entry
from govcheck.sources.github.configuration import Configuration, Token
from govcheck.sources.github.exchange import HttpRequest, HttpResponse
from govcheck.sources.github.governor import Clock, Governor
from govcheck.sources.github.limits import limit
from govcheck.sources.github.links import within
from govcheck.sources.github.protocol import (
    Failure,
    Good,
    NotModified,
    Outcome,
    Redirect,
    Refusal,
    Retry,
    decipher,
)
from govcheck.sources.github.transport import Downloading, Minting, NotReadOnlyError, Transport, TransportError

Keep = Callable[[Good], bool]
"""Whether a document may be kept for conditional requests."""

_MOST_TRIES = 4
_MOST_REDIRECTS = 3
_FIRST_PAUSE = 0.5
_LONGEST_HOST = 100
_LATEST_SECOND = 253402300799
"""The end of the year 9999: no clock of Python's goes further."""

_OK, _CREATED = 200, 201


@frozen(kw_only=True)
class Page:
    """One document that came."""

    url: str
    """Where it was found, after redirects."""

    status: int
    document: Json
    next_page: str | None
    """As it stands in the header."""


@frozen(kw_only=True)
class Trouble:
    """Why none came."""

    status: int | None
    failure: Failure | None = None
    message: str
    document: Json = None
    accepted: str = ""
    other_token: bool = False
    """Whether another token might be answered."""


class Fetcher:
    """Shared by all threads of a run."""

    def __init__(self, configuration: Configuration, transport: Transport, clock: Clock) -> None:
        self._configuration = configuration
        self._redactor = configuration.redactor
        self._transport = transport
        self._clock = clock
        self._governor = Governor(configuration.max_wait, clock)
        self._cache = Cache(configuration.cache) if configuration.cache else None
        self._lock = threading.Lock()
        self._requests = 0
        self._not_modified = 0
        self._notes: dict[str, None] = {}
        self._versions: set[str] = set()

    def counts(self) -> tuple[int, int, tuple[str, ...]]:
        """Requests sent, those of them that were answered 304, and notes for people."""
        with self._lock:
            return self._requests, self._not_modified, tuple(self._notes)

    def note(self, text: str) -> None:
        """Something to be told once, however often it is met."""
        with self._lock:
            self._notes.setdefault(self._redactor.text(text))

    def fetch(self, url: str, token: Token, keep: Keep) -> Page | Trouble:
        """The document at a URL below the API's root."""
        left = _MOST_REDIRECTS
        while isinstance(outcome := self._settled(partial(self._get, url, token, keep), token, "core"), Redirect):
            target = within(self._configuration.api_url, url, outcome.target)
            if target is None or not left:
                why = f"more than {_MOST_REDIRECTS} times" if target else f"to {self._host(outcome.target)}"
                return Trouble(status=outcome.status, message=f"redirected {why}, which is not followed")
            url, left = target, left - 1
        return self._came_to(outcome, url)

    def locate(self, url: str, token: Token) -> Page | Trouble:
        """Where a file lies that GitHub keeps on another server: the document is that address."""
        left = _MOST_REDIRECTS
        while isinstance(outcome := self._settled(partial(self._get, url, token, _never), token, "core"), Redirect):
            target = within(self._configuration.api_url, url, outcome.target)
            if target is None:
                return Page(url=url, status=outcome.status, document=outcome.target, next_page=None)
            if not left:
                return Trouble(status=outcome.status, message="redirected too often, which is not followed")
            url, left = target, left - 1
        if isinstance(outcome, Good):
            return Trouble(status=None, failure="not-json", message="a document, where GitHub leads to a file")
        return self._came_to(outcome, url)

    def download(self, target: str, most: int) -> HttpResponse | Trouble:
        """The file at an address that `locate` gave; it is asked for once, without a token."""
        transport = self._transport
        if not isinstance(transport, Downloading):
            return Trouble(status=None, message="this connection gives no files of other servers")
        with self._lock:
            self._requests += 1
        try:
            return transport.download(target, most)
        except TransportError as error:
            return Trouble(status=None, failure=error.failure, message=error.message)
        except NotReadOnlyError as error:
            return Trouble(status=None, failure="network", message=str(error))

    def ask(self, query: str, variables: dict[str, Json], token: Token) -> Page | Trouble:
        """The answer to a GraphQL query."""
        url = self._configuration.graphql_url
        request = exchange.graphql(url, token, query, variables)
        outcome = self._settled(lambda: self._once(request, token)[0], token, "graphql")
        if isinstance(outcome, Redirect):
            return Trouble(status=outcome.status, message="redirected, which is not followed")
        return self._came_to(outcome, url)

    def mint(self, installation: int, proof: Token, repository: str) -> Page | Trouble:
        """The answer to the request for an installation's token."""
        transport = self._transport
        if not isinstance(transport, Minting):
            return Trouble(status=None, message="this connection gives no tokens", other_token=True)

        def send() -> Outcome:
            return self._sent(lambda: _as_good(transport.mint(installation, proof.value, repository)), proof)[0]

        outcome = self._settled(send, proof, "core")
        if isinstance(outcome, Good):
            # Not redacted: the token in it is what was asked for. It goes no further than its installation.
            return Page(url="", status=outcome.status, document=outcome.document, next_page=None)
        if isinstance(outcome, Redirect):
            return Trouble(status=outcome.status, message="redirected, which is not followed", other_token=True)
        return self._trouble(outcome)

    def hide(self, secret: str) -> None:
        """Keeps one more secret out of every text."""
        self._redactor.learn(secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that is kept out of texts."""
        return self._redactor.secrets

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the API that the server said it answered by."""
        with self._lock:
            return tuple(sorted(self._versions))

    def close(self) -> None:
        """Ends the run: connections are let go, and the cache is kept small."""
        try:
            if self._cache:
                self._cache.prune()
        except OSError as error:
            self.note(f"the cache of answers could not be tidied: {error}")
        finally:
            self._transport.close()

    def _settled(self, send: Callable[[], Outcome], token: Token, resource: str) -> Outcome | Trouble:
        """What it came to after as many tries as the run's patience allows; never a `Retry`."""
        attempt = 0
        while True:
            opens_in = self._governor.opens_in(token.identity, resource)
            if opens_in > 0 and not self._governor.wait(opens_in):
                return self._used_up(token, opens_in)
            outcome = send()
            if not isinstance(outcome, Retry):
                return outcome
            if outcome.failure == "rate-limited" and outcome.after is not None:
                # The other threads need not find out for themselves.
                self._governor.close(token.identity, resource, outcome.after)
            pause = _FIRST_PAUSE * 2**attempt if outcome.after is None else outcome.after
            attempt += 1
            if attempt == _MOST_TRIES or not self._governor.wait(pause):
                return self._given_up(outcome)

    def _get(self, url: str, token: Token, keep: Keep) -> Outcome:
        kept = self._kept(url, token)
        outcome, response = self._once(exchange.get(url, token, kept.etag if kept else None), token)
        if isinstance(outcome, NotModified):
            return self._renewed(kept, response)
        if isinstance(outcome, Good) and response is not None and keep(outcome):
            self._keep(url, token, response)
        return outcome

    def _once(self, request: HttpRequest, token: Token) -> tuple[Outcome, HttpResponse | None]:
        return self._sent(partial(self._transport.send, request), token)

    def _sent(self, send: Callable[[], HttpResponse], token: Token) -> tuple[Outcome, HttpResponse | None]:
        began = self._clock.steady()
        with self._lock:
            self._requests += 1
        try:
            response = send()
        except TransportError as error:
            self._governor.lost(self._clock.steady() - began)
            return Retry(status=None, failure=error.failure, message=error.message, after=None), None
        now = self._clock.wall()
        version = response.headers.get("x-github-api-version-selected")
        if version:
            with self._lock:
                self._versions.add(version[:_LONGEST_HOST])
        limited = limit(response.headers, now)
        if limited and limited.wait > 0:
            self._governor.close(token.identity, limited.resource, limited.wait)
        return decipher(response, now), response

    def _renewed(self, kept: Entry | None, response: HttpResponse | None) -> Outcome:
        with self._lock:
            self._not_modified += 1
        if kept is None:
            return Retry(status=None, failure="not-json", message="answered 304 to a first request", after=None)
        link = (response.headers.get("link") if response else None) or kept.link
        return decipher(HttpResponse(status=_OK, headers={"link": link}, body=kept.body), self._clock.wall())

    def _kept(self, url: str, token: Token) -> Entry | None:
        if self._cache is None:
            return None
        try:
            return self._cache.read(url, self._configuration.api_url, token.identity)
        except OSError as error:
            self.note(f"the cache of answers could not be read: {error}")
            return None

    def _keep(self, url: str, token: Token, response: HttpResponse) -> None:
        etag = response.headers.get("etag")
        if self._cache is None or not etag or response.status != _OK or self._redactor.is_in(response.body):
            return
        entry = Entry(etag=etag, link=response.headers.get("link", ""), body=response.body)
        try:
            self._cache.write(url, self._configuration.api_url, token.identity, entry)
        except OSError as error:
            self.note(f"the cache of answers could not be written: {error}")

    def _came_to(self, outcome: Outcome | Trouble, url: str) -> Page | Trouble:
        if isinstance(outcome, Good):
            document = self._redactor.document(outcome.document)
            return Page(url=url, status=outcome.status, document=document, next_page=outcome.next_page)
        return self._trouble(outcome)

    def _trouble(self, outcome: Outcome | Trouble) -> Trouble:
        if isinstance(outcome, Refusal):
            return Trouble(
                status=outcome.status,
                message=self._redactor.text(outcome.message),
                document=self._redactor.document(outcome.document),
                accepted=self._redactor.text(outcome.accepted),
                other_token=outcome.is_about_access,
            )
        if isinstance(outcome, Trouble):
            return outcome
        return Trouble(status=None, failure="not-json", message="an answer that means nothing here")

    def _given_up(self, retry: Retry) -> Trouble:
        limited = retry.failure == "rate-limited"
        until = ""
        if limited and retry.resets_at is not None:
            until = f"; it resets at {instant_of(retry.resets_at)}"
        elif limited and retry.after is not None:
            until = f"; GitHub asks to wait {retry.after:g} seconds"
        message = self._redactor.text(retry.message) + until
        return Trouble(status=retry.status, failure=retry.failure, message=message, other_token=limited)

    def _used_up(self, token: Token, opens_in: float) -> Trouble:
        resets = instant_of(self._clock.wall() + opens_in)
        message = f"the rate limit is used up ({token}); it resets at {resets}"
        return Trouble(status=None, failure="rate-limited", message=message, other_token=True)

    def _host(self, target: str) -> str:
        try:
            host = urlsplit(target).hostname or "another path"
        except ValueError:
            host = "another place"
        return self._redactor.text(host)[:_LONGEST_HOST]


def _never(_good: Good) -> bool:
    return False


def _as_good(response: HttpResponse) -> HttpResponse:
    """What is made anew is answered 201."""
    return replace(response, status=_OK) if response.status == _CREATED else response


def instant_of(seconds: float) -> str:
    """Seconds since 1970 as an instant in UTC: `2026-11-23T17:02:00Z`."""
    return datetime.fromtimestamp(min(seconds, _LATEST_SECOND), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
