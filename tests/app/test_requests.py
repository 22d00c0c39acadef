"""What a sweep with every live kind asks of GitHub: how much, nothing twice, nothing that GitHub does not describe."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

import shop
from fake_github import FakeGitHub, State
from govcheck.settings.endpoints import ENDPOINTS
from program import Govcheck, Ran, program

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"
PAGES = frozenset({"per_page", "page"})
NOT_IN_THE_CUT = {
    "/repos/{owner}/{repo}/actions/runs/{run_id}/logs": set(),
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs": {
        "status",
        "branch",
        "event",
        "created",
        "exclude_pull_requests",
        *PAGES,
    },
    "/repos/{owner}/{repo}/branches": {"protected", *PAGES},
    "/repos/{owner}/{repo}/compare/{basehead}": {*PAGES},
    "/repos/{owner}/{repo}/issues": {"state", "labels", "sort", "direction", "since", *PAGES},
    "/repos/{owner}/{repo}/issues/comments": {"sort", "direction", "since", *PAGES},
    "/repos/{owner}/{repo}/pulls": {"state", "head", "base", "sort", "direction", *PAGES},
}
"""Of https://docs.github.com/en/rest: /actions/workflow-runs, /branches/branches, /commits/commits, /issues/issues,
/issues/comments, /pulls/pulls."""

CONFIDENTIAL = sum(endpoint.confidential for endpoint in ENDPOINTS.values())
"""Answers that may hold credentials: they are kept nowhere."""

GRAPHQL = 2
"""The branches, and what REST leaves out of classic protection: no query can be asked conditionally."""

NOT_KEPT = 1
"""An answer without a body (204) has nothing to keep."""


@pytest.fixture
def state() -> State:
    return shop.state()


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def sweep(tmp_path: Path, github: FakeGitHub) -> Govcheck:
    shop.checkout(tmp_path / "shop")
    run = program(tmp_path / "shop")

    def swept(*arguments: str, token: str = shop.CLASSIC) -> Ran:
        given = ("--policies", str(shop.POLICIES), "sweep", "--repository", shop.NAME, "--format", "json")
        return run(*given, "--at", shop.AT, *arguments, GITHUB_API_URL=github.url, GH_TOKEN=token)

    return swept


def test_what_a_sweep_costs_and_that_a_second_one_costs_nothing_that_could_be_spared(
    sweep: Govcheck, github: FakeGitHub
):
    first = sweep().report["coverage"]
    asked = [(request.path, request.body) for request in github.requests]
    assert len(asked) == len(set(asked)) == first["requests"]
    of_rulesets, of_environments = (
        sum(f"/{part}/" in path for path, _ in asked) for part in ("rulesets", "environments")
    )
    assert (of_rulesets, of_environments) == (1, 3)
    assert first["requests"] - of_rulesets - of_environments <= 70
    second = sweep().report["coverage"]
    assert second["requests"] == first["requests"]
    assert second["requests"] - second["not_modified"] == CONFIDENTIAL + GRAPHQL + NOT_KEPT


def test_another_token_is_told_everything_anew(sweep: Govcheck):
    sweep()
    assert sweep(token=shop.GOVERNING).report["coverage"]["not_modified"] == 0


@cache
def description() -> dict[str, Any]:
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


@cache
def templates() -> list[tuple[re.Pattern[str], str]]:
    """Every path of the description, those with the fewest parameters first: they win, as GitHub has it."""
    every = sorted({*description()["paths"], *NOT_IN_THE_CUT}, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), path) for path in every]


def parameters(template: str) -> dict[str, dict[str, Any]]:
    """A path's own query parameters, by name."""
    if template not in description()["paths"]:
        return {name: {"schema": {}} for name in NOT_IN_THE_CUT[template]}
    listed = description()["paths"][template]["get"].get("parameters", [])
    named = description()["components"]["parameters"]
    found = [named[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in listed]
    return {one["name"]: one for one in found if one["in"] == "query"}


def offences(asked: str) -> Iterator[str]:
    """What GitHub's description has against a path with its query."""
    path, _, query = asked.partition("?")
    template = next((template for pattern, template in templates() if pattern.fullmatch(path)), None)
    if template is None:
        yield f"{path} is no path of GitHub's"
        return
    described = parameters(template)
    given = dict(parse_qsl(query, keep_blank_values=True))
    yield from (f"{asked}: GitHub knows no {name}" for name in given.keys() - described.keys())
    yield from (
        f"{asked}: {name} is missing" for name, one in described.items() if one.get("required") and name not in given
    )
    for name in given.keys() & described.keys():
        schema = described[name]["schema"]
        if "enum" in schema and given[name] not in schema["enum"]:
            yield f"{asked}: {name} is none of {schema['enum']}"
        if schema.get("type") == "integer" and not given[name].isdigit():
            yield f"{asked}: {name} is no number"
        if schema.get("type") == "boolean" and given[name] not in {"true", "false"}:
            yield f"{asked}: {name} is neither true nor false"
    if int(given.get("per_page", "1")) > 100:
        yield f"{asked}: a page has at most 100"


@pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)
def test_every_request_is_one_that_github_describes(sweep: Govcheck, state: State, github: FakeGitHub):
    """With drift, so that histories are asked too; with runs, so that their jobs are."""
    live = state.repository(shop.NAME)
    live.workflow_run("deploy-production.yml", "2026-11-10T10:00:00Z", "failure", deploy={"conclusion": "failure"})
    sweep("--phase", "startup")
    live.document["rulesets"][0]["rules"].pop()
    sweep("--phase", "shutdown")
    gets = [request.path for request in github.requests if request.method == "GET"]
    assert any("/history" in path for path in gets)
    assert any(path.partition("?")[0].endswith("/jobs") for path in gets)
    assert [offence for path in dict.fromkeys(gets) for offence in offences(path)] == []


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="as above")
@pytest.mark.parametrize(
    "asked",
    [
        "/repos/o/r/rulesets?include_parents=true",
        "/repos/o/r/collaborators?affiliation=some",
        "/repos/o/r/rulesets/1?includes_parents=maybe",
        "/repos/o/r/no-such-thing",
        "/repos/o/r/teams?per_page=101",
    ],
)
def test_what_github_does_not_describe_is_seen(asked: str):
    assert list(offences(asked))
