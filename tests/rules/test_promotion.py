"""Staging before production, the same commit."""

from datetime import UTC, datetime

import pytest

from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.deployments import DeploymentsOf, LiveDeployments
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.promotion import Promotion, demanded, promoted, tried
from govcheck.sources.workflow_files import read_workflows

NOW = Now(datetime(2026, 11, 28, tzinfo=UTC))
ONE, OTHER = "a" * 40, "b" * 40
POLICY = Promotion(id="p", from_="staging", to="production")
MONDAY, TUESDAY, WEDNESDAY = "2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"


def answer(body, status=200, **keys):
    return Answer(endpoint="repos/o/r/deployments", status=status, message="", body=body, **keys)


def of(environment, *entries, **keys):
    """Deployments as `(number, commit, when, state)`."""
    listed = [
        {"id": number, "sha": commit, "created_at": at, "creator": {"login": "m"}} for number, commit, at, _ in entries
    ]
    statuses = [(number, answer([{"state": state, "created_at": at}])) for number, _, at, state in entries if state]
    return DeploymentsOf(environment=environment, listed=keys.get("listed", answer(listed)), statuses=tuple(statuses))


def about(staging, production, **keys):
    policy = Promotion(id="p", from_="staging", to="production", **keys)
    found = promoted.judge(policy, LiveDeployments(environments=(staging, production)), NOW)
    return [one for one in found if not isinstance(one, Judged)]


PRODUCTION = of("production", (9, ONE, WEDNESDAY, "success"))
MANY = [(number, OTHER, TUESDAY, "success") for number in range(100)]


@pytest.mark.parametrize(
    ("staging", "production", "keys", "expected"),
    [
        (of("staging", (1, ONE, MONDAY, "success")), PRODUCTION, {}, []),
        (of("staging", (1, ONE, MONDAY, "failure")), PRODUCTION, {}, [Finding]),
        (of("staging", (1, OTHER, MONDAY, "success")), PRODUCTION, {}, [Finding]),
        (of("staging"), PRODUCTION, {}, [Finding]),
        (of("staging", (1, ONE, "2026-11-26T10:00:00Z", "success")), PRODUCTION, {}, [Finding]),
        (of("staging", (1, ONE, MONDAY, "success")), PRODUCTION, {"within": "1d"}, [Finding]),
        (of("staging", (1, ONE, TUESDAY, "success")), PRODUCTION, {"within": "1d"}, []),
        (of("staging"), PRODUCTION, {"over": "1d"}, []),
        (of("staging"), of("production", (9, ONE, WEDNESDAY, "waiting")), {}, []),
        (of("staging"), of("production", (9, ONE, WEDNESDAY, "failure")), {}, [Finding]),
        (of("staging", *MANY), PRODUCTION, {}, [Undecided]),
        (of("staging", *MANY), PRODUCTION, {"within": "12h"}, [Finding]),
        (of("staging", (1, ONE, MONDAY, None)), PRODUCTION, {}, [Undecided]),
        (of("staging", listed=answer(None, 403, permission="deployments:read")), PRODUCTION, {}, [Undecided]),
        (of("staging", listed=answer({})), PRODUCTION, {}, [Undecided]),
        (of("staging"), of("production", listed=answer(None, 403)), {}, [Undecided]),
        (of("staging"), of("production", (9, "main", WEDNESDAY, "success")), {}, [Undecided]),
    ],
)
def test_what_went_to_production_was_on_staging(staging, production, keys, expected):
    assert [type(one) for one in about(staging, production, **keys)] == expected


def test_what_is_said():
    (found,) = about(of("staging"), PRODUCTION)
    assert found.message == (
        "aaaaaaaaaaaa went to production on 2026-11-25 10:00 UTC, and was not deployed to staging with success before"
    )
    assert (found.control, found.subject) == ("promoted", "production:9")


JOB = "runs-on: x, steps: [{run: make}]"


STAGING = f"s: {{environment: staging, {JOB}}}"


@pytest.mark.parametrize(
    ("event", "jobs", "expected"),
    [
        ("push", f"{STAGING}, p: {{needs: s, environment: Production, {JOB}}}", []),
        ("push", f"{STAGING}, m: {{needs: s, {JOB}}}, p: {{needs: [m], environment: production, {JOB}}}", []),
        ("push", f"{STAGING}, p: {{environment: production, {JOB}}}", [Finding]),
        ("{workflow_run: {workflows: [s]}}", f"p: {{environment: production, {JOB}}}", [Undecided]),
        ("push", f"p: {{environment: '${{{{ vars.WHERE }}}}', {JOB}}}", [Undecided]),
        ("push", f"p: {{environment: staging, {JOB}}}", []),
        ("push", "rollback: {environment: production, runs-on: x, steps: [{run: flyctl deploy}]}", []),
    ],
)
def test_the_workflow_demands_it(event, jobs, expected):
    text = f"on: {event}\njobs: {{{jobs}}}"
    workflows = read_workflows({".github/workflows/deploy.yml": text.encode()})
    found = [one for one in demanded.judge(POLICY, workflows) if not isinstance(one, Judged)]
    assert [type(one) for one in found] == expected
    assert all(one.subject == ".github/workflows/deploy.yml:p" for one in found)
    assert all(one.reason is Reason.DYNAMIC for one in found if isinstance(one, Undecided))


def test_an_environment_is_not_before_itself():
    assert list(Promotion(id="p", from_="a", to="A").problems()) == [(("to",), "the two environments are one")]


OK = 200
CI = ".github/workflows/ci.yml"
HEAD = "a" * 40


def ran(*entries, status=200):
    body = {"total_count": len(entries), "workflow_runs": list(entries)} if status == OK else {"message": "Not Found"}
    return PullRequestRuns(commit=HEAD, runs=answer(body, status))


def changed(*paths):
    made = [ChangedPath(type=ChangeType.MODIFY, path=path, mode="100644", previous_mode="100644") for path in paths]
    gone = ChangedPath(type=ChangeType.DELETE, path=".github/workflows/old.yml", mode=None, previous_mode="100644")
    return Change((*made, gone), "0" * 40, HEAD)


@pytest.mark.parametrize(
    ("runs", "paths", "expected"),
    [
        (ran({"path": CI, "head_sha": HEAD}), (CI, "a.py"), []),
        (ran({"path": f"{CI}@refs/heads/x", "head_sha": HEAD}), (CI,), []),
        (ran({"path": CI, "head_sha": "b" * 40}), (CI,), [Finding]),
        (ran(), (CI, ".github/workflows/deploy.yml"), [Finding]),
        (ran(), ("a.py",), []),
        (ran(status=404), (CI,), [Undecided]),
        (ran(status=404), ("a.py",), []),
    ],
)
def test_a_changed_workflow_ran_on_the_change(runs, paths, expected):
    policy = Promotion(id="p", from_="staging", to="production", changed_workflows=("ci.yml", "old.yml"))
    found = [one for one in tried.judge(policy, changed(*paths), runs) if not isinstance(one, Judged)]
    assert [type(one) for one in found] == expected
    assert all((one.control, one.subject) == ("tried", CI) for one in found)
