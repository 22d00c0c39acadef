"""Asking each URL once for each token, however many clients want to know; and keeping what the headers said."""

import threading
from collections.abc import Iterable, Iterator, Mapping

from govcheck.records import frozen
from govcheck.sources.github.configuration import Token
from govcheck.sources.github.exchange import HttpRequest, HttpResponse
from govcheck.sources.github.protocol import Retry, decipher
from govcheck.sources.github.transport import Minting, Transport, TransportError

_ACCEPTED = "x-accepted-github-permissions"
_EXPIRES = "github-authentication-token-expiration"
_SCOPES = "x-oauth-scopes"
_VERSION = "x-github-api-version-selected"
_LONGEST = 500
_CREATED, _UNAUTHORIZED = 201, 401
_NO_FILES = b"PK\x05\x06" + bytes(18)
"""The shortest archive: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.16."""


@frozen
class _Asked:
    """One request, as far as its answer depends on it."""

    method: str
    url: str
    authorization: str
    body: bytes | None


class Survey:
    """A transport for several clients. What may be answered otherwise in a moment is asked again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._known: dict[_Asked, HttpResponse] = {}
        self._minted: dict[tuple[int, str], HttpResponse] = {}

    def send(self, request: HttpRequest) -> HttpResponse:
        """The response, from the network the first time only."""
        authorization = request.headers.get("Authorization", "")
        asked = _Asked(request.method, request.url, authorization, request.body)
        with self._lock:
            known = self._known.get(asked)
        if known is not None:
            return known
        response = self._transport.send(request)
        if not isinstance(decipher(response, 0.0), Retry):
            with self._lock:
                self._known[asked] = response
        return response

    def mint(self, installation: int, proof: str, repository: str) -> HttpResponse:
        """An installation's token: one for all clients."""
        if not isinstance(self._transport, Minting):
            raise TransportError("network", "this connection gives no tokens")
        with self._lock:
            known = self._minted.get((installation, repository))
        response = known or self._transport.mint(installation, proof, repository)
        if response.status == _CREATED:
            with self._lock:
                self._minted[installation, repository] = response
        return response

    def download(self, url: str, most: int) -> HttpResponse:  # noqa: ARG002 - of a protocol
        """An archive with nothing in it: what a token may read is told by GitHub's leading to one."""
        return HttpResponse(status=200, headers={}, body=_NO_FILES)

    def close(self) -> None:
        """Nothing: another client may go on asking. `end` is for the last one."""

    def end(self) -> None:
        """Lets go of all connections."""
        self._transport.close()

    def accepted(self, root: str, tokens: Iterable[str]) -> Mapping[str, str]:
        """What `X-Accepted-GitHub-Permissions` said to some tokens, by endpoint.

        Args:
            root: The API's root, below which endpoints are.
            tokens: To whom it was said, by value; to nobody in particular where there are none.
        """
        told = {f"Bearer {token}" for token in tokens} or {""}
        return {
            asked.url.removeprefix(f"{root}/").partition("?")[0]: response.headers[_ACCEPTED][:_LONGEST]
            for asked, response in self._answers(None)
            if _ACCEPTED in response.headers and asked.authorization in told
        }

    def scopes(self, token: Token) -> tuple[str, ...] | None:
        """The scopes of a classic token; None where GitHub did not say."""
        said = self._header(token, _SCOPES)
        return None if said is None else tuple(filter(None, (scope.strip() for scope in said.split(","))))

    def expires(self, token: Token) -> str | None:
        """When a token ends, as GitHub says it; None where it does not."""
        return self._header(token, _EXPIRES)

    def refused(self, token: Token) -> bool:
        """Whether GitHub does not take the token at all."""
        statuses = {response.status for _, response in self._answers(token)}
        return statuses == {_UNAUTHORIZED}

    def versions(self) -> tuple[str, ...]:
        """The versions of the API that the server answered by."""
        said = (response.headers.get(_VERSION) for _, response in self._answers(None))
        return tuple(sorted({version[:_LONGEST] for version in said if version}))

    def _header(self, token: Token, name: str) -> str | None:
        return next((said[:_LONGEST] for _, one in self._answers(token) if (said := one.headers.get(name))), None)

    def _answers(self, token: Token | None) -> Iterator[tuple[_Asked, HttpResponse]]:
        with self._lock:
            known = list(self._known.items())
        wanted = None if token is None else f"Bearer {token.value}" if token.value else ""
        return ((asked, response) for asked, response in known if wanted is None or asked.authorization == wanted)
