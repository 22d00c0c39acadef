"""Every control of a branch, once: what it is called, where each mechanism keeps it, and how its values compare.

The two mechanisms say one thing in two vocabularies (`dismiss_stale_reviews` and `dismiss_stale_reviews_on_push`,
`allow_force_pushes` and `non_fast_forward`); this table is where they meet. Sources: GitHub's REST reference,
https://docs.github.com/en/rest/branches/branch-protection and https://docs.github.com/en/rest/repos/rules.
"""

from collections.abc import Callable, Mapping

from govcheck.records import frozen
from govcheck.settings import readers
from govcheck.settings.readers import Reader
from govcheck.settings.strength import Strength

_REVIEWS = "required_pull_request_reviews"
_CHECKS = "required_status_checks"


@frozen
class RuleReading:
    """Where a ruleset keeps a control."""

    type: str
    """The rule's type: `pull_request`."""

    read: Reader
    """From the rule's `parameters` to the control's value."""

    parameters: tuple[str, ...] = ()
    """The parameters that the reader looks at; the others are kept as they are."""


@frozen(kw_only=True)
class Control:
    """One thing that a branch's protection can do."""

    key: str
    """Its name in policies, findings and snapshots."""

    title: str
    """What it is, in words that fit into a sentence."""

    strength: Strength
    classic: Reader | None = None
    """From classic protection's document to the value; None where classic protection has no such thing."""

    rules: tuple[RuleReading, ...] = ()
    repository: Reader | None = None
    """From the repository's document to the value, where its settings bear on every branch."""

    reviews: bool = False
    """Part of classic protection's pull request requirement, which `bypass_pull_request_allowances` lifts."""

    on_pull_requests: bool = True
    """Whether an actor with bypass mode `pull_request` goes around it: not where no pull request is involved."""


def _rule(kind: str, read: Callable[[str], Reader], parameter: str) -> tuple[RuleReading, ...]:
    return (RuleReading(kind, read(parameter), (parameter,)),)


def _presence(*kinds: str) -> tuple[RuleReading, ...]:
    return tuple(RuleReading(kind, readers.always) for kind in kinds)


_REVIEW_CONTROLS = (
    Control(
        key="pull_requests",
        title="changes only by pull request",
        strength=Strength.TOGGLE,
        classic=readers.present(_REVIEWS),
        rules=_presence("pull_request"),
        reviews=True,
        on_pull_requests=False,
    ),
    Control(
        key="approvals",
        title="required approvals",
        strength=Strength.AT_LEAST,
        classic=readers.within(_REVIEWS, readers.count(f"{_REVIEWS}.required_approving_review_count"), 0),
        rules=_rule("pull_request", readers.count, "required_approving_review_count"),
        reviews=True,
    ),
    Control(
        key="dismiss_stale_reviews",
        title="new commits dismiss approvals",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.dismiss_stale_reviews"),
        rules=_rule("pull_request", readers.toggle, "dismiss_stale_reviews_on_push"),
        reviews=True,
    ),
    Control(
        key="code_owner_reviews",
        title="code owners must approve",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.require_code_owner_reviews"),
        rules=_rule("pull_request", readers.toggle, "require_code_owner_review"),
        reviews=True,
    ),
    Control(
        key="last_push_approval",
        title="somebody else approves the last push",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.require_last_push_approval"),
        rules=_rule("pull_request", readers.toggle, "require_last_push_approval"),
        reviews=True,
    ),
    Control(
        key="review_dismissals",
        title="who may dismiss reviews",
        strength=Strength.ACTORS,
        classic=readers.actors(f"{_REVIEWS}.dismissal_restrictions"),
        rules=(RuleReading("pull_request", readers.dismissals, ("dismissal_restriction",)),),
        reviews=True,
    ),
    Control(
        key="conversation_resolution",
        title="conversations are resolved before merging",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_conversation_resolution.enabled"),
        rules=_rule("pull_request", readers.toggle, "required_review_thread_resolution"),
        reviews=True,
    ),
    Control(
        key="merge_methods",
        title="merge methods on offer",
        strength=Strength.CHOICE,
        classic=readers.without_merge_commits("required_linear_history.enabled"),
        rules=(
            RuleReading("pull_request", readers.names("allowed_merge_methods"), ("allowed_merge_methods",)),
            RuleReading("required_linear_history", readers.linear_methods),
        ),
        repository=readers.repository_merge_methods,
    ),
)

_CHECK_CONTROLS = (
    Control(
        key="status_checks",
        title="required status checks",
        strength=Strength.DEMANDED,
        classic=readers.classic_contexts,
        rules=(RuleReading(_CHECKS, readers.rule_contexts, (_CHECKS,)),),
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
        classic=readers.not_told("GitHub's REST API does not say which deployments classic protection requires"),
        rules=_rule("required_deployments", readers.demanded, "required_deployment_environments"),
    ),
    Control(
        key="code_scanning",
        title="tools that must deliver code scanning results",
        strength=Strength.DEMANDED,
        rules=(RuleReading("code_scanning", readers.demanded_members("code_scanning_tools", "tool")),),
    ),
    Control(
        key="workflows",
        title="workflows that must pass",
        strength=Strength.DEMANDED,
        rules=(RuleReading("workflows", readers.required_workflows),),
    ),
    Control(
        key="merge_queue",
        title="merges go through a merge queue",
        strength=Strength.TOGGLE,
        classic=readers.not_told("GitHub's REST API does not say whether classic protection requires a merge queue"),
        rules=_presence("merge_queue"),
    ),
    Control(
        key="copilot_reviews",
        title="Copilot reviews pull requests",
        strength=Strength.TOGGLE,
        rules=_presence("copilot_code_review"),
    ),
    Control(
        key="license_compliance",
        title="license compliance scanning",
        strength=Strength.TOGGLE,
        rules=_presence("license_compliance_scanning"),
    ),
)

_REF_CONTROLS = (
    Control(
        key="signatures",
        title="commits are signed",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_signatures.enabled"),
        rules=_presence("required_signatures"),
    ),
    Control(
        key="linear_history",
        title="linear history",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_linear_history.enabled"),
        rules=_presence("required_linear_history"),
    ),
    Control(
        key="force_pushes",
        title="force pushes",
        strength=Strength.BAN,
        classic=readers.banned("allow_force_pushes.enabled"),
        rules=_presence("non_fast_forward"),
        on_pull_requests=False,
    ),
    Control(
        key="deletions",
        title="deleting the branch",
        strength=Strength.BAN,
        classic=readers.banned("allow_deletions.enabled"),
        rules=_presence("deletion"),
        on_pull_requests=False,
    ),
    Control(
        key="creations",
        title="creating the branch by a push",
        strength=Strength.BAN,
        classic=readers.within("restrictions", readers.toggle("block_creations.enabled"), weakest=False),
        rules=_presence("creation"),
        on_pull_requests=False,
    ),
    Control(
        key="updates",
        title="updating the branch at all",
        strength=Strength.BAN,
        classic=readers.toggle("lock_branch.enabled"),
        rules=_presence("update"),
    ),
    Control(
        key="push_restrictions",
        title="who may push",
        strength=Strength.ACTORS,
        classic=readers.actors("restrictions"),
        rules=(RuleReading("update", readers.nobody),),
    ),
)

_CONTENT_CONTROLS = (
    Control(
        key="commit_message_patterns",
        title="patterns of commit messages",
        strength=Strength.DEMANDED,
        rules=(RuleReading("commit_message_pattern", readers.pattern, readers.PATTERN_KEYS),),
    ),
    Control(
        key="commit_author_email_patterns",
        title="patterns of authors' addresses",
        strength=Strength.DEMANDED,
        rules=(RuleReading("commit_author_email_pattern", readers.pattern, readers.PATTERN_KEYS),),
    ),
    Control(
        key="committer_email_patterns",
        title="patterns of committers' addresses",
        strength=Strength.DEMANDED,
        rules=(RuleReading("committer_email_pattern", readers.pattern, readers.PATTERN_KEYS),),
    ),
    Control(
        key="branch_name_patterns",
        title="patterns of the branch's name",
        strength=Strength.DEMANDED,
        rules=(RuleReading("branch_name_pattern", readers.pattern, readers.PATTERN_KEYS),),
    ),
    Control(
        key="restricted_file_paths",
        title="paths that no push may change",
        strength=Strength.DEMANDED,
        rules=_rule("file_path_restriction", readers.demanded, "restricted_file_paths"),
    ),
    Control(
        key="restricted_file_extensions",
        title="file extensions that no push may bring",
        strength=Strength.DEMANDED,
        rules=_rule("file_extension_restriction", readers.demanded, "restricted_file_extensions"),
    ),
    Control(
        key="max_file_size",
        title="the largest file that a push may bring, in MB",
        strength=Strength.AT_MOST,
        rules=_rule("max_file_size", readers.count, "max_file_size"),
    ),
    Control(
        key="max_file_path_length",
        title="the longest path that a push may bring",
        strength=Strength.AT_MOST,
        rules=_rule("max_file_path_length", readers.count, "max_file_path_length"),
    ),
)

CONTROLS: Mapping[str, Control] = {
    control.key: control for control in (*_REVIEW_CONTROLS, *_CHECK_CONTROLS, *_REF_CONTROLS, *_CONTENT_CONTROLS)
}
"""Every control by its key, in the order in which reports list them."""

ADMINS_INCLUDED = "admins_included"
"""Not a control of its own, but what follows from who may go around the others."""

BYPASS = "bypass"
