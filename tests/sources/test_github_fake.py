"""The fake GitHub is held to GitHub's own description of its API."""

import gzip
import json
import os
import subprocess
import sys
import urllib.request
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from fake_github import FakeGitHub, State
from fake_github.alert_shapes import code_scanning_alert, dependabot_alert, secret_alert

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"
LONG_AGO = "2011-01-26T19:01:12Z"
ACTORS = {"users": ["octocat"], "teams": ["crew"], "apps": ["octo-app"]}

ENDPOINTS = {
    "": "/repos/{owner}/{repo}",
    "/branches/main": "/repos/{owner}/{repo}/branches/{branch}",
    "/branches/bare": "/repos/{owner}/{repo}/branches/{branch}",
    "/branches/main/protection": "/repos/{owner}/{repo}/branches/{branch}/protection",
    "/branches/least/protection": "/repos/{owner}/{repo}/branches/{branch}/protection",
    "/rules/branches/main": "/repos/{owner}/{repo}/rules/branches/{branch}",
    "/rulesets": "/repos/{owner}/{repo}/rulesets",
    "/rulesets/1000": "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
    "/rulesets/1001": "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
    "/commits/main/check-runs": "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/commits/main/status": "/repos/{owner}/{repo}/commits/{ref}/status",
    "/codeowners/errors": "/repos/{owner}/{repo}/codeowners/errors",
    "/actions/workflows": "/repos/{owner}/{repo}/actions/workflows",
    "/code-scanning/alerts": "/repos/{owner}/{repo}/code-scanning/alerts",
    "/dependabot/alerts": "/repos/{owner}/{repo}/dependabot/alerts",
    "/secret-scanning/alerts": "/repos/{owner}/{repo}/secret-scanning/alerts",
}


@cache
def description():
    if not DESCRIPTION.exists():
        pytest.skip("GitHub's API description is not beside this clone (../shared/data)")
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def as_json_schema(node):
    """OpenAPI 3.0 says `nullable` where JSON Schema says `null`."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: as_json_schema(value) for key, value in node.items() if key not in {"example", "examples"}}
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") is True else schema


@cache
def components():
    return as_json_schema(description()["components"])


def full_state():
    state = State()
    state.token("admin-token")
    repository = state.repository("octo/app")
    repository.protect(
        "main",
        approvals=2,
        checks=[{"context": "build", "app_id": 15368}, {"context": "any"}],
        restrictions=ACTORS,
        bypass_allowances=ACTORS,
        dismissal_restrictions=ACTORS,
    )
    repository.protect("least")
    repository.branch("bare")
    repository.ruleset(
        "ours",
        [{"type": "pull_request", "parameters": pull_request_parameters()}, {"type": "deletion"}],
        bypass_actors=({"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"},),
    )
    repository.ruleset("theirs", [{"type": "non_fast_forward"}], source_type="Organization", include=("~ALL",))
    repository.check_run("main", "build")
    repository.check_run("main", "slow", status="in_progress")
    repository.status("main", "ci/other", "pending")
    repository.codeowners({"kind": "Unknown owner", "line": 3, "column": 3, "source": "* @octo/crew"})
    repository.answer("code-scanning/alerts", [code_scanning_alert(1, "high", LONG_AGO)])
    repository.answer("dependabot/alerts", [dependabot_alert(1, "high", LONG_AGO)], cursor=True)
    repository.answer("secret-scanning/alerts", [secret_alert(1, LONG_AGO, bypassed_by="octocat")], cursor=True)
    repository.workflow("ci.yml")
    repository.workflow("nightly.yml", "disabled_inactivity")
    return state


def pull_request_parameters():
    return {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": True,
    }


@pytest.mark.parametrize("below", ENDPOINTS)
def test_every_document_is_as_github_describes_it(below):
    described = description()["paths"][ENDPOINTS[below]]["get"]["responses"]["200"]["content"]["application/json"]
    schema = {**as_json_schema(described["schema"]), "components": components()}
    with FakeGitHub(full_state()) as github:
        document = asked(github, below)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_a_branch_pattern_is_matched_as_github_does():
    state = State()
    state.token("admin-token")
    repository = state.repository("octo/app")
    repository.branch("release/1/2")
    repository.ruleset("one", [{"type": "deletion"}], include=("refs/heads/release/*",))
    repository.ruleset("all", [{"type": "creation"}], include=("refs/heads/release/**/*",))
    repository.ruleset("none", [{"type": "update"}], include=())
    repository.ruleset("trial", [{"type": "update"}], include=("~ALL",), enforcement="evaluate")
    with FakeGitHub(state) as github:
        found = [applying(github, name) for name in ("release%2F1", "release%2F1%2F2", "main")]
    assert found == [["deletion", "creation"], ["creation"], []]


def applying(github, branch):
    return [rule["type"] for rule in asked(github, f"/rules/branches/{branch}")]


def asked(github, below):
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{github.url}/repos/octo/app{below}", headers={"Authorization": "Bearer admin-token"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def test_it_runs_from_the_shell_and_reads_its_file_anew(tmp_path):
    state = tmp_path / "state.json"
    command = [sys.executable, str(Path(__file__).parents[1] / "fake_github"), "--state", str(state)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        try:
            url = running.stdout.readline().strip().removeprefix("GITHUB_API_URL=")
            assert approvals(url) == 2
            document = json.loads(state.read_text())
            document["repositories"]["octo/app"]["branches"]["main"]["protection"]["approvals"] = 1
            state.write_text(json.dumps(document))
            assert approvals(url) == 1
        finally:
            running.terminate()


def approvals(url):
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}/repos/octo/app/branches/main/protection", headers={"Authorization": "Bearer demo-admin-token-0001"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        return json.load(answer)["required_pull_request_reviews"]["required_approving_review_count"]
