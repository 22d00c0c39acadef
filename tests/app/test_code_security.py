"""Code security and open alerts, by the whole program against a server that speaks as GitHub does."""

from collections.abc import Iterator

import pytest

from fake_github import FakeGitHub, State
from fake_github.alert_shapes import SECRET, code_scanning_alert, dependabot_alert, secret_alert
from program import Govcheck, Ran, kept_by
from repositories import Repository

ADMIN, READER, ABLE = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001", "github_pat_AbleToReadIt000001"
POLICIES = """
kind: code-security
id: watched
secret_scanning: true
push_protection: true
dependabot_alerts: true
---
kind: open-alerts
id: alerts
dependabot: {critical: {max: 0}, older_than: 30d}
code_scanning: {max: 0}
secret_scanning: {max: 0}
bypassed: {max: 0}
"""
ALERTS = ("vulnerability_alerts", "security_events", "secret_scanning_alerts")
ON = {"status": "enabled"}


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    made.token(ABLE, "fine-grained", permissions={"administration": "read", **dict.fromkeys(ALERTS, "read")})
    repository = made.repository("octo/app")
    repository.set(security_and_analysis={"secret_scanning": ON, "secret_scanning_push_protection": ON})
    repository.answer("vulnerability-alerts", None, status=204, permission="administration")
    repository.answer("code-security-configuration", None, status=204, permission="administration")
    repository.answer("dependabot/alerts", [], permission="vulnerability_alerts", cursor=True)
    repository.answer("code-scanning/alerts", [], permission="security_events")
    repository.answer("secret-scanning/alerts", [], permission="secret_scanning_alerts", cursor=True)
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.commit_file("policies/security.yaml", POLICIES)

    def run(*arguments: str, token: str = ADMIN) -> Ran:
        asked = ("--repository", "octo/app", "--format", "json", "--at", "2026-10-20T12:00:00Z", *arguments)
        return govcheck("sweep", *asked, GITHUB_API_URL=github.url, GH_TOKEN=token)

    return run


def controls(ran: Ran) -> set[str]:
    return {found["control"] for found in ran.report["findings"] if found["policy"] in {"watched", "alerts"}}


@pytest.mark.parametrize("token", [ADMIN, ABLE], ids=["classic", "fine-grained"])
def test_whoever_may_see_it_sees_that_all_is_well(sweep: Govcheck, token: str):
    ran = sweep(token=token)
    assert (ran.code, ran.report["unknowns"], controls(ran)) == (0, [], set())


def test_whoever_may_not_see_it_is_told_which_permission_is_missing(sweep: Govcheck, state: State):
    state.repository("octo/app").set(security_and_analysis=None)
    ran = sweep(token=READER)
    assert ran.code == 3
    assert controls(ran) == set()
    assert {(one["control"], one["permission"]) for one in ran.report["unknowns"]} == {
        ("secret_scanning", "administration:read"),
        ("push_protection", "administration:read"),
        ("dependabot_alerts", "administration:read"),
        ("dependabot.critical.max", "vulnerability_alerts:read"),
        ("dependabot.older_than", "vulnerability_alerts:read"),
        ("code_scanning.max", "security_events:read"),
        ("secret_scanning.max", "secret_scanning_alerts:read"),
        ("bypassed.max", "secret_scanning_alerts:read"),
    }


def test_what_is_open_is_told_and_no_secret_is(sweep: Govcheck, state: State, repository: Repository):
    live = state.repository("octo/app")
    alerts = [dependabot_alert(number, "low", "2026-10-19T00:00:00Z") for number in range(230)]
    alerts[229] = dependabot_alert(229, "critical", "2026-08-01T00:00:00Z")
    live.answer("dependabot/alerts", alerts, permission="vulnerability_alerts", cursor=True)
    live.answer("code-scanning/alerts", [code_scanning_alert(1, "high", "2026-10-19T00:00:00Z")])
    found = secret_alert(1, "2026-10-19T00:00:00Z")
    live.answer("secret-scanning/alerts", [found], permission="secret_scanning_alerts", cursor=True)
    bypassed = [secret_alert(2, "2026-10-19T00:00:00Z", state="resolved", bypassed_by="mallory")]
    live.answer("secret-scanning/alerts?is_bypassed=true", bypassed, permission="secret_scanning_alerts")
    ran = sweep("--phase", "startup")
    assert ran.code == 1
    assert controls(ran) == {
        "dependabot.critical.max",
        "dependabot.older_than",
        "code_scanning.max",
        "secret_scanning.max",
        "bypassed.max",
    }
    kept = kept_by(repository)
    assert SECRET not in ran.out + ran.err
    assert SECRET.encode() not in kept
    assert b"Adafruit IO Key" in kept


def test_what_is_off_is_a_finding_of_its_own(sweep: Govcheck, state: State):
    live = state.repository("octo/app")
    off = {"secret_scanning": {"status": "disabled"}, "secret_scanning_push_protection": {"status": "disabled"}}
    live.set(security_and_analysis=off)
    live.answer("vulnerability-alerts", {"message": "Vulnerability alerts are disabled."}, status=404)
    live.answer("dependabot/alerts", {"message": "Dependabot alerts are disabled for this repository."}, status=403)
    live.answer("secret-scanning/alerts", {"message": "Secret scanning is disabled on this repository."}, status=404)
    live.answer("code-scanning/alerts", {"message": "no analysis found"}, status=404)
    ran = sweep()
    assert ran.code == 1
    assert ran.report["unknowns"] == []
    assert controls(ran) == {
        "secret_scanning",
        "push_protection",
        "dependabot_alerts",
        "dependabot",
        "code_scanning",
        "bypassed",
    }


def test_a_page_that_cannot_be_had_leaves_unknown_what_the_first_did_not_decide(sweep: Govcheck, state: State):
    alerts = [dependabot_alert(number, "low", "2026-10-19T00:00:00Z") for number in range(230)]
    state.repository("octo/app").answer("dependabot/alerts", alerts, cursor=True)
    state.fault("dependabot/alerts?state=open&per_page=100&after=cursor-200", "error")
    ran = sweep("--max-wait", "0")
    assert ran.code == 3
    assert {one["control"] for one in ran.report["unknowns"]} == {"dependabot.critical.max", "dependabot.older_than"}


def test_in_ci_what_a_workflows_token_can_never_read_is_not_on_offer(
    repository: Repository, govcheck: Govcheck, github: FakeGitHub, state: State
):
    state.repository("octo/app").set(security_and_analysis=None)
    state.token(READER, "app", permissions={"contents": "read", "security_events": "read", ALERTS[0]: "read"})
    repository.commit_file("policies/security.yaml", POLICIES)
    repository.checkout("feature", new=True)
    repository.commit_file("docs/b.md", "b")
    environment = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": READER, "GITHUB_ACTIONS": "true"}
    options = ("--repository", "octo/app", "--live", "--format", "json")
    ran = govcheck("check", "--base", "main", *options, **environment)
    results = {policy["id"]: policy for policy in ran.report["policies"]}
    assert (ran.code, ran.report["unknowns"]) == (0, [])
    assert {part.partition(" ")[0] for part in results["watched"]["not_offered"]} >= {
        "secret_scanning",
        "push_protection",
    }
    assert {part.partition(" ")[0] for part in results["alerts"]["not_offered"]} == {
        "secret_scanning.max",
        "bypassed.max",
    }
    assert results["alerts"]["outcome"] == "pass"
