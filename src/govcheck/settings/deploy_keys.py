"""Deploy keys: who else than people may read or write, by a key that no login stands behind.

Source: https://docs.github.com/en/rest/deploy-keys/deploy-keys#list-deploy-keys. A key is known by its fingerprint, as
`ssh-keygen -l` writes it; a title is what somebody called it.
"""

import base64
import binascii
from datetime import datetime

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects_of, text
from govcheck.settings.instants import instant

_PREFIX = "SHA256:"


@frozen(kw_only=True)
class DeployKey:
    """One deploy key; never the key itself."""

    name: str
    """Its fingerprint, or `id-N` where that is not known."""

    title: str
    writes: bool
    created_at: datetime
    last_used: str | None
    """The day that it was last used on, as far as GitHub tells."""

    enabled: bool


def fingerprint(key: str) -> str | None:
    """`SHA256:...` of a public key as OpenSSH writes it; None where it is none."""
    from hashlib import sha256  # noqa: PLC0415 - brings OpenSSL along, and offline nothing asks for it

    words = key.split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error, ValueError):
        return None
    return _PREFIX + base64.b64encode(sha256(blob).digest()).decode("ascii").rstrip("=")


def read_key(entry: Body) -> DeployKey:
    """A key as GitHub lists it.

    Raises:
        UnexpectedShapeError: it is not as GitHub documents it.
    """
    writes = flag(entry, "read_only")
    if writes is None:
        raise UnexpectedShapeError("a key does not tell whether it is read-only")
    key = text(entry, "key")
    known = text(entry, "fingerprint") or (fingerprint(key) if key else None)
    return DeployKey(
        name=known or name_of(entry),
        title=text(entry, "title") or "",
        writes=not writes,
        created_at=instant(entry, "created_at"),
        last_used=(text(entry, "last_used") or "")[:10] or None,
        enabled=flag(entry, "enabled") is not False,
    )


def name_of(entry: Body) -> str:
    """`id-N`, for an entry that has a number and no better name."""
    found = number(entry, "id")
    return f"id-{found}" if found is not None else "id-unknown"


def keys(document: Json) -> list[str]:
    """`FINGERPRINT=TITLE (write)` of every key, for comparison."""
    listed = [read_key(entry) for entry in objects_of(document, "keys")]
    return [f"{key.name}={key.title} ({'write' if key.writes else 'read'})" for key in listed]


def is_fingerprint(name: str) -> bool:
    """Whether a policy means a key by its fingerprint: then no title counts, whatever somebody called a key."""
    return name.startswith(_PREFIX)
