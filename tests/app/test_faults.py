"""Whatever GitHub does wrong, with every live kind on: nothing is green for it, and nothing crashes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import shop
from fake_github import FakeGitHub, State
from program import Govcheck, Ran, program

BELOW = f"/repos/{shop.NAME}/"
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
FAULTS: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401, "message": "Bad credentials"},
    "403 of a token": {"kind": "status", "status": 403, "message": "Resource not accessible by integration"},
    "403 of a plan": {
        "kind": "status",
        "status": 403,
        "message": "Upgrade to GitHub Pro or make this repository public",
    },
    "403 of a limit": {"kind": "status", "status": 403, "message": "API rate limit exceeded for user ID 1."},
    "404": {"kind": "status", "status": 404, "message": "Not Found"},
    "429": {"kind": "status", "status": 429, "message": "You have exceeded a secondary rate limit."},
    "502": {"kind": "status", "status": 502, "message": "Server Error"},
    "HTML": {"kind": "html"},
    "cut off": {"kind": "truncated"},
    "nothing": {"kind": "raw", "body": "null"},
    "an empty object": {"kind": "raw", "body": "{}"},
}


@pytest.fixture
def state() -> State:
    return shop.state()


@contextmanager
def swept(folder: Path, state: State) -> Iterator[Govcheck]:
    shop.checkout(folder / "shop")
    run = program(folder / "shop")
    with FakeGitHub(state) as github:

        def ran(*arguments: str) -> Ran:
            given = ("--policies", str(shop.POLICIES), "sweep", "--repository", shop.NAME, "--format", "json")
            options = (*given, "--at", shop.AT, "--max-wait", "0", *arguments)
            return run(*options, GITHUB_API_URL=github.url, GH_TOKEN=shop.CLASSIC)

        yield ran


@pytest.fixture
def sweep(tmp_path: Path, state: State) -> Iterator[Govcheck]:
    with swept(tmp_path, state) as run:
        yield run


def by_outcome(ran: Ran) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for policy in ran.report["policies"]:
        found.setdefault(policy["outcome"], set()).add(policy["id"])
    return found


LIVE = {"production-is-approved", "environments-exist", "no-secret-incidents", "logs-for-ninety-days", "who-has-access"}
"""Policies that the healthy repository holds, and of which all is told below the repository."""


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The policies that the repository holds where nothing goes wrong."""
    with swept(tmp_path_factory.mktemp("healthy"), shop.state()) as sweep:
        return by_outcome(sweep())["pass"]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_goes_wrong_everywhere_is_never_green(
    sweep: Govcheck, state: State, healthy: set[str], fault: dict[str, Any]
):
    assert healthy >= LIVE
    state.fault(BELOW, **fault)
    ran = sweep()
    broken = by_outcome(ran)
    assert ran.code in {1, 3}
    assert broken.get("pass", set()) <= healthy - LIVE
    assert {one["reason"] for one in ran.report["unknowns"]} & {"rule-crashed"} == set()


def test_nothing_of_what_an_odd_server_says_is_a_crash(sweep: Govcheck, state: State):
    live = state.repository(shop.NAME)
    for path, answer in list(live.document["answers"].items()):
        if isinstance(answer["body"], dict):
            odd = {
                key: None if isinstance(value, dict | list) else "brand-new" for key, value in answer["body"].items()
            }
            live.document["answers"][path] = {**answer, "body": {**odd, "brand_new": [{}]}, "key": None}
    ran = sweep()
    assert ran.code in {1, 3}
    assert "rule-crashed" not in json.dumps(ran.report["unknowns"])
    assert not by_outcome(ran)["pass"] & {"environments-exist", "production-is-approved"}
