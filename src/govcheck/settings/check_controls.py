"""Controls of what has to be done before a merge: checks, deployments, scans, workflows, a queue."""

from govcheck.settings import readers, rule_readers
from govcheck.settings.control import Control, RuleReading, Target, presence, rule
from govcheck.settings.strength import Strength

_CHECKS = "required_status_checks"

_REFS = frozenset[Target]({"branch", "tag"})
_QUEUE = "merge_queue"

ALERTS = ("none", "errors", "errors_and_warnings", "all")
"""Thresholds of code scanning alerts, from the weakest; each stops whatever those before it stop."""

SECURITY_ALERTS = ("none", "critical", "high_or_higher", "medium_or_higher", "all")
"""The same for security alerts."""


def _alerts(key: str, levels: tuple[str, ...]) -> tuple[RuleReading, ...]:
    read = rule_readers.thresholds("code_scanning_tools", key, levels)
    return (RuleReading("code_scanning", read, (f"code_scanning_tools[].{key}",)),)


def _number(key: str, title: str, strength: Strength, parameter: str) -> Control:
    return Control(key=key, title=title, strength=strength, rules=rule(_QUEUE, readers.count, parameter), neutral=True)


_QUEUE_CONTROLS = (
    Control(
        key="merge_queue_methods",
        title="how the merge queue merges",
        strength=Strength.CHOICE,
        rules=rule(_QUEUE, rule_readers.queue_methods, "merge_method"),
        neutral=True,
    ),
    Control(
        key="merge_queue_all_green",
        title="every pull request of a merge group must pass by itself",
        strength=Strength.TOGGLE,
        rules=rule(_QUEUE, rule_readers.all_green, "grouping_strategy"),
    ),
    _number(
        "merge_queue_check_timeout",
        "minutes after which a check that has not reported fails an entry of the merge queue",
        Strength.AT_MOST,
        "check_response_timeout_minutes",
    ),
    _number(
        "merge_queue_max_entries_to_build",
        "the most entries of the merge queue that are built at once",
        Strength.AT_MOST,
        "max_entries_to_build",
    ),
    _number(
        "merge_queue_max_entries_to_merge",
        "the most entries of the merge queue that are merged at once",
        Strength.AT_MOST,
        "max_entries_to_merge",
    ),
    _number(
        "merge_queue_min_entries_to_merge",
        "the fewest entries of the merge queue that are merged at once",
        Strength.AT_LEAST,
        "min_entries_to_merge",
    ),
    _number(
        "merge_queue_min_entries_wait",
        "minutes for which the merge queue waits for the fewest entries",
        Strength.AT_LEAST,
        "min_entries_to_merge_wait_minutes",
    ),
)

CHECK_CONTROLS = (
    Control(
        key="status_checks",
        title="required status checks",
        strength=Strength.DEMANDED,
        classic=readers.classic_contexts,
        rules=(
            RuleReading(
                _CHECKS,
                readers.rule_contexts,
                (f"{_CHECKS}[].context", f"{_CHECKS}[].integration_id"),  # which app: `required.py`
            ),
        ),
        targets=_REFS,
    ),
    Control(
        key="strict_status_checks",
        title="branches are up to date before merging",
        strength=Strength.TOGGLE,
        classic=readers.where_any(readers.classic_contexts, readers.toggle(f"{_CHECKS}.strict")),
        rules=(
            RuleReading(
                _CHECKS,
                readers.where_any(readers.rule_contexts, readers.toggle("strict_required_status_checks_policy")),
                ("strict_required_status_checks_policy",),
            ),
        ),
    ),
    Control(
        key="deployments",
        title="environments that must be deployed to before merging",
        strength=Strength.DEMANDED,
        classic=readers.classic_deployments,
        rules=rule("required_deployments", readers.demanded, "required_deployment_environments"),
        targets=_REFS,
    ),
    Control(
        key="code_scanning",
        title="tools that must deliver code scanning results",
        strength=Strength.DEMANDED,
        rules=(
            RuleReading(
                "code_scanning",
                readers.demanded_members("code_scanning_tools", "tool"),
                ("code_scanning_tools[].tool",),
            ),
        ),
    ),
    Control(
        key="code_scanning_alerts",
        title="code scanning alerts that stop a merge",
        strength=Strength.DEMANDED,
        rules=_alerts("alerts_threshold", ALERTS),
    ),
    Control(
        key="code_scanning_security_alerts",
        title="security alerts of code scanning that stop a merge",
        strength=Strength.DEMANDED,
        rules=_alerts("security_alerts_threshold", SECURITY_ALERTS),
    ),
    Control(
        key="workflows",
        title="workflows that must pass",
        strength=Strength.DEMANDED,
        rules=(
            RuleReading(
                "workflows", rule_readers.required_workflows, ("workflows[].path", "workflows[].repository_id")
            ),
        ),
    ),
    Control(
        key="workflow_refs",
        title="at which ref or commit workflows that must pass are taken",
        strength=Strength.DEMANDED,
        rules=(RuleReading("workflows", rule_readers.workflow_refs, ("workflows[].ref", "workflows[].sha")),),
    ),
    Control(
        key="merge_queue",
        title="merges go through a merge queue",
        strength=Strength.TOGGLE,
        classic=readers.classic_merge_queue,
        rules=presence("merge_queue"),
    ),
    *_QUEUE_CONTROLS,
    Control(
        key="copilot_reviews",
        title="Copilot reviews pull requests",
        strength=Strength.TOGGLE,
        rules=presence("copilot_code_review"),
    ),
    Control(
        key="copilot_reviews_on_push",
        title="Copilot reviews every new push to a pull request",
        strength=Strength.TOGGLE,
        rules=rule("copilot_code_review", readers.toggle, "review_on_push"),
    ),
    Control(
        key="copilot_reviews_of_drafts",
        title="Copilot reviews drafts",
        strength=Strength.TOGGLE,
        rules=rule("copilot_code_review", readers.toggle, "review_draft_pull_requests"),
    ),
    Control(
        key="license_compliance",
        title="license compliance scanning",
        strength=Strength.TOGGLE,
        rules=presence("license_compliance_scanning"),
    ),
)
