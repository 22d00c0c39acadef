"""Who approved a pull request, from what `GET .../pulls/{number}/reviews` answers. Pure.

Source: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
"""

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict

_WITH_A_SAY = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""Whose approval counts for GitHub itself comes near to this: anybody may approve in a public repository."""

_DECIDING = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def approvers(answer: Answer, author: str) -> tuple[str, ...] | Trouble:
    """The logins of those whose newest decision is an approval, the author aside.

    Only people count who belong to the repository: its owner, members of its organisation, collaborators.
    """
    meant = verdict(answer)
    if meant.trouble is not None:
        return meant.trouble
    if meant.state is not State.ON or not isinstance(answer.body, list):
        return unparseable(answer, "the reviews are no list")
    if not answer.complete:
        return incomplete(answer)
    newest: dict[str, str] = {}
    for review in answer.body:
        login, state = _review(review)
        if not state:
            return unparseable(answer, "a review is not as GitHub documents it")
        if state in _DECIDING and login:
            newest[login] = state
    return tuple(sorted(login for login, state in newest.items() if state == "APPROVED" and login != author.lower()))


def _review(review: Json) -> tuple[str, str]:
    """Who and what: the login of somebody with a say, in small letters, else nothing; nothing at all: not readable."""
    if not isinstance(review, dict) or not isinstance(review.get("state"), str):
        return "", ""
    user = review.get("user")
    login = user.get("login") if isinstance(user, dict) else None
    counts = isinstance(login, str) and review.get("author_association") in _WITH_A_SAY
    return (login.lower() if counts and isinstance(login, str) else ""), str(review["state"])
