"""Asking Prometheus and Alertmanager: small servers with their documented answers, and the programs where they are."""

import shutil
import socket
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from govcheck.facts.services import PrometheusSeries, PrometheusSeriesRequest, SupabaseBackups, SupabaseBackupsRequest
from govcheck.findings import Finding
from govcheck.rules.alert_receivers import AlertReceivers, AllowedReceivers, receivers
from govcheck.rules.service_level import ServiceLevel, level
from govcheck.sources.services import alertmanager, prometheus, supabase
from service_server import serving

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ONE = {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "1"]}]}}
CONFIGURATION = """
global: {smtp_smarthost: "localhost:25", smtp_from: am@example.com}
route: {receiver: ops, routes: [{receiver: hook, matchers: [severity="page"]}]}
receivers:
  - name: ops
    email_configs: [{to: "ops@example.com, boss@example.com", auth_password: hunter2hunter2}]
  - name: hook
    webhook_configs: [{url: "https://hooks.example.com/T0/secretpath"}]
"""


def test_a_query_is_sent_encoded_with_its_instant():
    request = PrometheusSeriesRequest(PrometheusSeries, 'up{job="a b"}&x=1', 0, 0)
    with serving({"/prefix/api/v1/query": (200, ONE)}) as service:
        environment = {"PROMETHEUS_URL": f"{service.url}/prefix/", "PROMETHEUS_TOKEN": "a-token-of-prometheus"}
        fact = prometheus.gather(request, NOW, environment)
    assert fact.answer.body == ONE
    assert service.asked == [("GET", "/prefix/api/v1/query", {"query": request.query, "time": "1795780800"})]
    assert service.headers[0]["authorization"] == "Bearer a-token-of-prometheus"


def test_a_range_ends_at_the_instant_that_is_judged_by():
    with serving({"/api/v1/query_range": (200, ONE)}) as service:
        prometheus.gather(
            PrometheusSeriesRequest(PrometheusSeries, "up", 3600, 60), NOW, {"PROMETHEUS_URL": service.url}
        )
    parameters = service.asked[0][2]
    assert (parameters["start"], parameters["end"], parameters["step"]) == ("1795777200", "1795780800", "60")
    assert "authorization" not in service.headers[0]


def test_supabase_is_asked_for_backups_and_schedule(monkeypatch):
    root = "/v1/projects/abc/database/backups"
    body = {"region": "us-east-1", "walg_enabled": True, "pitr_enabled": False, "backups": []}
    with serving({root: (200, body), f"{root}/schedule": (403, {"message": "Forbidden resource"})}) as service:
        monkeypatch.setattr(supabase, "_ROOT", service.url)
        request = SupabaseBackupsRequest(SupabaseBackups, "abc")
        fact = supabase.gather(request, {"SUPABASE_ACCESS_TOKEN": "sbp_0123456789abcdef"})
    assert (fact.backups.body, fact.schedule.status, fact.schedule.message) == (body, 403, "Forbidden resource")


LAUGHS = (
    "a0: &a0 [x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 8)}]\n" for level in range(1, 12))
    + "receivers: [{name: x, email_configs: [{to: *a11}]}]"
)
"""One kilobyte that stands for 70 billion words."""


def asked(configuration, names=("ops", "hook")):
    answers = {
        "/api/v2/receivers": (200, [{"name": name} for name in names]),
        "/api/v2/status": (200, {"config": {"original": configuration}, "versionInfo": {}}),
    }
    with serving(answers) as service:
        return alertmanager.gather({"ALERTMANAGER_URL": service.url})


def test_of_a_configuration_only_recipients_are_kept():
    fact = asked(CONFIGURATION)
    assert fact.receivers.body == ["ops", "hook"]
    assert fact.status.body == {
        "receivers": [
            {"name": "ops", "integrations": [
                {"type": "email", "kind": "email", "value": "ops@example.com"},
                {"type": "email", "kind": "email", "value": "boss@example.com"},
            ]},
            {"name": "hook", "integrations": [
                {"type": "webhook", "kind": "webhook", "value": "https://hooks.example.com"},
            ]},
        ],
        "routed": ["ops", "hook"],
    }  # fmt: skip


def test_what_alertmanager_hides_has_no_value():
    fact = asked("route: {receiver: hook}\nreceivers: [{name: hook, webhook_configs: [{url: <secret>}]}]\n")
    assert fact.status.body["receivers"][0]["integrations"][0]["value"] == ""


@pytest.mark.parametrize(
    "configuration",
    [
        None,
        "[",
        "receivers: none",
        "b: &b {receiver: x, routes: [&c {receiver: x, routes: []}]}\nreceivers: 1",
        "route: &r {receiver: ops, routes: [*r, *r]}\nreceivers: []",
        LAUGHS,
        "a: &a {to: ops@example.com}\nreceivers: [{name: x, email_configs: [{<<: *a}]}]",
    ],
)
def test_a_configuration_that_cannot_be_read_is_none(configuration):
    assert asked(configuration).status.body is None


def program(*names):
    """The path of a program of Debian's; what needs it is skipped where it is absent."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed")
    return found


@contextmanager
def running(command, port, ready):
    """A program that says by a line of its log when it is ready."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            log = []
            for line in process.stdout:
                log.append(line)
                if ready in line:
                    break
            else:
                pytest.fail("".join(log))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def judged_level(url, now, **policy):
    asked_for = ServiceLevel(id="p", **policy)
    (call,) = level.calls(asked_for)
    fact = prometheus.gather(call[0], now, {"PROMETHEUS_URL": url})
    return [one for one in level.judge(asked_for, fact) if hasattr(one, "control")]


def test_a_prometheus_of_debian(tmp_path):
    path, port = program("prometheus"), free_port()
    (tmp_path / "p.yml").write_text("scrape_configs: []\n")
    arguments = (f"--config.file={tmp_path}/p.yml", f"--storage.tsdb.path={tmp_path}/data")
    command = [path, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with running(command, port, "Server is ready") as url:
        now = datetime.now(UTC)
        assert judged_level(url, now, query="vector(1)", min=1.0) == []
        assert judged_level(url, now, query="vector(1)", min=1.0, window="1h", step="1m") == []
        (finding,) = judged_level(url, now, query="vector(0.5)", min=1.0, window="1h", step="1m")
        assert isinstance(finding, Finding)
        assert finding.message.startswith("61 of 61 points in 1h")
        (none,) = judged_level(url, now, query="absent_metric", min=1.0)
        (odd,) = judged_level(url, now, query="rate(", min=1.0)
        (uncounted,) = judged_level(url, now, query="vector(0)/vector(0)", min=1.0)
    assert ["has no data" in none.message, "answered 400" in odd.message, "NaN" in uncounted.message] == [True] * 3


def test_an_alertmanager_of_debian(tmp_path):
    path, port = program("prometheus-alertmanager", "alertmanager"), free_port()
    (tmp_path / "a.yml").write_text(CONFIGURATION)
    arguments = (f"--config.file={tmp_path}/a.yml", f"--storage.path={tmp_path}/data", "--cluster.listen-address=")
    command = [path, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with running(command, port, "address=") as url:
        fact = alertmanager.gather({"ALERTMANAGER_URL": url})
    policy = AlertReceivers(id="p", allow=AllowedReceivers(email=("ops@example.com",)))
    said = [one for one in receivers.judge(policy, fact) if hasattr(one, "control")]
    assert "hunter2" not in repr(fact)
    assert {one.subject for one in said} >= {"ops:boss@example.com"}
