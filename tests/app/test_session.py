"""A session: two sweeps around a command, whatever comes of the command."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck, Ran
from repositories import ENVIRONMENT, Repository

TOKEN = "ghp_" + "AdminOfTheRepository01"
POLICY = """
kind: clean-tree
id: nothing-left-behind
---
kind: repository-settings
id: wiki
wiki: true
"""


@pytest.fixture
def state() -> State:
    made = State()
    made.token(TOKEN, "classic", role="admin")
    made.repository("octo/app")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def variables(repository: Repository, github: FakeGitHub) -> dict[str, str]:
    repository.commit_file("policies/more.yaml", POLICY)
    repository.run("update-ref", "refs/remotes/origin/main", "HEAD")
    return {"GITHUB_API_URL": github.url, "GH_TOKEN": TOKEN, "GITHUB_REPOSITORY": "octo/app"}


@pytest.fixture
def session(govcheck: Govcheck, variables: dict[str, str]) -> Callable[..., Ran]:
    return lambda *command: govcheck("session", "--", *command, **variables)


def phases(repository: Repository) -> list[str]:
    folder = repository.path / ".git" / "govcheck" / "snapshots"
    return [path.name.split("-")[1] for path in sorted(folder.iterdir())] if folder.exists() else []


def test_a_good_day(session: Callable[..., Ran], repository: Repository):
    ran = session("sh", "-c", "echo worked; echo loud >&2")
    assert (ran.code, ran.out) == (0, "worked\n")
    assert "loud\n" in ran.err
    assert phases(repository) == ["startup", "shutdown"]


def test_what_is_left_behind_fails_a_session_whose_command_did_not(session: Callable[..., Ran]):
    ran = session("sh", "-c", "echo half > half-done.txt")
    assert ran.code == 1
    assert "half-done.txt is not tracked" in ran.err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["sh", "-c", "kill -9 $$"], 137),
        (["no-such-command"], 127),
        (["/"], 126),
    ],
)
def test_the_commands_own_exit_code_is_kept(session: Callable[..., Ran], repository: Repository, command, code):
    assert session(*command).code == code
    assert phases(repository) == ["startup", "shutdown"]


def test_nothing_is_begun_where_a_policy_is_not_valid(session: Callable[..., Ran], repository: Repository):
    repository.commit_file("policies/wrong.yaml", "kind: no-such-kind\nid: a\n")
    ran = session("touch", "begun.txt")
    assert (ran.code, (repository.path / "begun.txt").exists()) == (2, False)


def test_github_that_does_not_answer_keeps_nobody_from_working(
    govcheck: Govcheck, variables: dict[str, str], state: State, repository: Repository
):
    state.fault("repos/", "status", status=500)
    ran = govcheck("session", "--max-wait", "0", "--", "touch", "docs/begun.txt", **variables)
    assert (repository.path / "docs" / "begun.txt").exists()
    assert ran.code in {1, 3}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_is_followed_by_its_shutdown_sweep(
    repository: Repository, variables: dict[str, str], number: signal.Signals
):
    """As a terminal does it: an interrupt goes to the whole group; the others go to us alone."""
    process = subprocess.Popen(
        [sys.executable, "-m", "govcheck", "session", "--", "sh", "-c", "echo ready; exec sleep 600"],
        cwd=repository.path,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **ENVIRONMENT, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if number is signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        assert process.wait() == 128 + number
    assert phases(repository) == ["startup", "shutdown"]
