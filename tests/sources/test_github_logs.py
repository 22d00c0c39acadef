"""Logs of runs: had from another server without a token, looked through, and kept nowhere."""

import io
import os
import shutil
import zipfile

import pytest

from fake_github import FakeGitHub, LogStore, State, Time
from govcheck.facts import Missing
from govcheck.facts.run_logs import LogPattern, RunLogs, RunLogsRequest
from govcheck.findings import Reason
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.governor import Clock
from govcheck.sources.github.survey import Survey
from govcheck.sources.github.transport import Urllib3Transport
from govcheck.sources.log_scanner import by_scanner, installed
from govcheck.sources.packed_logs import LogText, unpacked

ADMIN = "ghp_" + "admin" * 7
ADDRESS = LogPattern(name="mail", regex="[a-z]+@[a-z.]+[.][a-z]+", allowed=("@ours[.]io$",))
LOG = "2026-01-01T00:00:00Z ops@ours.io\n2026-01-01T00:00:01Z jane@example.com, joe@example.com\n"


def packed(**files):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return archive.getvalue()


STEPS = {"1_deploy.txt": LOG, "deploy/1_Set up.txt": "nothing", "deploy/2_Send it.txt": LOG, "2_lint.txt": LOG}


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    return state


@pytest.fixture
def store():
    with LogStore() as store:
        yield store


@pytest.fixture
def looked_through(state):
    time = Time()

    def looked_through(*logs, secrets=False):
        repository = state.repository("octo/app")
        for log in logs:
            repository.workflow_run("deploy.yml", "2026-01-05T10:00:00Z")["log"] = log
        request = RunLogsRequest(RunLogs, ("deploy.yml",), len(logs), (ADDRESS,), secrets)
        with FakeGitHub(state) as github:
            configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
            clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
            with Client(configuration, clock=clock) as client:
                return gather(client, "octo/app", [request])[request]

    return looked_through


def test_what_is_found_has_its_place_and_no_value(looked_through, store):
    fact = looked_through(store.put("a.zip", packed(**STEPS)))
    (log,) = fact.logs
    assert [(hit.job, hit.step, hit.line, hit.count) for hit in log.hits] == [
        ("deploy", "Send it", 2, 2),
        ("lint", "", 2, 2),
    ]
    assert not [one for one in ("jane", "joe@", "AddressOfALog") if one in repr(fact)]


def test_no_token_goes_to_the_other_server_and_it_leads_nowhere_else(looked_through, store):
    store.put("elsewhere.zip", packed(**STEPS))
    target = store.put("b.zip", b"", 302, Location="/elsewhere.zip")
    (log,) = looked_through(target).logs
    assert "answered 302" in log.trouble.message
    ((path, headers),) = store.asked
    assert path.startswith("/b.zip?sig=")
    assert {"authorization", "cookie"}.isdisjoint(headers)
    assert ADMIN not in str(headers)


def test_a_log_that_two_policies_want_is_had_once(state, store):
    state.repository("octo/app").workflow_run("a.yml", "2026-01-05T10:00:00Z")["log"] = store.put(
        "f.zip", packed(**STEPS)
    )
    wanted = [RunLogsRequest(RunLogs, ("a.yml",), 1, patterns, secrets=False) for patterns in ((ADDRESS,), ())]
    with FakeGitHub(state) as github:
        configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
        with Client(configuration) as client:
            found = gather(client, "octo/app", wanted)
    assert [len(found[request].logs[0].hits) for request in wanted] == [2, 0]
    assert len(store.asked) == 1


def test_a_log_that_is_deleted_or_was_never_there(looked_through):
    gone, never = looked_through("gone", None).logs
    assert (gone.answer.status, never.answer.status) == (410, 404)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user@127.0.0.1:1/x"])
def test_an_address_that_is_none_of_the_web_is_not_followed(looked_through, target):
    (log,) = looked_through(target).logs
    assert isinstance(log.trouble, Missing)
    assert target not in log.trouble.message


@pytest.mark.parametrize(("data", "status"), [(b"no archive", 200), (b"PK\x03\x04", 200), (b"", 200), (b"", 404)])
def test_what_is_no_archive_is_unknown(looked_through, store, data, status):
    (log,) = looked_through(store.put("c.zip", data, status)).logs
    assert log.trouble.reason in {Reason.UNPARSEABLE, Reason.API_ERROR}
    assert log.hits == ()


def test_a_file_that_is_too_large_is_not_had(state, store):
    target = store.put("d.zip", b"x" * 1000)
    with FakeGitHub(state) as github:
        configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
        with Client(configuration) as client:
            assert client.download(target, 1000).body == b"x" * 1000
            assert "larger than 999 bytes" in client.download(target, 999).message


def test_what_an_archive_unpacks_to_is_bounded():
    bomb = packed(**{"deploy/1_a.txt": " " * 300_000, "deploy/2_b.txt": " " * 300_000})
    assert len(bomb) < 10_000
    assert isinstance(unpacked(bomb, 500_000), Missing)
    assert len(unpacked(bomb, 600_000)) == 2
    assert isinstance(unpacked(packed(**{f"{number}_a.txt": "" for number in range(5_001)})), Missing)


SCANNER = r"""#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --report-path ] && report=$2; shift; done
grep -rnoE 'gh[p]_[A-Za-z0-9]{36}' . | tr : ' ' | {
  before="["
  while read -r file line _; do
    printf '%s{"RuleID": "token", "File": "%s", "StartLine": %s, "Secret": "REDACTED"}' "$before" "$file" "$line"
    before=,
  done
  printf ']'
} > "$report"
"""


def scanner(folder, text):
    folder.mkdir()
    (folder / "gitleaks").write_text(text)
    (folder / "gitleaks").chmod(0o755)
    needed = os.pathsep.join({os.path.dirname(shutil.which(name)) for name in ("sh", "grep", "tr")})
    return installed(f"{folder}{os.pathsep}{needed}", "/nonexistent")


def test_the_scanner_that_is_installed_looks_for_secrets(tmp_path):
    token = "gh" + "p_" + "A1b2" * 9
    texts = [LogText("deploy", "a", b"x\n"), LogText("deploy", "b", f"y\nz {token}\n{token}\n".encode())]
    (hit,) = by_scanner(texts, scanner(tmp_path / "bin", SCANNER))
    assert (hit.what, hit.is_secret, hit.step, hit.line, hit.count) == ("token", True, "b", 2, 2)


def test_a_scanner_that_does_not_tell_made_up_secrets_is_not_believed(tmp_path):
    found = by_scanner([LogText("deploy", "a", b"x")], scanner(tmp_path / "bin", "#!/bin/sh\nexit 0\n"))
    assert found.reason is Reason.TOOL_MISSING


def test_a_scanner_of_the_repository_is_not_run(tmp_path):
    scanner(tmp_path / "bin", SCANNER)
    assert isinstance(installed(str(tmp_path / "bin"), str(tmp_path)), Missing)


def test_doctor_downloads_no_log(state, store):
    target = store.put("e.zip", packed(**STEPS))
    with FakeGitHub(state) as github:
        configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
        survey = Survey(Urllib3Transport(configuration))
        with Client(configuration, transport=survey) as client:
            assert unpacked(client.download(target, 1000).body) == ()
        survey.end()
    assert store.asked == []
