"""What reported on a branch's newest commit: check runs and commit statuses.

Sources: https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference and
https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from govcheck.facts.live import HeadChecks
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.apps import GITHUB_ACTIONS
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, text

GREEN = frozenset({"success", "skipped", "neutral"})
"""What counts as success for a required check."""


@frozen(kw_only=True)
class Run:
    """One report of one context."""

    context: str
    app: str | None
    """The slug of the app that reported; None for a commit status."""

    app_id: int | None
    conclusion: str | None
    """None: it has not ended."""

    url: str | None
    duration: timedelta | None
    """None where that is not said."""

    order: tuple[str, int]
    """The greater, the newer."""


@frozen
class HeadRuns:
    """Everything that reported, and why there may be more."""

    runs: tuple[Run, ...]
    trouble: Trouble | None

    def newest(self, context: str, app: str | None) -> Run | None:
        """The newest report of a context, by an app where one is named. A commit status does not say whose it is."""
        apps = {app} if app == GITHUB_ACTIONS else {app, None}
        matching = [run for run in self.runs if run.context == context and (app is None or run.app in apps)]
        return max(matching, key=lambda run: run.order, default=None)

    def app_id(self, slug: str) -> int | None:
        """An app's number, as its reports tell it."""
        return next((run.app_id for run in self.runs if run.app == slug and run.app_id is not None), None)


def head_runs(head: HeadChecks) -> HeadRuns:
    """What reported on the newest commit."""
    if head.commit is None:
        return HeadRuns((), verdict(head.summary).trouble or unparseable(head.summary, "names no commit"))
    runs: list[Run] = []
    trouble: Trouble | None = None
    for answer, read in ((head.check_runs, _check_run), (head.statuses, _status)):
        judged = verdict(answer)
        found = judged.trouble
        if judged.state is State.ON:
            try:
                runs.extend(map(read, _entries(answer.body)))
            except (UnexpectedShapeError, ValueError, TypeError) as error:
                found = unparseable(answer, str(error))
            if found is None and not answer.complete:
                found = incomplete(answer)
        trouble = trouble or found
    return HeadRuns(tuple(runs), trouble)


def _entries(body: Json) -> Iterator[Body]:
    """The entries of a list, which GitHub wraps in an object with a count."""
    listed = body
    if isinstance(body, dict):
        listed = next((body[key] for key in ("check_runs", "statuses") if key in body), None)
    if not isinstance(listed, list):
        raise UnexpectedShapeError("expected a list")
    for entry in listed:
        if not isinstance(entry, dict):
            raise UnexpectedShapeError("expected a list of objects")
        yield entry


def _check_run(entry: Body) -> Run:
    ended = text(entry, "status") == "completed"
    return Run(
        context=_named(entry, "name"),
        app=text(entry, "app.slug"),
        app_id=number(entry, "app.id"),
        conclusion=_named(entry, "conclusion") if ended else None,
        url=text(entry, "html_url"),
        duration=_took(text(entry, "started_at"), text(entry, "completed_at")),
        order=(text(entry, "started_at") or "", number(entry, "id") or 0),
    )


def _status(entry: Body) -> Run:
    state = _named(entry, "state")
    return Run(
        context=_named(entry, "context"),
        app=None,
        app_id=None,
        conclusion=None if state == "pending" else state,
        url=text(entry, "target_url"),
        duration=None,
        order=(text(entry, "updated_at") or "", number(entry, "id") or 0),
    )


def _named(entry: Body, key: str) -> str:
    value = text(entry, key)
    if value is None:
        raise UnexpectedShapeError(f"a check without `{key}`")
    return value


def _took(started: str | None, completed: str | None) -> timedelta | None:
    if started is None or completed is None:
        return None
    return datetime.fromisoformat(completed) - datetime.fromisoformat(started)
