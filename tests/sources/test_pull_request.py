import gzip
import json
from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.pull_request import PullRequest
from govcheck.findings import Reason
from govcheck.sources.pull_request import read_event

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"


def payload(**changes):
    pull = {
        "number": 12,
        "title": "Add a route",
        "body": "Allowed paths: app/**",
        "draft": False,
        "user": {"login": "octocat", "id": 1},
        "labels": [{"id": 1, "name": "routes"}, {"id": 2, "name": "size/s"}],
        "base": {"ref": "main", "sha": "a" * 40, "repo": {"id": 7, "full_name": "o/r"}},
        "head": {"ref": "route", "sha": "b" * 40, "repo": {"id": 7, "full_name": "o/r"}},
    }
    return {"action": "opened", "number": 12, "pull_request": {**pull, **changes}, "repository": {"id": 7}}


@pytest.fixture
def event(tmp_path):
    def write(document):
        path = tmp_path / "event.json"
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        return path

    return write


def test_a_pull_request_is_read(event):
    assert read_event(event(payload())) == PullRequest(
        number=12,
        title="Add a route",
        body="Allowed paths: app/**",
        author="octocat",
        draft=False,
        base_branch="main",
        base_commit="a" * 40,
        head_branch="route",
        head_commit="b" * 40,
        from_fork=False,
        labels=("routes", "size/s"),
        repository="o/r",
    )


def test_no_text_is_an_empty_text(event):
    assert read_event(event(payload(body=None))).body == ""


def test_an_account_that_is_gone_is_a_ghost(event):
    assert read_event(event(payload(user=None))).author == "ghost"


@pytest.mark.parametrize("repo", [None, {"id": 8}])
def test_another_repository_or_none_is_a_fork(event, repo):
    assert read_event(event(payload(head={"ref": "x", "sha": "b" * 40, "repo": repo}))).from_fork is True


def test_half_a_surrogate_pair_becomes_a_replacement_character(event):
    text = json.dumps(payload(body="a\ud83d \ude00b \U0001f600")).encode()
    assert read_event(event(text)).body == "a\ufffd \ufffdb \U0001f600"


@pytest.mark.parametrize(
    "document",
    [
        {"ref": "refs/heads/main", "commits": []},
        {"action": "checks_requested", "merge_group": {"head_sha": "a" * 40}},
        {"schedule": "0 8 * * *"},
        {"action": "created", "issue": {"number": 1, "pull_request": {"url": "https://api.github.com/x"}}},
        {"pull_request": None},
        {},
    ],
)
def test_an_event_without_a_pull_request_offers_none(event, document):
    assert read_event(event(document)) is None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "is not JSON"),
        (b'{"pull_request": {"numb', "is not JSON"),
        (b"<html></html>", "is not JSON"),
        (b"\xff\xfe\xfa", "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b"[]", "the document is not an object"),
        (b'{"pull_request": []}', "`event.pull_request` is of type list, not dict"),
        (b'{"pull_request": {}}', "`pull_request.base` is not there"),
        (json.dumps(payload(number="12")).encode(), "`pull_request.number` is of type str, not int"),
        (json.dumps(payload(number=True)).encode(), "`pull_request.number` is of type bool, not int"),
        (json.dumps(payload(body=["Allowed paths: app/**"])).encode(), "`pull_request.body` is of type list, not str"),
        (json.dumps(payload(labels=["x"])).encode(), "`pull_request.labels` holds something that is no label"),
        (json.dumps(payload(draft="no")).encode(), "`pull_request.draft` is of type str, not bool"),
        (json.dumps(payload(head={"ref": "x", "sha": "b"})).encode(), "`pull_request.head.repo` is not there"),
    ],
)
def test_a_file_that_cannot_be_read_is_missing_and_not_absent(event, document, reason):
    path = event(document)
    answer = read_event(path)
    assert isinstance(answer, Missing)
    assert answer.reason is Reason.UNPARSEABLE
    assert answer.message.startswith(f"The event file {path} ")
    assert reason in answer.message


def test_a_body_that_is_not_there_is_not_an_empty_one(event):
    document = payload()
    del document["pull_request"]["body"]
    assert isinstance(read_event(event(document)), Missing)


@pytest.mark.parametrize("name", ["absent.json", ""])
def test_a_file_that_is_not_there_is_missing(tmp_path, name):
    answer = read_event(tmp_path / name)
    assert isinstance(answer, Missing)
    assert "could not be read" in answer.message


def test_a_file_beyond_all_payloads_is_not_read_whole(tmp_path):
    path = tmp_path / "event.json"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    answer = read_event(path)
    assert isinstance(answer, Missing)
    assert "has more than" in answer.message


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="GitHub's description is not at ../shared")
def test_githubs_own_example_is_read(event):
    with gzip.open(DESCRIPTION) as file:
        example = json.load(file)["components"]["examples"]["pull-request"]["value"]
    found = read_event(event({"action": "opened", "pull_request": example}))
    assert isinstance(found, PullRequest)
    assert (found.number, found.author, found.base_branch) == (1347, "octocat", "master")
    assert found.body == "Please pull these awesome changes in!"
