"""Every control, once, whatever mechanism gives it."""

from collections.abc import Mapping

from govcheck.settings.check_controls import CHECK_CONTROLS
from govcheck.settings.content_controls import CONTENT_CONTROLS
from govcheck.settings.control import Control, Target
from govcheck.settings.ref_controls import REF_CONTROLS
from govcheck.settings.review_controls import REVIEW_CONTROLS

CONTROLS: Mapping[str, Control] = {
    control.key: control for control in (*REVIEW_CONTROLS, *CHECK_CONTROLS, *REF_CONTROLS, *CONTENT_CONTROLS)
}
"""Every control by its key, in the order in which reports list them."""

ADMINS_INCLUDED = "admins_included"
"""Not a control of its own, but what follows from who may go around the others."""

BYPASS = "bypass"
"""Who may go around each control: not one of them."""

KEPT = frozenset(
    {
        ("required_status_checks", "do_not_enforce_on_create"),
        ("workflows", "do_not_enforce_on_create"),
        ("commit_message_pattern", "name"),
        ("commit_author_email_pattern", "name"),
        ("committer_email_pattern", "name"),
        ("branch_name_pattern", "name"),
        ("tag_name_pattern", "name"),
    }
)
"""Rules' types and parameters that are no control, and kept in snapshots as GitHub has them."""


def controls_of(target: Target) -> Mapping[str, Control]:
    """The controls that rulesets of a target can give, by key."""
    return {key: control for key, control in CONTROLS.items() if target in control.targets}
