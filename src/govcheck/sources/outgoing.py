"""HTTP to where a message or figures go: one request, no redirect, no retry, bounded in time."""

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from govcheck.errors import UsageError
from govcheck.findings import Json
from govcheck.sources.github.hosts import is_loopback
from govcheck.sources.mail import NotDeliveredError

_TIMEOUT = Timeout(connect=5.0, read=20.0)
_SAID = 200
_SHORTEST_SECRET = 6


def validated(url: str, name: str) -> str:
    """An address that something may be sent to.

    Raises:
        UsageError: it is not https, nor http to this machine itself; or has something else in it than an address.
    """
    try:
        parts = urlsplit(url)
        known = parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(f"{name} is no address", "write it like https://example.com/path")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise UsageError(
            f"{name}: what is sent to {parts.hostname} would be readable on its way",
            "use https; plain http is taken for loopback addresses only",
        )
    return url


def send(method: str, url: str, body: bytes, content_type: str) -> None:
    """Sends one request to an address that `validated` has seen.

    Raises:
        NotDeliveredError: where no answer came, or not one of success. No more of the address is told than its host.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    headers: Mapping[str, str] = {"Content-Type": content_type, "User-Agent": "govcheck"}
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT) as pool:
            answer = pool.request(
                method, url, headers=headers, body=body, redirect=False, retries=False, preload_content=False
            )
            said = answer.read(_SAID).decode("utf-8", "replace")
            answer.close()
    except HTTPError as error:
        raise NotDeliveredError(f"{host}: no answer ({type(error).__name__})") from None
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - what HTTP calls success
        raise NotDeliveredError(f"{host} answered {answer.status} {_without_address(said, url)}".strip())


def _without_address(said: str, url: str) -> str:
    """What a server says, without the secret parts of the address, which many repeat: "no route /services/T0/x"."""
    parts = urlsplit(url)
    whole = (unquote(parts.path), parts.path, parts.query, parts.username or "", parts.password or "")
    words = (word for text in (parts.path, parts.query) for word in re.split(r"[/&=]", text))
    for secret in sorted({*whole, *words}, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            said = said.replace(secret, "***")
    return said


def post_json(url: str, document: Json) -> None:
    """Posts a JSON document. Raises NotDeliveredError as `send` does."""
    send("POST", url, json.dumps(document).encode(), "application/json")
