"""All branches, a hundred a request, within bounds; and lists that hold credentials, without them."""

import json

import pytest

from fake_github import FakeGitHub, State
from govcheck.facts import Request
from govcheck.facts.branches import LiveBranches
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.settings.endpoints import REPOSITORY
from govcheck.sources.github import gather_branches
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather

ADMIN, APP = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"
HOOKS, KEYS, TEAMS = f"{REPOSITORY}/hooks", f"{REPOSITORY}/keys", f"{REPOSITORY}/teams"
OUTSIDE = f"{REPOSITORY}/collaborators?affiliation=outside"


@pytest.fixture
def state():
    made = State()
    made.token(ADMIN)
    made.token(APP, "app", permissions={"administration": "read"})
    repository = made.repository("octo/app", owner_type="Organization")
    repository.tip("main", "2026-11-27T00:00:00Z")
    repository.answer("branches", [{"name": "main", "protected": True, "commit": {}}], permission="contents")
    repository.answer("pulls", [], permission="pull_requests")
    return made


def ask(state, *requests, token=ADMIN, cache=None):
    with FakeGitHub(state) as github:
        configuration = from_environment(
            {"GITHUB_API_URL": github.url, "GH_TOKEN": token, "NO_PROXY": "*"}, cache=cache, max_wait=0
        )
        with Client(configuration) as client:
            return gather(client, "octo/app", requests), github.requests


BRANCHES = Request(LiveBranches)


def branches(state, **keys):
    found, requests = ask(state, BRANCHES, **keys)
    return found[BRANCHES], [one for one in requests if one.method == "POST"]


def test_a_hundred_branches_are_one_request(state):
    repository = state.repository("octo/app")
    for number in range(249):
        repository.tip(f"b{number}", "2026-01-01T00:00:00Z")
    found, queries = branches(state)
    assert (len(queries), len(found.refs.body["nodes"]), found.refs.complete) == (3, 250, True)
    assert found.refs.body["totalCount"] == 250
    assert all(query.body.lstrip().startswith(b'{"query": "\\nquery') for query in queries)


def test_a_repository_of_any_size_ends_within_bounds(state, monkeypatch):
    monkeypatch.setattr(gather_branches, "MOST_BRANCHES", 200)
    for number in range(5000):
        state.repository("octo/app").tip(f"b{number}", "2026-01-01T00:00:00Z")
    found, queries = branches(state)
    assert (len(queries), len(found.refs.body["nodes"])) == (2, 200)
    assert (found.refs.complete, found.refs.message) == (False, "one run reads at most 200 branches")


def test_pull_requests_are_cut_to_what_is_wanted(state):
    head = {"ref": "x", "sha": "1", "repo": {"full_name": "octo/app", "description": "long"}}
    opened = [{"number": 3, "title": "t", "head": head, "base": {"ref": "main", "repo": {}}}, None]
    state.repository("octo/app").answer("pulls", opened)
    found, _ = branches(state)
    assert found.pulls.body == [
        {"number": 3, "head": {"ref": "x", "repo": {"full_name": "octo/app"}}, "base": {"ref": "main"}},
        None,
    ]
    assert found.protected.body == [{"name": "main", "protected": True}]
    assert found.protected.endpoint == "repos/octo/app/branches?protected=true"


def test_what_a_token_may_not_see_is_said_by_each_answer(state):
    found, _ = branches(state, token=APP)
    assert (found.refs.status, found.refs.complete, found.refs.body) == (200, False, None)
    assert (found.refs.message, found.refs.permission) == ("Resource not accessible by integration", "contents:read")
    assert [answer.status for answer in (found.protected, found.pulls)] == [403, 403]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"data": {"repository": None}}, "the answer has no branches"),
        ({"data": {"repository": {"refs": {"nodes": [], "pageInfo": {"hasNextPage": True}}}}}, "the pages have no end"),
        ({"data": None, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}, "Could not resolve"),
        ({"data": {"repository": {"refs": {"nodes": None}}}}, "the answer has no branches"),
    ],
)
def test_an_answer_without_branches_is_none(state, document, message):
    state.document["graphql"] = document
    found, _ = branches(state)
    assert (found.refs.complete, found.refs.message) == (False, message)


def test_nothing_is_asked_with_a_token_that_is_not_valid(state):
    found, queries = branches(state, token="ghp_NobodyKnowsThisTokenAtAll")
    assert (found.refs.status, found.protected.status, found.pulls.status, queries) == (401, 401, 401, [])


def test_no_credential_of_a_webhook_or_key_is_in_a_fact_or_on_the_disk(state, tmp_path):
    repository = state.repository("octo/app")
    address = "https://me:pa55word@ci.example.com/t0ken?key=s3cret"
    config = {"url": address, "secret": "unmasked", "password": "pa55word", "insecure_ssl": "0"}
    repository.answer("hooks", [{"id": 1, "active": True, "config": config}, {"id": 2, "config": address}, address])
    repository.answer("keys", [{"id": 1, "key": "ssh-ed25519 QUJD me", "title": "ci"}, {"id": 2, "key": "QUJD"}])
    request = LiveAnswersRequest(LiveAnswers, (HOOKS, KEYS))
    found, _ = ask(state, request, cache=tmp_path)
    hooks, keys = found[request].answers[HOOKS], found[request].answers[KEYS]
    kept = {"url": "https://ci.example.com", "secret": "********", "insecure_ssl": "0"}
    assert hooks.body == [{"id": 1, "active": True, "config": kept}, {"id": 2, "config": None}, None]
    fingerprint = "SHA256:tdQEXD9Gb6kf4sxqvnkjKhpXzfEE96JucW4KHieJ33g"
    assert keys.body[0] == {"id": 1, "title": "ci", "fingerprint": fingerprint}
    assert keys.body[1] == {"id": 2, "fingerprint": None}
    everything = json.dumps([hooks.body, keys.body]).encode() + b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert not any(word in everything for word in (b"pa55", b"t0ken", b"s3cret", b"unmasked", b"QUJD"))


def test_what_only_organisations_have_is_not_asked_of_a_user(state):
    state.repository("octo/app").set(owner={"login": "octo", "type": "User"})
    request = LiveAnswersRequest(LiveAnswers, (TEAMS, OUTSIDE, "orgs/{org}"))
    found, requests = ask(state, request)
    assert {answer.failure for answer in found[request].answers.values()} == {"not-asked"}
    assert [one.path for one in requests] == ["/repos/octo/app"]


def test_one_path_that_is_asked_in_two_ways(state):
    repository = state.repository("octo/app")
    repository.answer("collaborators", [{"login": "a"}, {"login": "b"}])
    repository.answer("collaborators?affiliation=outside", [{"login": "b"}])
    state.organisation("octo", {"login": "octo"})
    request = LiveAnswersRequest(LiveAnswers, (f"{REPOSITORY}/collaborators", OUTSIDE, "orgs/{org}"))
    found, _ = ask(state, request)
    everybody, outside, organisation = found[request].answers.values()
    assert (len(everybody.body), len(outside.body), organisation.body) == (2, 1, {"login": "octo"})
    assert outside.endpoint == "repos/octo/app/collaborators?affiliation=outside"
