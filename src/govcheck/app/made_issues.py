"""An open issue in which nothing stands, that nobody has and that is older than all others: for `worst_world`."""

from collections.abc import Mapping

from govcheck.app.contrary_settings import CANARY
from govcheck.facts.issues import LiveIssues
from govcheck.findings import Json
from govcheck.policy import Policy
from govcheck.registry import kind
from govcheck.settings.endpoints import REPOSITORY


def bad(policy: Policy) -> Mapping[str, Json]:
    """What GitHub lists, for a policy that reads issues."""
    found = kind(policy.kind)
    if found is None or not any(LiveIssues in check.facts for check in found.checks):
        return {}
    issue: Json = {
        "number": 1,
        "title": CANARY,
        "body": None,
        "labels": [{"name": getattr(policy, "label", None) or CANARY}],
        "assignees": [],
        "created_at": "2001-01-01T00:00:00Z",
        "comments": 0,
    }
    return {f"{REPOSITORY}/issues": [issue]}
