"""The GitHub API's protocol, without any I/O: what an answer comes to.

Sources: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api,
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
"""

import json
from collections.abc import Mapping
from typing import Literal, NoReturn

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github.exchange import HttpResponse
from govcheck.sources.github.limits import is_used_up, number, retry_after, until_reset
from govcheck.sources.github.links import next_link

LONGEST_MESSAGE = 500
DEEPEST_DOCUMENT = 100
"""Levels of nesting that are read; GitHub's own documents have fewer than ten."""

SECONDARY_WAIT = 60.0
"""Seconds to wait after a secondary limit that names no time, as GitHub's docs ask."""

Failure = Literal["network", "timeout", "rate-limited", "not-json", "not-asked", "no-token"]

_OK, _NO_CONTENT, _NOT_MODIFIED = 200, 204, 304
_FORBIDDEN, _NOT_FOUND, _TOO_MANY = 403, 404, 429
_SERVER_ERROR = 500
_REDIRECTS = frozenset({301, 302, 307, 308})
_DEFINITE = (
    "Resource not accessible",
    "Must have",
    "Upgrade to",
    "You need to be",
    "Not Found",
)
"""How refusals begin that would be the same an hour later, whatever the rate headers say."""


@frozen(kw_only=True)
class Good:
    """A document."""

    status: int
    document: Json
    next_page: str | None
    """The target of `rel="next"` as it stands in the header; it is yet to be judged where that leads."""


@frozen
class NotModified:
    """What was kept from an earlier run is still what GitHub would send."""

    next_page: str | None


@frozen
class Redirect:
    """The document is elsewhere: a renamed repository, mostly."""

    status: int
    target: str


@frozen(kw_only=True)
class Retry:
    """No answer yet; another try may have one."""

    status: int | None
    """The status that stays the answer where no try succeeds; None where it would say nothing."""

    failure: Failure | None
    message: str
    after: float | None
    """Seconds that GitHub asks to wait; None leaves it to us."""

    resets_at: float | None = None
    """For the hourly limit: when it ends, in seconds since 1970 by GitHub's clock."""


@frozen(kw_only=True)
class Refusal:
    """A definite answer that is no document."""

    status: int
    message: str
    """GitHub's own, cut to a bounded length."""

    document: Json
    accepted: str
    """`X-Accepted-GitHub-Permissions`, as it came."""

    @property
    def is_about_access(self) -> bool:
        """Whether another token might be answered otherwise."""
        if self.status == _NOT_FOUND:
            return self.message in {"", "Not Found"}
        return self.status in {401, _FORBIDDEN} and not self.message.startswith("Upgrade to")


Outcome = Good | NotModified | Redirect | Retry | Refusal


def decipher(response: HttpResponse, now: float) -> Outcome:
    """What a response comes to. `now` is this machine's clock, for a server that sends no `Date`."""
    status, headers = response.status, response.headers
    if status == _NOT_MODIFIED:
        return NotModified(next_link(headers.get("link", "")))
    if status in _REDIRECTS and headers.get("location"):
        return Redirect(status, headers["location"])
    document, problem = document_of(response.body)
    if status not in {_OK, _NO_CONTENT}:
        return _refused(response, document, now)
    if problem and status == _OK:
        return Retry(status=None, failure="not-json", message=problem, after=None)
    if _is_graphql_limit(document):
        return _limited(headers, graphql_errors(document), now)
    return Good(status=status, document=document, next_page=next_link(headers.get("link", "")))


def graphql_errors(document: Json) -> str:
    """The first message of a GraphQL answer's errors; empty where it has none."""
    errors = document.get("errors") if isinstance(document, dict) else None
    if not errors:
        return ""
    first = errors[0] if isinstance(errors, list) else None
    return _message(first) or "the query was answered with errors"


def _refused(response: HttpResponse, document: Json, now: float) -> Outcome:
    status, headers = response.status, response.headers
    message = _message(document)
    if _is_limited(response, message):
        return _limited(headers, message, now)
    if status >= _SERVER_ERROR:
        after = retry_after(headers, now)
        return Retry(status=status, failure=None, message=message or f"server error {status}", after=after)
    accepted = headers.get("x-accepted-github-permissions", "")[:LONGEST_MESSAGE]
    return Refusal(status=status, message=message, document=document, accepted=accepted)


def document_of(body: bytes) -> tuple[Json, str]:
    """The JSON document, or why there is none."""
    if not body.strip():
        return None, "the answer is empty"
    try:
        document: Json = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        kind = "HTML" if body.lstrip()[:1] == b"<" else "not JSON, or cut off"
        return None, f"the answer is {kind}"
    if _is_deeper(document, DEEPEST_DOCUMENT):
        return None, f"the answer is nested deeper than {DEEPEST_DOCUMENT} levels"
    return document, ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _is_deeper(document: Json, levels: int) -> bool:
    level: list[Json] = [document]
    for _ in range(levels):
        lists = [item for node in level if isinstance(node, list) for item in node]
        level = lists + [item for node in level if isinstance(node, dict) for item in node.values()]
        if not level:
            return False
    return True


def _message(document: Json) -> str:
    message = document.get("message") if isinstance(document, dict) else None
    return message[:LONGEST_MESSAGE] if isinstance(message, str) else ""


def _is_limited(response: HttpResponse, message: str) -> bool:
    """Whether a refusal is one of the two rate limits. A good answer never is, whatever its headers say."""
    if response.status == _TOO_MANY:
        return True
    if response.status != _FORBIDDEN or message.startswith(_DEFINITE):
        return False
    said = message.lower()
    headers = response.headers
    return "rate limit" in said or "abuse detection" in said or "retry-after" in headers or is_used_up(headers)


def _limited(headers: Mapping[str, str], message: str, now: float) -> Retry:
    resets_at = number(headers.get("x-ratelimit-reset")) if is_used_up(headers) else None
    asked = retry_after(headers, now)
    after = asked if asked is not None else (until_reset(headers, now) if resets_at else None)
    return Retry(
        status=None,
        failure="rate-limited",
        message=message or "rate limit exceeded",
        after=SECONDARY_WAIT if after is None else after,
        resets_at=resets_at,
    )


def _is_graphql_limit(document: Json) -> bool:
    # GraphQL tells of the limit with status 200.
    errors = document.get("errors") if isinstance(document, dict) else None
    return isinstance(errors, list) and any(
        isinstance(error, dict) and error.get("type") in {"RATE_LIMITED", "RATE_LIMIT"} for error in errors
    )
