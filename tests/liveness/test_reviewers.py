"""As many people can approve as the branch demands approvals."""

import pytest

from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Held, Undecided
from govcheck.liveness.reviewers import COLLABORATORS, gates
from govcheck.rules.gate_liveness import GateLiveness, enough_reviewers
from live_branches import (
    ADMIN,
    REPOSITORY,
    answer,
    classic,
    hidden,
    live,
    pull_request,
    refused,
    repository,
    reviews,
    ruleset,
)

ENDPOINT = f"{REPOSITORY}/collaborators"
NO_PUSH = refused(ENDPOINT, 403, "Must have push access to view repository collaborators.", "metadata:read")


def person(login, *permissions, role="write"):
    return {"login": login, "role_name": role, "permissions": dict.fromkeys(permissions, True)}


def writers(*logins):
    return answer(ENDPOINT, [person(login, "pull", "push") for login in logins])


def told(branch, collaborators):
    found = list(gates(branch, LiveAnswers(repository(), {COLLABORATORS: collaborators})))
    return [one for gate in found for one in gate.said()]


READERS = [person("a", "pull", "triage", role="triage"), person("b", "pull", role="custom")]
TWO = live(protection=classic(required_pull_request_reviews=reviews(2)))


@pytest.mark.parametrize(
    ("branch", "people", "kind"),
    [
        (TWO, writers("justin"), Finding),
        (TWO, writers("justin", "mona"), Finding),
        (TWO, writers("justin", "mona", "hubot"), Held),
        (live(ruleset(1, pull_request(2))), writers("justin"), Finding),
        (live(ruleset(1, pull_request(2)), protection=hidden()), writers("justin"), Finding),
        (live(ruleset(1, pull_request(2)), protection=hidden()), writers("a", "b", "c"), Undecided),
        (live(protection=hidden()), writers("a"), Undecided),
        (TWO, NO_PUSH, Undecided),
        (TWO, answer(ENDPOINT, {"message": "?"}), Undecided),
        (TWO, answer(ENDPOINT, [{"login": "a"}]), Undecided),
        (TWO, answer(ENDPOINT, writers("a", "b").body, complete=False, message="cut"), Undecided),
        (TWO, answer(ENDPOINT, writers("a", "b", "c").body, complete=False, message="cut"), Held),
        (TWO, answer(ENDPOINT, READERS), Finding),
    ],
    ids=[
        "one",
        "only-strangers",
        "enough",
        "ruleset",
        "at-least-two",
        "perhaps-more",
        "hidden",
        "no-push",
        "shape",
        "entry",
        "cut",
        "cut-enough",
        "readers",
    ],
)
def test_approvals_and_those_who_can_give_them(branch, people, kind):
    (said,) = told(branch, people)
    assert isinstance(said, kind)
    assert (said.control, said.subject) == ("cannot-go-green", "main:approvals")


@pytest.mark.parametrize("branch", [live(), live(protection=classic(required_pull_request_reviews=reviews(0)))])
def test_no_approvals_need_nobody(branch):
    assert told(branch, NO_PUSH) == []


def test_what_is_said_of_two_approvals_and_one_person():
    (found,) = told(live(ruleset(1, pull_request(2), bypass=[ADMIN])), writers("justin"))
    assert found.message == (
        "main demands 2 approvals, and 1 person (user:justin) can approve, nobody their own: "
        "no pull request at all can be merged, other than by going around it (role:admin can)"
    )
    assert found.fix.text == "Let more people write (3 are needed), or demand 0 approvals at most"
    assert found.evidence[0].text == 'ruleset "main" (1) of octocat/hello-world demands it'
    (edge,) = told(TWO, writers("justin", "mona"))
    assert "no pull request of somebody who can approve can be merged" in edge.message
    (held,) = told(TWO, writers(*"abcdefg"))
    assert held.message == (
        "main demands 2 approvals, and 7 people (user:a, user:b, user:c, user:d, user:e and 2 more) can approve"
    )


@pytest.mark.parametrize(("families", "calls"), [((), 1), (("cannot-go-green",), 1), (("codeowners",), 0)])
def test_it_is_asked_for_where_the_family_is_looked_at(families, calls):
    policy = GateLiveness(id="g", families=families)
    assert len(enough_reviewers.calls(policy)) == calls
    if calls:
        _, found = enough_reviewers.judge(policy, TWO, LiveAnswers(repository(), {COLLABORATORS: writers("justin")}))
        assert found.actual == "dead"
