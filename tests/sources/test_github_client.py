"""One answer for each question, whatever the API does."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fake_github import FakeGitHub, State, Time
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.governor import Clock
from govcheck.sources.github.transport import Patience, Urllib3Transport

PATIENCE = Patience()

ADMIN = "ghp_" + "admin" * 7
READER = "ghp_" + "reader" * 6
FINE = "github_pat_" + "fine" * 10
APP = "ghs_" + "app" * 12
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."

REPOSITORY = "repos/octo/app"
PROTECTION = "repos/octo/app/branches/main/protection"
RULES = "repos/octo/app/rules/branches/main"
RUNS = "repos/octo/app/commits/main/check-runs"


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def state():
    state = State()
    state.token(ADMIN)
    state.token(READER, role="read")
    state.token(FINE, "fine-grained", permissions={"contents": "read", "administration": "read"})
    state.token(APP, "app", permissions={"contents": "read", "checks": "read"})
    state.repository("octo/app").protect("main", approvals=2)
    return state


@pytest.fixture
def github(state, time):
    with FakeGitHub(state, now=time.now) as github:
        yield github


@pytest.fixture
def connect(github, time):
    """Makes clients; keyword arguments are environment variables."""
    made = []

    def connect(*, max_wait=20.0, cache=None, patience=PATIENCE, url=None, **environment):
        configuration = from_environment(
            {"GITHUB_API_URL": url or github.url, **environment}, max_wait=max_wait, cache=cache
        )
        clock = Clock(wall=time.now, steady=time.now, sleep=time.sleep)
        client = Client(configuration, transport=Urllib3Transport(configuration, patience), clock=clock)
        made.append(client)
        return client

    yield connect
    for client in made:
        client.close()


class TestAnswers:
    def test_a_document(self, connect):
        answer = connect(GH_TOKEN=ADMIN).get(REPOSITORY)
        assert answer.good
        assert (answer.endpoint, answer.message, answer.failure) == (REPOSITORY, "", None)
        assert answer.body["full_name"] == "octo/app"
        assert (answer.permission, answer.grantable, answer.token_class) == ("metadata:read", True, "classic")

    def test_without_a_token_public_things_can_be_read(self, connect, github):
        assert connect().get(REPOSITORY).good
        assert github.requests[0].authorization is None

    @pytest.mark.parametrize(
        ("token", "status", "message"),
        [
            (READER, 404, "Not Found"),
            (APP, 403, "Resource not accessible by integration"),
            (None, 401, "Requires authentication (no token was given)"),
            ("ghp_" + "wrong" * 7, 401, "Bad credentials"),
        ],
    )
    def test_refusals_keep_githubs_words(self, connect, token, status, message):
        answer = connect(**({"GH_TOKEN": token} if token else {})).get(PROTECTION)
        assert (answer.status, answer.message, answer.failure) == (status, message, None)
        assert answer.permission == "administration:read"
        assert not answer.good

    def test_not_protected_is_said_as_github_says_it(self, connect, state):
        state.repository("octo/app").unprotect("main")
        answer = connect(GH_TOKEN=ADMIN, GITHUB_TOKEN=READER).get(PROTECTION)
        assert (answer.status, answer.message) == (404, "Branch not protected")

    def test_the_plan(self, connect, state):
        state.repository("octo/app", private=True, plan="free")
        client = connect(GH_TOKEN=ADMIN)
        assert {client.get(PROTECTION).message, client.get_list(RULES).message} == {UPGRADE}

    def test_a_setting_that_a_workflows_own_token_can_never_read(self, connect):
        client = connect(GITHUB_TOKEN=APP, GITHUB_ACTIONS="true")
        assert not client.get(PROTECTION).grantable
        assert client.get(REPOSITORY).grantable
        assert connect(GITHUB_TOKEN=APP).get(PROTECTION).grantable

    def test_what_github_says_would_help_is_kept(self, connect, state):
        state.fault(
            "/unheard/of",
            "status",
            status=403,
            message="Resource not accessible by integration",
            headers={"X-Accepted-GitHub-Permissions": "pages=read"},
        )
        assert connect(GH_TOKEN=APP).get("repos/octo/app/unheard/of").permission == "pages:read"

    def test_the_enterprise_prefix(self, state, time, connect):
        with FakeGitHub(state, prefix="/api/v3", now=time.now) as enterprise:
            client = connect(GH_TOKEN=ADMIN, url=enterprise.url)
            assert client.get(REPOSITORY).good
            client.query("{ viewer { login } }")
            paths = [request.path for request in enterprise.requests]
        assert paths == ["/api/v3/repos/octo/app", "/api/graphql"]

    def test_a_branch_with_a_slash(self, connect, state, github):
        state.repository("octo/app").protect("release/1", approvals=1)
        answer = connect(GH_TOKEN=ADMIN).get("repos/octo/app/branches/release%2F1/protection")
        assert answer.good
        assert github.requests[0].path == "/repos/octo/app/branches/release%2F1/protection"


class TestTokens:
    def test_the_next_one_is_asked_where_the_first_may_not(self, connect, github):
        answer = connect(GH_TOKEN=READER, GITHUB_TOKEN=ADMIN).get(PROTECTION)
        assert answer.good
        assert [request.authorization for request in github.requests] == [f"Bearer {READER}", f"Bearer {ADMIN}"]

    def test_one_that_can_never_hold_the_permission_is_not_asked(self, connect, github, state):
        state.repository("octo/app").check_run("main", "build")
        answer = connect(GOVCHECK_TOKEN=FINE, GITHUB_TOKEN=APP).get_list(RUNS, key="check_runs")
        assert answer.good
        assert answer.token_class == "app-installation"
        assert len(github.requests) == 1

    def test_where_none_can_hold_it_github_says_so(self, connect):
        answer = connect(GOVCHECK_TOKEN=FINE).get_list(RUNS, key="check_runs")
        assert (answer.status, answer.message) == (403, "Resource not accessible by personal access token")
        assert (answer.permission, answer.grantable) == ("checks:read", False)

    def test_one_that_is_not_valid_is_told_once_and_the_next_is_asked(self, connect):
        client = connect(GOVCHECK_TOKEN="ghp_" + "wrong" * 7, GH_TOKEN=ADMIN)
        assert client.get(REPOSITORY).good
        assert client.get(PROTECTION).good
        assert client.notes == ("GitHub does not take the classic token of GOVCHECK_TOKEN: Bad credentials",)

    def test_of_several_refusals_the_one_that_says_most_is_kept(self, connect):
        answer = connect(GOVCHECK_TOKEN=READER, GH_TOKEN=APP, GITHUB_TOKEN="ghp_" + "wrong" * 7).get(PROTECTION)
        assert (answer.status, answer.message) == (403, "Resource not accessible by integration")

    def test_a_definite_answer_is_not_asked_for_again(self, connect, state, github):
        state.repository("octo/app").unprotect("main")
        connect(GH_TOKEN=ADMIN, GITHUB_TOKEN=READER).get(PROTECTION)
        assert len(github.requests) == 1

    def test_where_the_first_was_refused_and_the_second_is_definite_the_second_counts(self, connect, state):
        state.repository("octo/app").unprotect("main")
        answer = connect(GH_TOKEN=READER, GITHUB_TOKEN=ADMIN).get(PROTECTION)
        assert answer.message == "Branch not protected"

    def test_one_that_has_used_up_its_limit_makes_way(self, connect, state, time):
        state.token(READER, remaining=0, reset=int(time.now()) + 3600)
        answer = connect(GH_TOKEN=READER, GITHUB_TOKEN=ADMIN).get(REPOSITORY)
        assert answer.good
        assert time.slept == []


class TestLimits:
    def test_the_last_good_answer_is_kept_and_the_next_waits(self, connect, state, time):
        state.token(ADMIN, remaining=1, reset=int(time.now()) + 10)
        client = connect(GH_TOKEN=ADMIN)
        assert client.get(REPOSITORY).good
        assert time.slept == []
        state.token(ADMIN)
        assert client.get(PROTECTION).good
        assert time.slept == [11.0]

    def test_a_limit_that_lasts_longer_than_the_patience(self, connect, state, time, github):
        reset = int(time.now()) + 3600
        state.token(ADMIN, remaining=0, reset=reset)
        client = connect(GH_TOKEN=ADMIN)
        answer = client.get(REPOSITORY)
        at = datetime.fromtimestamp(reset, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (answer.status, answer.failure) == (None, "rate-limited")
        assert answer.message == f"API rate limit exceeded for user ID 1.; it resets at {at}"
        assert time.slept == []
        # The next question is not even sent.
        assert client.get(PROTECTION).failure == "rate-limited"
        assert len(github.requests) == 1

    def test_a_limit_within_the_patience_is_waited_for(self, connect, state, time):
        state.token(ADMIN, remaining=0, reset=int(time.now()) + 5)
        assert connect(GH_TOKEN=ADMIN).get(REPOSITORY).good
        assert time.slept == [6.0]

    def test_the_secondary_limit_is_waited_for_as_asked(self, connect, state, time):
        message = "You have exceeded a secondary rate limit."
        state.fault("/repos", "status", times=1, status=403, message=message, headers={"Retry-After": "3"})
        assert connect(GH_TOKEN=ADMIN).get(REPOSITORY).good
        assert time.slept == [3.0]

    def test_the_secondary_limit_without_a_time_is_a_minute(self, connect, state):
        message = "You have exceeded a secondary rate limit."
        state.fault("/repos", "status", times=1, status=429, message=message)
        answer = connect(GH_TOKEN=ADMIN).get(REPOSITORY)
        assert (answer.failure, answer.message) == ("rate-limited", f"{message}; GitHub asks to wait 60 seconds")
        assert connect(GH_TOKEN=ADMIN, max_wait=100.0).get(REPOSITORY).good

    def test_patience_is_shared_by_the_whole_run(self, connect, state, time):
        message = "You have exceeded a secondary rate limit."
        state.fault("/repos", "status", status=429, message=message, headers={"Retry-After": "8"})
        client = connect(GH_TOKEN=ADMIN)
        client.get(REPOSITORY)
        client.get(REPOSITORY)
        assert sum(time.slept) == 16.0

    def test_no_patience_at_all(self, connect, state, time, github):
        state.fault("/repos", "status", status=502)
        assert connect(GH_TOKEN=ADMIN, max_wait=0.0).get(REPOSITORY).status == 502
        assert time.slept == []
        assert len(github.requests) == 1


class TestTrouble:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ({"kind": "status", "status": 500, "message": "Server Error"}, (500, None, "Server Error")),
            ({"kind": "html", "status": 503}, (503, None, "server error 503")),
            ({"kind": "html"}, (None, "not-json", "HTML")),
            ({"kind": "truncated"}, (None, "not-json", "cut off")),
            ({"kind": "empty"}, (None, "not-json", "empty")),
            ({"kind": "short"}, (None, "network", "no connection")),
            ({"kind": "drop"}, (None, "network", "no connection")),
            ({"kind": "hang"}, (None, "timeout", "in time")),
            ({"kind": "bomb"}, (None, "not-json", "larger")),
            ({"kind": "raw", "status": 304, "body": ""}, (None, "not-json", "304")),
        ],
        ids=lambda value: value["kind"] if isinstance(value, dict) else None,
    )
    def test_it_is_tried_again_and_then_told(self, connect, state, github, fault, expected):
        status, failure, says = expected
        state.fault("/repos", **fault)
        patience = Patience(read=0.2) if fault["kind"] == "hang" else PATIENCE
        answer = connect(GH_TOKEN=ADMIN, patience=patience).get(REPOSITORY)
        assert (answer.status, answer.failure, answer.good) == (status, failure, False)
        assert says in answer.message
        assert len(github.requests) == 4

    @pytest.mark.parametrize("kind", ["html", "truncated", "empty", "short", "drop", "bomb"])
    def test_trouble_that_passes_changes_nothing(self, connect, state, kind):
        state.fault("/repos", kind, times=2)
        assert connect(GH_TOKEN=ADMIN).get(REPOSITORY).good

    def test_pauses_grow(self, connect, state, time):
        state.fault("/repos", "status", status=502)
        connect(GH_TOKEN=ADMIN).get(REPOSITORY)
        assert time.slept == [0.5, 1.0, 2.0]

    def test_no_network(self, connect, github):
        url = github.url
        github.close()
        answer = connect(GH_TOKEN=ADMIN, url=url).get(REPOSITORY)
        assert (answer.status, answer.failure) == (None, "network")

    @pytest.mark.parametrize("status", [404, 403, 401, 410, 451, 418])
    def test_a_refusal_is_not_tried_again(self, connect, state, github, status):
        state.fault("/repos", "status", status=status, message="No")
        answer = connect(GH_TOKEN=ADMIN).get(REPOSITORY)
        assert (answer.status, answer.message) == (status, "No")
        assert len(github.requests) == 1

    @pytest.mark.parametrize(
        "body",
        ["[]", "null", "1", '"x"', '{"total_count": 0}', '{"check_runs": {}}', '{"total_count":1,"check_runs":1}'],
    )
    def test_a_document_that_is_no_list(self, connect, state, body):
        state.fault("/check-runs", "raw", body=body)
        answer = connect(GH_TOKEN=ADMIN).get_list(RUNS, key="check_runs")
        assert (answer.status, answer.failure, answer.good) == (None, "not-json", False)


class TestRedirects:
    def test_a_renamed_repository_is_followed(self, connect, state, github):
        state.document["renamed"]["octo/old"] = "octo/app"
        answer = connect(GH_TOKEN=ADMIN).get("repos/octo/old")
        assert answer.good
        assert answer.body["full_name"] == "octo/app"
        assert len(github.requests) == 2

    def test_lists_too(self, connect, state):
        state.document["renamed"]["octo/old"] = "octo/app"
        for number in range(130):
            state.repository("octo/app").check_run("main", f"job {number}")
        answer = connect(GH_TOKEN=ADMIN).get_list("repos/octo/old/commits/main/check-runs", key="check_runs")
        assert answer.good
        assert len(answer.body["check_runs"]) == 130

    def test_a_token_is_not_carried_to_another_host(self, connect, state):
        with FakeGitHub(State()) as elsewhere:
            state.fault("/repos", "redirect", location=f"{elsewhere.url}/repos/octo/app")
            answer = connect(GH_TOKEN=ADMIN).get(REPOSITORY)
            assert elsewhere.requests == []
        assert (answer.status, answer.message) == (301, "redirected to 127.0.0.1, which is not followed")
        assert not answer.good

    def test_circles_end(self, connect, state, github):
        state.fault("/repos", "redirect", location="/repos/octo/app", status=307)
        answer = connect(GH_TOKEN=ADMIN).get(REPOSITORY)
        assert (answer.status, answer.message) == (307, "redirected more than 3 times, which is not followed")
        assert len(github.requests) == 4

    @pytest.mark.parametrize("location", ["http://[::1", "//", "\\\\evil", "javascript:1", "http://x:99999/", ""])
    def test_odd_places(self, connect, state, location):
        state.fault("/repos", "redirect", location=location)
        assert connect(GH_TOKEN=ADMIN).get(REPOSITORY).status == 301


class TestLists:
    @pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
    def test_all_pages_are_joined(self, connect, state, github, count):
        for number in range(count):
            state.repository("octo/app").check_run("main", f"job {number}")
        answer = connect(GH_TOKEN=ADMIN).get_list(RUNS, key="check_runs", parameters={"filter": "latest"})
        assert answer.good
        assert [run["name"] for run in answer.body["check_runs"]] == [f"job {number}" for number in range(count)]
        assert answer.body["total_count"] == count
        assert len(github.requests) == max(1, -(-count // 100))
        assert all("per_page=100" in request.path and "filter=latest" in request.path for request in github.requests)

    def test_bare_lists_too(self, connect, state):
        rules = [{"type": f"type_{number}"} for number in range(150)]
        state.repository("octo/app").ruleset("many", rules)
        answer = connect(GH_TOKEN=ADMIN).get_list(RULES)
        assert answer.good
        assert [rule["type"] for rule in answer.body] == [rule["type"] for rule in rules]

    def test_a_later_page_that_cannot_be_had(self, connect, state):
        for number in range(150):
            state.repository("octo/app").check_run("main", f"job {number}")
        state.fault("page=2", "html", status=502)
        answer = connect(GH_TOKEN=ADMIN).get_list(RUNS, key="check_runs")
        assert (answer.status, answer.complete, answer.good) == (200, False, False)
        assert answer.message == "server error 502"
        assert len(answer.body["check_runs"]) == 100

    @pytest.mark.parametrize("kind", ["short", "truncated", "drop", "html", "empty"])
    def test_what_breaks_off_in_a_later_page_is_not_the_end(self, connect, state, kind):
        state.repository("octo/app").answer("autolinks", [{"id": number} for number in range(150)])
        state.fault("page=2", kind)
        answer = connect(GH_TOKEN=ADMIN).get_list(f"{REPOSITORY}/autolinks")
        assert (answer.complete, answer.good, len(answer.body)) == (False, False, 100)

    @pytest.mark.parametrize("key", [None, "secrets"])
    def test_a_page_that_repeats_hides_another(self, connect, state, key):
        entries = [{"id": number} for number in range(200)]
        state.repository("octo/app").answer("actions/secrets", {key: entries} if key else entries, key=key)
        page = {"total_count": 200, key: entries[:100]} if key else entries[:100]
        state.fault("page=2", "raw", body=json.dumps(page))
        answer = connect(GH_TOKEN=ADMIN).get_list(f"{REPOSITORY}/actions/secrets", key=key)
        assert (answer.complete, answer.good) == (False, False)
        assert "came twice" in answer.message

    def test_links_that_go_round_end(self, connect, state, github):
        state.repository("octo/app").answer("autolinks", [{"id": number} for number in range(150)])
        first = f"<{github.url}/{REPOSITORY}/autolinks?per_page=100>"
        state.fault("page=2", "raw", body='[{"id": 100}]', headers={"Link": f'{first}; rel="next"'})
        answer = connect(GH_TOKEN=ADMIN).get_list(f"{REPOSITORY}/autolinks")
        assert (answer.complete, len(answer.body), len(github.requests)) == (False, 101, 2)
        assert "no end" in answer.message

    def test_fifty_pages(self, connect, state, github):
        state.repository("octo/app").answer("autolinks", [{"id": number} for number in range(5_000)])
        answer = connect(GH_TOKEN=ADMIN).get_list(f"{REPOSITORY}/autolinks")
        assert answer.good
        assert [entry["id"] for entry in answer.body] == list(range(5_000))
        assert len(github.requests) == 50

    def test_a_limit_in_the_middle_keeps_its_name(self, connect, state, time):
        rules = [{"type": f"type_{number}"} for number in range(150)]
        state.repository("octo/app").ruleset("many", rules)
        state.token(ADMIN, remaining=1, reset=int(time.now()) + 3600)
        answer = connect(GH_TOKEN=ADMIN).get_list(RULES)
        assert (answer.status, answer.complete, answer.failure) == (200, False, "rate-limited")
        assert "it resets at" in answer.message

    @pytest.mark.parametrize(
        ("link", "says"),
        [
            ('<https://evil.example/x?page=2>; rel="next"', "another place"),
            ('</repos/octo/app/rules/branches/main?per_page=100>; rel="next"', "no end"),
        ],
    )
    def test_a_next_page_that_is_none(self, connect, state, github, link, says):
        state.fault("/rules", "raw", body='[{"type": "deletion"}]', headers={"Link": link})
        answer = connect(GH_TOKEN=ADMIN).get_list(RULES)
        assert (answer.complete, answer.body) == (False, [{"type": "deletion"}])
        assert says in answer.message
        assert len(github.requests) == 1

    @pytest.mark.parametrize("count", ["2", "0", "null", '"1"', "true"])
    def test_a_list_is_held_to_its_count(self, connect, state, count):
        state.fault("/check-runs", "raw", body=f'{{"total_count": {count}, "check_runs": [{{}}]}}')
        answer = connect(GH_TOKEN=ADMIN).get_list(RUNS, key="check_runs")
        assert (answer.status, answer.complete) == (200, False)
        assert "1 entries" in answer.message


class TestCache:
    def run(self, connect, cache, **more):
        client = connect(cache=cache, **{"GH_TOKEN": ADMIN, **more})
        answers = (client.get(REPOSITORY), client.get(PROTECTION), client.get_list(RULES))
        client.close()
        return answers, client.counts

    def test_a_second_run_is_answered_304(self, connect, tmp_path):
        first, cost = self.run(connect, tmp_path / "http")
        assert (cost.requests, cost.not_modified) == (3, 0)
        second, cost = self.run(connect, tmp_path / "http")
        assert (cost.requests, cost.not_modified) == (3, 3)
        assert first == second
        assert all(answer.good for answer in second)

    def test_what_changed_is_seen(self, connect, tmp_path, state):
        self.run(connect, tmp_path)
        state.repository("octo/app").protect("main", approvals=1)
        (_, protection, _), cost = self.run(connect, tmp_path)
        assert protection.body["required_pull_request_reviews"]["required_approving_review_count"] == 1
        assert cost.not_modified == 2

    def test_a_304_costs_nothing_of_the_limit(self, connect, tmp_path, state, time):
        token = state.token(ADMIN, remaining=100, reset=int(time.now()) + 3600)
        self.run(connect, tmp_path)
        self.run(connect, tmp_path)
        assert token["remaining"] == 97

    def test_tokens_do_not_share_answers(self, connect, tmp_path):
        self.run(connect, tmp_path)
        (_, protection, _), cost = self.run(connect, tmp_path, GH_TOKEN=READER)
        assert protection.status == 404
        assert cost.not_modified == 0

    @pytest.mark.parametrize(
        "damage",
        [
            lambda _: b"",
            lambda raw: raw[:-5],
            lambda raw: raw.replace(b'"approvals', b'"approvalz').replace(b"octo", b"evil"),
            lambda raw: b"\xff" + raw,
            lambda _: b"[" * 100_000,
            lambda _: b"[]\n",
            lambda raw: raw.replace(b'"etag": "', b'"etag": "\\r\\nX: 1'),
        ],
    )
    def test_a_damaged_entry_is_dropped(self, connect, tmp_path, damage):
        first, _ = self.run(connect, tmp_path)
        for path in tmp_path.iterdir():
            path.write_bytes(damage(path.read_bytes()))
        second, cost = self.run(connect, tmp_path)
        assert second == first
        assert cost.not_modified == 0
        assert self.run(connect, tmp_path)[1].not_modified == 3

    def test_entries_are_for_their_owner_only_and_hold_no_token(self, connect, tmp_path):
        self.run(connect, tmp_path / "http")
        entries = list((tmp_path / "http").iterdir())
        assert len(entries) == 3
        assert {path.stat().st_mode & 0o777 for path in entries} == {0o600}
        assert (tmp_path / "http").stat().st_mode & 0o777 == 0o700
        assert not any(ADMIN.encode() in path.read_bytes() for path in entries)

    def test_a_folder_that_cannot_be_written_to_is_told_once(self, connect, tmp_path):
        (tmp_path / "taken").write_text("")
        client = connect(GH_TOKEN=ADMIN, cache=tmp_path / "taken" / "http")
        assert client.get(REPOSITORY).good
        assert client.get(PROTECTION).good
        assert any("could not be" in note for note in client.notes)

    def test_a_full_last_page_is_not_kept(self, connect, tmp_path, state):
        # A rule more would leave the first page as it is: its 304 would hide the second.
        ruleset = state.repository("octo/app").ruleset("many", [{"type": "deletion"}] * 100)
        self.run(connect, tmp_path)
        ruleset["rules"].append({"type": "creation"})
        (_, _, rules), _ = self.run(connect, tmp_path)
        assert len(rules.body) == 101
        assert rules.good

    def test_several_pages_are_kept(self, connect, tmp_path, state):
        state.repository("octo/app").ruleset("many", [{"type": "deletion"}] * 150)
        first, _ = self.run(connect, tmp_path)
        second, cost = self.run(connect, tmp_path)
        assert (cost.requests, cost.not_modified) == (4, 4)
        assert first == second


class TestQueries:
    QUERY = "query { viewer { login } rateLimit { cost } }"

    def test_an_answer(self, connect, state, github):
        state.document["graphql"] = {"data": {"viewer": {"login": "octocat"}, "rateLimit": {"cost": 4}}}
        client = connect(GH_TOKEN=ADMIN)
        answer = client.query(self.QUERY, {"a": 1})
        assert answer.good
        assert answer.body["data"]["viewer"] == {"login": "octocat"}
        assert client.counts.graphql_points == 4
        assert json.loads(github.requests[0].body) == {"query": self.QUERY, "variables": {"a": 1}}

    def test_errors_make_it_incomplete(self, connect):
        answer = connect(GH_TOKEN=ADMIN).query(self.QUERY)
        assert (answer.status, answer.complete, answer.message) == (200, False, "Something went wrong")

    def test_the_limit_comes_with_status_200(self, connect, state):
        state.document["graphql"] = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
        answer = connect(GH_TOKEN=ADMIN).query(self.QUERY)
        assert (answer.status, answer.failure) == (None, "rate-limited")

    def test_without_a_token_nothing_is_sent(self, connect, github):
        assert connect().query(self.QUERY).failure == "no-token"
        assert github.requests == []


def test_only_reading_was_asked_for(connect, github):
    client = connect(GH_TOKEN=ADMIN)
    client.get(REPOSITORY)
    client.get_list(RULES)
    assert {request.method for request in github.requests} == {"GET"}


def test_many_at_once_each_have_their_own_answer(connect, state):
    names = [f"octo/r{number}" for number in range(40)]
    for name in names:
        state.repository(name)
    client = connect(GH_TOKEN=ADMIN)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: client.get(f"repos/{name}"), names))
    assert [answer.body["full_name"] for answer in answers] == names
    assert client.counts.requests == 40


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    said=st.tuples(
        st.sampled_from([200, 301, 401, 403, 404, 429, 500]),
        st.sampled_from(["message", "document"]),
        st.text(alphabet="abcXYZ0123_", min_size=20, max_size=40).map("ghp_{}".format),
    )
)
def test_a_server_that_sends_the_token_back_does_not_get_it_into_any_text(connect, state, tmp_path, said):
    status, place, token = said
    document = {"message": f"Hello {token}!"} if place == "message" else {"a": [{token: token}]}
    headers = {"X-Accepted-GitHub-Permissions": token, "Link": f'<https://{token}.example/>; rel="next"'}
    location = {"Location": f"https://{token}.example/{token}"} if status == 301 else {}
    state.document["faults"][:] = [
        {"path": "", "kind": "raw", "status": status, "body": json.dumps(document), "headers": {**headers, **location}}
    ]
    client = connect(GH_TOKEN=token, cache=tmp_path / "http", max_wait=0.0)
    answers = (client.get(REPOSITORY), client.get_list(RULES), client.get("repos/octo/app/unheard/of"))
    assert token not in repr(answers) + repr(client.notes) + repr(client.configuration)
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    client.close()
