"""From a weakened protection to an e-mail, with the real Prometheus and Alertmanager. Run by `pytest -m slow`."""

import http.server
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from program import program
from repositories import Repository
from smtp_server import Mailbox, serving

ALERTS = Path(__file__).resolve().parents[1] / "examples" / "govcheck-alerts.yml"
PROGRAMS = ("prometheus", "prometheus-alertmanager")
ADMIN = "ghp_AdminOfTheRepository0001"
POLICY = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
"""
PATIENCE = 60.0
"""Seconds after which something that did not happen counts as not happening."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason="Prometheus and Alertmanager are not installed"),
]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(*command: str | Path) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def guess_type(self, _path: Any) -> str:
        return "text/plain; version=0.0.4; charset=utf-8"


@contextmanager
def served(folder: Path) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(true: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of this test
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_weakened_protection_becomes_an_email(tmp_path: Path):
    state = State()
    state.token(ADMIN, "classic", role="admin")
    state.repository("octo/app").protect("main", approvals=2)
    repository = Repository(tmp_path / "app")
    repository.commit_file("policies/main.yaml", POLICY)
    mailbox = Mailbox()
    mail = serving(mailbox)
    mail.start()
    figures, port = tmp_path / "figures", free_port()
    figures.mkdir()
    with ExitStack() as stack:
        stack.callback(mail.stop)
        github = stack.enter_context(FakeGitHub(state))
        govcheck = partial(program(repository.path), GITHUB_API_URL=github.url, GH_TOKEN=ADMIN)

        def sweep(phase: str) -> int:
            ran = govcheck("sweep", "--phase", phase, "--repository", "octo/app", "--output", "json=../report.json")
            wrote = govcheck("metrics", "--report", "../report.json", "--output", "../figures/govcheck.prom")
            assert wrote.code == 0, wrote.err
            return ran.code

        assert sweep("startup") == 0
        scraped = stack.enter_context(served(figures))
        configurations(tmp_path, mail.port, scraped, port)
        stack.enter_context(
            running(
                "prometheus-alertmanager",
                f"--config.file={tmp_path / 'alertmanager.yml'}",
                f"--storage.path={tmp_path / 'alertmanager'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            )
        )
        until(lambda: answers(f"http://127.0.0.1:{port}/-/ready"))
        other = free_port()
        stack.enter_context(
            running(
                "prometheus",
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'prometheus'}",
                f"--web.listen-address=127.0.0.1:{other}",
            )
        )
        until(lambda: answers(f"http://127.0.0.1:{other}/-/ready"))
        assert mailbox.messages == []
        state.repository("octo/app").protect("main", approvals=1)
        assert sweep("shutdown") == 1
        until(lambda: any("branch-protection" in str(message["Subject"]) for message in mailbox.messages))
    message = next(one for one in mailbox.messages if "branch-protection" in str(one["Subject"]))
    assert message["To"] == "ops@example.com"
    body = message.get_body(("plain",))
    assert body is not None
    assert "octo/app" in body.get_content()
    (tmp_path / "mail.txt").write_text(f"Subject: {message['Subject']}\n\n{body.get_content()}")


def configurations(folder: Path, mail: int, scraped: int, alertmanager: int) -> None:
    (folder / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{ALERTS}"]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{alertmanager}"]}}]}}]}}
scrape_configs:
  - {{job_name: govcheck, metrics_path: /govcheck.prom, static_configs: [{{targets: ["127.0.0.1:{scraped}"]}}]}}
""")
    (folder / "alertmanager.yml").write_text(f"""
global: {{smtp_smarthost: "127.0.0.1:{mail}", smtp_from: alerts@example.com, smtp_require_tls: false}}
route: {{receiver: ops, group_by: [alertname, repository, kind], group_wait: 0s}}
receivers:
  - name: ops
    email_configs:
      - to: ops@example.com
        headers: {{Subject: "[{{{{ .Status }}}}] {{{{ .CommonAnnotations.summary }}}}"}}
        text: |
          {{{{ range .Alerts }}}}{{{{ .Labels.alertname }}}} ({{{{ .Labels.severity }}}})
          {{{{ .Annotations.summary }}}}
          {{{{ .Annotations.description }}}}
          {{{{ end }}}}
""")
