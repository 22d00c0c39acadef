"""`notify`, `metrics` and `issues` as they are called, after a real sweep, from its report and from the store."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fake_github import FakeGitHub, State
from govcheck.errors import UsageError
from govcheck.sources import apprise_channel
from govcheck.sources.mail import NotDeliveredError
from program import Govcheck
from repositories import Repository
from smtp_server import Mailbox, serving

ADMIN, WRITER = "ghp_AdminOfTheRepository0001", "github_pat_" + "WriterOfIssues" * 2
POLICIES = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
---
kind: notification-recipients
id: one-inbox
allow: {email: [ops@example.com]}
"""


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def swept(repository: Repository, govcheck: Govcheck, mailbox: Mailbox) -> Iterator[tuple[Govcheck, FakeGitHub]]:
    """A repository whose protection was found weak."""
    repository.commit_file("policies/docs.yaml", POLICIES)
    state = State()
    state.token(ADMIN, "classic", role="admin")
    state.token(WRITER, "fine-grained", permissions={"issues": "write", "contents": "write"})
    state.repository("octo/app").protect("main", approvals=1)
    server = serving(mailbox)
    server.start()
    try:
        with FakeGitHub(state) as github:
            variables = {
                "GITHUB_API_URL": github.url,
                "GITHUB_REPOSITORY": "octo/app",
                "GH_TOKEN": ADMIN,
                "GOVCHECK_SMTP_URL": f"smtp://127.0.0.1:{server.port}?from=govcheck@example.com",
            }
            run = partial(govcheck, **variables)
            assert run("sweep", "--output", "json=report.json").code == 1
            github.requests.clear()
            yield run, github
    finally:
        server.stop()


@pytest.mark.parametrize("source", [[], ["--report", "report.json"]])
def test_notify(swept: tuple[Govcheck, FakeGitHub], mailbox: Mailbox, source: list[str]):
    run, github = swept
    ran = run("notify", *source, "--mail", "ops@example.com", "--mail", "stranger@example.org")
    subject = "[govcheck] octo/app: new: main-protected: approvals of main"
    assert ran.code == 1, ran.err
    assert f"told mail:ops@example.com: {subject}" in ran.out
    assert "error[recipient] one-inbox: govcheck notify is asked to send to stranger@example.org" in ran.out
    assert [str(message["Subject"]) for message in mailbox.messages] == [subject]
    again = run("notify", *source, "--mail", "ops@example.com", "--format", "json")
    assert (again.code, again.report["told"]) == (0, [])
    assert github.requests == []


def test_metrics(swept: tuple[Govcheck, FakeGitHub]):
    run, github = swept
    stored, reported = run("metrics"), run("metrics", "--report", "report.json")
    line = 'govcheck_findings{repository="octo/app",kind="branch-protection",severity="error"} 1\n'
    assert (stored.code, reported.code, line in stored.out, line in reported.out) == (0, 0, True, True)
    assert run("metrics", "--push", "http://example.com").code == 2
    assert run("metrics", "--push", "http://127.0.0.1:1").code == 3
    assert github.requests == []


def test_issues(swept: tuple[Govcheck, FakeGitHub]):
    run, github = swept
    assert run("issues").code == 2
    dry = run("issues", GOVCHECK_ISSUES_TOKEN=WRITER)
    assert (dry.code, dry.out.splitlines()) == (
        0,
        ["open: govcheck: main-protected fails: 1 thing", "nothing was written: --write does it"],
    )
    done = run("issues", "--write", GOVCHECK_ISSUES_TOKEN=WRITER)
    assert (done.code, done.out) == (0, "open: govcheck: main-protected fails: 1 thing\n")
    assert run("issues", "--write", GOVCHECK_ISSUES_TOKEN=WRITER).out == "1 unchanged\n"
    assert [one.method for one in github.requests] == ["GET", "GET", "POST", "GET"]
    assert {one.authorization for one in github.requests} == {f"Bearer {WRITER}"}
    assert WRITER not in dry.out + dry.err + done.out + done.err


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.filterwarnings("ignore")
def test_apprise_tells_a_real_service(status: int):
    bodies: list[bytes] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"json://127.0.0.1:{server.server_port}"
    try:
        if status == 200:
            apprise_channel.deliver(url, "a title", "a text")
        else:
            with pytest.raises(NotDeliveredError):
                apprise_channel.deliver(url, "a title", "a text")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert b"a title" in bodies[0]
    with pytest.raises(UsageError, match="for none"):
        apprise_channel.deliver("nothing://at-all", "a title", "a text")
