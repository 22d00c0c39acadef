"""The server on which the logs of runs lie: another one than GitHub's API, which leads there."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class LogStore:
    """A server in a thread of its own, that gives what a test puts there and keeps the headers of each request."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def put(self, name: str, data: bytes, status: int = 200, **headers: str) -> str:
        """The address at which these bytes lie from now on; it has a signature, as GitHub's have."""
        self.files[f"/{name}"] = (status, data, headers)
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}?sig=AddressOfALog"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(store: LogStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's own name
            """Says nothing."""

        def do_GET(self) -> None:
            store.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, data, headers = store.files.get(self.path.partition("?")[0], (404, b"", {}))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler
