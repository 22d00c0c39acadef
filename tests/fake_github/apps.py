"""GitHub Apps: which installation a proof is for, and the tokens that installations give."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime

from fake_github.answers import RefusedError, Reply
from fake_github.state import Document, State

_LOOKUP = re.compile(r"repos/([^/]+/[^/]+)/installation")
_MINT = re.compile(r"app/installations/([0-9]+)/access_tokens")


def is_proof(authorization: str | None) -> bool:
    """Whether it is a JWT."""
    value = (authorization or "").removeprefix("Bearer ")
    return value.count(".") == 2 and value.startswith("ey")


def lookup(state: State, path: str, authorization: str, now: float) -> Reply:
    """`GET /repos/{owner}/{repo}/installation`."""
    app = _app(state, authorization, now)
    found = _LOOKUP.fullmatch(path)
    number = app["installations"].get(found[1]) if found else None
    if number is None:
        raise RefusedError(404, "Not Found")
    return Reply(200, {"id": number, "permissions": app["permissions"], "repository_selection": "selected"})


def mint(state: State, path: str, authorization: str | None, body: bytes, now: float) -> Reply:
    """`POST /app/installations/{installation_id}/access_tokens`."""
    if not is_proof(authorization):
        raise RefusedError(401, "A JSON web token could not be decoded")
    app = _app(state, authorization or "", now)
    found = _MINT.fullmatch(path)
    names = {name for name, number in app["installations"].items() if found and str(number) == found[1]}
    asked = json.loads(body)["repositories"]
    if not names or {name.partition("/")[2] for name in names}.isdisjoint(asked):
        raise RefusedError(404, "Not Found")
    app["minted"] += 1
    value = f"ghs_4711_{'Minted' * 4}{app['minted']}.{'Stateless' * 3}"
    token: Document = state.token(value, "app", permissions=app["permissions"], repositories=sorted(names))
    token["ends"] = now + app["lasts"]
    ends = datetime.fromtimestamp(token["ends"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Reply(201, {"token": value, "expires_at": ends, "permissions": app["permissions"]})


def _app(state: State, authorization: str, now: float) -> Document:
    """The App that a proof is of. Its signature is the tests' own business: they have the key."""
    part = authorization.removeprefix("Bearer ").split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error):
        raise RefusedError(401, "A JSON web token could not be decoded") from None
    app: Document | None = state.document.get("apps", {}).get(claims["iss"])
    if app is None:
        raise RefusedError(404, "Integration not found")
    if not claims["iat"] <= now < claims["exp"] <= now + 600:
        raise RefusedError(401, "'Expiration time' claim ('exp') is too far in the future")
    return app
