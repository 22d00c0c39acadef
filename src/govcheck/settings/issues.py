"""What GitHub's answers say of open issues: what each one is, and when somebody last said something of it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import Answer
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, instant, number, objects_of, required_text, text, texts

COMMENTS = 100
"""How many of the newest comments are read: a page that has as many may not be the last one."""


@frozen(kw_only=True)
class Issue:
    """One open issue, or pull request."""

    number: int
    title: str
    body: str
    labels: frozenset[str]
    assignees: frozenset[str]
    created: datetime
    comments: int
    url: str | None
    is_pull_request: bool


@frozen(kw_only=True)
class Issues:
    """What is open, as far as it could be read."""

    found: tuple[Issue, ...]
    trouble: Trouble | None
    """Why these are not all."""


@frozen(kw_only=True)
class Comments:
    """When somebody last said something."""

    newest: Mapping[int, datetime]
    """By the issue's number."""

    since: datetime | None
    """From when on every comment is known; None: every one there is."""

    trouble: Trouble | None


def issues(live: LiveIssues) -> Issues:
    """Every open issue that was told of."""
    trouble = _trouble(live.opened)
    if trouble is not None:
        return Issues(found=(), trouble=trouble)
    try:
        found = tuple(_issue(entry) for entry in objects_of(live.opened.body, "the issues"))
    except UnexpectedShapeError as error:
        return Issues(found=(), trouble=unparseable(live.opened, str(error)))
    return Issues(found=found, trouble=None if live.opened.complete else incomplete(live.opened))


def comments(live: LiveIssues) -> Comments:
    """The newest comments that were told of."""
    trouble = _trouble(live.comments)
    if trouble is not None:
        return Comments(newest={}, since=None, trouble=trouble)
    try:
        entries = objects_of(live.comments.body, "the comments")
        told = [(_of_issue(entry), instant(text(entry, "created_at"))) for entry in entries]
    except UnexpectedShapeError as error:
        return Comments(newest={}, since=None, trouble=unparseable(live.comments, str(error)))
    newest: dict[int, datetime] = {}
    for issue, at in told:
        newest[issue] = max(newest.get(issue, at), at)
    since = min((at for _, at in told), default=None) if len(told) >= COMMENTS else None
    return Comments(newest=newest, since=since, trouble=None)


def _trouble(answer: Answer) -> Trouble | None:
    judged = verdict(answer)
    if judged.trouble is not None:
        return judged.trouble
    return None if judged.state is State.ON else unparseable(answer, f"it answered {answer.status}")


def _issue(entry: Body) -> Issue:
    identity = number(entry, "number")
    if identity is None:
        raise UnexpectedShapeError("an issue without `number`")
    return Issue(
        number=identity,
        title=text(entry, "title") or "",
        body=text(entry, "body") or "",
        labels=frozenset(label.casefold() for label in texts(entry, "labels") or ()),
        assignees=texts(entry, "assignees") or frozenset(),
        created=instant(text(entry, "created_at")),
        comments=number(entry, "comments") or 0,
        url=text(entry, "html_url"),
        is_pull_request=entry.get("pull_request") is not None,
    )


def _of_issue(entry: Body) -> int:
    last = required_text(entry, "issue_url").rpartition("/")[2]
    if not (last.isascii() and last.isdigit()):
        raise UnexpectedShapeError("a comment of no issue")
    return int(last)
