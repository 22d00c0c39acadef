"""Whose approval a pull request has: of each person the latest word counts, and nobody's own.

Source: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
"""

from collections.abc import Callable

from govcheck.facts.live import Answer
from govcheck.facts.reviews import PullRequestReviews, TeamMembers
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects_of, required_text, text

_LASTING = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
"""A comment, or a review that is not sent yet, takes nothing back."""

_WITH_A_SAY = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""Whose approval counts for GitHub itself comes near to this: anybody may approve in a public repository."""


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


def approvers(reviews: PullRequestReviews) -> tuple[str, ...] | Trouble:
    """The logins of those whose latest word is an approval, in small letters.

    Only people count who belong to the repository: its owner, members of its organisation, collaborators.
    """
    approving = _approving(reviews, lambda review: text(review, "author_association") in _WITH_A_SAY)
    return approving if isinstance(approving, Trouble) else tuple(sorted(approving))


def approvals(
    reviews: PullRequestReviews, teams: TeamMembers, reviewers: tuple[str, ...], commit: str
) -> Approvals | Trouble:
    """The approvals by reviewers.

    Args:
        reviews: What GitHub answered.
        teams: Who is in the teams among the reviewers.
        reviewers: Actors: `user:login`, `team:organisation/slug`.
        commit: The newest one of the pull request.
    """
    approving = _approving(reviews, lambda _: True)
    if isinstance(approving, Trouble):
        return approving
    try:
        members, trouble = _members(teams)
    except UnexpectedShapeError as error:
        return unparseable(reviews.answer, str(error))
    named = {actor.lower().removeprefix("user:") for actor in reviewers if actor.startswith("user:")} | members
    ours = {login: seen for login, seen in approving.items() if login in named}
    others = tuple(sorted(approving.keys() - ours.keys()))
    return Approvals(
        fresh=tuple(sorted(login for login, seen in ours.items() if seen == commit)),
        stale=tuple(sorted(login for login, seen in ours.items() if seen != commit)),
        doubtful=others if trouble is not None else (),
        trouble=trouble,
    )


def _approving(reviews: PullRequestReviews, counts: Callable[[Body], bool]) -> dict[str, str] | Trouble:
    """By login, the author's aside: the commit that somebody's latest word approves.

    Args:
        reviews: What GitHub answered.
        counts: Whether a review is one by somebody who has a say.
    """
    listed = _listed(reviews.answer)
    if isinstance(listed, Trouble):
        return listed
    latest: dict[str, str | None] = {}
    try:
        for review in listed:
            state, login = required_text(review, "state"), text(review, "user.login")
            if login and state in _LASTING and counts(review):
                latest[login.lower()] = (text(review, "commit_id") or "") if state == "APPROVED" else None
    except UnexpectedShapeError as error:
        return unparseable(reviews.answer, str(error))
    own = reviews.author.lower()
    return {login: seen for login, seen in latest.items() if seen is not None and login != own}


def _members(fact: TeamMembers) -> tuple[frozenset[str], Trouble | None]:
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
