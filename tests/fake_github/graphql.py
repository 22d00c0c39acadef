"""The one query that the fake understands: the branches of a repository, a hundred a page."""

import json
from typing import Any

from fake_github.state import Document

_PAGE = 100


def refs(document: Document, token: Document | None, body: bytes) -> Any:
    """The answer; None where this is another query, or the repository has no `tip`."""
    asked = json.loads(body or b"{}")
    variables = asked.get("variables", {})
    found = document["repositories"].get(f"{variables.get('owner')}/{variables.get('name')}", {})
    if "refs(" not in asked.get("query", "") or "tips" not in found:
        return None
    if token is not None and token["class"] != "classic" and "contents" not in token["permissions"]:
        who = "integration" if token["class"] == "app" else "personal access token"
        error = {"type": "FORBIDDEN", "path": ["repository", "refs"], "message": f"Resource not accessible by {who}"}
        return {"data": {"repository": {"refs": None}}, "errors": [error]}
    start = int(variables.get("after") or 0)
    end = start + _PAGE
    info = {"hasNextPage": end < len(found["tips"]), "endCursor": str(end)}
    page = {"totalCount": len(found["tips"]), "pageInfo": info, "nodes": found["tips"][start:end]}
    return {"data": {"rateLimit": {"cost": 1}, "repository": {"refs": page}}}
