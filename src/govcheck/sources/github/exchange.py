"""What goes over the wire: requests ready to be sent, responses as they came.

Source: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
"""

import json
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urlencode

from govcheck import __version__
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github.configuration import Token

API_VERSION = "2022-11-28"
ACCEPT = "application/vnd.github+json"
USER_AGENT = f"govcheck/{__version__}"
PER_PAGE = 100

NO_PARTS = frozenset({"", ".", ".."})
"""What no part of a path may be. Git has no branch of these names either."""


@frozen(kw_only=True)
class HttpRequest:
    """One request, ready to be sent."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@frozen(kw_only=True)
class HttpResponse:
    """One response as it came."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes


def path(*parts: str | int) -> str:
    """A path below the API's root, each part encoded: the branch `release/1` becomes `release%2F1`.

    Raises:
        ValueError: a part is empty, `.` or `..`, so that the path would name something else.
    """
    return "/".join(_encoded(str(part)) for part in parts)


def address(root: str, below: str, parameters: Mapping[str, str | int] | None = None) -> str:
    """The full URL of a path made by `path`."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"{root}/{below}{query}"


def get(url: str, token: Token, etag: str | None = None) -> HttpRequest:
    """A GET, conditional where an earlier answer's ETag is at hand."""
    condition = {"If-None-Match": etag} if etag else {}
    return HttpRequest(method="GET", url=url, headers={**_headers(token), **condition})


def graphql(url: str, token: Token, query: str, variables: Mapping[str, Json]) -> HttpRequest:
    """A GraphQL query; the transport refuses it if it is anything else."""
    body = json.dumps({"query": query, "variables": dict(variables)}, allow_nan=False).encode()
    return HttpRequest(
        method="POST", url=url, headers={**_headers(token), "Content-Type": "application/json"}, body=body
    )


def mint(root: str, installation: int, proof: str, repository: str) -> HttpRequest:
    """The request for an installation's token, good for one repository only.

    Source: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
    """
    headers = {**_COMMON, "Authorization": f"Bearer {proof}", "Content-Type": "application/json"}
    url = address(root, path("app", "installations", installation, "access_tokens"))
    return HttpRequest(
        method="POST", url=url, headers=headers, body=json.dumps({"repositories": [repository]}).encode()
    )


def _encoded(part: str) -> str:
    if part in NO_PARTS:
        raise ValueError(f"{part!r} is no part of an API path")
    return quote(part.encode("utf-8", "surrogatepass"), safe="")


_COMMON: Mapping[str, str] = {
    "Accept": ACCEPT,
    "Accept-Encoding": "gzip",
    "User-Agent": USER_AGENT,
    "X-GitHub-Api-Version": API_VERSION,
}


def _headers(token: Token) -> dict[str, str]:
    return {**_COMMON, "Authorization": f"Bearer {token.value}"} if token.value else {**_COMMON}
