"""The token of a GitHub App's installation: made from the App's private key, kept in memory alone, renewed at its end.

Sources: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
and https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
"""

import threading
from collections.abc import Callable
from datetime import datetime

from govcheck.errors import UsageError
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github.configuration import App, Token, TokenClass
from govcheck.sources.github.exchange import address, path
from govcheck.sources.github.fetcher import Fetcher, Trouble

_BEFORE = 60
"""Seconds that a clock may be wrong by: a proof is dated back by them, and a token renewed so long before its end."""

_LASTS = 540
"""Seconds that a proof is good for; GitHub takes no more than 600."""

_INSTALL = "pip install 'govcheck[app]'"

_MOST_DROPPED = 3
"""Tokens that GitHub did not take, after which no other one is asked for."""


@frozen
class _Minted:
    token: Token
    ends: float
    """In seconds since 1970."""


class Installation:
    """An App's installation on one repository. Its methods may be called from several threads."""

    def __init__(self, app: App, fetcher: Fetcher, root: str, now: Callable[[], float]) -> None:
        self.app = app
        self._fetcher = fetcher
        self._root = root
        self._now = now
        self._lock = threading.Lock()
        self._minted: _Minted | None = None
        self._number = app.installation
        self._trouble: Trouble | None = None
        self._dropped = 0

    def token(self) -> Token | Trouble:
        """A token that is good for a while; or why there is none, which is found out once."""
        with self._lock:
            if self._trouble is not None:
                return self._trouble
            if self._minted is None or self._minted.ends - self._now() <= _BEFORE:
                minted = self._mint()
                if isinstance(minted, Trouble):
                    said = f"the {self.app} gives no token: {minted.message}"
                    self._fetcher.note(said)
                    self._trouble = Trouble(status=None, failure="no-token", message=said, other_token=True)
                    return self._trouble
                self._minted = minted
            return self._minted.token

    def drop(self, token: Token, why: Trouble) -> None:
        """Forgets a token that GitHub does not take any more, unless it was renewed already; in the end, gives up."""
        with self._lock:
            if self._minted is not None and self._minted.token == token:
                self._minted = None
                self._dropped += 1
                if self._dropped == _MOST_DROPPED:
                    self._trouble = why

    def _mint(self) -> _Minted | Trouble:
        proof = sign(self.app, self._now())
        self._fetcher.hide(proof)
        number = self._number or self._looked_up(proof)
        if isinstance(number, Trouble):
            return number
        self._number = number
        page = self._fetcher.mint(number, _as_token(proof, self.app), self.app.repository.partition("/")[2])
        return page if isinstance(page, Trouble) else self._read(page.document)

    def _looked_up(self, proof: str) -> int | Trouble:
        """Which of the App's installations has the repository."""
        endpoint = path("repos", *self.app.repository.split("/"), "installation")
        page = self._fetcher.fetch(address(self._root, endpoint), _as_token(proof, self.app), _keep_never)
        if isinstance(page, Trouble):
            why = "it is not installed on" if page.status == 404 else "its installation cannot be found on"  # noqa: PLR2004 - HTTP's own number
            said = f"{why} {self.app.repository} ({page.status or page.failure}: {page.message})"
            return Trouble(status=page.status, failure=page.failure, message=said, other_token=True)
        number = page.document.get("id") if isinstance(page.document, dict) else None
        return number if type(number) is int and number > 0 else _odd("GitHub does not say which installation it is")

    def _read(self, document: Json) -> _Minted | Trouble:
        body = document if isinstance(document, dict) else {}
        value, ends = body.get("token"), body.get("expires_at")
        if not isinstance(value, str) or not isinstance(ends, str) or not value.isascii() or not value.isprintable():
            return _odd("GitHub answered without a token")
        self._fetcher.hide(value)
        try:
            until = datetime.fromisoformat(ends).timestamp()
        except ValueError:
            return _odd("GitHub does not say when the token ends")
        return _Minted(Token(value, self.app.variable, TokenClass.APP_INSTALLATION), until)


def sign(app: App, now: float) -> str:
    """A proof that we have the App's key, good for a few minutes.

    Raises:
        UsageError: PyJWT is not installed, or the key is none.
    """
    try:
        import jwt  # noqa: PLC0415 - an extra, which only an App needs
    except ImportError as error:
        raise UsageError(
            f"{app.variable} names a GitHub App, and what signs for it is not installed", _INSTALL
        ) from error
    claims = {"iat": int(now) - _BEFORE, "exp": int(now) + _LASTS, "iss": app.issuer}
    try:
        return jwt.encode(claims, app.key, algorithm="RS256")
    except (jwt.PyJWTError, NotImplementedError) as error:
        raise _no_key(app, _INSTALL if isinstance(error, NotImplementedError) else "") from None
    except (ValueError, TypeError):
        # Whatever the library says may quote the key.
        raise _no_key(app) from None


def _no_key(app: App, hint: str = "") -> UsageError:
    usual = "GitHub gives it as a .pem file: the App's settings, Private keys, Generate a private key"
    return UsageError(f"the private key of the {app} is no RSA key in PEM form", hint or usual)


def _as_token(proof: str, app: App) -> Token:
    return Token(proof, app.variable, TokenClass.UNKNOWN)


def _keep_never(_: object) -> bool:
    return False


def _odd(message: str) -> Trouble:
    return Trouble(status=None, failure="not-json", message=message, other_token=True)
