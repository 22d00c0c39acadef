"""GitHub as a test of a policy gives it: an answer for each endpoint that it names, and nothing sent anywhere."""

import json
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from govcheck.app import made_logs
from govcheck.app.nothing_set import NothingIsSet
from govcheck.findings import Json
from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import GivenAnswer, GivenPullRequest
from govcheck.settings.endpoints import ORGANISATION, REPOSITORY
from govcheck.sources.git.made import BASE
from govcheck.sources.github.exchange import HttpRequest, HttpResponse

ENVIRONMENT = {"GITHUB_API_URL": "https://api.github.com", "GH_TOKEN": "ghp_GivenByATestOfAPolicy"}
"""With what GitHub is asked; the host is never spoken to."""

_FROM_THE_ROOT = frozenset({"repos", "orgs", "graphql", "users", "enterprises", "organizations", "app", "apps"})
"""First words of endpoints that are not below the repository."""

HEAD_COMMIT = "0" * 40
"""The newest commit of the pull request, as GitHub and the event tell it."""

_PAGING = frozenset({"page", "per_page"})
_OK, _REFUSED = 200, 403


class GivenAnswers:
    """The transport of one test."""

    def __init__(self, given: Given) -> None:
        self._repository = given.repository
        reviewed = given.pull_request if given.pull_request and given.pull_request.reviews is not None else None
        live = {**(_reviews(reviewed) if reviewed else {}), **given.live}
        self._answers = {self._whole(name): answer for name, answer in live.items()}
        self._rest = NothingIsSet(BASE, {}, name=given.repository, strangers=False)
        self._is_refused = given.otherwise == "refused"

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request: the test's own, or what it says of every other endpoint."""
        parts = urlsplit(request.url)
        path = unquote(parts.path).strip("/")
        query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] not in _PAGING])
        own = self._answers.get(f"{path}?{query}") or self._answers.get(path)
        if own is not None and own.status == _OK and made_logs.is_of_logs(path):
            return made_logs.lead(path)
        if own is not None:
            return response(own.status, self._body(path, own))
        if not self._is_refused:
            return self._rest.send(request)
        if path == f"repos/{self._repository}":
            return response(200, self._document())
        return response(_REFUSED, {"message": "the test does not say what this endpoint answers"})

    def download(self, url: str, most: int) -> HttpResponse:  # noqa: ARG002 - of a protocol
        """The log at an address that `send` gave: the files of its archive, as the test gives them."""
        own = self._answers.get(made_logs.led_from(url))
        return made_logs.archive(own.body if own is not None else None)

    def close(self) -> None:
        """Nothing is held."""

    def _body(self, path: str, answer: GivenAnswer) -> Json:
        body: Json = answer.body
        if path == f"repos/{self._repository}" and answer.status < _REFUSED and isinstance(body, dict):
            return {**self._document(), **body}
        return body

    def _document(self) -> dict[str, Json]:
        """The repository's own document, as far as every repository has one."""
        return {"full_name": self._repository, "default_branch": BASE, "private": False, "archived": False}

    def _whole(self, name: str) -> str:
        """An endpoint from the API's root."""
        path, mark, query = name.strip("/").partition("?")
        whole = path if path.partition("/")[0] in _FROM_THE_ROOT else f"{REPOSITORY}/{path}"
        owner, _, repository = self._repository.partition("/")
        filled = whole.replace("{owner}", owner).replace("{repo}", repository).replace(ORGANISATION, owner)
        return f"{filled}{mark}{urlencode(parse_qsl(query))}"


def _reviews(pull: GivenPullRequest) -> dict[str, GivenAnswer]:
    """What it says of the reviews: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request."""
    body = [
        {
            "user": {"login": login, "type": "User"},
            "author_association": "MEMBER",
            "state": state.upper().replace("-", "_"),
            "commit_id": HEAD_COMMIT,
        }
        for login, state in (pull.reviews or {}).items()
    ]
    return {f"pulls/{pull.number}/reviews": GivenAnswer(body=body)}


def response(status: int, body: Json) -> HttpResponse:
    """An answer, as it is sent."""
    data = b"" if body is None else json.dumps(body).encode()
    return HttpResponse(status=status, headers={"content-type": "application/json"}, body=data)
