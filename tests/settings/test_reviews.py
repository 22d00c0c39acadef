"""Who approved a pull request."""

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.reviews import PullRequestReviews
from govcheck.findings import Reason
from govcheck.settings.answers import Trouble
from govcheck.settings.reviews import approvers


def review(login: str | None, state: str, association: str = "COLLABORATOR"):
    user = {"login": login} if login else None
    return {"id": 1, "user": user, "state": state, "author_association": association, "commit_id": "a" * 40}


def answer(body: object, *, status: int | None = 200, message: str = "", complete: bool = True) -> Answer:
    return Answer(
        endpoint="repos/o/r/pulls/1/reviews",
        status=status,
        message=message,
        body=body,
        complete=complete,
        permission="pull_requests:read",
    )


@pytest.mark.parametrize(
    ("reviews", "who"),
    [
        ([], ()),
        ([review("Mona", "APPROVED")], ("mona",)),
        ([review("Author", "APPROVED")], ()),
        ([review("mona", "APPROVED"), review("mona", "CHANGES_REQUESTED")], ()),
        ([review("mona", "APPROVED"), review("mona", "COMMENTED")], ("mona",)),
        ([review("mona", "APPROVED"), review("mona", "DISMISSED")], ()),
        ([review("stranger", "APPROVED", "NONE"), review("c", "APPROVED", "CONTRIBUTOR")], ()),
        ([review(None, "APPROVED")], ()),
    ],
)
def test_the_newest_decision_of_each_counts(reviews: list[object], who: tuple[str, ...]):
    assert approvers(PullRequestReviews("author", answer(reviews))) == who


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer({}), Reason.UNPARSEABLE),
        (answer([{"state": None}]), Reason.UNPARSEABLE),
        (answer([], complete=False), Reason.API_ERROR),
        (answer(None, status=404, message="Not Found"), Reason.PERMISSION),
    ],
)
def test_what_cannot_be_told(given: Answer, reason: Reason):
    told = approvers(PullRequestReviews("author", given))
    assert isinstance(told, Trouble)
    assert told.reason is reason
