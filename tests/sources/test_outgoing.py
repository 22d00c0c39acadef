"""What is sent out, and what is told of it where it does not arrive."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from govcheck.sources.mail import NotDeliveredError
from govcheck.sources.outgoing import post_json


class Repeating(BaseHTTPRequestHandler):
    """Refuses, and repeats the address that was asked for, as many servers do."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = f"Cannot POST {self.path}: no hook S3cretOfTheHook".encode()
        self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object):
        """Nothing is logged."""


def test_an_address_that_a_server_repeats_is_not_told():
    with HTTPServer(("127.0.0.1", 0), Repeating) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        with pytest.raises(NotDeliveredError) as told:
            post_json(f"http://127.0.0.1:{port}/services/T0/S3cretOfTheHook?key=AnotherSecret", {})
        server.shutdown()
    assert str(told.value) == f"127.0.0.1:{port} answered 404 Cannot POST ***?***: no hook ***"
