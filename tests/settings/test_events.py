"""What happened in between, as GitHub tells it."""

from datetime import UTC, datetime

import pytest

from govcheck.facts.events import LiveEvents
from govcheck.facts.live import Answer
from govcheck.settings.events import BYPASSED, DELETED, FORCE_PUSHED, happened

SINCE = datetime(2026, 1, 5, 9, tzinfo=UTC)
BEFORE, AFTER = "2026-01-05T08:59:59Z", "2026-01-05T20:20:11.391+08:00"


def answer(path, body=(), status=200, message=""):
    return Answer(endpoint=f"repos/o/r/{path}", status=status, message=message, body=list(body))


def live(history=(), suites=(), pushes=(), deletions=()):
    return LiveEvents(
        histories=((42, history if isinstance(history, Answer) else answer("rulesets/42/history", history)),),
        bypasses=suites if isinstance(suites, Answer) else answer("rulesets/rule-suites", suites),
        force_pushes=answer("activity", pushes),
        deletions=answer("activity", deletions),
    )


def version(at, actor=12):
    return {"version_id": 1, "actor": {"id": actor, "type": "User"}, "updated_at": at}


def suite(at, name="octocat"):
    return {"id": 1, "actor_id": 12, "actor_name": name, "ref": "refs/heads/main", "pushed_at": at, "result": "bypass"}


def activity(at, kind, actor="hubot"):
    return {
        "ref": "refs/heads/old",
        "timestamp": at,
        "activity_type": kind,
        "actor": actor and {"id": 3, "login": actor},
    }


def told(events):
    return [(one.kind, one.actor, one.what) for one in happened(events, SINCE).events]


def test_everything_after_a_moment_with_names_where_any_answer_has_them():
    events = live(
        [version(AFTER), version(BEFORE), version(AFTER, actor=99)],
        [suite("2026-01-05T10:00:00Z"), suite(BEFORE)],
        [activity("2026-01-05T11:00:00Z", "force_push")],
        [activity("2026-01-05T11:30:00Z", "branch_deletion", actor=None)],
    )
    assert told(events) == [
        (BYPASSED, "octocat", "main"),
        (FORCE_PUSHED, "hubot", "old"),
        (DELETED, None, "old"),
        ("ruleset-changed", "octocat", "42"),
        ("ruleset-changed", "User 99", "42"),
    ]
    assert happened(events, SINCE).untold == {}


def test_a_history_that_names_its_actor():
    named = {**version(AFTER), "actor": {"id": 5, "type": "User", "name": "mona"}}
    assert told(live([named])) == [("ruleset-changed", "mona", "42")]


def test_a_history_without_an_actor():
    assert told(live([{**version(AFTER), "actor": None}])) == [("ruleset-changed", None, "42")]


@pytest.mark.parametrize(
    ("events", "what", "why"),
    [
        (
            live(answer("rulesets/42/history", status=403, message="Resource not accessible by integration")),
            "42",
            "repos/o/r/rulesets/42/history answered 403: Resource not accessible by integration",
        ),
        (live(answer("rulesets/42/history", [1])), "42", "repos/o/r/rulesets/42/history: the list: expected a list of"),
        (live([{"updated_at": "yesterday"}]), "42", "Invalid isoformat string"),
        (live([{"updated_at": "2026-01-05T10:00:00"}]), "42", "an entry without an instant under `updated_at`"),
        (live(suites=[{"pushed_at": AFTER}]), BYPASSED, "an entry without `ref`"),
        (live(suites=[{**suite(AFTER), "actor_name": 5}]), BYPASSED, "expected text"),
        (live(pushes=[{"timestamp": AFTER, "ref": "x", "actor": 5}]), FORCE_PUSHED, "expected an object above"),
    ],
    ids=["refused", "no objects", "no time", "no zone", "no ref", "odd actor", "odd object"],
)
def test_what_cannot_be_read_is_said(events, what, why):
    assert why in happened(events, SINCE).untold[what]


def test_a_list_that_is_cut_off_is_not_whole():
    cut = Answer(
        endpoint="repos/o/r/rulesets/rule-suites",
        status=200,
        message="no answer in time",
        body=[suite(AFTER)],
        complete=False,
        failure="timeout",
    )
    found = happened(live(suites=cut), SINCE)
    assert len(found.events) == 1
    assert "later pages of the list could not be read" in found.untold[BYPASSED]
