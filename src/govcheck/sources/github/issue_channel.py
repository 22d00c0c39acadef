"""The one place that writes to GitHub: issues of one repository, and nothing else. It has a token of its own.

The transport that everything else uses refuses all but reading, and this one refuses all but issues.
"""

import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from govcheck.errors import UsageError
from govcheck.records import field, frozen
from govcheck.sources.github.exchange import API_VERSION
from govcheck.sources.github.limits import is_used_up, retry_after, until_reset
from govcheck.sources.github.redaction import Redactor
from govcheck.sources.github.transport import NotReadOnlyError

ISSUES_VARIABLE = "GOVCHECK_ISSUES_TOKEN"

PAUSE = 1.0
"""Seconds between two writes, as GitHub asks for.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

Method = Literal["GET", "POST", "PATCH"]

_PATHS: Mapping[Method, re.Pattern[str]] = {
    "GET": re.compile(r"issues\?labels=[a-z]+&state=all&per_page=100&page=[0-9]{1,3}"),
    "POST": re.compile(r"issues(/[1-9][0-9]{0,18}/comments)?"),
    "PATCH": re.compile(r"issues/[1-9][0-9]{0,18}"),
}
_REPOSITORY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]+")
_PER_PAGE = 100
_MOST_PAGES = 100
_LARGEST = 32 * 1024 * 1024
_LIMITED = (403, 429)


class IssueError(Exception):
    """GitHub did not do it, or nobody can tell whether it did."""


@frozen(kw_only=True)
class Access:
    """Where, what and by which token."""

    api_url: str
    repository: str
    token: str = field(repr=False)
    certificates: str | None = None
    proxy: str | None = field(default=None, repr=False)
    max_wait: float
    """Seconds that one run may spend waiting for limits, beside the pauses."""


class IssueChannel:
    """The issues of one repository."""

    def __init__(self, access: Access, sleep: Callable[[float], None] = time.sleep) -> None:
        """Takes where to write. `sleep` waits for so many seconds.

        Raises:
            UsageError: where the token or the repository's name is none.
        """
        if not _TOKEN.fullmatch(access.token):
            raise UsageError(f"{ISSUES_VARIABLE} is no token", "it has spaces or odd characters in it")
        if not _REPOSITORY.fullmatch(access.repository):
            raise UsageError(f"{access.repository!r} is not a repository's name", "write it like OWNER/NAME")
        self._access = access
        self._sleep = sleep
        self._patience = access.max_wait
        self._has_written = False
        self._redactor = Redactor([access.token])
        context = None
        if access.api_url.startswith("https:"):
            context = ssl.create_default_context(cafile=access.certificates)
        timeout = Timeout(connect=5.0, read=20.0)
        self._pool: urllib3.PoolManager = (
            urllib3.ProxyManager(access.proxy, timeout=timeout, ssl_context=context)
            if access.proxy
            else urllib3.PoolManager(timeout=timeout, ssl_context=context)
        )

    def labelled(self, label: str) -> list[Mapping[str, Any]]:
        """All issues that have a label. Raises IssueError where not all of them can be had."""
        found: list[Mapping[str, Any]] = []
        for page in range(1, _MOST_PAGES + 1):
            path = f"issues?labels={label}&state=all&per_page={_PER_PAGE}&page={page}"
            listed = self._sent("GET", path, None)
            if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
                raise IssueError("GitHub's list of issues is none")
            found += listed
            if len(listed) < _PER_PAGE:
                return found
        raise IssueError(f"there are more than {_MOST_PAGES * _PER_PAGE} issues with the label {label}")

    def create(self, title: str, body: str, label: str) -> int:
        """Opens an issue, and gives its number.

        Raises:
            IssueError: where it is not there, or GitHub left the label out, without which it is never found again.
        """
        made = self._sent("POST", "issues", {"title": title, "body": body, "labels": [label]})
        number = made.get("number") if isinstance(made, dict) else None
        if not isinstance(number, int):
            raise IssueError("GitHub does not say which issue it opened")
        names = {one.get("name") for one in made.get("labels") or () if isinstance(one, dict)}
        if label not in names:
            self.change(number, {"state": "closed", "state_reason": "not_planned"})
            raise IssueError(f"the token may not give labels: #{number} was closed again, and would not be found")
        return number

    def change(self, number: int, keys: Mapping[str, str]) -> None:
        """Changes an issue. Raises IssueError where GitHub does not."""
        self._sent("PATCH", f"issues/{number}", keys)

    def comment(self, number: int, body: str) -> None:
        """Says something below an issue. Raises IssueError where GitHub does not take it."""
        self._sent("POST", f"issues/{number}/comments", {"body": body})

    def close(self) -> None:
        """Lets go of all connections."""
        self._pool.clear()

    def _sent(self, method: Method, path: str, document: Mapping[str, object] | None) -> Any:  # noqa: ANN401 - GitHub's answer, not looked at yet
        ensure_issues_only(method, path)
        if method != "GET":
            if self._has_written:
                self._sleep(PAUSE)
            self._has_written = True
        while True:
            status, headers, body = self._asked(method, path, document)
            if 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls success
                try:
                    return json.loads(body)
                except (ValueError, RecursionError) as error:
                    raise IssueError("GitHub's answer is not JSON") from error
            wait = self._wait(status, headers)
            if wait is None or wait > self._patience:
                said = self._redactor.text(_message(body))
                limit = f"; it asks to wait {wait:g} s" if wait is not None else ""
                raise IssueError(f"GitHub answered {status} to {method} {path.partition('?')[0]}: {said}{limit}")
            self._patience -= wait
            self._sleep(wait)

    def _asked(
        self, method: Method, path: str, document: Mapping[str, object] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._access.token}",
            "User-Agent": "govcheck",
            "X-GitHub-Api-Version": API_VERSION,
        }
        url = f"{self._access.api_url}/repos/{self._access.repository}/{path}"
        body = None if document is None else json.dumps(document).encode()
        try:
            answer = self._pool.request(
                method, url, headers=headers, body=body, redirect=False, retries=False, preload_content=False
            )
            data = answer.read(_LARGEST + 1)
            answer.release_conn()
        except HTTPError as error:
            raise IssueError(f"no answer from GitHub ({type(error).__name__})") from None
        if len(data) > _LARGEST:
            raise IssueError("GitHub's answer is too large")
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, data

    @staticmethod
    def _wait(status: int, headers: Mapping[str, str]) -> float | None:
        """Seconds after which the same request may be sent again: nothing was done, so that it is none too many."""
        if status not in _LIMITED:
            return None
        now = time.time()
        asked = retry_after(headers, now)
        return asked if asked is not None else until_reset(headers, now) if is_used_up(headers) else None


def ensure_issues_only(method: str, path: str) -> None:
    """Raises NotReadOnlyError for a request that is not one of the few that issues need."""
    for known, pattern in _PATHS.items():
        if method == known and pattern.fullmatch(path):
            return
    raise NotReadOnlyError(f"a {method} request of {path.partition('?')[0]}, which is not about issues")


def _message(body: bytes) -> str:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "no message"
    said = document.get("message") if isinstance(document, dict) else None
    return said[:300] if isinstance(said, str) else "no message"
