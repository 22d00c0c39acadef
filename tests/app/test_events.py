"""A sweep asks who changed what, and only where something did."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry

from fake_github import FakeGitHub, State
from fake_github.saving import save
from govcheck.report_schema import schema
from program import Govcheck, Ran, program
from repositories import Repository

POLICY = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
"""
ADMIN, READER = "ghp_" + "AdminOfTheRepository01", "ghs_" + "ReaderOfTheRepository1"
EVENTS = ("/history", "/rule-suites", "/activity")
VERSIONS = re.compile(r"/history/\d+$")


def instant(hours: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "fine-grained", permissions={"contents": "read", "administration": "read"})
    repository = made.repository("octo/app")
    parameters = {"required_approving_review_count": 2}
    repository.ruleset("main", [{"type": "pull_request", "parameters": parameters}])
    repository.protect("main")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def sweep(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.commit_file("policies/main.yaml", POLICY)

    def run(*arguments: str, token: str = ADMIN, **variables: str) -> Ran:
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token, **variables}
        return govcheck(*arguments, "--repository", "octo/app", **environment)

    return run


@pytest.fixture
def weaken(state: State) -> Callable[[], None]:
    """Approvals 2 to 1, by somebody, an hour from now; and what he did with it."""

    def weaken() -> None:
        ruleset = state.document["repositories"]["octo/app"]["rulesets"][0]
        ruleset["rules"][0]["parameters"]["required_approving_review_count"] = 1
        repository = state.repository("octo/app")
        history = [
            {"version_id": 2, "actor": {"id": 12, "type": "User"}, "updated_at": instant(1)},
            {"version_id": 1, "actor": {"id": 1, "type": "User"}, "updated_at": instant(-48)},
        ]
        repository.answer("rulesets/1000/history", history, permission="administration:write")
        suite = {"id": 7, "actor_id": 12, "actor_name": "octocat", "ref": "refs/heads/main", "pushed_at": instant(2)}
        repository.answer("rulesets/rule-suites", [suite], permission="administration")
        actor = {"id": 3, "login": "hubot"}
        push = {"ref": "refs/heads/main", "timestamp": instant(3), "activity_type": "force_push", "actor": actor}
        repository.answer("activity?activity_type=force_push", [push], permission="contents")
        repository.answer("activity?activity_type=branch_deletion", [], permission="contents")

    return weaken


def asked(github: FakeGitHub) -> list[str]:
    return [path for path in github.paths if path.endswith(EVENTS)]


def test_who_and_when_is_told_of_what_moved(sweep: Govcheck, weaken: Callable[[], None], github: FakeGitHub):
    sweep("sweep", "--phase", "startup")
    weaken()
    assert asked(github) == []
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    report = ran.report
    jsonschema.Draft202012Validator(schema(), registry=Registry()).validate(report)
    (entry,) = [one for one in report["drift"]["entries"] if one["name"] == "branches/main/approvals"]
    assert (entry["by"]["actor"], entry["by"]["note"]) == ("octocat", "ruleset 1000")
    assert entry["by"]["at"].endswith("Z")
    happened = [(one["kind"], one["actor"], one["what"]) for one in report["drift"]["events"]]
    assert happened == [("rules-bypassed", "octocat", "main"), ("force-pushed", "hubot", "main")]
    assert all(one["by"] is None for one in report["drift"]["entries"] if one["plane"] == "finding")
    assert {request.method for request in github.requests if "graphql" not in request.path} == {"GET"}
    again = sweep("sweep", "--phase", "shutdown")
    assert len(asked(github)) == 4
    assert "meanwhile" not in again.out


def test_a_person_reads_it_in_one_line_each(sweep: Govcheck, weaken: Callable[[], None]):
    sweep("sweep", "--phase", "startup")
    weaken()
    text = " ".join(sweep("sweep", "--phase", "shutdown").out.split())
    assert "; 2 → 1; by octocat, " in text
    assert "(ruleset 1000)" in text
    assert "meanwhile octocat pushed main around its rules, " in text
    assert "meanwhile hubot pushed main by force, " in text


def test_the_step_summary_has_it_too(sweep: Govcheck, weaken: Callable[[], None], tmp_path: Path):
    sweep("sweep", "--phase", "startup")
    weaken()
    summary = tmp_path / "summary.md"
    sweep("sweep", "--phase", "shutdown", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert "octocat pushed main around its rules" in summary.read_text().replace("&#44;", ",")


def test_what_github_does_not_say_is_said(sweep: Govcheck, state: State):
    sweep("sweep", "--phase", "startup")
    state.repository("octo/app").protect("main", linear_history=True)
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    (entry,) = [one for one in ran.report["drift"]["entries"] if one["name"] == "branches/main/linear_history"]
    assert entry["by"] == {"actor": None, "at": None, "note": "GitHub does not say"}


def test_who_may_not_see_the_history_is_told_what_is_missing(sweep: Govcheck, weaken: Callable[[], None]):
    sweep("sweep", "--phase", "startup", token=READER)
    weaken()
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json", token=READER)
    (entry,) = [one for one in ran.report["drift"]["entries"] if one["name"] == "branches/main/approvals"]
    assert (entry["by"]["actor"], entry["by"]["at"]) == (None, None)
    assert entry["by"]["note"] == (
        "repos/octo/app/rulesets/1000/history answered 403: Resource not accessible by personal access token"
    )
    assert [one["kind"] for one in ran.report["drift"]["events"]] == ["rules-bypassed", "force-pushed"]
    assert ran.code == 1


def test_lists_that_cannot_be_read_are_a_note(sweep: Govcheck, weaken: Callable[[], None], state: State):
    sweep("sweep", "--phase", "startup")
    weaken()
    state.fault("rule-suites", "html")
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json", "--max-wait", "0")
    notes = [note for note in ran.report["drift"]["notes"] if "not known whole" in note]
    assert len(notes) == 1
    assert "rule-suites could not be read" in notes[0]


def test_layers_without_a_history_are_told_beside_those_that_have_one(
    sweep: Govcheck, weaken: Callable[[], None], state: State
):
    state.repository("octo/app").protect("main", approvals=2)
    sweep("sweep", "--phase", "startup")
    weaken()
    state.repository("octo/app").protect("main", approvals=1)
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    (entry,) = [one for one in ran.report["drift"]["entries"] if one["name"] == "branches/main/approvals"]
    assert entry["by"]["note"] == "ruleset 1000; of the other layers that give it GitHub does not say"


def test_a_sweep_without_drift_asks_nothing_more(sweep: Govcheck, github: FakeGitHub):
    sweep("sweep", "--phase", "startup")
    sweep("sweep", "--phase", "shutdown")
    assert asked(github) == []


def test_what_happened_is_in_a_recording(sweep: Govcheck, weaken: Callable[[], None], tmp_path: Path):
    sweep("sweep", "--phase", "startup")
    weaken()
    ran = sweep("record", str(tmp_path / "run.json"), "sweep", "--phase", "shutdown")
    again = program(tmp_path)("sweep", "--replay", "run.json")
    assert (again.out, again.code) == (ran.out, 1)
    assert "meanwhile" in again.out


def test_rules_that_were_off_for_an_hour_are_told_though_they_are_as_they_were(sweep: Govcheck, state: State):
    sweep("sweep", "--phase", "startup")
    repository = state.repository("octo/app")
    repository.document["rulesets"][0]["updated_at"] = instant(2)
    changes = [
        {"version_id": number, "actor": {"id": 12, "type": "User"}, "updated_at": instant(hours)}
        for number, hours in ((3, 2), (2, 1), (1, -48))
    ]
    repository.answer("rulesets/1000/history", changes, permission="administration:write")
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    assert ran.report["drift"]["entries"] == []
    happened = [(one["kind"], one["actor"], one["what"]) for one in ran.report["drift"]["events"]]
    assert happened == [("ruleset-changed", "User 12", 'ruleset "main" (1000)')] * 2
    again = sweep("sweep", "--phase", "shutdown", "--format", "json")
    assert again.report["drift"]["events"] == []


def steps(happened: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(one["title"], one["direction"], one["before"], one["after"]) for one in happened["changes"]]


def test_what_a_ruleset_was_in_between_is_told_change_by_change(sweep: Govcheck, state: State, github: FakeGitHub):
    repository = state.repository("octo/app")
    (ruleset,) = repository.document["rulesets"]
    parameters = ruleset["rules"][0]["parameters"]
    save(repository, ruleset, instant(-30))
    sweep("sweep", "--phase", "startup")
    ruleset["enforcement"] = "disabled"
    parameters["required_approving_review_count"] = 0
    save(repository, ruleset, instant(1))
    ruleset["bypass_actors"].append({"actor_id": 1, "actor_type": "OrganizationAdmin", "bypass_mode": "always"})
    ruleset["enforcement"] = "active"
    save(repository, ruleset, instant(2), {"id": 5, "type": "User"})
    ruleset["bypass_actors"].clear()
    parameters["required_approving_review_count"] = 2
    save(repository, ruleset, instant(3))
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    jsonschema.Draft202012Validator(schema(), registry=Registry()).validate(ran.report)
    drift = ran.report["drift"]
    assert drift["entries"] == []
    assert [(one["kind"], one["actor"]) for one in drift["events"]] == [
        ("ruleset-changed", "mona"),
        ("ruleset-changed", "User 5"),
        ("ruleset-changed", "mona"),
    ]
    off, on, mended = map(steps, drift["events"])
    assert off == [
        ("required approvals", "weakened", 2, None),
        ("enforcement", "weakened", "active", "disabled"),
    ]
    assert on == [
        ("bypass actors", "weakened", [], ["organization-admin (always)"]),
        ("enforcement", "strengthened", "disabled", "active"),
    ]
    assert [one[1:] for one in mended] == [
        ("strengthened", ["organization-admin (always)"], []),
        ("strengthened", None, 2),
    ]
    assert len([path for path in github.paths if VERSIONS.search(path)]) == 3
    again = sweep("sweep", "--phase", "shutdown", "--format", "json")
    assert again.report["drift"]["events"] == []


def test_the_way_that_a_setting_went_is_told_beside_where_it_came_to(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")
    (ruleset,) = repository.document["rulesets"]
    parameters = ruleset["rules"][0]["parameters"]
    sweep("sweep", "--phase", "startup")
    for hour, number in ((1, 0), (2, 1)):
        parameters["required_approving_review_count"] = number
        save(repository, ruleset, instant(hour))
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    (entry,) = [one for one in ran.report["drift"]["entries"] if one["name"] == "branches/main/approvals"]
    assert (entry["before"], entry["after"], entry["by"]["actor"]) == (2, 1, "mona")
    assert [[one[1:] for one in steps(happened)] for happened in ran.report["drift"]["events"]] == [
        [("weakened", 2, None)],
        [("strengthened", None, 1)],
    ]


def test_one_change_is_asked_for_no_version(sweep: Govcheck, state: State, github: FakeGitHub):
    repository = state.repository("octo/app")
    (ruleset,) = repository.document["rulesets"]
    sweep("sweep", "--phase", "startup")
    save(repository, ruleset, instant(1))
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    assert [path for path in github.paths if VERSIONS.search(path)] == []
    assert [one["changes"] for one in ran.report["drift"]["events"]] == [None]


def test_a_version_that_cannot_be_read_leaves_its_change_untold(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")
    (ruleset,) = repository.document["rulesets"]
    sweep("sweep", "--phase", "startup")
    for hour, enforcement in ((1, "disabled"), (2, "active"), (3, "active")):
        ruleset["enforcement"] = enforcement
        save(repository, ruleset, instant(hour))
    state.fault("history/70", "html")
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json", "--max-wait", "0")
    assert [one["changes"] for one in ran.report["drift"]["events"]] == [None, None, []]


def test_a_history_that_does_not_end_with_what_is_there_is_not_believed(sweep: Govcheck, state: State):
    repository = state.repository("octo/app")
    (ruleset,) = repository.document["rulesets"]
    sweep("sweep", "--phase", "startup")
    for hour, enforcement in ((1, "active"), (2, "disabled")):
        ruleset["enforcement"] = enforcement
        save(repository, ruleset, instant(hour))
    ruleset["enforcement"] = "active"
    ran = sweep("sweep", "--phase", "shutdown", "--format", "json")
    assert [one["changes"] for one in ran.report["drift"]["events"]] == [None, None]
    assert any("does not end with what is there now" in note for note in ran.report["drift"]["notes"])
