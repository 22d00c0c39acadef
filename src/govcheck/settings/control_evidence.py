"""What a finding about a branch's protection rests on: the endpoints that tell a control, and what is in them. Pure."""

import re
from collections.abc import Iterator, Mapping

from govcheck.facts.live import Answer, LiveBranch
from govcheck.findings import Evidence, Json
from govcheck.settings.control import RuleReading
from govcheck.settings.controls import CONTROLS
from govcheck.settings.evidence import answered, shown, status_words

_REVIEWS = "required_pull_request_reviews"
CLASSIC_FIELDS: Mapping[str, str] = {
    "pull_requests": _REVIEWS,
    "approvals": f"{_REVIEWS}.required_approving_review_count",
    "dismiss_stale_reviews": f"{_REVIEWS}.dismiss_stale_reviews",
    "code_owner_reviews": f"{_REVIEWS}.require_code_owner_reviews",
    "last_push_approval": f"{_REVIEWS}.require_last_push_approval",
    "review_dismissals": f"{_REVIEWS}.dismissal_restrictions",
    "conversation_resolution": "required_conversation_resolution.enabled",
    "merge_methods": "required_linear_history.enabled",
    "status_checks": "required_status_checks.checks",
    "strict_status_checks": "required_status_checks.strict",
    "signatures": "required_signatures.enabled",
    "linear_history": "required_linear_history.enabled",
    "force_pushes": "allow_force_pushes.enabled",
    "deletions": "allow_deletions.enabled",
    "creations": "block_creations.enabled",
    "updates": "lock_branch.enabled",
    "fork_syncing": "allow_fork_syncing.enabled",
    "push_restrictions": "restrictions",
}
"""Where classic protection's document keeps a control."""

_MERGE_METHODS = ("allow_merge_commit", "allow_squash_merge", "allow_rebase_merge")


def of_control(branch: LiveBranch, key: str) -> Iterator[Evidence]:
    """What the answers that tell a control of a branch have of it."""
    control = CONTROLS[key]
    if control.classic is not None:
        yield answered(branch.protection, CLASSIC_FIELDS.get(key, ""))
    if control.rules:
        said = f"GET {branch.rules.endpoint} {status_words(branch.rules)}"
        yield Evidence(text=f"{said}, {_rules(branch.rules, control.rules)}" if branch.rules.good else said)
    if control.repository is not None:
        yield from (answered(branch.repository, field) for field in _MERGE_METHODS)


def of_bypass(branch: LiveBranch, rulesets: frozenset[int]) -> Iterator[Evidence]:
    """What the answers have that tell who may go around a branch's layers."""
    yield answered(branch.protection, "enforce_admins.enabled")
    for answer in branch.rulesets:
        if answer.endpoint.rpartition("/")[2] in map(str, rulesets):
            yield answered(answer, "bypass_actors")


def _rules(answer: Answer, readings: tuple[RuleReading, ...]) -> str:
    """Which of the rules that give a control there are, with the parameters that do."""
    listed = answer.body if isinstance(answer.body, list) else []
    rules = [rule for rule in listed if isinstance(rule, dict)]
    found = [_parameters(rule, one) for one in readings for rule in rules if rule.get("type") == one.type]
    if found:
        return f"with {' and '.join(dict.fromkeys(found))}"
    return f"without a rule {' or '.join(dict.fromkeys(f'`{one.type}`' for one in readings))}"


def _parameters(rule: dict[str, Json], reading: RuleReading) -> str:
    given = rule.get("parameters")
    names = dict.fromkeys(re.split(r"[.\[]", path, maxsplit=1)[0] for path in reading.parameters)
    told = (f"`{name}` is {shown(given.get(name))}" for name in names if isinstance(given, dict))
    whose = " and ".join(told)
    return f"a rule `{reading.type}`" + (f" whose {whose}" if whose else "")
