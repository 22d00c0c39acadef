"""Figures for Prometheus: its own checker reads them, where it is installed."""

import json
import shutil
import subprocess
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.app.metrics import NotDeliveredError, run_metrics
from govcheck.app.options import Setting
from govcheck.errors import UsageError
from govcheck.report import Drift, DriftEntry, Phase, Stage
from govcheck.report_json import as_json
from govcheck.reporters.metrics import render
from govcheck.telling.sweep import of_report
from reports import EVENING, MORNING, found, hostile, report, result, unknown

ROOT = Path(__file__).resolve().parents[2]
SETTING = Setting(environment={})


def made(*results, **keys):
    return as_json(report(*results, stage=Stage.SWEEP, phase=Phase.STARTUP, **keys))


def samples(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_every_figure_that_alerts_ask_for_is_there():
    one = found()
    entry = DriftEntry(
        plane="setting",
        name="branches/main/approvals",
        change="changed",
        title="approvals",
        direction="weakened",
        before=2,
        after=1,
    )
    drift = Drift(
        since=MORNING,
        since_phase=Phase.STARTUP,
        since_snapshot="a" * 64,
        entries=(entry,),
        unchanged_findings=0,
        open_since={one.fingerprint: EVENING - timedelta(days=20)},
    )
    figures = samples(render(of_report(made(result(one, one), result(unknown()), drift=drift))))
    assert figures['govcheck_findings{repository="o/r",kind="allowed-paths",severity="error"}'] == 2
    assert figures['govcheck_findings{repository="o/r",kind="allowed-paths",severity="note"}'] == 0
    assert figures['govcheck_unknowns{repository="o/r",reason="api-error"}'] == 1
    assert figures['govcheck_policies{repository="o/r",outcome="fail"}'] == 1
    assert (
        figures['govcheck_drift_entries{repository="o/r",plane="setting",change="changed",direction="weakened"}'] == 1
    )
    oldest = figures['govcheck_oldest_finding_timestamp_seconds{repository="o/r"}']
    assert oldest == (EVENING - timedelta(days=20)).timestamp()
    assert figures['govcheck_sweep_duration_seconds{repository="o/r"}'] == 2
    assert figures['govcheck_last_sweep_timestamp_seconds{repository="o/r"}'] == EVENING.timestamp()


@given(st.lists(hostile.filter(bool), min_size=1, max_size=3))
def test_a_repository_of_any_name_stays_one_label(names):
    for name in names:
        text = render(of_report(made(result(found()), repository=name)))
        assert all(line.startswith(("#", "govcheck_")) for line in text.split("\n") if line)


def test_a_check_is_no_sweep(tmp_path: Path):
    (tmp_path / "report.json").write_text(json.dumps(as_json(report(result(found())))))
    with pytest.raises(UsageError, match="not of a sweep"):
        run_metrics(SETTING, report=str(tmp_path / "report.json"), output=None, push=None)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "urn:govcheck:report:1"}'])
def test_what_is_no_report_writes_nothing(tmp_path: Path, text: str):
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(UsageError, match="is no report"):
        run_metrics(SETTING, report=str(tmp_path / "report.json"), output=str(tmp_path / "out.prom"), push=None)
    assert not (tmp_path / "out.prom").exists()


@pytest.mark.parametrize("status", [200, 400])
def test_a_pushgateway_gets_all_of_one_repository(tmp_path: Path, status: int):
    asked: list[tuple[str, str, bytes]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            asked.append((self.command, self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "report.json").write_text(json.dumps(made(result(found()))))
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    try:
        if status == 200:
            assert run_metrics(SETTING, report=str(tmp_path / "report.json"), output=None, push=url) is None
        else:
            with pytest.raises(NotDeliveredError, match="400"):
                run_metrics(SETTING, report=str(tmp_path / "report.json"), output=None, push=url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    [(method, path, body)] = asked
    assert (method, path) == ("PUT", "/metrics/job/govcheck/repository@base64/by9y")
    assert b"govcheck_last_sweep_timestamp_seconds" in body


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_own_checker_takes_figures_and_alerts():
    text = render(of_report(made(result(found()), repository='o/"r\\\n')))
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    rules = ROOT / "examples" / "govcheck-alerts.yml"
    ran = subprocess.run(["promtool", "check", "rules", rules], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
