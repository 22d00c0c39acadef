"""Issues of the fake: listed, opened, changed, commented on. Labels of those who may not push are dropped, as GitHub
has it: https://docs.github.com/en/rest/issues/issues#create-an-issue
"""

import json
import re
from typing import Any

from fake_github.answers import RefusedError, Reply, query_of
from fake_github.state import Document

_PATH = re.compile(r"repos/([^/]+/[^/]+)/issues(?:/([0-9]+))?(/comments)?")


def is_about_issues(below: str) -> bool:
    return _PATH.fullmatch(below.partition("?")[0]) is not None


def may_write(token: Document | None) -> bool:
    """Whether a token is one of the channel's; every other one reads what a test wrote down."""
    return token is not None and token["permissions"].get("issues") == "write"


def answer(document: Document, token: Document | None, method: str, below: str, body: bytes) -> Reply:
    path, _, query = below.partition("?")
    found = _PATH.fullmatch(path)
    if found is None or found[1] not in document["repositories"]:
        raise RefusedError(404, "Not Found")
    if token is None or token["permissions"].get("issues") is None:
        raise RefusedError(403, "Resource not accessible by personal access token")
    if method != "GET" and token["permissions"]["issues"] != "write":
        raise RefusedError(403, "Resource not accessible by personal access token")
    issues: list[Document] = document.setdefault("issues", {}).setdefault(found[1], [])
    if found[2] is None:
        return _listed(issues, query_of(query)) if method == "GET" else _opened(issues, token, json.loads(body))
    issue = next((one for one in issues if one["number"] == int(found[2])), None)
    if issue is None:
        raise RefusedError(404, "Not Found")
    keys: dict[str, Any] = json.loads(body)
    if found[3]:
        issue["said"].append(keys["body"])
        return Reply(201, {"id": len(issue["said"]), "body": keys["body"]})
    if method != "PATCH":
        raise RefusedError(404, "Not Found")
    issue.update(keys)
    return Reply(200, issue)


def _listed(issues: list[Document], query: dict[str, str]) -> Reply:
    wanted = query.get("labels")
    names = [one for one in issues if wanted is None or wanted in [label["name"] for label in one["labels"]]]
    newest = sorted(names, key=lambda one: -one["number"])
    size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
    return Reply(200, newest[(page - 1) * size : page * size])


def _opened(issues: list[Document], token: Document, keys: dict[str, Any]) -> Reply:
    labels = keys.get("labels", []) if token["permissions"].get("contents") == "write" else []
    issue = {
        "number": len(issues) + 1,
        "state": "open",
        "title": keys["title"],
        "body": keys["body"],
        "labels": [{"name": name} for name in labels],
        "said": [],
    }
    issues.append(issue)
    return Reply(201, issue)
