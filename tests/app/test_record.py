"""`record`, and `--replay`: the same report, offline; or an error."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_github import FakeGitHub, State
from govcheck.snapshot.document import canonical, content_hash
from program import WORKFLOW, Govcheck, Ran, program
from repositories import Repository

POLICIES = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
bypass: {subset_of: []}
---
kind: required-checks
id: main-checks
branch: main
checks: [build]
---
kind: workflow-hygiene
id: tidy
permissions: declared
---
kind: policy-change
id: policies-have-owners
weakening: forbidden
---
kind: deployment-audit
id: deployments
environments: [production]
log: store
---
kind: notification-recipients
id: one-inbox
allow: {}
"""
TELLING = "on: push\njobs: {tell: {runs-on: ubuntu-latest, steps: [{uses: ./.github/actions/tell}]}}\n"
ACTION = "runs: {using: composite, steps: [{uses: dawidd6/action-send-mail@v3, with: {to: x@example.com}}]}\n"

ADMIN, READER = "ghp_" + "AdminOfTheRepository01", "ghs_" + "ReaderOfTheRepository1"


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read", "checks": "read"})
    parameters = {"required_approving_review_count": 2}
    made.repository("octo/app").ruleset("main", [{"type": "pull_request", "parameters": parameters}])
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def record(repository: Repository, govcheck: Govcheck, github: FakeGitHub, tmp_path: Path) -> Govcheck:
    repository.write("policies/live.yaml", POLICIES)
    repository.write(".github/workflows/ci.yml", WORKFLOW)
    repository.write(".github/workflows/broken.yml", "on: [push\n")
    repository.write(".github/workflows/tell.yml", TELLING)
    repository.write(".github/actions/tell/action.yml", ACTION)
    repository.stage()
    repository.commit()

    def run(*arguments: str, token: str = ADMIN, **variables: str) -> Ran:
        environment = {"GITHUB_API_URL": github.url, "GH_TOKEN": token, "GITHUB_REPOSITORY": "octo/app", **variables}
        return govcheck("record", str(tmp_path / "run.json"), *arguments, **environment)

    return run


@pytest.fixture
def replay(tmp_path: Path) -> Govcheck:
    """In a folder of its own, without git, token or network."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = program(elsewhere)
    return lambda command, *arguments: run(command, "--replay", str(tmp_path / "run.json"), *arguments)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., None]:
    """Changes the recording's keys, with a hash that fits again unless it is given."""

    def change(**keys: Any) -> None:
        path = tmp_path / "run.json"
        document = {**json.loads(path.read_bytes()), **keys}
        path.write_bytes(canonical({**document, "hash": keys.get("hash", content_hash(document))}))

    return change


def timeless(ran: Ran) -> dict[str, Any]:
    report = ran.report
    return {**report, "policies": [{**policy, "duration_ms": 0} for policy in report["policies"]]}


COMMANDS = {
    "sweep": ("sweep", "--phase", "startup"),
    "a tree": ("check",),
    "a tree, live": ("check", "--live"),
    "a commit": ("check", "--rev", "HEAD"),
    "a change": ("check", "--base", "main", "--live"),
    "everything of a change": ("check", "--base", "main", "--all", "--fail-on", "note", "--unknown", "warn"),
    "what is staged": ("check", "--staged"),
}


@pytest.fixture
def feature(repository: Repository, record: Govcheck) -> Govcheck:
    """A branch that changes files, policies and workflows, with something staged on top."""
    repository.checkout("feature", new=True)
    repository.write("policies/docs.yaml", 'kind: allowed-paths\nid: docs-only\nallow: ["docs/**"]\n')
    repository.write("stray.txt", "stray")
    repository.rename("docs/a.md", "docs/b.md")
    repository.stage()
    repository.commit()
    repository.write(".github/workflows/ci.yml", WORKFLOW.replace("build", "compile"))
    repository.write(b"docs/\xff.md", b"\xff\x00")
    repository.stage()
    return record


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_replay_is_the_same_report(feature: Govcheck, replay: Govcheck, command: tuple[str, ...]):
    ran = feature(*command, "--format", "json")
    again = replay(command[0], "--format", "json")
    assert (again.code, again.err) == (ran.code, "")
    assert "x@example.com" in ran.out or "--base" in command
    assert timeless(again) == timeless(ran)
    assert again.out.count("\n") == ran.out.count("\n")


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_replay_is_the_same_in_every_format(feature: Govcheck, replay: Govcheck, form: str):
    ran = feature("check", "--base", "main", "--live", "--format", form)
    assert replay("check", "--format", form).out == ran.out


def test_a_sweep_is_replayed_with_what_drifted(record: Govcheck, replay: Govcheck, state: State):
    record("sweep", "--phase", "startup")
    ruleset = state.document["repositories"]["octo/app"]["rulesets"][0]
    ruleset["rules"][0]["parameters"]["required_approving_review_count"] = 1
    ran = record("sweep", "--phase", "shutdown", "--format", "json")
    again = replay("sweep", "--format", "json")
    assert {entry["name"] for entry in again.report["drift"]["entries"]} >= {"branches/main/approvals"}
    assert timeless(again) == timeless(ran)


def test_what_was_decided_by_no_token_is_replayed_as_unknown(record: Govcheck, replay: Govcheck):
    ran = record(token=READER)
    again = replay("sweep", "--format", "json")
    assert (ran.code, again.code) == (1, 1)
    assert {one["permission"] for one in again.report["unknowns"]} >= {"administration:write"}


def test_what_a_recording_has(record: Govcheck, tmp_path: Path, github: FakeGitHub):
    record("check", "--live", "--at", "2026-03-08T09:00:00Z")
    path = tmp_path / "run.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    document = json.loads(path.read_bytes())
    assert path.read_bytes() == canonical(document)
    assert content_hash(document) == document["hash"]
    assert [file["path"] for file in document["policies"]] == ["policies/docs.yaml", "policies/live.yaml"]
    answers = {answer["endpoint"]: answer for answer in document["answers"]}
    assert {f"/{endpoint}" for endpoint in answers} == set(github.paths)
    protection = answers["repos/octo/app/branches/main/protection"]
    assert (protection["status"], protection["message"]) == (404, "Branch not protected")
    assert protection["at"].endswith("Z")
    assert document["tokens"] == ["classic token of GH_TOKEN"]


def test_no_token_and_no_secret_is_in_it(record: Govcheck, repository: Repository, tmp_path: Path, state: State):
    secret = "ghp_" + "LeakedInTheRepository1"
    short = "my-own-" + "server-token-1"
    state.token(short)
    run = f"curl -H 'Authorization: token {secret}' https://me:{short}@example.com; echo {short} {ADMIN}"
    repository.write(".github/workflows/leak.yml", WORKFLOW.replace("make", json.dumps(run)))
    repository.commit_file("docs/leak.md", f"{secret} {short}")
    state.repository("octo/app").set(description=f"use {secret} or {short}", temp_clone_token="AABBCC")
    ran = record("check", "--live", GITHUB_TOKEN=short)
    assert ran.code == 1, ran.err
    written = (tmp_path / "run.json").read_text()
    assert [one for one in (secret, short, ADMIN, "AABBCC") if one in written] == []


def test_a_run_that_secrets_decide_is_not_recorded(record: Govcheck, repository: Repository, tmp_path: Path):
    name = "gho_" + "NamedLikeATokenOfTheirs"
    repository.write(
        "policies/docs.yaml", f'kind: allowed-paths\nid: odd\nallow: ["docs/{name[:8]}*.md", "p*/**", ".g*/**"]\n'
    )
    repository.write(f"docs/{name}.md", "x")
    repository.remove("docs/a.md")
    repository.stage()
    ran = record("check")
    assert (ran.code, "a replay would say something else" in ran.err) == (3, True)
    assert not (tmp_path / "run.json").exists()


def test_a_foreign_file_is_no_recording(replay: Govcheck, tmp_path: Path):
    path = tmp_path / "run.json"
    missing = replay("check")
    assert (missing.code, "cannot read the recording" in missing.err) == (2, True)
    for text, why in (
        ("{", "it is not JSON"),
        ("[]", "it is no recording"),
        ('{"schema": "urn:govcheck:snapshot:1"}', ""),
    ):
        path.write_text(text)
        ran = replay("check")
        assert (ran.code, ran.out, why in ran.err, "hint:" in ran.err) == (2, "", True, True), text


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"schema": "urn:govcheck:recording:0", "govcheck": "0.0.9"}, "it was recorded by govcheck 0.0.9"),
        ({"schema": "urn:govcheck:recording:2", "govcheck": "9.1"}, "replay it with govcheck 9.1"),
        ({"govcheck": "0.0.1"}, "it was recorded by govcheck 0.0.1"),
        ({"hash": "0" * 64}, "its content is not what its hash says"),
        ({"more": 1}, "its content is not what its hash says"),
        ({"facts": {"offered": [], "answers": [[{"$": "Popen"}, 1]], "unchanged": []}}, "no fact of this govcheck"),
        ({"stage": "nonsense"}, "it cannot be read"),
        ({"before": 5}, "it cannot be read"),
        ({"policies": []}, "no policies found"),
        ({"policies": [{"path": "p.yaml", "data": {"$utf8": "kind: nonsense"}}]}, "cannot be replayed: p.yaml:1"),
    ],
    ids=["older", "newer", "another version", "hash", "key", "fact", "stage", "before", "no policy", "bad policy"],
)
def test_a_recording_that_is_not_whole_is_an_error(
    record: Govcheck, replay: Govcheck, changed: Callable[..., None], keys: dict[str, Any], why: str
):
    record("check")
    changed(**keys)
    ran = replay("check")
    assert (ran.code, ran.out, why in ran.err, "hint:" in ran.err) == (2, "", True, True), ran.err


def test_a_recording_cut_off_is_an_error(record: Govcheck, replay: Govcheck, tmp_path: Path):
    record("check")
    path = tmp_path / "run.json"
    path.write_bytes(path.read_bytes()[:-200])
    assert replay("check").code == 2


def test_an_answer_that_was_exchanged_gives_no_verdict(
    record: Govcheck, replay: Govcheck, changed: Callable[..., None], tmp_path: Path
):
    record("check", "--live")
    answers = json.loads((tmp_path / "run.json").read_bytes())["answers"]
    (rules,) = [one for one in answers if "/rules/branches/" in one["endpoint"]]
    rules["body"] = []
    changed(answers=answers)
    ran = replay("check")
    assert (ran.code, ran.out) == (3, "")
    assert "was recorded with another report than it leads to now: they differ at" in ran.err


def test_a_recording_is_of_one_command_and_one_repository(record: Govcheck, replay: Govcheck):
    record("sweep")
    wrong = replay("check")
    assert (wrong.code, "replay it with `govcheck sweep --replay`" in wrong.err) == (2, True)
    other = replay("sweep", "--repository", "octo/other")
    assert (other.code, "is a recording of octo/app, not of octo/other" in other.err) == (2, True)
    assert replay("sweep", "--repository", "Octo/App").code == record("sweep").code


@pytest.mark.parametrize(
    "options",
    [
        ("--live",),
        ("--base", "main"),
        ("--policies", "policies"),
        ("--at", "2026-01-01T00:00:00Z"),
        ("--max-wait", "3"),
        ("--config", "x.yaml"),
    ],
    ids=" ".join,
)
def test_a_recording_says_itself_what_was_judged(record: Govcheck, replay: Govcheck, options: tuple[str, ...]):
    record("check")
    ran = replay("check", *options)
    assert (ran.code, f"{options[0]} does not go with --replay" in ran.err) == (2, True)


def test_what_weighs_how_much_can_be_said_anew(record: Govcheck, replay: Govcheck):
    assert record("check", "--live", token=READER).code == 1
    assert replay("check", "--fail-on", "never").code == 3
    assert replay("check", "--fail-on", "never", "--unknown", "warn").code == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("doctor",), "'doctor' cannot be recorded: give one of check, sweep"),
        (("check", "--nonsense"), "No such option"),
        (("check", "--replay", "x"), "is not recorded itself"),
    ],
    ids=["command", "option", "replay"],
)
def test_what_cannot_be_recorded(record: Govcheck, arguments: tuple[str, ...], why: str):
    ran = record(*arguments)
    assert (ran.code, why in ran.err) == (2, True), ran.err


def test_a_file_that_cannot_be_written(record: Govcheck, tmp_path: Path):
    (tmp_path / "run.json").mkdir()
    ran = record("check")
    assert (ran.code, "is a directory" in ran.err) == (2, True)
