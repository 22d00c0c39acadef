"""The fake GitHub on a loopback port: ETags, rate limits, tokens, faults, and a record of every request."""

import gzip
import hashlib
import json
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from fake_github import apps, issues
from fake_github.answers import Question, RefusedError, Reply, query_of, reply
from fake_github.graphql import beyond_rest, refs
from fake_github.state import Document, State

_HUGE = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it came."""

    method: str
    path: str
    """With its query."""

    headers: dict[str, str]
    """Names in lower case."""

    body: bytes

    @property
    def authorization(self) -> str | None:
        """The `Authorization` header."""
        return self.headers.get("authorization")


class FakeGitHub:
    """A server in a thread of its own. A context manager.

    Args:
        state: What it knows. A function is called anew for every request.
        prefix: What stands before every path: `/api/v3` on GitHub Enterprise.
        now: The clock that dates and limits go by, in seconds since 1970.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        state: State | Callable[[], State],
        *,
        prefix: str = "",
        now: Callable[[], float] = time.time,
        port: int = 0,
    ) -> None:
        self._state = state if callable(state) else lambda: state
        self.prefix = prefix
        self.api_version = "2022-11-28"
        self.now = now
        self.requests: list[Recorded] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._served: dict[str, int] = {}
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The API's root, as `GITHUB_API_URL` has it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.prefix}"

    @property
    def paths(self) -> list[str]:
        """The paths of all requests so far, without prefix and query."""
        return [request.path.partition("?")[0].removeprefix(self.prefix) for request in self.requests]

    def start(self) -> Self:
        """Begins to answer."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Ends; requests that hang are let go."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def record(self, request: Recorded) -> None:
        """Keeps a request."""
        with self._lock:
            self.requests.append(request)

    def state(self) -> State:
        """What it knows now."""
        return self._state()

    def fault(self, state: State, path: str) -> Document | None:
        """The first fault that is due for a path; counted as served."""
        with self._lock:
            for position, fault in enumerate(state.document["faults"]):
                name = f"{position} {fault['path']} {fault['kind']}"
                due = fault.get("times") is None or self._served.get(name, 0) < fault["times"]
                if fault["path"] in path and due:
                    self._served[name] = self._served.get(name, 0) + 1
                    found: Document = fault
                    return found
        return None

    def charge(self, token: Document | None) -> dict[str, str]:
        """Counts a request against the token's limit, and says how it stands; refuses it where that is used up."""
        if token is None or "remaining" not in token:
            return {}
        with self._lock:
            used_up = token["remaining"] <= 0
            token["remaining"] = max(0, token["remaining"] - 1)
            headers = {
                "X-RateLimit-Limit": "5000",
                "X-RateLimit-Remaining": str(token["remaining"]),
                "X-RateLimit-Reset": str(token["reset"]),
                "X-RateLimit-Resource": "core",
            }
        if used_up and self.now() < token["reset"]:
            refused = RefusedError(403, "API rate limit exceeded for user ID 1.")
            refused.reply.headers.update(headers)
            raise refused
        return headers


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        # The standard library's own asks a name server who we are.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server's."""


def _handler(fake: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        github = fake

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    github: FakeGitHub

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's own name
        """Says nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` header, by the fake's clock."""
        return formatdate(self.github.now() if timestamp is None else timestamp, usegmt=True)

    def do_GET(self) -> None:
        self._record()
        state = self.github.state()
        fault = self.github.fault(state, self.path)
        if fault is not None:
            self._fail(fault)
            return
        try:
            answer = self._answer(state)
        except RefusedError as refused:
            answer = refused.reply
        self._send(answer)

    def do_POST(self) -> None:
        asked = self._record()
        state = self.github.state()
        below = self.path.removeprefix(f"{self.github.prefix}/")
        if self.command == "POST" and below.startswith("app/installations/"):
            self._mint(below, asked.body)
            return
        if issues.is_about_issues(below):
            self._write(state, below, asked.body)
            return
        queries = (refs, beyond_rest)
        told = (query(state.document, self._token(state), asked.body) for query in queries)
        document = state.document.get("graphql") or next(filter(None, told), None)
        error = {"errors": [{"type": "NOT_FOUND", "message": "Something went wrong"}], "data": None}
        self._send(Reply(200, document or error))

    def _write(self, state: State, below: str, body: bytes) -> None:
        fault = self.github.fault(state, self.path)
        if fault is not None:
            self._fail(fault)
            return
        try:
            answer = issues.answer(state.document, self._token(state), self.command, below, body)
        except RefusedError as refused:
            answer = refused.reply
        self._send(answer)

    def _mint(self, below: str, body: bytes) -> None:
        state = self.github.state()
        fault = self.github.fault(state, self.path)
        if fault is not None:
            self._fail(fault)
            return
        try:
            answer = apps.mint(state, below, self.headers.get("Authorization"), body, self.github.now())
        except RefusedError as refused:
            answer = refused.reply
        self._send(answer)

    # Recorded all the same, so that a test can say that none came.
    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the standard library's own names

    def _record(self) -> Recorded:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        recorded = Recorded(self.command, self.path, headers, body)
        self.github.record(recorded)
        return recorded

    def _answer(self, state: State) -> Reply:
        path, _, query = self.path.partition("?")
        if not path.startswith(f"{self.github.prefix}/"):
            raise RefusedError(404, "Not Found")
        authorization = self.headers.get("Authorization")
        if apps.is_proof(authorization) and path.endswith("/installation"):
            below = path.removeprefix(f"{self.github.prefix}/")
            return apps.lookup(state, below, authorization or "", self.github.now())
        token = self._token(state)
        below = path.removeprefix(f"{self.github.prefix}/")
        if issues.is_about_issues(below) and issues.may_write(token):
            return issues.answer(state.document, token, "GET", f"{below}?{query}", b"")
        etag = self._etag_of_known(state, below, query, token)
        if etag is not None:
            return etag
        limits = self.github.charge(token)
        try:
            answer = reply(Question(self.github.url, state.document, token, below, query_of(query)))
        except RefusedError as refused:
            answer = refused.reply
        return Reply(answer.status, answer.document, {**_of_token(token), **answer.headers, **limits})

    def _etag_of_known(self, state: State, below: str, query: str, token: Document | None) -> Reply | None:
        """304 where the client has it already: that is not charged."""
        wanted = self.headers.get("If-None-Match")
        if wanted is None:
            return None
        answer = reply(Question(self.github.url, state.document, token, below, query_of(query)))
        return Reply(304, None, {"ETag": wanted}) if self._etag(_packed(answer.document)) == wanted else None

    def _token(self, state: State) -> Document | None:
        authorization = self.headers.get("Authorization")
        if authorization is None:
            return None
        token: Document | None = state.document["tokens"].get(authorization.removeprefix("Bearer "))
        if token is None or token.get("ends", float("inf")) <= self.github.now():
            raise RefusedError(401, "Bad credentials")
        return token

    def _etag(self, body: bytes) -> str:
        seed = f"{self.headers.get('Accept')}:{self.headers.get('Authorization')}:".encode()
        return f'W/"{hashlib.sha256(seed + body).hexdigest()}"'

    def _send(self, answer: Reply) -> None:
        if answer.status in {204, 304}:
            self._raw(answer.status, b"", answer.headers)
            return
        body = _packed(answer.document)
        headers = {"Content-Type": "application/json; charset=utf-8", **answer.headers}
        if answer.status == 200 and self.command == "GET":
            headers["ETag"] = self._etag(body)
        self._raw(answer.status, body, headers)

    def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        version = {"X-GitHub-Api-Version-Selected": self.github.api_version}
        for name, value in {"Content-Length": str(len(body)), **version, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Document) -> None:
        kind, status = fault["kind"], fault.get("status", 200)
        headers = fault.get("headers", {})
        self.close_connection = kind in {"hang", "drop", "short"}
        if kind in {"hang", "drop"}:
            if kind == "hang":
                self.github.closing.wait()
            return
        bodies: dict[str, Callable[[], bytes]] = {
            "status": lambda: _packed({"message": fault.get("message", "Server Error")}),
            "html": lambda: b"<!DOCTYPE html><html><body>Unicorn!</body></html>",
            "empty": lambda: b"",
            "truncated": lambda: b'{"full_name": "octo/a',
            "raw": lambda: str(fault["body"]).encode(),
            "short": lambda: b'{"full_name": ',
            "bomb": _bomb,
            "redirect": lambda: b"{}",
        }
        body = bodies[kind]()
        if kind == "short":
            headers = {**headers, "Content-Length": str(len(body) + 100)}
        if kind == "bomb":
            headers = {**headers, "Content-Encoding": "gzip"}
        if kind == "redirect":
            status, headers = fault.get("status", 301), {**headers, "Location": fault["location"]}
        self._raw(status, body, headers)


def _of_token(token: Document | None) -> dict[str, str]:
    """What GitHub says of the token itself."""
    if token is None:
        return {}
    said = {"X-OAuth-Scopes": token.get("scopes"), "GitHub-Authentication-Token-Expiration": token.get("expires")}
    return {name: value for name, value in said.items() if value is not None}


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * _HUGE, compresslevel=1)


def _packed(document: Any) -> bytes:
    return json.dumps(document).encode()
