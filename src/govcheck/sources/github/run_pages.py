"""The runs of a workflow of some days: page by page, until one is older than is wanted.

No clock is read: the days count from the newest run, which is never later than now, so that a run that is that much
older is outside of whatever is judged. Source:
https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.sources.github.client import Client

MOST_PAGES = 10
"""Of a hundred runs each; GitHub gives no more than a thousand of them where it filters."""

_PER_PAGE = 100
_OK = 200
_KEPT = (
    "id",
    "event",
    "status",
    "conclusion",
    "head_branch",
    "head_sha",
    "run_attempt",
    "created_at",
    "run_started_at",
    "updated_at",
    "html_url",
)
"""A run is ten kilobytes, and these are wanted."""


def pages_of_runs(client: Client, endpoint: str, wanted: timedelta) -> Answer:
    """The newest runs, joined as `{total_count, workflow_runs}`; what stood in the way of a page is told beside them.

    Args:
        client: Asks.
        endpoint: The list of one workflow's runs.
        wanted: How much older than the newest one they have to be told.
    """
    runs: dict[int | str, Json] = {}
    joined: Answer | None = None
    page = 0
    while True:
        page += 1
        answer = client.get(endpoint, parameters={"per_page": _PER_PAGE, "exclude_pull_requests": "true", "page": page})
        found = answer.body.get("workflow_runs") if isinstance(answer.body, dict) else None
        if answer.status != _OK or not isinstance(answer.body, dict) or not isinstance(found, list):
            if joined is None:
                return answer
            return replace(
                joined, complete=False, failure=answer.failure, message=answer.message or "a page is no list"
            )
        # A run that starts meanwhile moves the others on, so that one may come twice.
        runs.update((_identity(entry, len(runs)), _cut(entry)) for entry in found)
        joined = replace(
            answer, body={"total_count": answer.body.get("total_count"), "workflow_runs": [*runs.values()]}
        )
        if page == MOST_PAGES or len(found) < _PER_PAGE or _reach(runs.values()) > wanted:
            return joined


def _identity(entry: Json, position: int) -> int | str:
    number = entry.get("id") if isinstance(entry, dict) else None
    return number if isinstance(number, int) else f"no number {position}"


def _cut(entry: Json) -> Json:
    if not isinstance(entry, dict):
        return entry
    source = entry.get("head_repository")
    named: dict[str, Json] = {"full_name": source.get("full_name")} if isinstance(source, dict) else {}
    return {**{key: entry[key] for key in _KEPT if key in entry}, "head_repository": named}


def _reach(entries: Iterable[Json]) -> timedelta:
    """How much older than the newest the oldest one is, by those that say when they are of."""
    found = [at for entry in entries if (at := _created(entry)) is not None]
    return max(found) - min(found) if found else timedelta()


def _created(entry: Json) -> datetime | None:
    written = entry.get("created_at") if isinstance(entry, dict) else None
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
