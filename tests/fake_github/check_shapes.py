"""Check runs and statuses as GitHub writes them."""

from typing import Any

from fake_github.shapes import app, number, repository
from fake_github.state import GITHUB_ACTIONS, Document, sha_of


def check_run(root: str, repository_name: str, sha: str, document: Document) -> Document:
    """One check run."""
    identity = number(f"{sha}{document['name']}{document.get('app_id')}")
    url = f"{root}/repos/{repository_name}/check-runs/{identity}"
    done = document.get("status", "completed") == "completed"
    return {
        "id": identity,
        "node_id": sha_of(url)[:16],
        "head_sha": sha,
        "external_id": "",
        "url": url,
        "html_url": f"https://github.com/{repository_name}/runs/{identity}",
        "details_url": f"https://github.com/{repository_name}/actions/runs/1/job/{identity}",
        "status": document.get("status", "completed"),
        "conclusion": document["conclusion"] if done else None,
        "started_at": document.get("started_at", "2026-01-05T10:00:00Z"),
        "completed_at": document.get("completed_at", "2026-01-05T10:01:00Z") if done else None,
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{url}/annotations",
        },
        "name": document["name"],
        "check_suite": {"id": number(sha)},
        "app": app(document.get("app_id", GITHUB_ACTIONS), document.get("app_slug", "github-actions")),
        "pull_requests": [],
    }


def status(root: str, repository_name: str, sha: str, document: Document) -> Document:
    """One status of a combined status."""
    return {
        "url": f"{root}/repos/{repository_name}/statuses/{sha}",
        "avatar_url": "https://github.com/images/octocat.gif",
        "id": number(f"{sha}{document['context']}"),
        "node_id": sha_of(document["context"])[:16],
        "state": document["state"],
        "description": None,
        "target_url": None,
        "context": document["context"],
        "created_at": "2026-01-05T10:00:00Z",
        "updated_at": "2026-01-05T10:01:00Z",
    }


def combined_status(
    root: str, name: str, settings: Document, *, sha: str, page: list[Any], all_of_it: list[Any]
) -> Document:
    """`GET /repos/{owner}/{repo}/commits/{ref}/status`: pending where there is none at all."""
    states = {entry["state"] for entry in all_of_it}
    state = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
    return {
        "state": state,
        "statuses": page,
        "sha": sha,
        "total_count": len(all_of_it),
        "repository": repository(root, name, settings, may_see_merging=False, may_see_security=False),
        "commit_url": f"{root}/repos/{name}/commits/{sha}",
        "url": f"{root}/repos/{name}/commits/{sha}/status",
    }
