"""Tokens of a run: several at once, of an App, of another server, revoked halfway."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fake_github import FakeGitHub, State
from program import WORKFLOW, Govcheck, kept_by
from repositories import Repository

POLICIES = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
force_pushes: forbidden
---
kind: required-checks
id: main-checks
branch: main
checks: [build]
"""
ADMIN = "ghp_" + "AdminOfTheRepository01"


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.app(installations={"octo/app": 42}, contents="read", administration="read", checks="read", statuses="read")
    repository = made.repository("octo/app", private=True)
    repository.protect("main", approvals=2, checks=[{"context": "build"}], enforce_admins=True)
    repository.check_run("main", "build")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def key(tmp_path: Path) -> Path:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path = tmp_path / "key.pem"
    path.write_bytes(made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return path


@pytest.fixture
def governed(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.write("policies/live.yaml", POLICIES)
    repository.write(".github/workflows/ci.yml", WORKFLOW)
    repository.stage()
    repository.commit()
    return lambda *arguments, **variables: govcheck(*arguments, GITHUB_API_URL=github.url, **variables)


def test_a_token_revoked_halfway_leaves_what_was_read(governed: Govcheck, state: State):
    state.fault("check-runs", "status", status=401, message="Bad credentials")
    ran = governed("sweep", "--repository", "octo/app", "--format", "json", GH_TOKEN=ADMIN)
    assert ran.code == 3
    outcomes = {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}
    assert (outcomes["main-protected"], outcomes["main-checks"]) == ("pass", "unknown")
    unknowns = [one for one in ran.report["unknowns"] if one["policy"] == "main-checks"]
    assert {(one["reason"], one["status"]) for one in unknowns} == {("api-error", 401)}
    assert any("any more, though it did earlier in this run: Bad credentials" in note for note in ran.report["notes"])


def test_a_token_that_is_refused_is_not_sent_again(governed: Govcheck, github: FakeGitHub, state: State):
    state.token("ghp_" + "ReaderOfTheRepository1", "classic", role="read")
    given = {"GOVCHECK_TOKEN": "ghp_" + "NobodyKnowsThisTokenAtAll", "GH_TOKEN": ADMIN}
    ran = governed("sweep", "--repository", "octo/app", "--format", "json", **given)
    assert ran.code == 0
    (note,) = [note for note in ran.report["notes"] if "does not take" in note]
    assert note == "GitHub does not take the classic token of GOVCHECK_TOKEN: Bad credentials"
    asked = [request for request in github.requests if "NobodyKnows" in (request.authorization or "")]
    assert len(asked) == 1


def test_a_sweep_by_an_app_tells_no_secret(
    governed: Govcheck, github: FakeGitHub, repository: Repository, key: Path, state: State
):
    given = {"GOVCHECK_APP_ID": "4711", "GOVCHECK_APP_PRIVATE_KEY_FILE": str(key)}
    ran = governed("sweep", "--repository", "octo/app", "--format", "json", **given)
    assert (ran.code, ran.err) == (0, "")
    posts = [request.path for request in github.requests if request.method != "GET"]
    assert [path for path in posts if path != "/graphql"] == ["/app/installations/42/access_tokens"]
    minted = [token for token in state.document["tokens"] if token.startswith("ghs_")]
    secrets = [*minted, key.read_text().split("\n")[1]]
    kept = kept_by(repository)
    assert not any(secret in ran.out or secret.encode() in kept for secret in secrets)
    (snapshot,) = (repository.path / ".git" / "govcheck" / "snapshots").iterdir()
    document = json.loads(gzip.decompress(snapshot.read_bytes()))
    assert document["tokens"] == ["GitHub App of GOVCHECK_APP_ID"]
    assert document["api_versions"] == ["2022-11-28"]


def test_doctor_knows_an_app(governed: Govcheck, github: FakeGitHub, key: Path):
    given = {"GOVCHECK_APP_ID": "4711", "GOVCHECK_APP_PRIVATE_KEY_FILE": str(key)}
    ran = governed("doctor", "--repository", "octo/app", "--format", "json", **given, GH_TOKEN=ADMIN)
    assert ran.code == 0
    names = [token["name"] for token in json.loads(ran.out)["tokens"]]
    assert names == ["App installation's token of GOVCHECK_APP_ID", "classic token of GH_TOKEN"]
    asked = [
        (request.path, request.authorization)
        for request in github.requests
        if not request.path.endswith("/installation")
    ]
    assert len(asked) == len(set(asked))
    offline = governed("doctor", "--offline", **given)
    assert offline.code == 0


def test_a_key_that_is_none_ends_the_run_before_anybody_is_asked(governed: Govcheck, github: FakeGitHub, key: Path):
    key.write_text("no key")
    given = {"GOVCHECK_APP_ID": "4711", "GOVCHECK_APP_PRIVATE_KEY_FILE": str(key)}
    for command in (("sweep",), ("doctor",), ("check", "--live")):
        ran = governed(*command, "--repository", "octo/app", **given)
        assert (ran.code, "is no RSA key in PEM form" in ran.err) == (2, True)
    assert github.requests == []


def test_another_version_of_the_api_is_told(governed: Govcheck, github: FakeGitHub):
    github.api_version = "2026-03-10"
    ran = governed("check", "--live", "--repository", "octo/app", "--format", "json", GH_TOKEN=ADMIN)
    assert "GitHub's API answered by version 2026-03-10, where 2022-11-28 was asked for" in ran.report["notes"]
    assert {request.headers["x-github-api-version"] for request in github.requests} == {"2022-11-28"}


@pytest.mark.parametrize(
    ("address", "variables", "why"),
    [
        ("git@ghes.example.com:octo/app.git", {}, "GITHUB_API_URL=https://ghes.example.com/api/v3"),
        ("https://corp.ghe.com/octo/app", {}, "GITHUB_API_URL=https://api.corp.ghe.com"),
        ("https://github.com/octo/app", {"GH_HOST": "ghes.example.com"}, "GITHUB_API_URL=https://api.github.com"),
    ],
    ids=["a server's repository", "data residency", "github.com's repository"],
)
def test_a_repository_of_another_server_is_not_taken_for_its_namesake(
    repository: Repository, govcheck: Govcheck, address: str, variables: dict[str, str], why: str
):
    repository.run("remote", "add", "origin", address)
    ran = govcheck("sweep", **variables)
    assert (ran.code, why in ran.err, "the origin remote is on" in ran.err) == (2, True, True), ran.err


def test_a_host_of_sshs_own_configuration_is_no_other_server(
    repository: Repository, governed: Govcheck, github: FakeGitHub
):
    repository.run("remote", "add", "origin", "git@work:octo/app.git")
    assert governed("sweep", GH_TOKEN=ADMIN).code == 0
    assert github.paths[0] == "/repos/octo/app"
