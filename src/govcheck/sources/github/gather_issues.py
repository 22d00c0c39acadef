"""The open issues, all pages of them, and the newest hundred comments.

Sources: https://docs.github.com/en/rest/issues/issues#list-repository-issues and
https://docs.github.com/en/rest/issues/comments#list-issue-comments-for-a-repository
"""

from collections.abc import Callable

from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.settings.issues import COMMENTS
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.silence import is_silent, stand_in

_KEPT = ("number", "title", "created_at", "html_url", "comments")


def gather_issues(client: Client, root: str, repository: Answer) -> LiveIssues:
    """What is open.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
    """
    issues, comments = f"{root}/{path('issues')}", f"{root}/{path('issues', 'comments')}"
    if is_silent(repository):
        return LiveIssues(opened=stand_in(issues, repository), comments=stand_in(comments, repository))
    newest: dict[str, str | int] = {"sort": "created", "direction": "desc", "per_page": COMMENTS}
    return LiveIssues(
        opened=_each(client.get_list(issues, parameters={"state": "open"}), _issue),
        comments=_each(client.get(comments, parameters=newest), _comment),
    )


def _each(answer: Answer, cut: Callable[[dict[str, Json]], Json]) -> Answer:
    if not isinstance(answer.body, list):
        return answer
    return replace(answer, body=[cut(entry) if isinstance(entry, dict) else entry for entry in answer.body])


def _issue(entry: dict[str, Json]) -> Json:
    kept: dict[str, Json] = {key: entry[key] for key in _KEPT if key in entry}
    if "pull_request" in entry:  # its text is another kind's business
        return {**kept, "pull_request": True}
    labels, assignees = _names(entry.get("labels"), "name"), _names(entry.get("assignees"), "login")
    return {**kept, "body": entry.get("body"), "labels": labels, "assignees": assignees}


def _names(entries: Json, key: str) -> Json:
    if not isinstance(entries, list):
        return entries
    # An old label may be a text of its own.
    return [entry.get(key) if isinstance(entry, dict) else entry for entry in entries]


def _comment(entry: dict[str, Json]) -> Json:
    return {key: entry[key] for key in ("issue_url", "created_at") if key in entry}
