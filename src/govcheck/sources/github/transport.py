"""The only way to the network: GET below the API's root, and GraphQL queries. Anything else is refused here.

One thing is no reading: a GitHub App's installation gives its token for a POST. It has a door of its own, `mint`, which
takes no request but the three things that one differs by. And some files lie on another server, to which GitHub leads:
`download` gets them, without a token.

Bodies are bounded as they come in and as they are unpacked, and so is the time that they take.
"""

import json
import re
import ssl
import time
import zlib
from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

import urllib3
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.exceptions import TimeoutError as SlowError
from urllib3.util import Timeout, make_headers, parse_url

from govcheck.records import frozen
from govcheck.sources.github import exchange
from govcheck.sources.github.configuration import Configuration
from govcheck.sources.github.exchange import HttpRequest, HttpResponse
from govcheck.sources.github.graphql import is_query
from govcheck.sources.github.links import within

LARGEST_BODY = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_CONNECTIONS = 8
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


class TransportError(Exception):
    """No response came."""

    def __init__(self, failure: Literal["network", "timeout", "not-json"], message: str) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message


class NotReadOnlyError(Exception):
    """Something asked for a request that could change what it asks about: a defect of ours, never sent."""


class Transport(Protocol):
    """What carries requests."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """The response. Raises TransportError where none came, NotReadOnlyError for what is not to be sent."""

    def close(self) -> None:
        """Lets go of all connections."""


@runtime_checkable
class Minting(Protocol):
    """What carries the one request that gives a token."""

    def mint(self, installation: int, proof: str, repository: str) -> HttpResponse:
        """The response. Raises TransportError where none came, NotReadOnlyError where an argument is odd."""


@runtime_checkable
class Downloading(Protocol):
    """What carries a file that lies on another server than the API."""

    def download(self, url: str, most: int) -> HttpResponse:
        """The response. Raises TransportError where none came, or it is larger; NotReadOnlyError for an odd URL."""


@frozen(kw_only=True)
class Patience:
    """How long one request may take, in seconds."""

    connect: float = 5.0
    read: float = 20.0
    """Between two pieces of the body."""

    whole: float = 60.0
    """From the first byte of the body to the last: a server that drips must not hold a run up."""

    @staticmethod
    def within(seconds: float) -> "Patience":
        """As usual, but no part of it longer than so many seconds (at least one)."""
        usual, most = Patience(), max(1.0, seconds)
        return Patience(connect=min(usual.connect, most), read=min(usual.read, most), whole=min(usual.whole, 2 * most))


PATIENCE = Patience()


class Urllib3Transport:
    """Requests by urllib3. Redirects and retries are the client's to decide; here there are none."""

    def __init__(
        self,
        configuration: Configuration,
        patience: Patience = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        connections: int = _CONNECTIONS,
    ) -> None:
        """`connections` is how many requests are under way at once; further ones wait for one of them."""
        self._configuration = configuration
        self._redactor = configuration.redactor
        self._patience = patience
        self._clock = clock
        self._timeout = Timeout(connect=patience.connect, read=patience.read)
        self._pool = _pool(configuration, parse_url(configuration.api_url).scheme, self._timeout, connections)

    def send(self, request: HttpRequest) -> HttpResponse:
        """The response, unpacked. Raises TransportError where none came."""
        _ensure_read_only(request, self._configuration)
        return self._sent(request)

    def mint(self, installation: int, proof: str, repository: str) -> HttpResponse:
        """Asks for an installation's token, for one repository. Raises TransportError where no response came.

        Args:
            installation: Its number.
            proof: The App's signed proof (a JWT), which is taken here and nowhere else.
            repository: The repository's name, without its owner.
        """
        if (
            type(installation) is not int
            or installation <= 0
            or not (_JWT.fullmatch(proof) and _NAME.fullmatch(repository))
        ):
            raise NotReadOnlyError("a request for an installation's token that names none")
        return self._sent(exchange.mint(self._configuration.api_url, installation, proof, repository))

    def _sent(
        self, request: HttpRequest, pool: urllib3.PoolManager | None = None, most: int = LARGEST_BODY
    ) -> HttpResponse:
        try:
            response = (pool or self._pool).request(
                request.method,
                request.url,
                headers=dict(request.headers),
                body=request.body,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
        except HTTPError as error:
            raise self._error(error) from None
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = self._body(response, headers.get("content-encoding", ""), most)
        except HTTPError as error:
            response.close()
            raise self._error(error) from None
        except TransportError:
            # What is left of the body would be read as the next answer.
            response.close()
            raise
        response.release_conn()
        return HttpResponse(status=response.status, headers=headers, body=body)

    def download(self, url: str, most: int) -> HttpResponse:
        """A file that GitHub says lies on another server: no token goes there, and no redirect is followed.

        Args:
            url: As GitHub gave it. It is a key to the file, so that no message has it.
            most: Bytes, packed and unpacked.
        """
        parts = parse_url(url)
        schemes = {"https", "http"} if self._configuration.api_url.startswith("http:") else {"https"}
        if parts.scheme not in schemes or not parts.host or parts.auth:
            raise NotReadOnlyError("a download that is no plain address of the web")
        with _pool(self._configuration, parts.scheme, self._timeout, 1) as pool:
            request = HttpRequest(method="GET", url=url, headers={"User-Agent": exchange.USER_AGENT})
            try:
                return self._sent(request, pool, most)
            except TransportError as error:
                what = f"the file that GitHub gave an address of could not be had: {error.failure}"
                raise TransportError(error.failure, what if error.failure != "not-json" else error.message) from None

    def close(self) -> None:
        """Closes all connections."""
        self._pool.clear()

    def _body(self, response: urllib3.BaseHTTPResponse, encoding: str, most: int) -> bytes:
        unpack = _unpacker(encoding)
        body = bytearray()
        ends = self._clock() + self._patience.whole
        while chunk := response.read1(_CHUNK):
            body += unpack(chunk, most + 1 - len(body))
            if len(body) > most:
                raise TransportError("not-json", f"the answer is larger than {most} bytes")
            if self._clock() > ends:
                raise TransportError("timeout", f"the answer was not whole after {self._patience.whole:g} seconds")
        return bytes(body)

    def _error(self, error: HTTPError) -> TransportError:
        if isinstance(error, SlowError) and not isinstance(error, NewConnectionError):
            return TransportError("timeout", "no answer in time")
        if isinstance(error, NewConnectionError):
            why = "name resolution failed" if isinstance(error, NameResolutionError) else _words(error)
            host = parse_url(self._configuration.api_url).host
            return TransportError("network", self._redactor.text(f"{host} cannot be reached ({why})"))
        return TransportError("network", self._redactor.text(f"no connection: {_words(error)}"))


def _ensure_read_only(request: HttpRequest, configuration: Configuration) -> None:
    """Raises NotReadOnlyError unless the request is one of the two sorts that are sent."""
    if request.method == "GET" and request.body is None:
        # `within` gives the URL back as it stands only if it is plainly below the root.
        if within(configuration.api_url, configuration.api_url, request.url) == request.url:
            return
    elif request.method == "POST" and request.url == configuration.graphql_url and _holds_query(request.body):
        return
    raise NotReadOnlyError(f"a {request.method} request that is neither a GET of the API nor a GraphQL query")


def _holds_query(body: bytes | None) -> bool:
    try:
        pairs: object = json.loads(body or b"", object_pairs_hook=list)
    except (ValueError, RecursionError):
        return False
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        return False
    keys = [key for key, _ in pairs]
    query = dict(pairs).get("query")
    # A key given twice would be read one way here and another there.
    return sorted(keys) == ["query", "variables"] and isinstance(query, str) and is_query(query)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """Turns a chunk into at most so many bytes of the body."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return lambda chunk, _room: chunk
    if encoding != "gzip":
        raise TransportError("not-json", f"the answer is packed by {encoding[:20]!r}, which nobody asked for")
    packed = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpack(chunk: bytes, room: int) -> bytes:
        try:
            return packed.decompress(chunk, max(1, room))
        except zlib.error:
            raise TransportError("not-json", "the answer is said to be packed by gzip, and is not") from None

    return unpack


def _words(error: HTTPError) -> str:
    """The root of an error in few words: urllib3's own texts carry addresses of objects."""
    reason = getattr(error, "reason", None) or error.__cause__ or error
    return f"{type(reason).__name__}: {str(reason).rpartition('>: ')[2]}"[:300]


def _pool(configuration: Configuration, scheme: str | None, timeout: Timeout, connections: int) -> urllib3.PoolManager:
    context = ssl.create_default_context(cafile=configuration.certificates) if scheme == "https" else None
    if configuration.proxy is None:
        return urllib3.PoolManager(timeout=timeout, maxsize=connections, block=True, ssl_context=context)
    credentials = parse_url(configuration.proxy).auth
    return urllib3.ProxyManager(
        configuration.proxy,
        proxy_headers=make_headers(proxy_basic_auth=credentials) if credentials else None,
        timeout=timeout,
        maxsize=connections,
        block=True,
        ssl_context=context,
    )
