"""`gate deploy`: whose policies judge, what is asked of GitHub, overrides, and the log."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import Repository

OPEN, SHUT = "2026-03-09T16:30:00Z", "2026-03-09T15:30:00Z"
WINDOW = """
kind: deploy-window
id: hours
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
applies_to: {environments: [production]}
"""
TOKEN = "ghs_" + "TokenOfTheWorkflowRun1"
BOSS = {"type": "User", "reviewer": {"login": "boss"}}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(TOKEN, "app", permissions={"contents": "read", "checks": "read", "statuses": "read", "actions": "read"})
    made.repository("octo/app")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def gate(repository: Repository, govcheck: Govcheck):
    repository.write("policies/window.yaml", WINDOW)
    repository.stage()
    repository.commit()

    def run(*arguments: str, at: str = OPEN, **variables: str) -> Ran:
        return govcheck("gate", "deploy", "--environment", "production", "--at", at, *arguments, **variables)

    return run


@pytest.fixture
def actions(repository: Repository, gate, tmp_path: Path):
    """The same in a run of GitHub Actions, on a branch with a policy of its own; main was fetched."""
    remote = repository.head()
    repository.run("update-ref", "refs/remotes/origin/main", remote)
    repository.checkout("mine", new=True)
    repository.commit_file("policies/window.yaml", WINDOW.replace('"09:00", to: "17:00"', '"00:00", to: "24:00"'))
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "main"}}))
    more = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event), "GITHUB_SHA": repository.head()}
    return lambda *arguments, **given: gate(*arguments, **{**more, "GITHUB_ACTOR": "octocat", **given})


def test_a_branch_does_not_open_the_gate_by_a_policy_of_its_own(repository: Repository, gate, actions):
    assert gate(at=SHUT).code == 0
    ran = actions(at=SHUT)
    assert (ran.code, "by the policies of the default branch main" in ran.out) == (1, True)
    assert actions("--policies-from", "mine", at=SHUT).code == 0
    repository.run("update-ref", "-d", "refs/remotes/origin/main")
    ran = actions()
    assert (ran.code, "git fetch" in ran.err, "refs/remotes/origin/main" in ran.err) == (3, True, True)
    repository.run("update-ref", "refs/remotes/origin/main", "main")
    repository.run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert actions(at=SHUT, GITHUB_EVENT_PATH="").code == 1


def test_checks_have_to_be_green_on_that_very_commit(repository: Repository, gate, github: FakeGitHub, state: State):
    repository.write("policies/window.yaml", f"{WINDOW}checks: [build]\n")
    place = state.repository("octo/app")
    place.branch("main")["sha"] = repository.head()
    variables = {"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "octo/app", "GITHUB_TOKEN": TOKEN}
    state.token(f"{TOKEN}x", "app", permissions={})
    assert (gate(**variables).code, gate(**{**variables, "GITHUB_TOKEN": f"{TOKEN}x"}).code) == (1, 3)
    place.check_run("main", "build")
    ran = gate(**variables)
    assert (ran.code, "the check build is green" in ran.out) == (0, True)
    place.branch("main")["sha"] = "f" * 40
    assert gate("--max-wait", "0", **variables).code == 3


def test_a_reviewer_of_the_environment_has_to_have_approved(
    repository: Repository, gate, github: FakeGitHub, state: State
):
    repository.write("policies/window.yaml", f"{WINDOW}approval: true\n")
    variables = {"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "octo/app", "GITHUB_TOKEN": TOKEN}
    place = state.repository("octo/app")
    rules = [{"type": "required_reviewers", "reviewers": [BOSS]}]
    place.answer("environments/production", {"name": "production", "protection_rules": rules}, permission="actions")
    place.answer("actions/runs/42/approvals", [], permission="actions")
    assert (gate(**variables).code, gate(**variables, GITHUB_RUN_ID="42").code) == (3, 1)
    approval = {"state": "approved", "user": {"login": "boss"}, "environments": [{"name": "production"}]}
    place.answer("actions/runs/42/approvals", [approval], permission="actions")
    ran = gate(**variables, GITHUB_RUN_ID="42")
    assert (ran.code, "boss approved this run" in ran.out) == (0, True)


def test_a_flag_opens_only_what_is_overridable_and_not_forever(repository: Repository, gate, tmp_path: Path):
    log = ("--audit-log", str(tmp_path / "log"))
    override = ("--override", "the shop is down", "--approved-by", "boss", "--for", "1h", *log)
    ran = gate(*override, at=SHUT)
    assert (ran.code, "overridable" in ran.err) == (2, True)
    repository.write("policies/window.yaml", f"{WINDOW}overridable: true\n")
    ran = gate(*override, at=SHUT)
    assert (ran.code, "approved by boss: the shop is down" in ran.out) == (0, True)
    ran = gate(*override, at="2026-03-10T05:00:00Z")
    assert (ran.code, "this override ended 2026-03-09 16:30 UTC" in ran.err) == (2, True)
    assert gate("--override", "x", *log, at=SHUT).code == 2


def test_an_override_beside_the_policies_of_the_default_branch_counts(repository: Repository, actions):
    text = "- {environment: Production, reason: down, approved_by: boss, created: 2026-03-09T15:00:00Z, expires: END}\n"
    repository.write("policies/overrides.yaml", text.replace("END", "2026-03-09T16:00:00Z"))
    repository.stage()
    own = repository.commit()
    assert actions(at=SHUT).code == 1
    repository.run("update-ref", "refs/remotes/origin/main", own)
    repository.run("checkout", "-q", "main")
    repository.commit_file("policies/overrides.yaml", text.replace("END", "2026-03-09T16:00:00Z"))
    repository.run("update-ref", "refs/remotes/origin/main", "main")
    ran = actions(at=SHUT)
    assert (ran.code, "policies/overrides.yaml:1" in ran.out) == (0, True)
    assert actions(at="2026-03-09T15:45:00Z", GITHUB_SHA="e" * 40).code == 0
    assert actions(at="2026-03-10T05:00:00Z").code == 1
    repository.commit_file("policies/overrides.yaml", text.replace("END", "2027-03-09T16:00:00Z"))
    repository.run("update-ref", "refs/remotes/origin/main", "main")
    ran = actions(at=SHUT)
    assert (ran.code, "at most 7 days" in ran.err) == (2, True)


def test_every_decision_is_kept_and_a_change_of_the_log_shows(gate, govcheck: Govcheck, tmp_path: Path):
    log = tmp_path / "log"
    arguments = ("--audit-log", str(log))
    assert (gate(*arguments).code, gate(*arguments, at=SHUT).code) == (0, 1)
    ran = govcheck("gate", "log", *arguments)
    assert (ran.code, ran.out.count("production"), "2 decisions" in ran.out) == (0, 2, True)
    assert ran.out.count("asked as if it were 2026-03-09") == 2
    log.write_bytes(log.read_bytes().replace(b'"closed"', b'"open"'))
    ran = govcheck("gate", "log", *arguments)
    assert (ran.code, "damaged: line 2" in ran.out) == (3, True)
    assert gate(*arguments).code == 3
    assert govcheck("gate", "log").code == 2


def test_what_is_to_be_avoided_is_said_and_logged_and_closes_nothing(repository: Repository, gate, govcheck: Govcheck):
    avoid = "avoid: [{dates: [2026-03-09], reason: the quarter's last day}]\n"
    repository.commit_file("policies/window.yaml", WINDOW + avoid)
    ran, log = gate(), govcheck("gate", "log")
    assert ran.code == 0
    assert "are open" in ran.out
    assert "better not now: hours: the quarter's last day (2026-03-09" in ran.out
    assert "the quarter's last day" in log.out
    assert "better not now" not in gate(at="2026-03-10T16:30:00Z").out
    repository.commit_file("policies/window.yaml", WINDOW + "avoid: [{days: someday}]\n")
    assert "avoid" in gate().err
