"""Controls of reviews and of how changes are merged."""

from govcheck.settings import readers, rule_readers
from govcheck.settings.control import Control, RuleReading, presence, rule
from govcheck.settings.strength import Strength

_REVIEWS = "required_pull_request_reviews"

REVIEW_CONTROLS = (
    Control(
        key="pull_requests",
        title="changes only by pull request",
        strength=Strength.TOGGLE,
        classic=readers.present(_REVIEWS),
        rules=presence("pull_request"),
        reviews=True,
        on_pull_requests=False,
    ),
    Control(
        key="approvals",
        title="required approvals",
        strength=Strength.AT_LEAST,
        classic=readers.within(_REVIEWS, readers.count(f"{_REVIEWS}.required_approving_review_count"), 0),
        rules=rule("pull_request", readers.count, "required_approving_review_count"),
        reviews=True,
    ),
    Control(
        key="dismiss_stale_reviews",
        title="new commits dismiss approvals",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.dismiss_stale_reviews"),
        rules=rule("pull_request", readers.toggle, "dismiss_stale_reviews_on_push"),
        reviews=True,
    ),
    Control(
        key="code_owner_reviews",
        title="code owners must approve",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.require_code_owner_reviews"),
        rules=rule("pull_request", readers.toggle, "require_code_owner_review"),
        reviews=True,
    ),
    Control(
        key="last_push_approval",
        title="somebody else approves the last push",
        strength=Strength.TOGGLE,
        classic=readers.toggle(f"{_REVIEWS}.require_last_push_approval"),
        rules=rule("pull_request", readers.toggle, "require_last_push_approval"),
        reviews=True,
    ),
    Control(
        key="review_dismissals",
        title="who may dismiss reviews",
        strength=Strength.ACTORS,
        classic=readers.actors(f"{_REVIEWS}.dismissal_restrictions"),
        rules=(
            RuleReading(
                "pull_request",
                readers.dismissals,
                (
                    "dismissal_restriction.enabled",
                    "dismissal_restriction.allowed_actors[].id",
                    "dismissal_restriction.allowed_actors[].type",
                ),
            ),
        ),
        reviews=True,
    ),
    Control(
        key="required_reviewers",
        title="teams that must approve changes of some files",
        strength=Strength.DEMANDED,
        rules=(
            RuleReading(
                "pull_request",
                rule_readers.required_reviewers,
                (
                    "required_reviewers[].file_patterns",
                    "required_reviewers[].minimum_approvals",
                    "required_reviewers[].reviewer.id",
                    "required_reviewers[].reviewer.type",
                ),
            ),
        ),
    ),
    Control(
        key="conversation_resolution",
        title="conversations are resolved before merging",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_conversation_resolution.enabled"),
        rules=rule("pull_request", readers.toggle, "required_review_thread_resolution"),
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
