"""Runs of workflows as GitHub tells them, as bad or as good as can be: for `worst_world` and `good_world`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from govcheck.app.nothing_set import CANARY_REPOSITORY, SUNDAY_NIGHT
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.findings import Json
from govcheck.policy import Policy
from govcheck.registry import kind
from govcheck.settings.endpoints import REPOSITORY

_LONG = timedelta(days=3)
_SHORT = timedelta(seconds=30)


def bad(policy: Policy, paths: Iterable[str]) -> Mapping[str, Json]:
    """Runs that fail, take days, are tried a hundred times, and never begin; for a policy that reads runs.

    Args:
        policy: For which.
        paths: The workflow files that there are.
    """
    queued: Mapping[str, Json] = {"status": "queued", "conclusion": None}
    failed: Mapping[str, Json] = {"conclusion": "failure", "run_attempt": 100}
    runs = [_run(policy, number, _LONG * (number + 1), _LONG, failed) for number in range(5)]
    return _documents(policy, paths, [_run(policy, 9, _LONG, _LONG, queued), *runs])


def good(policy: Policy, paths: Iterable[str]) -> Mapping[str, Json]:
    """Runs that succeed at once, today and for months."""
    ages = (timedelta(hours=2), timedelta(days=100))
    return _documents(policy, paths, [_run(policy, number, age, _SHORT, {}) for number, age in enumerate(ages)])


def _documents(policy: Policy, paths: Iterable[str], runs: list[Json]) -> Mapping[str, Json]:
    found = kind(policy.kind)
    if found is None or not any(WorkflowRuns in check.facts for check in found.checks):
        return {}
    listed: list[Json] = [{"path": path, "state": "active"} for path in paths]
    named = (path.rpartition("/")[2] for path in paths)
    whole: Json = {"total_count": len(runs), "workflow_runs": runs}
    return {
        f"{REPOSITORY}/actions/workflows": {"total_count": len(listed), "workflows": listed},
        **{f"{REPOSITORY}/actions/workflows/{name}/runs": whole for name in named},
    }


def _run(policy: Policy, number: int, age: timedelta, length: timedelta, keys: Mapping[str, Json]) -> Json:
    began = SUNDAY_NIGHT - age
    events = getattr(policy, "events", ())
    return {
        "id": number,
        "event": events[0] if events else "push",
        "status": "completed",
        "conclusion": "success",
        "head_branch": "main",
        "head_repository": {"full_name": CANARY_REPOSITORY},
        "run_attempt": 1,
        "created_at": _written(began),
        "run_started_at": _written(began),
        "updated_at": _written(began + length),
        **keys,
    }


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
