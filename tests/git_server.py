"""A git server on the loopback address: git's own `http-backend`, behind the standard library's HTTP server."""

import os
import subprocess
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from repositories import ENVIRONMENT


class GitServer:
    """Serves the repositories below a folder, each by `OWNER/NAME`, as GitHub does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tokens: dict[str, str] = {}
        """OWNER/NAME to the only token that may read it; others may be read by anybody."""

        self.seen: list[tuple[str, str | None]] = []
        """Path and token of every request."""

        self.redirects: dict[str, str] = {}
        """OWNER/NAME to the address that is told in its place."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(served: GitServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's own name
            """Says nothing."""

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            path, _, query = self.path.partition("?")
            name = "/".join(path.split("/")[1:3])
            token = self._token()
            served.seen.append((path, token))
            if name in served.redirects:
                self.send_response(301)
                self.send_header("Location", f"{served.redirects[name]}{self.path}")
                self.end_headers()
            elif served.tokens.get(name) not in {None, token}:
                self.send_error(404)
            else:
                self._backend(path, query)

        def _token(self) -> str | None:
            kind, _, value = self.headers.get("Authorization", "").partition(" ")
            return b64decode(value).decode().partition(":")[2] if kind == "Basic" else None

        def _backend(self, path: str, query: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            variables = {
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROJECT_ROOT": str(served.folder),
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
            }
            kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
            done = subprocess.run(
                ["git", "-c", "safe.directory=*", "http-backend"],
                input=body,
                env=kept | ENVIRONMENT | variables,
                capture_output=True,
                check=False,
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
