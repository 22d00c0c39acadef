"""What expressions can see when an event starts a workflow, as far as files tell.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts and
https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from functools import lru_cache
from types import MappingProxyType

from govcheck.actions.evaluation import Scope
from govcheck.actions.values import Object, Unknown, Value

PULL_REQUEST = "pull_request"
PULL_REQUEST_TARGET = "pull_request_target"
MERGE_GROUP = "merge_group"

_EVERYWHERE = frozenset({"repository", "organization", "enterprise", "installation", "sender"})
_PULL_REQUEST_PAYLOAD = _EVERYWHERE | {
    *("action", "number", "pull_request", "before", "after", "label", "assignee", "changes", "milestone", "reason"),
    *("requested_reviewer", "requested_team"),
}
_PAYLOADS = MappingProxyType(
    {
        PULL_REQUEST: _PULL_REQUEST_PAYLOAD,
        PULL_REQUEST_TARGET: _PULL_REQUEST_PAYLOAD,
        MERGE_GROUP: _EVERYWHERE | {"action", "merge_group"},
        "push": _EVERYWHERE
        | {
            *("ref", "before", "after", "created", "deleted", "forced", "base_ref", "compare", "commits"),
            *("head_commit", "pusher"),
        },
    }
)
"""The top-level keys that an event's payload may have; others are null."""

_CONSTANT = (
    *(
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "repositoryurl",
        "repository_visibility",
    ),
    *("server_url", "api_url", "graphql_url", "retention_days", "secret_source"),
)
_CONSTANT_PAYLOAD = frozenset({"repository", "organization", "enterprise", "installation"})


def scope(event: str, branch: str | None, inputs: Object | None = None, ref: str | None = None) -> Scope:
    """What the expressions of a workflow see outside its jobs.

    Args:
        event: What started the workflow.
        branch: The branch that a pull request goes to; None where it is not known.
        inputs: Of a called workflow.
        ref: What was pushed, where that is known: `refs/heads/main`.
    """
    given = inputs if inputs is not None else _inputs(event)
    contexts: dict[str, Value] = {
        "github": _github(event, branch, ref),
        "vars": Object({}, Unknown(expression="vars", constant=True)),
        "secrets": Object({}, Unknown(expression="secrets", constant=True)),
        "inputs": given,
        "needs": Object({}),
        "matrix": None,
    }
    return Scope(contexts)


def _inputs(event: str) -> Object:
    return Object({}, Unknown(expression="inputs") if event == "workflow_dispatch" else None)


@lru_cache(maxsize=256)
def _github(event: str, branch: str | None, ref: str | None) -> Object:
    known: dict[str, Value] = {name: Unknown(expression=f"github.{name}", constant=True) for name in _CONSTANT}
    known |= {"event_name": event, "event": _payload(event), "base_ref": "", "head_ref": ""}
    if event in {PULL_REQUEST, PULL_REQUEST_TARGET}:
        known["base_ref"] = branch if branch is not None else Unknown(expression="github.base_ref", constant=True)
        known["head_ref"] = Unknown(expression="github.head_ref")
        known["ref_type"] = "branch"
    if event == PULL_REQUEST:
        known["ref"] = Unknown(expression="github.ref", truth=True, shape=("refs/pull/", None, "/merge"))
        known["ref_name"] = Unknown(expression="github.ref_name", truth=True, shape=(None, "/merge"))
    if event == MERGE_GROUP:
        known["ref"] = Unknown(expression="github.ref", truth=True, shape=("refs/heads/gh-readonly-queue/", None))
        known["ref_name"] = Unknown(expression="github.ref_name", truth=True, shape=("gh-readonly-queue/", None))
    if ref is not None:
        known |= {"ref": ref, "ref_name": ref.removeprefix("refs/heads/"), "ref_type": "branch"}
    return Object(known, Unknown(expression="github"))


def _payload(event: str) -> Value:
    keys = _PAYLOADS.get(event)
    if keys is None:
        return Unknown(expression="github.event")
    return Object(
        {key: Unknown(expression=f"github.event.{key}", constant=key in _CONSTANT_PAYLOAD) for key in sorted(keys)}
    )
