"""Controls of what may be done to a branch or a tag itself."""

from govcheck.settings import readers
from govcheck.settings.control import Control, RuleReading, Target, presence, rule
from govcheck.settings.strength import Strength

_REFS = frozenset[Target]({"branch", "tag"})

REF_CONTROLS = (
    Control(
        key="signatures",
        title="commits are signed",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_signatures.enabled"),
        rules=presence("required_signatures"),
        targets=_REFS,
    ),
    Control(
        key="linear_history",
        title="linear history",
        strength=Strength.TOGGLE,
        classic=readers.toggle("required_linear_history.enabled"),
        rules=presence("required_linear_history"),
        targets=_REFS,
    ),
    Control(
        key="force_pushes",
        title="force pushes",
        strength=Strength.BAN,
        classic=readers.banned("allow_force_pushes.enabled"),
        rules=presence("non_fast_forward"),
        on_pull_requests=False,
        targets=_REFS,
    ),
    Control(
        key="deletions",
        title="deletion",
        strength=Strength.BAN,
        classic=readers.banned("allow_deletions.enabled"),
        rules=presence("deletion"),
        on_pull_requests=False,
        targets=_REFS,
    ),
    Control(
        key="creations",
        title="creation by a push",
        strength=Strength.BAN,
        classic=readers.within("restrictions", readers.toggle("block_creations.enabled"), weakest=False),
        rules=presence("creation"),
        on_pull_requests=False,
        targets=_REFS,
    ),
    Control(
        key="updates",
        title="any update",
        strength=Strength.BAN,
        classic=readers.toggle("lock_branch.enabled"),
        rules=presence("update"),
        targets=_REFS,
    ),
    Control(
        key="fork_syncing",
        title="pulling in what the upstream of a fork has",
        strength=Strength.BAN,
        classic=readers.within_flag("lock_branch.enabled", readers.banned("allow_fork_syncing.enabled"), weakest=False),
        rules=rule("update", readers.banned, "update_allows_fetch_and_merge"),
    ),
    Control(
        key="push_restrictions",
        title="who may push",
        strength=Strength.ACTORS,
        classic=readers.actors("restrictions"),
        rules=(RuleReading("update", readers.nobody),),
    ),
)
