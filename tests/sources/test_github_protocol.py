"""What an answer of the API comes to, without any network."""

import json
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.sources.github import exchange
from govcheck.sources.github.configuration import ANONYMOUS, Token, TokenClass
from govcheck.sources.github.endpoints import accepted_permission, can_hold, permission_of
from govcheck.sources.github.exchange import HttpResponse
from govcheck.sources.github.graphql import is_query
from govcheck.sources.github.limits import limit
from govcheck.sources.github.links import next_link, within
from govcheck.sources.github.protocol import Good, NotModified, Redirect, Refusal, Retry, decipher

NOW = 1_767_600_000.0
ROOT = "https://api.github.com"


def response(status=200, document=None, *, body=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, headers=names, body=json.dumps(document).encode() if body is None else body)


class TestRequests:
    def test_a_branch_name_is_one_part_of_the_path(self):
        assert exchange.path("repos", "o", "r", "branches", "release/1") == "repos/o/r/branches/release%2F1"

    @pytest.mark.parametrize(
        ("part", "encoded"), [("...", "..."), ("..a", "..a"), ("a?b#c", "a%3Fb%23c"), ("é", "%C3%A9"), ("%2F", "%252F")]
    )
    def test_odd_parts_stay_one_part(self, part, encoded):
        assert exchange.path("x", part) == f"x/{encoded}"

    @given(st.lists(st.text(min_size=1).filter(lambda part: part not in {".", ".."}), min_size=1))
    def test_no_part_leaves_its_place(self, parts):
        path = exchange.path(*parts)
        assert path.count("/") == len(parts) - 1
        assert within(ROOT, ROOT, f"{ROOT}/{path}") == f"{ROOT}/{path}"

    @pytest.mark.parametrize("part", ["", ".", ".."])
    def test_a_part_that_would_name_something_else_is_refused(self, part):
        with pytest.raises(ValueError, match="no part"):
            exchange.path("repos", part)

    def test_headers(self):
        request = exchange.get("https://api.github.com/x", Token("ghp_x", "GH_TOKEN", TokenClass.CLASSIC), '"tag"')
        assert request.method == "GET"
        assert request.headers["Authorization"] == "Bearer ghp_x"
        assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"
        assert request.headers["Accept"] == "application/vnd.github+json"
        assert request.headers["User-Agent"].startswith("govcheck/")
        assert request.headers["If-None-Match"] == '"tag"'

    def test_no_token_no_header(self):
        assert "Authorization" not in exchange.get("https://api.github.com/x", ANONYMOUS).headers


class TestDecipher:
    def test_a_document(self):
        assert decipher(response(document={"a": 1}), NOW) == Good(status=200, document={"a": 1}, next_page=None)

    def test_a_good_answer_stays_good_when_it_was_the_last_one(self):
        last = response(document=[1], x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW) + 3600))
        assert decipher(last, NOW) == Good(status=200, document=[1], next_page=None)

    def test_the_primary_limit(self):
        refused = response(
            403,
            {"message": "API rate limit exceeded for user ID 1."},
            x_ratelimit_remaining="0",
            x_ratelimit_reset=str(int(NOW) + 100),
        )
        found = decipher(refused, NOW)
        assert isinstance(found, Retry)
        assert (found.failure, found.after, found.resets_at) == ("rate-limited", 101.0, NOW + 100)

    def test_the_reset_is_read_by_githubs_clock(self):
        behind = NOW - 5000
        refused = response(
            429,
            {"message": "API rate limit exceeded"},
            x_ratelimit_remaining="0",
            x_ratelimit_reset=str(int(NOW) + 10),
            date=formatdate(NOW, usegmt=True),
        )
        assert decipher(refused, behind).after == 11.0

    @pytest.mark.parametrize(
        ("headers", "after"),
        [
            ({"retry_after": "7"}, 7.0),
            ({}, 60.0),
            ({"x_ratelimit_remaining": "4000"}, 60.0),
            ({"retry_after": formatdate(NOW + 30, usegmt=True)}, 30.0),
            ({"retry_after": "soon"}, 60.0),
        ],
    )
    @pytest.mark.parametrize("status", [403, 429])
    def test_the_secondary_limit(self, status, headers, after):
        refused = response(status, {"message": "You have exceeded a secondary rate limit."}, **headers)
        found = decipher(refused, NOW)
        assert isinstance(found, Retry)
        assert (found.failure, found.after) == ("rate-limited", after)

    @pytest.mark.parametrize(
        ("status", "message", "about_access"),
        [
            (404, "Branch not protected", False),
            (404, "Branch not found", False),
            (404, "Not Found", True),
            (403, "Resource not accessible by integration", True),
            (403, "Resource not accessible by personal access token", True),
            (403, "Upgrade to GitHub Pro or make this repository public to enable this feature.", False),
            (401, "Bad credentials", True),
            (410, "Gone", False),
            (422, "No commit found for SHA: main", False),
        ],
    )
    @pytest.mark.parametrize("remaining", ["0", "1"])
    def test_a_refusal_keeps_githubs_words_even_if_it_was_the_last_answer(
        self, status, message, about_access, remaining
    ):
        found = decipher(response(status, {"message": message}, x_ratelimit_remaining=remaining), NOW)
        assert isinstance(found, Refusal)
        assert (found.status, found.message, found.is_about_access) == (status, message, about_access)

    def test_a_nameless_403_with_nothing_left_is_the_limit(self):
        found = decipher(response(403, body=b"", x_ratelimit_remaining="0"), NOW)
        assert isinstance(found, Retry)
        assert found.failure == "rate-limited"

    def test_a_message_is_cut(self):
        assert len(decipher(response(422, {"message": "x" * 10_000}), NOW).message) == 500

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"message": "Server Error"}'])
    def test_server_errors_are_tried_again(self, status, body):
        found = decipher(response(status, body=body), NOW)
        assert isinstance(found, Retry)
        assert (found.status, found.failure) == (status, None)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"  \n",
            b"<!DOCTYPE html>",
            b'{"a": 1',
            b'{"a": NaN}',
            b"\xff\xfe",
            b"[" * 100_000,
            b"[" * 101 + b"]" * 101,
            b"1" * 5000,
        ],
        ids=["nothing", "space", "html", "cut off", "NaN", "not UTF-8", "open for ever", "deep", "huge number"],
    )
    def test_a_200_that_is_no_document(self, body):
        found = decipher(response(body=body), NOW)
        assert isinstance(found, Retry)
        assert (found.status, found.failure) == (None, "not-json")

    def test_not_modified(self):
        assert decipher(response(304, body=b""), NOW) == NotModified(None)

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_redirects(self, status):
        assert decipher(response(status, {}, location="/elsewhere"), NOW) == Redirect(status, "/elsewhere")

    def test_a_redirect_to_nowhere_is_a_refusal(self):
        assert isinstance(decipher(response(301, {"message": "Moved"}), NOW), Refusal)

    def test_graphql_tells_of_the_limit_with_200(self):
        errors = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
        assert decipher(response(document=errors), NOW).failure == "rate-limited"

    @given(
        st.integers(100, 599),
        st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b'{"message": 1}', b'{"errors": "x"}', b"null"]),
        st.dictionaries(
            st.sampled_from(
                ["link", "location", "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date", "etag"]
            ),
            st.text(max_size=20) | st.sampled_from(["0", "9" * 12, "<", '<x>; rel="next']),
        ),
    )
    def test_nothing_that_a_server_can_say_is_a_crash_or_a_document_by_mistake(self, status, body, headers):
        answer = HttpResponse(status=status, headers=headers, body=body)
        outcome = decipher(answer, NOW)
        limit(answer.headers, NOW)
        assert not isinstance(outcome, Good) or status in {200, 204}
        assert not isinstance(outcome, Retry) or outcome.after is None or outcome.after >= 0


class TestLinks:
    def test_githubs_own(self):
        header = (
            '<https://api.github.com/repositories/1300192/issues?page=2>; rel="prev", '
            '<https://api.github.com/repositories/1300192/issues?page=4>; rel="next", '
            '<https://api.github.com/repositories/1300192/issues?page=515>; rel="last"'
        )
        assert next_link(header) == "https://api.github.com/repositories/1300192/issues?page=4"

    @pytest.mark.parametrize(
        ("header", "found"),
        [
            ("", None),
            ('<a>; rel="last"', None),
            ("<a>; rel=next", "a"),
            ('<a>; REL="Next"', "a"),
            ('<a>; rel="last next"', "a"),
            ('<a,b>; title="x, <c>; rel=next"; rel="next"', "a,b"),
            ('<a>; title="\\", y"; rel="next", <b>; rel="prev"', "a"),
            ('<a>; rel="prev"; rel="next"', None),
            ('<a; rel="next"', None),
        ],
    )
    def test_forms(self, header, found):
        assert next_link(header) == found

    @given(st.text(alphabet='<>;,="\\ relnxtap', max_size=80))
    def test_any_header_is_read_to_its_end(self, header):
        found = next_link(header)
        assert found is None or f"<{found}>" in header

    @given(
        st.lists(
            st.tuples(st.text(alphabet="ab/?=&,;", min_size=1), st.sampled_from(["prev", "last", "first"])), max_size=4
        ),
        st.text(alphabet="ab/?=&,;", min_size=1),
        st.integers(0, 4),
    )
    def test_the_next_one_is_found_wherever_it_stands(self, others, target, position):
        links = [f'<{url}>; rel="{relation}"' for url, relation in others]
        links.insert(position, f'<{target}>; rel="next"')
        assert next_link(", ".join(links)) == target

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/repos/o/r",
            "http://api.github.com/x",
            "https://api.github.com.evil.example/x",
            "https://api.github.com@evil.example/x",
            "https://user:pw@api.github.com/x",
            "https://api.github.com:444/x",
            "//evil.example/x",
            "https://api.github.com\\@evil.example/",
            "https://api.github.com/a b",
            "https://api.github.com/\nx",
            "https://[::1/x",
            "https://api.github.com:99999/",
            "ftp://api.github.com/",
            "javascript:alert(1)",
        ],
    )
    def test_what_leaves_home_is_not_followed(self, target):
        assert within(ROOT, f"{ROOT}/repos/o/r", target) is None

    @pytest.mark.parametrize(
        ("root", "target", "url"),
        [
            (ROOT, "https://api.github.com/repositories/1?page=2", "https://api.github.com/repositories/1?page=2"),
            (ROOT, "/repositories/1", "https://api.github.com/repositories/1"),
            (ROOT, "https://API.github.com:443/x", "https://API.github.com:443/x"),
            ("https://ghe.example/api/v3", "https://ghe.example/api/v3/x", "https://ghe.example/api/v3/x"),
            ("https://ghe.example/api/v3", "https://ghe.example/api/v4/x", None),
            ("https://ghe.example/api/v3", "https://ghe.example/api/v3evil/x", None),
            ("https://ghe.example/api/v3", "https://ghe.example/api/v3/%2e%2E/x", None),
            ("https://ghe.example/api/v3", "https://ghe.example/api/v3/../../x", None),
        ],
    )
    def test_the_path_stays_below_the_root(self, root, target, url):
        assert within(root, f"{root}/repos/o/r", target) == url


class TestGraphQL:
    @pytest.mark.parametrize(
        "text",
        [
            "{ viewer { login } }",
            "query { viewer { login } }",
            'query Name($a: In = {mutation: "x"}, $b: [Int!]) @d(x: [1]) { a(b: $a) { ...F } } fragment F on T { x }',
            "# mutation { x }\nquery { x }",
            '"" ""'.replace('"" ""', "query mutation { x }"),
            'query { a(text: "} mutation { x }") }',
            'query { a(text: """ } " mutation { x } \\""" """) }',
            "\ufeffquery { mutation { subscription } }",
            "fragment mutation on T { x } query { ...mutation }",
        ],
    )
    def test_queries(self, text):
        assert is_query(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   # nothing\n",
            "mutation { x }",
            "mutation M { x }",
            "subscription { x }",
            "query { x } mutation { y }",
            "{ x } mutation { y }",
            "fragment F on T { x } mutation { ...F }",
            ",,\ufeff\n# a\nmutation{x}",
            "query { x } }",
            "query { x",
            "query { x ) }",
            "query",
            'query { a(t: "unended) } mutation { x }',
            'query { a(t: """unended) } mutation { x }',
            "queryx { x }",
            "Query { x }",
            "extend type T { x: Int }",
            "query { x } \x00",
            'query { a(t: "line\nbreak") }',
        ],
    )
    def test_anything_else(self, text):
        assert not is_query(text)

    @given(st.text(alphabet='{}()[]"\\#\n ,quermtationsbc', max_size=60))
    def test_what_is_taken_has_no_mutation_at_the_top(self, text):
        assert not (is_query(text) and text.lstrip(" ,\n").startswith(("mutation", "subscription")))


class TestEndpoints:
    @pytest.mark.parametrize(
        ("endpoint", "permission"),
        [
            ("repos/o/r", "metadata:read"),
            ("repos/o/r/branches/release%2F1", "contents:read"),
            ("repos/o/r/branches/main/protection", "administration:read"),
            ("repos/o/r/rules/branches/main", "metadata:read"),
            ("repos/o/r/rulesets/7", "metadata:read"),
            ("repos/o/r/commits/abc/check-runs", "checks:read"),
            ("repos/o/r/commits/abc/status", "statuses:read"),
            ("repos/o/r/unheard/of", None),
        ],
    )
    def test_permission(self, endpoint, permission):
        assert permission_of(endpoint) == permission

    @pytest.mark.parametrize(
        ("token_class", "permission", "can"),
        [
            (TokenClass.ACTIONS, "administration:read", False),
            (TokenClass.ACTIONS, "checks:read", True),
            (TokenClass.ACTIONS, "metadata:read", True),
            (TokenClass.ACTIONS, None, True),
            (TokenClass.FINE_GRAINED, "checks:read", False),
            (TokenClass.FINE_GRAINED, "administration:read", True),
            (TokenClass.APP_INSTALLATION, "administration:read", True),
            (TokenClass.CLASSIC, "checks:read", True),
        ],
    )
    def test_what_a_class_of_token_can_hold(self, token_class, permission, can):
        assert can_hold(Token("x", "GH_TOKEN", token_class), permission) is can

    @pytest.mark.parametrize(
        ("header", "words"),
        [
            ("administration=read", "administration:read"),
            ("pull_requests=read; contents=read", "pull_requests:read, or contents:read"),
            ("secrets=read,environments=read", "secrets:read and environments:read"),
            ("", None),
            (" ; , ", None),
        ],
    )
    def test_what_github_says_would_help(self, header, words):
        assert accepted_permission(header) == words
