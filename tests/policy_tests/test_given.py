"""What a policy test gives: what does not go together is told where it stands, and what does becomes real."""

from pathlib import Path

import pytest

from govcheck.app.given_services import ServiceAnswers
from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import (
    GivenAnswer,
    GivenClone,
    GivenCommit,
    GivenPullRequest,
    GivenServices,
    GivenSweeps,
)
from govcheck.sources.git.commits import branch_name, read_commits
from govcheck.sources.git.made import BASE, CHANGED, make_repository
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.work_tree import read_work_tree
from govcheck.sources.github.configuration import Configuration
from govcheck.sources.github.exchange import HttpRequest

COMMIT = GivenCommit(message="feat: a tile", change={"a": "1"})
PULL = GivenPullRequest()


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        (Given(), (), "nothing is given"),
        (Given(message="x", files={"a": ""}), ("message",), "judged alone"),
        (Given(change={"a": ""}, commits=(COMMIT,)), ("commits",), "do not go together"),
        (Given(commits=(COMMIT,), stage="pre-commit"), ("commits",), "no commit yet"),
        (Given(commits=(COMMIT,), stage="sweep"), ("commits",), "judges a whole tree"),
        (Given(pull_request=PULL, stage="tree"), ("pull_request",), "knows no pull request"),
        (Given(services=GivenServices(), change={"a": ""}), ("services",), "asks GitHub alone"),
        (Given(services=GivenServices(), stage="pre-commit"), ("services",), "asks nobody"),
        (Given(otherwise="nothing-set", stage="pre-commit"), ("otherwise",), "never asks GitHub"),
        (Given(clone=GivenClone(), stage="tree"), ("clone",), "is no sweep"),
        (Given(clone=GivenClone(), branch=None), ("branch",), "has a branch checked out"),
        (Given(phase="startup", change={"a": ""}), ("change",), "judges a whole tree"),
        (Given(recording="a.json", commits=(COMMIT,)), ("commits",), "does not go with `recording`"),
        (Given(sweeps=GivenSweeps(startup="yesterday")), ("sweeps", "startup"), "no instant|not an instant"),
        (Given(commits=(GivenCommit(message="", author="ada"),)), ("commits", 0, "author"), "is nobody"),
        (Given(commits=(GivenCommit(message="", author="a <b\ndata 0>"),)), ("commits", 0, "author"), "is nobody"),
        (
            Given(commits=(COMMIT, GivenCommit(message="", change={"b": None}))),
            ("commits", 1, "change", "b"),
            "no such",
        ),
        (Given(clone=GivenClone(change={"../b": ""})), ("clone", "change", "../b"), "leads out of it"),
        (Given(files={"a": ""}, clone=GivenClone(change={"a/b": ""})), ("clone", "change", "a/b"), "file and a folder"),
        (
            Given(services=GivenServices(fly={"apps": GivenAnswer(status=7)}), stage="sweep"),
            ("services", "fly", "apps", "status"),
            "no HTTP status|not an HTTP status",
        ),
        *(
            (Given(files={"a": ""}, branch=name), ("branch",), "no name of a branch")
            for name in (
                "",
                "-a",
                "a b",
                "a..b",
                "a/",
                "/a",
                "a//b",
                "a.lock",
                "a.lock/b",
                "a@{1}",
                ".a",
                "a/.b",
                "a.",
                "a~1",
                "a\n",
            )
        ),
    ],
)
def test_what_does_not_go_together_is_told_at_its_place(given: Given, place: tuple[str | int, ...], said: str):
    found = list(given.problems())
    assert [where for where, _ in found] == [place]
    assert any(one in found[0][1] for one in said.split("|"))


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        (Given(files={"a": ""}), "tree"),
        (Given(change={"a": ""}), "ci"),
        (Given(commits=(COMMIT,)), "ci"),
        (Given(pull_request=PULL), "ci"),
        (Given(phase="startup"), "sweep"),
        (Given(sweeps=GivenSweeps()), "sweep"),
        (Given(clone=GivenClone()), "sweep"),
        (Given(change={"a": ""}, stage="pre-commit"), "pre-commit"),
    ],
)
def test_the_stage_follows_from_the_rest(given: Given, stage: str):
    assert given.stage_meant == stage
    assert not list(given.problems())


def test_commits_are_made_as_they_are_given(tmp_path: Path):
    second = GivenCommit(message="fix: ä\n\nRefs: #1\n", author="Ada <a@x.example>", committer="Bot <b@x.example>")
    make_repository(tmp_path, Given(files={"b": ""}, commits=(COMMIT, second), branch="agent/qa"))
    repository = open_repository(str(tmp_path))
    made = read_commits(repository, BASE, CHANGED).commits
    assert [one.message.rstrip("\n") for one in made] == ["feat: a tile", "fix: ä\n\nRefs: #1"]
    assert [one.author_email for one in made] == ["octocat@example.com", "a@x.example"]
    assert [one.committer_email for one in made] == ["octocat@example.com", "b@x.example"]
    assert branch_name(repository).name == "agent/qa"


def test_a_clone_has_what_is_given_and_nothing_else(tmp_path: Path):
    clone = GivenClone(
        change={"a": "2", "d/new": "", "gone": None}, unpushed=("feat: one", "feat: two"), stashes=("put aside",)
    )
    make_repository(tmp_path, Given(files={"a": "1", "gone": "", "same": "x"}, clone=clone, branch="work"))
    tree = read_work_tree(open_repository(str(tmp_path)))
    assert {one.path: one.state for one in tree.dirty} == {"a": "changed", "d/new": "untracked", "gone": "changed"}
    assert [(one.name, one.upstream, one.commits) for one in tree.ahead] == [("work", "origin/work", 2)]
    assert [one.message for one in tree.stashes] == ["On work: put aside"]
    assert (tree.operation, tree.has_remote) == (None, True)


def test_a_clone_of_which_nothing_is_said_is_clean(tmp_path: Path):
    make_repository(tmp_path, Given(files={"a": "1\r\n", "b/c": ""}, clone=GivenClone()))
    tree = read_work_tree(open_repository(str(tmp_path)))
    assert (tree.dirty, tree.ahead, tree.stashes) == ((), (), ())


def test_a_service_answers_what_is_given_and_refuses_the_rest():
    answers = {"api/v1/query?query=up": GivenAnswer(body=1), "api/v1/query": GivenAnswer(body=2)}
    transport = ServiceAnswers(GivenServices(prometheus=answers))(Configuration(api_url="https://prometheus.invalid"))

    def asked(path: str) -> tuple[int, bytes]:
        url = f"https://prometheus.invalid/{path}"
        response = transport.send(HttpRequest(method="GET", url=url, headers={}))
        return response.status, response.body

    assert asked("api/v1/query?query=up&time=5") == (200, b"1")
    assert asked("api/v1/query?query=down&time=5") == (200, b"2")
    assert asked("api/v1/alerts")[0] == 403
