"""Asking one service: GET below one root (and, where there is one, GraphQL queries at one address), with one token.

What is sent goes through the transport that GitHub is asked by, which refuses everything that is no reading, follows no
redirect, and bounds times and sizes. A service that did not answer in time is not asked again in the same run.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from govcheck import __version__
from govcheck.errors import UsageError
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github.configuration import Configuration, Token, TokenClass, proxy_for
from govcheck.sources.github.exchange import HttpRequest, HttpResponse
from govcheck.sources.github.hosts import validated_url
from govcheck.sources.github.protocol import document_of
from govcheck.sources.github.transport import Patience, Transport, TransportError, Urllib3Transport

PATIENCE = Patience(connect=5.0, read=15.0, whole=30.0)

Connect = Callable[[Configuration], Transport]
"""Makes what carries requests; tests put something else here."""

Cleaner = Callable[[Json], Json]
"""Takes out of a document what is not to be kept."""

_TOKEN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_LONGEST_MESSAGE = 300
_SAYS = ("error", "message", "msg")


class NotAskableError(Exception):
    """The environment's variables for a service cannot be used; the text says which one and why."""


@frozen(kw_only=True)
class Service:
    """Where a service is, and what it is asked with."""

    name: str
    """For people: `Fly.io`."""

    root: str
    graphql: str = ""
    """Where it takes GraphQL; empty where it does not."""

    token: str = ""
    variable: str = ""
    """The token's variable, which is also what a refusal names as the permission that would help."""

    permission: str = ""
    """What the token has to be, in words."""

    scheme: str = "Bearer"


def configured(service: Service, environment: Mapping[str, str]) -> Configuration:
    """The configuration of a service's own transport.

    Raises:
        NotAskableError: its address is no place that a token may be sent to, or its token is none.
    """
    if service.token and not _TOKEN.fullmatch(service.token):
        raise NotAskableError(f"{service.variable} has characters in it that no token has")
    certificates = environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or None
    if certificates and not Path(certificates).is_file():
        raise NotAskableError(f"the file of certificate authorities {certificates!r} does not exist")
    try:
        root = validated_url(service.root, f"the address of {service.name}")
        proxy = proxy_for(root, environment)
    except UsageError as error:
        raise NotAskableError(f"{error.message}. {error.hint}".rstrip(". ")) from error
    tokens = (Token(service.token, service.variable, TokenClass.UNKNOWN),) if service.token else ()
    return Configuration(
        api_url=root, graphql_url=service.graphql, tokens=tokens, proxy=proxy, certificates=certificates
    )


def connect(configuration: Configuration) -> Transport:
    """The way to the network."""
    return Urllib3Transport(configuration, PATIENCE, connections=1)


class Asking:
    """Asks one service, and keeps its token out of everything that is kept."""

    def __init__(self, service: Service, environment: Mapping[str, str], carrier: Connect = connect) -> None:
        """Raises NotAskableError where the service cannot be asked at all."""
        self._service = service
        self._configuration = configured(service, environment)
        self._redactor = self._configuration.redactor
        self._carrier: Transport = carrier(self._configuration)
        self._silent: TransportError | None = None

    def get(self, path: str, parameters: Mapping[str, str] | None = None, clean: Cleaner | None = None) -> Answer:
        """The answer of a path below the root, which begins without a slash and is encoded."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        url = f"{self._configuration.api_url}/{path}{query}"
        return self._asked(path, HttpRequest(method="GET", url=url, headers=self._headers()), clean)

    def query(self, text: str, variables: Mapping[str, Json], clean: Cleaner | None = None) -> Answer:
        """The answer of a GraphQL query; the transport refuses everything else. Errors beside data are a failure."""
        body = json.dumps({"query": text, "variables": dict(variables)}, allow_nan=False).encode()
        headers = {**self._headers(), "Content-Type": "application/json"}
        request = HttpRequest(method="POST", url=self._service.graphql, headers=headers, body=body)
        return self._asked("graphql", request, clean)

    def close(self) -> None:
        """Lets go of the connections."""
        self._carrier.close()

    def _asked(self, endpoint: str, request: HttpRequest, clean: Cleaner | None) -> Answer:
        if self._silent is not None:
            return self._answer(endpoint, None, message=self._silent.message, failure=self._silent.failure)
        try:
            response = self._carrier.send(request)
        except TransportError as error:
            if error.failure != "not-json":
                self._silent = error
            return self._answer(endpoint, None, message=error.message, failure=error.failure)
        return self._read(endpoint, response, clean)

    def _read(self, endpoint: str, response: HttpResponse, clean: Cleaner | None) -> Answer:
        document, problem = document_of(response.body)
        if response.status != 200:  # noqa: PLR2004 - HTTP's own number
            return self._answer(endpoint, response.status, message=_message(document))
        if problem:
            return self._answer(endpoint, None, message=problem, failure="not-json")
        cleaned = clean(document) if clean is not None else document
        return self._answer(endpoint, response.status, body=self._redactor.document(cleaned))

    def _answer(
        self, endpoint: str, status: int | None, *, message: str = "", body: Json = None, failure: str | None = None
    ) -> Answer:
        return Answer(
            endpoint=endpoint,
            status=status,
            message=self._redactor.text(message)[:_LONGEST_MESSAGE],
            body=body,
            failure=failure,
            permission=self._service.permission or None,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )

    def _headers(self) -> dict[str, str]:
        common = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": f"govcheck/{__version__}"}
        token = self._service.token
        return {**common, "Authorization": f"{self._service.scheme} {token}".strip()} if token else common


def _message(document: Json) -> str:
    """What a refusal says for itself."""
    if isinstance(document, str):
        return document
    said = document if isinstance(document, dict) else {}
    return next((text for key in _SAYS if isinstance(text := said.get(key), str)), "")
