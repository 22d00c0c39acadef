"""Telling by mail and webhook: real servers on loopback, real policies, a memory on disk."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from govcheck.app.notify import NotifyOptions, Told, run_notify
from govcheck.app.options import Setting
from govcheck.errors import SourceError, UsageError
from govcheck.report import Phase, Stage
from govcheck.report_json import as_json
from reports import EVENING, found, policy, report, result, unknown
from repositories import Repository
from smtp_server import Mailbox, serving

POLICY = """
kind: notification-recipients
id: one-inbox
allow: {email: [ops@example.com, lead@example.com], secret: [GOVCHECK_WEBHOOK_URL]}
"""
OPS = "ops@example.com"


class Telling:
    """A repository, a mail server, and reports of one sweep after another."""

    def __init__(self, path: Path, mailbox: Mailbox, port: int) -> None:
        self.repository = Repository(path / "repository")
        self.repository.commit_file("policies/told.yaml", POLICY)
        self.path, self.mailbox, self.port = path, mailbox, port
        self.variables = {"GOVCHECK_SMTP_URL": f"smtp://127.0.0.1:{port}?from=govcheck@example.com"}
        self.day = 0

    def policies(self, text: str) -> None:
        self.repository.commit_file("policies/told.yaml", text)

    def report(self, *results) -> str:
        self.day += 1
        at = EVENING + timedelta(days=self.day)
        made = report(*results, stage=Stage.SWEEP, phase=Phase.ADHOC, finished_at=at)
        file = self.path / f"report-{self.day}.json"
        file.write_text(json.dumps(as_json(made)))
        return str(file)

    def notify(self, file: str, *mail: str, **keys) -> Told:
        setting = Setting(
            directory=str(self.repository.path),
            repository="o/r",
            environment=self.variables,
            at=keys.pop("at", EVENING),
        )
        return run_notify(NotifyOptions(setting=setting, report=file, mail=mail, **keys))

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.mailbox.messages]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox("lead@example.com")


@pytest.fixture
def telling(tmp_path: Path, mailbox: Mailbox) -> Iterator[Telling]:
    server = serving(mailbox)
    server.start()
    try:
        yield Telling(tmp_path, mailbox, server.port)
    finally:
        server.stop()


def test_a_finding_is_one_thread_from_its_beginning_to_its_end(telling: Telling, mailbox: Mailbox):
    broken, mended = result(found()), result(of=policy())
    assert telling.notify(telling.report(broken), OPS).exit_code == 0
    assert telling.notify(telling.report(broken), OPS).told == ()
    telling.notify(telling.report(mended), OPS)
    telling.notify(telling.report(mended), OPS)
    telling.notify(telling.report(broken), OPS)
    assert telling.subjects == [
        "[govcheck] o/r: new: docs: path of a.md",
        "[govcheck] o/r: fixed: docs: path of a.md",
        "[govcheck] o/r: came back: docs: path of a.md",
    ]
    first, *others = mailbox.messages
    assert {message["References"] for message in others} == {first["Message-ID"]}
    assert len({message["Message-ID"] for message in mailbox.messages}) == 3
    assert "a.md is stray" in first.get_body(("plain",)).get_content()
    assert "a.md is stray" in first.get_body(("html",)).get_content()


def test_nobody_is_told_whom_a_policy_does_not_allow(telling: Telling, mailbox: Mailbox):
    came = telling.notify(telling.report(result(found())), OPS, "stranger@elsewhere.org")
    assert [(one.finding.control, one.finding.subject) for one in came.refused] == [
        ("recipient", "stranger@elsewhere.org")
    ]
    assert (came.exit_code, mailbox.recipients) == (1, [OPS])


def test_every_policy_has_to_allow(telling: Telling, mailbox: Mailbox):
    telling.repository.commit_file("policies/more.yaml", POLICY.replace("one-inbox", "two").replace(OPS, "x@y.org"))
    came = telling.notify(telling.report(result(found())), OPS)
    assert ([one.policy.policy.id for one in came.refused], mailbox.messages) == (["two"], [])


def test_without_a_policy_nobody_may_be_told(telling: Telling):
    telling.policies('kind: allowed-paths\nid: all\nallow: ["**"]\n')
    with pytest.raises(UsageError, match="so that nobody may"):
        telling.notify(telling.report(result(found())), OPS)


def test_a_server_that_is_down_loses_nothing(telling: Telling):
    good = telling.variables
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        telling.variables = {"GOVCHECK_SMTP_URL": f"smtp://127.0.0.1:{taken.getsockname()[1]}?from=g@example.com"}
        file = telling.report(result(found()))
        came = telling.notify(file, OPS)
    assert (came.exit_code, [reader for reader, _ in came.undelivered]) == (3, [f"mail:{OPS}"])
    telling.variables = good
    assert telling.notify(file, OPS).exit_code == 0
    assert telling.subjects == ["[govcheck] o/r: new: docs: path of a.md"]


def test_a_server_that_says_nothing_is_not_waited_for(telling: Telling):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        telling.variables = {"GOVCHECK_SMTP_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}?from=g@example.com"}
        came = telling.notify(telling.report(result(found())), OPS, timeout=0.1)
    assert came.exit_code == 3


def test_a_recipient_that_the_server_refuses_keeps_no_other_waiting(telling: Telling, mailbox: Mailbox):
    came = telling.notify(telling.report(result(found())), "lead@example.com", OPS)
    assert (came.exit_code, mailbox.recipients) == (3, [OPS])
    assert "550" in came.undelivered[0][1]


def test_quiet_hours_put_off_and_lose_nothing(telling: Telling, mailbox: Mailbox):
    quiet = 'tell: {timezone: UTC, mail: [ops@example.com], quiet: [{from: "16:00", to: "08:00"}]}\n'
    telling.policies(POLICY + quiet)
    file = telling.report(result(found()))
    assert telling.notify(file).quiet == "one-inbox"
    assert mailbox.messages == []
    assert telling.notify(file, at=EVENING + timedelta(hours=16)).exit_code == 0
    assert len(mailbox.messages) == 1


def test_what_stays_open_reaches_somebody_else_once(telling: Telling, mailbox: Mailbox):
    telling.policies(
        POLICY.replace("lead@", "boss@")
        + "tell: {mail: [ops@example.com], escalate: {after: 3, mail: [boss@example.com]}}\n"
    )
    for _ in range(5):
        telling.notify(telling.report(result(found())))
    assert mailbox.recipients == [OPS, "boss@example.com"]
    assert "still open" in telling.subjects[1]


def test_what_can_no_longer_be_told_is_not_fixed(telling: Telling):
    telling.notify(telling.report(result(found(control="approvals", subject="main"))), OPS)
    telling.notify(telling.report(result(unknown())), OPS)
    assert telling.subjects[1] == "[govcheck] o/r: can no longer be told: docs: approvals of main"
    telling.notify(telling.report(result(unknown(control="other"))), OPS)
    assert not any("fixed" in subject for subject in telling.subjects)


def test_many_new_findings_are_one_message_and_each_goes_on_in_its_thread(telling: Telling, mailbox: Mailbox):
    many = [found(subject=f"{number}.md") for number in range(9)]
    telling.notify(telling.report(result(*many)), OPS)
    telling.notify(telling.report(result(*many[1:])), OPS)
    assert telling.subjects == [
        "[govcheck] o/r: 9 things to look at",
        "[govcheck] o/r: fixed: docs: path of 0.md",
    ]
    assert mailbox.messages[1]["References"] == mailbox.messages[0]["Message-ID"]


def test_no_text_becomes_a_header_or_a_tag(telling: Telling, mailbox: Mailbox):
    evil = "x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"
    telling.notify(telling.report(result(found(subject=evil, message=evil))), OPS)
    [message] = mailbox.messages
    assert (message["Bcc"], mailbox.recipients) == (None, [OPS])
    assert "<script" not in message.get_body(("html",)).get_content()


def test_an_older_sweep_and_a_report_of_another_repository_are_not_told(telling: Telling):
    old, new = telling.report(result(found())), telling.report(result(found()))
    telling.notify(new, OPS)
    with pytest.raises(UsageError, match="a later sweep"):
        telling.notify(old, OPS)
    (telling.path / "other.json").write_text(Path(new).read_text().replace('"o/r"', '"o/other"'))
    with pytest.raises(UsageError, match="o/other"):
        telling.notify(str(telling.path / "other.json"), OPS)


def test_a_damaged_memory_is_told_and_not_written_over(telling: Telling):
    file = telling.repository.path / ".git" / "govcheck" / "notifications.json"
    report = telling.report(result(found()))
    telling.notify(report, OPS)
    for damaged in ("{", "[]", file.read_text().replace('"fail"', '"odd"')):
        file.write_text(damaged)
        with pytest.raises(SourceError, match="damaged"):
            telling.notify(report, OPS)
        assert file.read_text() == damaged


def test_a_dry_run_sends_and_remembers_nothing(telling: Telling, mailbox: Mailbox):
    file = telling.report(result(found()))
    came = telling.notify(file, OPS, dry_run=True)
    assert (len(came.told), mailbox.messages) == (1, [])
    assert len(telling.notify(file, OPS).told) == 1


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.com?from=a@example.com&starttls=never",
        "http://mail.example.com?from=a@example.com",
        "smtp://mail.example.com",
        "smtp://mail.example.com?from=a@b,c@d",
        "smtp://mail.example.com:x?from=a@example.com",
    ],
)
def test_an_address_of_a_server_that_would_not_do_is_refused(telling: Telling, url: str):
    telling.variables = {"GOVCHECK_SMTP_URL": url}
    with pytest.raises(UsageError, match="GOVCHECK_SMTP_URL"):
        telling.notify(telling.report(result(found())), OPS)


def test_a_webhook_gets_one_message_and_is_tried_again(telling: Telling):
    bodies: list[bytes] = []
    answers = [500, 200]

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(answers.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        telling.variables = {"GOVCHECK_WEBHOOK_URL": f"http://127.0.0.1:{server.server_port}/T0KEN-IN-PATH"}
        file = telling.report(result(found(), found(subject="b.md")))
        came = telling.notify(file)
        assert came.exit_code == 3
        assert "T0KEN" not in came.undelivered[0][1]
        assert telling.notify(file).exit_code == 0
        assert telling.notify(file).told == ()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert bodies[0] == bodies[1]
    assert [one["what"] for one in json.loads(bodies[1])["news"]] == ["new", "new"]
