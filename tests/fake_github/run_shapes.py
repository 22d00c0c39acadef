"""Workflows, their runs and the jobs of those, as GitHub writes them."""

from fake_github.shapes import number
from fake_github.state import Document, sha_of


def workflow(root: str, repository_name: str, document: Document) -> Document:
    """One workflow."""
    path = document["path"]
    identity = number(f"{repository_name}{path}")
    url = f"{root}/repos/{repository_name}/actions/workflows/{identity}"
    return {
        "id": identity,
        "node_id": sha_of(url)[:16],
        "name": document.get("name", path),
        "path": path,
        "state": document.get("state", "active"),
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "url": url,
        "html_url": f"https://github.com/{repository_name}/blob/main/{path}",
        "badge_url": f"https://github.com/{repository_name}/workflows/{identity}/badge.svg",
    }


def run(root: str, repository_name: str, path: str, document: Document) -> Document:
    """One run of a workflow."""
    identity = document["id"]
    url = f"{root}/repos/{repository_name}/actions/runs/{identity}"
    return {
        "id": identity,
        "name": path,
        "node_id": sha_of(url)[:16],
        "head_branch": document.get("head_branch", "main"),
        "head_sha": sha_of("main"),
        "head_repository": {"full_name": document.get("head_repository", repository_name)},
        "path": path,
        "display_title": path,
        "run_number": 1,
        "run_attempt": document.get("run_attempt", 1),
        "event": document.get("event", "workflow_dispatch"),
        "status": document.get("status", "completed"),
        "conclusion": document.get("conclusion", "success")
        if document.get("status", "") in {"", "completed"}
        else None,
        "workflow_id": number(f"{repository_name}{path}"),
        "url": url,
        "html_url": f"https://github.com/{repository_name}/actions/runs/{identity}",
        "pull_requests": [],
        "created_at": document["created_at"],
        "updated_at": document.get("updated_at", document["created_at"]),
        "run_started_at": document["created_at"],
        "jobs_url": f"{url}/jobs",
    }


def job(root: str, repository_name: str, run_document: Document, document: Document) -> Document:
    """One job of a run."""
    identity = number(f"{run_document['id']}{document['name']}")
    return {
        "id": identity,
        "run_id": run_document["id"],
        "run_url": f"{root}/repos/{repository_name}/actions/runs/{run_document['id']}",
        "node_id": sha_of(str(identity))[:16],
        "head_sha": sha_of("main"),
        "url": f"{root}/repos/{repository_name}/actions/jobs/{identity}",
        "html_url": f"https://github.com/{repository_name}/actions/runs/{run_document['id']}/job/{identity}",
        "status": "completed",
        "conclusion": document.get("conclusion", "success"),
        "created_at": document["started_at"],
        "started_at": document["started_at"],
        "completed_at": document["completed_at"],
        "name": document["name"],
        "steps": [],
        "labels": ["ubuntu-latest"],
    }
