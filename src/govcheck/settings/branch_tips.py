"""What GitHub's answers say of branches: how old each one is, whose, and what keeps it."""

from collections.abc import Callable
from datetime import datetime

from govcheck.facts.branches import LiveBranches
from govcheck.facts.live import Answer
from govcheck.findings import Reason
from govcheck.records import frozen
from govcheck.settings.answers import Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, objects_of, required_text, text
from govcheck.settings.instants import instant

_REFUSALS = ("Resource not accessible", "Must have", "Could not resolve to a Repository")
"""How GraphQL, which answers 200 to everything, begins to say that a token may not see something."""

_OK = 200
_ON_THE_WEB = "web-flow"
"""Who commits what is merged or edited on the web: https://docs.github.com/en/authentication/managing-commit-signature-verification"""


@frozen(kw_only=True)
class Tip:
    """A branch with its newest commit."""

    name: str
    commit: str
    committed_at: datetime
    owner: str
    """Who made the commit: `user:login`, or the name in it where no account has it."""


@frozen(kw_only=True)
class Tips:
    """The branches of a repository, as far as they could be read."""

    tips: tuple[Tip, ...] = ()
    odd: tuple[str, ...] = ()
    """Names of branches whose newest commit is not told."""

    trouble: Trouble | None = None
    """Why these are not all of them."""


@frozen
class Keeping:
    """What keeps branches, in one way; or why that is not known."""

    names: frozenset[str] = frozenset()
    trouble: Trouble | None = None


def tips(live: LiveBranches) -> Tips:
    """Every branch that was told of."""
    answer = live.refs
    if not isinstance(answer.body, dict):
        return Tips(trouble=_refused(answer))
    try:
        entries, total = objects(answer.body, "nodes") or (), number(answer.body, "totalCount")
        names = [required_text(entry, "name") for entry in entries]
    except UnexpectedShapeError as error:
        return Tips(trouble=unparseable(answer, str(error)))
    read = [(name, _tip(entry)) for name, entry in zip(names, entries, strict=True)]
    return Tips(
        tips=tuple(tip for _, tip in read if tip is not None),
        odd=tuple(name for name, tip in read if tip is None),
        trouble=_unread(live, names, total),
    )


def protected(live: LiveBranches) -> Keeping:
    """The branches that classic protection or a ruleset guards."""
    return _keeping(live.protected, lambda entry: [required_text(entry, "name")])


def in_pull_requests(live: LiveBranches) -> Keeping:
    """The branches that an open pull request comes from, or goes to."""
    repository = text(live.repository.body, "full_name") if isinstance(live.repository.body, dict) else None
    return _keeping(live.pulls, lambda entry: _of_pull(entry, repository or ""))


def from_pull_requests(live: LiveBranches) -> Keeping:
    """The branches that an open pull request comes from."""
    repository = text(live.repository.body, "full_name") if isinstance(live.repository.body, dict) else None
    return _keeping(live.pulls, lambda entry: _of_pull(entry, repository or "")[:-1])


def default_branch(repository: Answer) -> str | None:
    """The repository's default branch, where it is told."""
    return text(repository.body, "default_branch") if isinstance(repository.body, dict) else None


def _tip(entry: Body) -> Tip | None:
    try:
        return Tip(
            name=required_text(entry, "name"),
            commit=required_text(entry, "target.oid"),
            committed_at=instant(entry, "target.committedDate"),
            owner=_owner(entry),
        )
    except UnexpectedShapeError:
        return None


def _owner(entry: Body) -> str:
    login = text(entry, "target.committer.user.login")
    role = "author" if login == _ON_THE_WEB or text(entry, "target.committer.name") == "GitHub" else "committer"
    login = text(entry, f"target.{role}.user.login")
    return f"user:{login}".lower() if login else text(entry, f"target.{role}.name") or "somebody without a name"


def _refused(answer: Answer) -> Trouble:
    if answer.status != _OK:
        return verdict(answer).trouble or unparseable(answer, "expected a list of branches")
    return _of_graphql(answer, f"the branches could not be listed: {answer.message}")


def _unread(live: LiveBranches, names: list[str], total: int | None) -> Trouble | None:
    answer, default = live.refs, default_branch(live.repository)
    left = f"{total - len(names)} of {total} branches were left unread" if total else "branches were left unread"
    if not answer.complete:
        return _of_graphql(answer, f"{left}: {answer.message}")
    if total != len(names):
        return unparseable(answer, f"{len(names)} branches came of a list that counts {total}")
    if default is None or default not in names:
        return unparseable(answer, f"the default branch {default or '(unknown)'} is not among the branches")
    return None


def _of_graphql(answer: Answer, message: str) -> Trouble:
    told = incomplete(answer)
    refused = answer.message.startswith(_REFUSALS)
    return Trouble(
        reason=Reason.PERMISSION if refused else told.reason,
        message=message,
        permission=answer.permission if refused else None,
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=answer.grantable or not refused,
    )


def _keeping(answer: Answer, read: Callable[[Body], list[str]]) -> Keeping:
    judged = verdict(answer)
    if judged.trouble is not None:
        return Keeping(trouble=judged.trouble)
    try:
        found = [name for entry in objects_of(answer.body, answer.endpoint) for name in read(entry)]
    except UnexpectedShapeError as error:
        return Keeping(trouble=unparseable(answer, str(error)))
    return Keeping(frozenset(found), None if answer.complete else incomplete(answer))


def _of_pull(entry: Body, repository: str) -> list[str]:
    source = text(entry, "head.repo.full_name")
    # A branch of a fork may have the name of one of ours.
    own = [required_text(entry, "head.ref")] if source is not None and source.lower() == repository.lower() else []
    return [*own, required_text(entry, "base.ref")]
