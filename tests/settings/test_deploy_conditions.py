"""What `gate deploy` asks of GitHub."""

import pytest

from govcheck.facts.live import Answer, HeadChecks
from govcheck.settings.deploy_conditions import approval, checks

COMMIT = "c" * 40


def answer(body, status=200, message="", **keys):
    return Answer(endpoint="repos/o/r/x", status=status, message=message, body=body, **keys)


REFUSED = answer({"message": "Resource not accessible by integration"}, 403, "Resource not accessible by integration")


def run(name, conclusion, number=1, app="github-actions"):
    return {
        "id": number,
        "name": name,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "app": {"slug": app, "id": 1},
        "html_url": None,
        "started_at": f"2026-11-23T17:0{number}:00Z",
        "completed_at": None,
    }


def states(contexts, *runs, statuses=(), runs_answer=None, statuses_answer=None):
    head = HeadChecks(
        branch=COMMIT,
        commit=COMMIT,
        summary=answer({}),
        check_runs=runs_answer or answer({"total_count": len(runs), "check_runs": list(runs)}),
        statuses=statuses_answer or answer({"statuses": list(statuses)}),
    )
    return [one.state for one in checks(head, contexts)]


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ((run("build", "success"),), "met"),
        ((run("build", "neutral"),), "met"),
        ((run("build", "skipped"),), "unmet"),
        ((run("build", "failure"),), "unmet"),
        ((run("build", None),), "unmet"),
        ((run("Build", "success"),), "unmet"),
        ((), "unmet"),
        ((run("build", "failure", 1), run("build", "success", 2)), "met"),
        ((run("build", "success", 1), run("build", "failure", 2)), "unmet"),
        ((run("build", "failure", 1), run("build", "success", 2, app="other")), "unmet"),
    ],
)
def test_a_check_is_green_or_it_is_not(runs, state):
    assert states(("build",), *runs) == [state]


def test_a_status_does_not_hide_a_red_check():
    green = {"id": 9, "context": "build", "state": "success", "updated_at": "2026-11-23T18:00:00Z", "target_url": None}
    assert states(("build",), run("build", "failure"), statuses=[green]) == ["unmet"]
    assert states(("build",), statuses=[green]) == ["met"]


def test_what_was_not_read_may_be_red():
    assert states(("build",), run("build", "success"), statuses_answer=REFUSED) == ["unknown"]
    assert states(("build",), run("build", "failure"), statuses_answer=REFUSED) == ["unmet"]
    assert states(("build",), runs_answer=REFUSED) == ["unknown"]
    cut = answer({"total_count": 2, "check_runs": [run("build", "success")]}, complete=False)
    assert states(("build",), runs_answer=cut) == ["unknown"]


def environment(*reviewers, bypass=True):
    rule = {"type": "required_reviewers", "reviewers": list(reviewers)}
    return answer({"name": "production", "protection_rules": [rule] * bool(reviewers), "can_admins_bypass": bypass})


BOSS = {"type": "User", "reviewer": {"login": "Boss"}}
TEAM = {"type": "Team", "reviewer": {"slug": "ops"}}


def approved(login="boss", place="Production", state="approved"):
    return {"state": state, "comment": "", "user": {"login": login}, "environments": [{"id": 1, "name": place}]}


@pytest.mark.parametrize(
    ("described", "given", "state"),
    [
        (environment(BOSS), [approved()], "met"),
        (environment(BOSS), [approved("eve")], "unmet"),
        (environment(BOSS), [approved(place="staging")], "unmet"),
        (environment(BOSS), [approved(state="rejected")], "unmet"),
        (environment(BOSS), [], "unmet"),
        (environment(), [approved()], "unmet"),
        (environment(BOSS, TEAM), [approved("eve")], "unknown"),
        (environment(TEAM, bypass=False), [approved("eve")], "met"),
        (REFUSED, [approved()], "unknown"),
        (environment(BOSS), {"odd": 1}, "unknown"),
    ],
)
def test_an_environment_is_approved_by_its_reviewers(described, given, state):
    assert approval("production", described, answer(given)).state == state


def test_approvals_that_cannot_be_read_are_unknown():
    assert approval("production", environment(BOSS), REFUSED).state == "unknown"
