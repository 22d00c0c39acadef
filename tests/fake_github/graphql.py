"""The queries that the fake understands: a repository's branches, and what REST keeps back of its protection."""

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


def beyond_rest(document: Document, token: Document | None, body: bytes) -> Any:
    """How is merged, and the rule of one branch; None for another query, or a repository without `tells_by_graphql`."""
    asked = json.loads(body or b"{}")
    variables = asked.get("variables", {})
    found = document["repositories"].get(f"{variables.get('owner')}/{variables.get('name')}", {})
    if token is None or not found.get("tells_by_graphql"):
        return None
    if "branchProtectionRule" in asked["query"]:
        told = _branch(found, token, variables["branch"])
    elif "squashMergeAllowed" in asked["query"]:
        told = _MERGING
    else:
        return None
    return {"data": {"rateLimit": {"cost": 1}, "repository": told}}


def _branch(repository: Document, token: Document, branch: str) -> Document:
    classic = token["class"] == "classic"
    administers = token["role"] == "admin" if classic else token["permissions"].get("administration") is not None
    rule = {
        "pattern": branch,
        "requiresDeployments": False,
        "requiredDeploymentEnvironments": [],
        "bypassForcePushAllowances": {"totalCount": 0, "nodes": []},
    }
    shown = rule if administers and repository["branches"][branch]["protection"] else None
    return {"viewerCanAdminister": administers, "ref": {"branchProtectionRule": shown}, "mergeQueue": None}


_MERGING = {
    "mergeCommitAllowed": True,
    "squashMergeAllowed": True,
    "rebaseMergeAllowed": True,
    "autoMergeAllowed": False,
    "deleteBranchOnMerge": False,
    "allowUpdateBranch": False,
    "squashMergeCommitTitle": "COMMIT_OR_PR_TITLE",
    "squashMergeCommitMessage": "COMMIT_MESSAGES",
    "mergeCommitTitle": "MERGE_MESSAGE",
    "mergeCommitMessage": "PR_TITLE",
}
