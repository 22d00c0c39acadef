"""Issues on a server that speaks as GitHub does: opened, updated, closed and opened again, and nothing else written."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given

from fake_github import FakeGitHub, State
from govcheck.app.issues import Issued, IssuesOptions, run_issues
from govcheck.app.options import Setting
from govcheck.errors import SourceError, UsageError
from govcheck.findings import Fix
from govcheck.report import Phase, Stage
from govcheck.report_json import as_json
from govcheck.reporters.issues import safe
from govcheck.sources.github.issue_channel import ensure_issues_only
from govcheck.sources.github.transport import NotReadOnlyError
from reports import EVENING, found, hostile, policy, report, result, unknown
from repositories import Repository

TOKEN = "github_pat_" + "WriterOfIssues" * 2
SOURCES = Path(__file__).resolve().parents[2] / "src" / "govcheck"


class Tracker:
    def __init__(self, path: Path, github: FakeGitHub, state: State) -> None:
        self.repository = Repository(path / "repository")
        self.repository.commit_file("a.md", "a")
        self.path, self.github, self.document = path, github, state.document
        self.waited: list[float] = []
        self.day = 0
        self.token = TOKEN

    def run(self, *results, **keys) -> Issued:
        self.day += 1
        at = EVENING + timedelta(days=self.day)
        made = report(*results, stage=Stage.SWEEP, phase=Phase.ADHOC, finished_at=at, repository="octo/app")
        file = self.path / "report.json"
        file.write_text(json.dumps(as_json(made)))
        environment = {"GITHUB_API_URL": self.github.url, "GOVCHECK_ISSUES_TOKEN": self.token}
        setting = Setting(directory=str(self.repository.path), repository="octo/app", environment=environment)
        options = {"per": "finding", "write": True, "sleep": self.waited.append, **keys}
        return run_issues(IssuesOptions(setting=setting, report=str(file), **options))

    @property
    def issues(self) -> list[dict]:
        return self.document.get("issues", {}).get("octo/app", [])

    def writes(self) -> list[tuple[str, str]]:
        sent = [(one.method, one.path) for one in self.github.requests if one.method != "GET"]
        self.github.requests.clear()
        return sent


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    state = State()
    state.token(TOKEN, "fine-grained", permissions={"issues": "write", "contents": "write"})
    state.repository("octo/app")
    with FakeGitHub(state) as github:
        yield Tracker(tmp_path, github, state)


def test_without_write_nothing_is_written(tracker: Tracker):
    came = tracker.run(result(found()), write=False)
    assert [action.deed for action in came.plan.actions] == ["open"]
    assert tracker.writes() == []


def test_one_finding_is_one_issue_for_its_whole_life(tracker: Tracker):
    tracker.run(result(found()))
    assert tracker.writes() == [("POST", "/repos/octo/app/issues")]
    tracker.run(result(found()))
    assert tracker.writes() == []
    tracker.run(result(found(message="it says something else")))
    assert tracker.writes() == [("PATCH", "/repos/octo/app/issues/1")]
    tracker.run(result(of=policy()))
    [issue] = tracker.issues
    assert (issue["state"], issue["said"]) == ("closed", ["It is fixed: the sweep judged it, and it holds."])
    tracker.writes()
    tracker.run(result(of=policy()))
    assert tracker.writes() == []
    tracker.run(result(found()))
    assert (issue["state"], issue["said"][1:]) == ("open", ["It came back."])
    assert len(tracker.issues) == 1


def test_one_policy_is_one_issue(tracker: Tracker):
    tracker.run(result(found(), found(subject="b.md")), per="policy")
    [issue] = tracker.issues
    assert issue["title"] == "govcheck: docs fails: 2 things"
    tracker.run(result(found()), per="policy")
    assert issue["title"] == "govcheck: docs fails: 1 thing"
    tracker.run(result(of=policy()), per="policy")
    assert issue["state"] == "closed"


def test_what_can_no_longer_be_told_closes_nothing(tracker: Tracker):
    tracker.run(result(found(control="approvals", subject="main")))
    tracker.run(result(unknown()))
    assert (len(tracker.issues), tracker.issues[0]["state"]) == (1, "open")
    assert "cannot be told" in tracker.issues[0]["title"]
    tracker.run(result(unknown(control="other")))
    assert tracker.issues[0]["state"] == "open"


def test_what_somebody_closed_by_hand_stays_closed(tracker: Tracker):
    tracker.run(result(found()))
    tracker.issues[0]["state"] = "closed"
    tracker.writes()
    assert tracker.run(result(found(message="other"))).plan.by_hand == (1,)
    assert tracker.writes() == []


def test_an_issue_of_a_stranger_is_not_ours(tracker: Tracker):
    tracker.run(result(found()))
    body = tracker.issues[0]["body"]
    tracker.issues[0]["labels"] = []
    tracker.run(result(found()))
    assert [issue["body"] for issue in tracker.issues] == [body, body]


def test_a_token_that_may_not_label_floods_nothing(tracker: Tracker):
    tracker.document["tokens"][TOKEN]["permissions"]["contents"] = "read"
    came = tracker.run(result(found(), found(subject="b.md")))
    assert (came.exit_code, len(tracker.issues), tracker.issues[0]["state"]) == (3, 1, "closed")
    assert "labels" in (came.failed or "")


def test_a_flood_is_bounded(tracker: Tracker):
    came = tracker.run(result(*[found(subject=f"{number}.md") for number in range(5)]), most=2)
    assert (came.exit_code, came.put_off, len(tracker.issues)) == (3, 3, 2)
    assert tracker.waited == [1.0]


def test_a_limit_is_waited_for_and_no_longer_than_allowed(tracker: Tracker):
    limited = {"path": "issues", "kind": "status", "status": 403, "headers": {"Retry-After": "7"}}
    tracker.document["faults"].append({**limited, "times": 1})
    assert tracker.run(result(found())).exit_code == 0
    assert tracker.waited == [7.0]
    tracker.document["faults"] = [limited]
    with pytest.raises(SourceError, match="asks to wait"):
        tracker.run(result(found()), max_wait=5)
    assert tracker.waited == [7.0]


@pytest.mark.parametrize("kind", ["drop", "truncated", "redirect"])
def test_a_write_that_nobody_can_tell_of_is_not_repeated(tracker: Tracker, kind: str):
    tracker.run(result(found()))
    tracker.writes()
    fault = {"path": "/issues/1", "kind": kind, "location": f"{tracker.github.url}/repos/octo/app/issues/1"}
    tracker.document["faults"].append(fault)
    came = tracker.run(result(found(message="other")))
    assert (came.exit_code, len(tracker.writes())) == (3, 1)


def test_no_other_token_is_taken(tracker: Tracker):
    tracker.token = ""
    with pytest.raises(UsageError, match="GOVCHECK_ISSUES_TOKEN"):
        tracker.run(result(found()))
    assert tracker.github.requests == []


def test_nobody_is_mentioned_and_no_marker_is_forged(tracker: Tracker):
    evil = "@octocat fixes #1 octo/app#2 GH-3 <!-- govcheck: finding x y closed 0123456789abcdef -->\n<img src=x>"
    tracker.run(result(found(subject=evil, message=evil)))
    body, title = tracker.issues[0]["body"], tracker.issues[0]["title"]
    for text in (body.partition("\n")[2], title):
        for sign in ("@octocat", "#1", "#2", "&#64;octocat"):
            assert sign not in text
    assert "<" not in body.partition("\n")[2]
    assert "GH-3" not in body
    tracker.run(result(found(subject=evil, message=evil)))
    assert len(tracker.issues) == 1


def test_what_is_to_be_copied_is_code_that_nothing_leaves(tracker: Tracker):
    fix = Fix(text="put this in\n- run: make\n```\n@octocat <b>")
    tracker.run(result(found(fix=fix)))
    body = tracker.issues[0]["body"]
    assert "  ``````\n  - run: make\n  ```\n  @octocat <b>\n  ``````\n" in body


def test_an_issue_of_very_much_is_one_that_github_takes(tracker: Tracker):
    much = [found(subject=f"{'@' * 3000}{number}", message="#" * 3000) for number in range(30)]
    tracker.run(result(*much), per="policy")
    assert len(tracker.issues[0]["body"]) < 65_536
    assert "more" in tracker.issues[0]["body"]


@given(hostile)
def test_text_of_an_issue_has_no_sign_that_github_looks_for(text: str):
    shown = safe(text)
    assert not set(shown) & set("@<>*_`[]\n")
    assert all(part.startswith("&#8203;") for part in shown.split("&#64;")[1:])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "issues/1"),
        ("PUT", "issues/1/lock"),
        ("PATCH", "issues"),
        ("PATCH", "issues/../branches/main/protection"),
        ("PATCH", "issues/1?x=1"),
        ("POST", "issues/1/labels"),
        ("POST", "pulls"),
        ("PATCH", "issues/comments/1"),
        ("POST", "issues\n"),
    ],
)
def test_nothing_but_issues_is_written(method: str, path: str):
    with pytest.raises(NotReadOnlyError):
        ensure_issues_only(method, path)


def test_no_other_module_can_write_to_github():
    clients = {"http", "requests", "urllib3", "smtplib", "httpx", "aiohttp"}
    found: dict[str, set[str]] = {}
    telling = re.compile("|".join({*clients, "issue_channel", "outgoing"}))
    for path in SOURCES.rglob("*.py"):
        written = path.read_text("utf-8")
        for node in ast.walk(ast.parse(written)) if telling.search(written) else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            name = path.relative_to(SOURCES).as_posix()
            found.setdefault(name, set()).update(names)
    network = {name for name, parts in found.items() if {part.partition(".")[0] for part in parts} & clients}
    assert network == {
        "sources/github/transport.py",
        "sources/github/issue_channel.py",
        "sources/mail.py",
        "sources/outgoing.py",
    }
    users = {name for name, parts in found.items() if "govcheck.sources.github.issue_channel" in parts}
    assert users == {"app/issues.py"}
    assert {name for name, parts in found.items() if "govcheck.sources.outgoing" in parts} == {
        "app/notify.py",
        "app/metrics.py",
    }
