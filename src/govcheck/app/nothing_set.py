"""GitHub's answers about a repository where nothing is set: for the worst world, the good one, and policy tests."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from govcheck.app import contrary_settings
from govcheck.app.contrary_settings import CANARY
from govcheck.app.strangers import BRANCHES, STRANGERS, branch
from govcheck.findings import Json
from govcheck.settings.endpoints import REPOSITORY
from govcheck.sources.github.exchange import HttpRequest, HttpResponse

CANARY_REPOSITORY = f"{CANARY}/repository"
SUNDAY_NIGHT = datetime(2026, 11, 22, 3, 33, tzinfo=UTC)
"""The instant that these worlds are judged at."""

_NOTHING = "0" * 40

_REFUSED = {
    "code-scanning/alerts": (404, "no analysis found"),
    "code-scanning/analyses": (404, "no analysis found"),
    "dependabot/alerts": (403, "Dependabot alerts are disabled for this repository."),
    "secret-scanning/alerts": (404, "Secret scanning is disabled on this repository."),
    "secret-scanning/custom-patterns": (404, "Secret scanning is disabled on this repository."),
    "vulnerability-alerts": (404, "Vulnerability alerts are disabled."),
}
"""What GitHub answers where security features are off."""


def _no_rule(branches: Json) -> Json:
    """What GraphQL tells an administrator of classic protection where there is none, and of branches."""
    nothing: dict[str, Json] = {
        "viewerCanAdminister": True,
        "ref": {"branchProtectionRule": None},
        "mergeQueue": None,
        "branchProtectionRules": {"totalCount": 0, "nodes": []},
        "refs": branches,
    }
    return {"data": {"repository": nothing}}


_TIDY: Json = {
    "totalCount": 1,
    "pageInfo": {"hasNextPage": False, "endCursor": None},
    "nodes": [branch("main", SUNDAY_NIGHT.isoformat())],
}
"""One branch, which somebody has just worked on."""


def _response(status: int, body: Json) -> HttpResponse:
    return HttpResponse(status=status, headers={"content-type": "application/json"}, body=json.dumps(body).encode())


class NothingIsSet:
    """GitHub's answers about a repository without any protection. Nothing is sent anywhere."""

    def __init__(
        self, branch: str, contrary: Mapping[str, Json], *, name: str = CANARY_REPOSITORY, strangers: bool = True
    ) -> None:
        """Makes the answers.

        Args:
            branch: The default branch.
            contrary: Documents to answer with instead, by template: `contrary_settings.contrary`.
            name: The repository's name.
            strangers: Whether strangers have every access, and whatever can be left lying about is; else nobody has
                any, and nothing is there.
        """
        self._branch = branch
        self._contrary = contrary
        self._name = name
        self._strangers = strangers

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request."""
        if request.method == "POST":
            return _response(200, _no_rule(BRANCHES if self._strangers else _TIDY))
        template = contrary_settings.template(request.url.partition("?")[0], self._name)
        path = template.removeprefix(REPOSITORY).strip("/")
        status, body = self._of_strangers(template) if template in STRANGERS else self._answer(path)
        own = self._contrary.get(template)
        if own is not None:
            status, body = 200, {**body, **own} if isinstance(body, dict) and isinstance(own, dict) else own
        return _response(status, body)

    def close(self) -> None:
        """Nothing is held."""

    def _of_strangers(self, template: str) -> tuple[int, Json]:
        worst = STRANGERS[template]
        return 200, worst if self._strangers else [] if isinstance(worst, list) else {"login": self._name.split("/")[0]}

    def _own(self) -> Json:
        named: dict[str, Json] = {"full_name": self._name, "default_branch": self._branch, "private": False}
        return {**named, **contrary_settings.OWN}

    def _answer(self, path: str) -> tuple[int, Json]:
        if path in _REFUSED:
            status, message = _REFUSED[path]
            return status, {"message": message}
        if path.endswith("/protection"):
            return 404, {"message": "Branch not protected"}
        if path.startswith("rules") or path.endswith("rulesets"):
            return 200, []
        if path.startswith("branches/"):
            name = path.removeprefix("branches/")
            return 200, {"name": name, "commit": {"sha": _NOTHING}, "protected": False}
        known = {**(contrary_settings.WORST if self._strangers else {}), "": self._own()}
        if path in known:
            return 200, known[path]
        last = path.rpartition("/")[2].replace("-", "_")
        empty: dict[str, Json] = {
            "total_count": 0,
            last: [],
            "secrets": [],
            "statuses": [],
            "state": "pending",
            "errors": [],
        }
        return 200, empty
