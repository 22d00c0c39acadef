"""Whose approval a pull request has: of each person the latest word counts, and nobody's own.

Source: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
"""

from govcheck.facts.live import Answer
from govcheck.facts.reviews import PullRequestReviews
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects_of, required_text, text

_LASTING = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
"""A comment, or a review that is not sent yet, takes nothing back."""


@frozen(kw_only=True)
class Approvals:
    """The approvals that some reviewers gave, by the commit that they saw. All names in lower case."""

    fresh: tuple[str, ...]
    """Of the commit that is judged."""

    stale: tuple[str, ...]
    """Of an older one."""

    doubtful: tuple[str, ...] = ()
    """By people of whom it cannot be told whether they are reviewers."""

    trouble: Trouble | None = None
    """Why not."""


def approvals(fact: PullRequestReviews, reviewers: tuple[str, ...], author: str, commit: str) -> Approvals | Trouble:
    """The approvals by reviewers.

    Args:
        fact: What GitHub answered.
        reviewers: Actors: `user:login`, `team:organisation/slug`.
        author: Whose own approval does not count.
        commit: The newest one of the pull request.
    """
    listed = _listed(fact.reviews)
    if isinstance(listed, Trouble):
        return listed
    try:
        latest = _latest(listed)
        members, trouble = _members(fact)
    except UnexpectedShapeError as error:
        return unparseable(fact.reviews, str(error))
    named = {actor.lower().removeprefix("user:") for actor in reviewers if actor.startswith("user:")} | members
    approving = {login: seen for login, seen in latest.items() if seen is not None and login != author.lower()}
    ours = {login: seen for login, seen in approving.items() if login in named}
    others = tuple(sorted(approving.keys() - ours.keys()))
    return Approvals(
        fresh=tuple(sorted(login for login, seen in ours.items() if seen == commit)),
        stale=tuple(sorted(login for login, seen in ours.items() if seen != commit)),
        doubtful=others if trouble is not None else (),
        trouble=trouble,
    )


def _latest(reviews: tuple[Body, ...]) -> dict[str, str | None]:
    """By login: the commit that somebody's latest word approves; None where it is no approval."""
    found: dict[str, str | None] = {}
    for review in reviews:
        state, login = required_text(review, "state"), text(review, "user.login")
        if login and state in _LASTING:
            found[login.lower()] = (text(review, "commit_id") or "") if state == "APPROVED" else None
    return found


def _members(fact: PullRequestReviews) -> tuple[frozenset[str], Trouble | None]:
    """Everybody in the teams, and why there may be more."""
    logins: set[str] = set()
    trouble: Trouble | None = None
    for _, answer in fact.teams:
        listed = _listed(answer)
        if isinstance(listed, Trouble):
            trouble = trouble or listed
        else:
            logins |= {required_text(entry, "login").lower() for entry in listed}
    return frozenset(logins), trouble


def _listed(answer: Answer) -> tuple[Body, ...] | Trouble:
    judged = verdict(answer)
    if judged.trouble is not None:
        return judged.trouble
    if judged.state is not State.ON:
        return unparseable(answer, f"expected a list, and it answered {answer.status}: {answer.message}")
    if not answer.complete:
        return incomplete(answer)
    try:
        return objects_of(answer.body, "the answer")
    except UnexpectedShapeError as error:
        return unparseable(answer, str(error))
