"""Past deployments: literals in, findings out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.decisions import AuditLog, Decision
from govcheck.facts.deployments import DeploymentsOf, LiveDeployments
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.registry import kind
from govcheck.rules.deployment_audit import AllowedHours, DeploymentAudit, accounted, recorded

NOW = Now(datetime(2026, 11, 28, 20, 0, tzinfo=UTC))
COMMIT, OTHER = "a" * 40, "b" * 40
THURSDAY, NIGHT = "2026-11-26T18:00:00Z", "2026-11-27T04:00:00Z"  # 10:00 and 20:00 in Los Angeles
HOURS = {"timezone": "America/Los_Angeles", "allow": (AllowedHours(days="mon-fri", from_="09:00", to="17:00"),)}


def policy(**keys):
    return DeploymentAudit(id="audit", environments=("production",), **keys)


def answer(body, status=200, message="", **keys):
    return Answer(endpoint="repos/o/r/deployments", status=status, message=message, body=body, **keys)


def deployment(number=1, created=THURSDAY, commit=COMMIT, creator="octocat"):
    who = {"login": creator} if creator else None
    return {"id": number, "sha": commit, "ref": "main", "creator": who, "created_at": created}


def live(*entries, **statuses):
    """Deployments with their statuses, `_1="in_progress 2026-..."`; a deployment without any succeeded at once."""
    told = []
    for entry in entries:
        words = statuses.get(f"_{entry['id']}", f"success {entry['created_at']}").split()
        pairs = zip(words[::2], words[1::2], strict=True)
        told.append((entry["id"], answer([{"state": state, "created_at": at} for state, at in pairs])))
    listed = answer(list(entries))
    return LiveDeployments(environments=(DeploymentsOf(environment="production", listed=listed, statuses=tuple(told)),))


def said(found):
    return [one for one in found if not isinstance(one, Judged)]


def controls(fact, **keys):
    return [(type(one).__name__, one.control) for one in said(accounted.judge(policy(**keys), fact, NOW))]


def test_a_deployment_in_the_hours_by_somebody_is_fine():
    assert controls(live(deployment()), **HOURS) == []


def test_who_what_and_when_are_told():
    odd = live(deployment(7, NIGHT, "main", None))
    found = said(accounted.judge(policy(**HOURS), odd, NOW))
    assert [(one.control, one.subject) for one in found] == [
        ("deployer", "production/7"),
        ("commit", "production/7"),
        ("hours", "production/7"),
    ]
    assert "Thu 2026-11-26 20:00 PST" in found[2].message
    assert controls(odd) == [("Finding", "deployer"), ("Finding", "commit")]


@pytest.mark.parametrize(
    ("statuses", "happened"),
    [
        (f"waiting {THURSDAY} in_progress {NIGHT} success {NIGHT}", True),
        (f"in_progress {THURSDAY} success {NIGHT}", False),
        (f"waiting {NIGHT}", False),
        (f"waiting {NIGHT} failure {NIGHT}", False),
        (f"queued {NIGHT} failure {NIGHT}", True),
        (f"inactive {NIGHT}", True),
        ("", True),
    ],
)
def test_it_began_when_its_statuses_say_so(statuses, happened):
    created = THURSDAY if statuses.startswith("waiting 2026-11-26") else NIGHT
    assert controls(live(deployment(created=created), _1=statuses), **HOURS) == [("Finding", "hours")] * happened


def test_what_is_older_is_nobodys_business_now():
    assert controls(live(deployment(created="2026-11-20T04:00:00Z", creator=None)), **HOURS) == []
    assert controls(live(deployment(created="2026-11-20T04:00:00Z", creator=None)), within="30d") != []


def of_answers(listed, *statuses):
    return LiveDeployments(
        environments=(DeploymentsOf(environment="production", listed=listed, statuses=tuple(statuses)),)
    )


REFUSED = answer(None, 403, "Resource not accessible by integration", permission="deployments:read")


def test_what_could_not_be_read_is_unknown():
    (one,) = said(accounted.judge(policy(), of_answers(REFUSED), NOW))
    assert (type(one), one.permission) == (Undecided, "deployments:read")
    (one,) = said(accounted.judge(policy(), of_answers(answer([deployment()]), (1, REFUSED)), NOW))
    assert (type(one), one.reason) == (Undecided, Reason.PERMISSION)
    for listed in (answer({"odd": 1}), answer([{"id": "x"}]), answer([{**deployment(), "created_at": "soon"}])):
        assert [type(one) for one in said(accounted.judge(policy(), of_answers(listed), NOW))] == [Undecided]


def test_more_than_was_looked_into_is_unknown():
    many = [deployment(number) for number in range(3, 0, -1)]
    some = of_answers(answer(many), (3, answer([{"state": "success", "created_at": THURSDAY}])))
    assert controls(some) == [("Undecided", "deployments")]
    old = [deployment(number, "2026-11-01T00:00:00Z") for number in range(2, 0, -1)]
    assert controls(of_answers(answer([many[0], *old]), *some.environments[0].statuses)) == []
    page = live(*[deployment(number) for number in range(100, 0, -1)])
    assert controls(page) == [("Undecided", "deployments")]


def decision(at=THURSDAY, **keys):
    given = {
        "time": datetime.fromisoformat(at) - timedelta(minutes=5),
        "environment": "Production",
        "commit": COMMIT,
        "actor": "octocat",
        "decision": "open",
        "why": (),
        "policies": ("hours",),
        "policies_from": "main",
    }
    return Decision(**({"judged_at": (given | keys)["time"]} | given | keys))


def records(fact, *decisions, broken=""):
    log = AuditLog(source="log.jsonl", decisions=decisions, broken=broken)
    return said(recorded.judge(policy(log="log.jsonl"), fact, log, NOW))


def test_every_deployment_needs_a_record_of_its_own():
    assert records(live(deployment()), decision()) == []
    twice = live(deployment(2), deployment(1))
    (one,) = records(twice, decision())
    assert (one.control, one.subject) == ("recorded", "production/2")
    assert records(twice, decision(), decision()) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"commit": OTHER},
        {"environment": "staging"},
        {"time": datetime(2026, 11, 24, tzinfo=UTC)},
        {"time": NOW.instant},
        {"judged_at": datetime(2026, 11, 23, 18, 0, tzinfo=UTC)},
    ],
)
def test_a_record_of_something_else_is_none(keys):
    (one,) = records(live(deployment()), decision(**keys))
    assert "has no record in log.jsonl" in one.message


def test_what_was_refused_and_happened_is_told_as_that():
    (one,) = records(live(deployment()), decision(decision="closed", why=("hours: outside",)))
    assert "was refused by the gate (hours: outside), and happened all the same" in one.message


def test_a_damaged_log_is_a_finding_and_what_it_lost_unknown():
    found = records(live(deployment()), broken="line 1: it was cut off")
    assert [(type(one), one.control) for one in found] == [(Finding, "log"), (Undecided, "recorded")]
    assert [one.control for one in records(live(deployment()), decision(), broken="line 2")] == ["log"]


def test_without_a_log_nobody_asks_for_one():
    (check,) = [one for one in kind("deployment-audit").checks if one.name == "recorded"]
    assert check.calls(policy()) == []
    assert len(check.calls(policy(log="store"))) == 1


@given(st.lists(st.sampled_from(["open", "closed", "unknown"]), max_size=5), st.integers(1, 4))
def test_so_many_records_as_deployments(answers, count):
    fact = live(*[deployment(number) for number in range(count, 0, -1)])
    found = records(fact, *[decision(decision=one) for one in answers])
    assert len(found) == max(0, count - answers.count("open"))


@pytest.mark.parametrize(
    "keys",
    [
        {"within": "week"},
        {"timezone": "Mars/Olympus", "allow": (AllowedHours(),)},
        {"timezone": "UTC"},
        {"allow": (AllowedHours(),)},
        {"timezone": "UTC", "allow": (AllowedHours(to="25:00"),)},
        {"log": "/etc/log"},
    ],
)
def test_what_says_nothing_is_refused(keys):
    assert list(policy(**keys).problems())
