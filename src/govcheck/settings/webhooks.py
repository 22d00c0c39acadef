"""Webhooks: where GitHub sends what happens here. Their addresses often carry tokens: only scheme and host are read.

Source: https://docs.github.com/en/rest/repos/webhooks#list-repository-webhooks
"""

from urllib.parse import urlsplit

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects_of, part, text

_GOOD = range(200, 300)
_NO_FAILURE = frozenset({None, "active", "pending", "unused"})
"""What GitHub calls a hook of which no delivery came to anything yet, or which is well."""


@frozen(kw_only=True)
class Webhook:
    """One webhook."""

    number: int
    address: str
    """Scheme and host; empty where it has no such address."""

    host: str
    secret: bool
    """Whether deliveries are signed: GitHub masks a secret that is set, and leaves out one that is not."""

    verified: bool
    """Whether the certificate of the other side is looked at."""

    active: bool
    failing: str | None
    """What the last delivery came to, where that was no success; None where it was one, or nothing was delivered."""

    @property
    def name(self) -> str:
        """Its name in findings: `https://example.com (12345678)`."""
        return f"{self.address or 'an address that cannot be read'} ({self.number})"

    @property
    def tls(self) -> bool:
        """Whether what is sent is encrypted, to somebody who proves who they are."""
        return self.address.startswith("https://") and self.verified


def scheme_and_host(url: str) -> str:
    """`https://example.com:8443` of an address, without user, path and query; empty where it has no host."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or not parts.scheme:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def read_webhook(entry: Body) -> Webhook:
    """A webhook as GitHub lists it.

    Raises:
        UnexpectedShapeError: it is not as GitHub documents it.
    """
    found, active, url = number(entry, "id"), flag(entry, "active"), text(entry, "config.url")
    if found is None or active is None or url is None:
        raise UnexpectedShapeError("a webhook lacks id, active or config.url")
    address = scheme_and_host(url)
    return Webhook(
        number=found,
        address=address,
        host=(urlsplit(address).hostname or "") if address else "",
        secret=bool(text(entry, "config.secret")),
        verified=_is_verified(part(entry, "config.insecure_ssl")),
        active=active,
        failing=_failing(entry),
    )


def webhooks(document: Json) -> list[str]:
    """Every webhook in a word or two, for comparison."""
    return [_words(read_webhook(entry)) for entry in objects_of(document, "hooks")]


def _words(hook: Webhook) -> str:
    secret, state = "secret" if hook.secret else "no secret", "active" if hook.active else "inactive"
    return f"{hook.name}: {secret}, {'TLS' if hook.tls else 'no TLS'}, {state}"


def _is_verified(insecure: Json) -> bool:
    """GitHub writes text or a number; absent is the default, which is to verify."""
    if insecure is None or (insecure in ("0", 0) and not isinstance(insecure, bool)):
        return True
    if insecure in ("1", 1) and not isinstance(insecure, bool):
        return False
    raise UnexpectedShapeError(f"config.insecure_ssl is {insecure!r}, which this govcheck does not know")


def _failing(entry: Body) -> str | None:
    code, status = number(entry, "last_response.code"), text(entry, "last_response.status")
    if code is not None and code in _GOOD:
        return None
    if code:
        return str(code)
    return None if status in _NO_FAILURE else status
