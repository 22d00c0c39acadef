"""Whether a workflow starts for every pull request to a branch.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from enum import IntEnum

from govcheck.actions.workflow import Patterns, Trigger
from govcheck.facts.document import Node
from govcheck.globs import compile_globs
from govcheck.globs.segments import GlobError
from govcheck.records import frozen

PULL_REQUEST_EVENTS = ("pull_request", "pull_request_target")
"""The events whose runs report on every head commit of a pull request."""

NEEDED_TYPES = ("opened", "synchronize")
"""Without these two, a new pull request or a later push to it is not checked.

`reopened`, the third of the default types, is not needed: a commit keeps its checks while a pull request is closed.
"""

_REVIEW_EVENTS = frozenset({"pull_request_review", "pull_request_review_comment"})
_EVERY_PATH = frozenset({"**", "**/*", "**/**"})
_EVERY_BRANCH = frozenset({"**"})
_UNFILTER = (
    "Start the workflow for every pull request, and look at the paths in a job: a job without a matrix that is skipped "
    "counts as success."
)
_ADD_QUEUE = "Add `merge_group` to `on`."
_ADD_TRIGGER = "Add `pull_request` to `on`."
_SPECIAL = frozenset("*?+[!\\")


class Level(IntEnum):
    """How sure it is that something reports. Of several conditions, the highest decides."""

    ALWAYS = 0
    UNTOLD = 1
    """It depends on what is the same for every run in this repository, and cannot be told from the files."""

    SOMETIMES = 2
    NEVER = 3


@frozen
class Condition:
    """Something that keeps a job from reporting, or may."""

    level: Level
    text: str
    """A clause: what it is, and what it lets through."""

    path: str
    node: Node
    fix: str = ""
    """What to do about it: a sentence."""


@frozen
class Reach:
    """How sure it is, and why it is not certain."""

    level: Level
    conditions: tuple[Condition, ...] = ()


ALWAYS = Reach(Level.ALWAYS)


def both(first: Reach, second: Reach) -> Reach:
    """What holds where two things are needed."""
    if not first.conditions:
        return second
    if not second.conditions:
        return first
    return Reach(max(first.level, second.level), first.conditions + second.conditions)


def of_trigger(trigger: Trigger, branch: str | None, path: str) -> Reach:
    """Whether an event starts the workflow for every pull request to a branch (None: the default one, name unknown)."""
    if trigger.event in PULL_REQUEST_EVENTS:
        return _collected(of_branches(trigger, branch, path), _types(trigger, path), _paths(trigger, path))
    if trigger.event == "push":
        return _collected(_push(trigger, path), _paths(trigger, path))
    if trigger.event in _REVIEW_EVENTS:
        return _one(Level.SOMETIMES, f"`{trigger.event}` starts it only when somebody reviews", path, trigger.key)
    return _one(Level.NEVER, f"`{trigger.event}` does not report on pull requests", path, trigger.key, _ADD_TRIGGER)


def of_queue(trigger: Trigger, path: str) -> Reach:
    """Whether an event starts the workflow for every entry of a merge queue."""
    if trigger.event != "merge_group":
        why = f"`{trigger.event}` does not report in a merge queue, `merge_group` would"
        return _one(Level.NEVER, why, path, trigger.key, _ADD_QUEUE)
    if trigger.types is not None and "checks_requested" not in trigger.types.values:
        return _one(Level.NEVER, f"{_shown(trigger.types)} lacks `checks_requested`", path, trigger.types.key)
    return ALWAYS


def of_push(trigger: Trigger, branch: str | None, path: str) -> Reach:
    """Whether an event starts the workflow for every push to a branch."""
    if trigger.event != "push":
        return _one(Level.NEVER, f"`{trigger.event}` does not report on pushes", path, trigger.key)
    if trigger.branches is None and trigger.branches_ignore is None and (trigger.tags or trigger.tags_ignore):
        return _one(Level.NEVER, "`push` is of tags only", path, trigger.key)
    return _collected(of_branches(trigger, branch, path), _paths(trigger, path))


def of_branches(trigger: Trigger, branch: str | None, path: str) -> Condition | None:
    """What the filters of an event say of a branch; None where they let it in."""
    for patterns, lets_in in ((trigger.branches, True), (trigger.branches_ignore, False)):
        if patterns is None or (lets_in and _EVERY_BRANCH.issuperset(patterns.values)):
            continue
        shown = _shown(patterns)
        if branch is None:
            why = f"{shown} may leave the default branch out, whose name the files do not tell"
            return Condition(Level.UNTOLD, why, path, patterns.key)
        try:
            matched = _matches(patterns.values, branch)
        except GlobError:
            return Condition(Level.UNTOLD, f"{shown} has a pattern that cannot be read", path, patterns.key)
        if matched is not lets_in:
            fix = f"Let `{branch}` in by `{patterns.key.text}`."
            return Condition(Level.NEVER, f"{shown} leaves `{branch}` out", path, patterns.key, fix)
    return None


def _collected(*conditions: Condition | None) -> Reach:
    present = tuple(condition for condition in conditions if condition is not None)
    return Reach(max(condition.level for condition in present), present) if present else ALWAYS


def _one(level: Level, text: str, path: str, node: Node, fix: str = "") -> Reach:
    return Reach(level, (Condition(level, text, path, node, fix),))


def _types(trigger: Trigger, path: str) -> Condition | None:
    if trigger.types is None:
        return None
    absent = [f"`{name}`" for name in NEEDED_TYPES if name not in trigger.types.values]
    if not absent:
        return None
    why = f"{_shown(trigger.types)} lacks {' and '.join(absent)}, so that some pushes are not checked"
    fix = f"Add {' and '.join(absent)} to `types`, or leave `types` out."
    return Condition(Level.SOMETIMES, why, path, trigger.types.key, fix)


def _paths(trigger: Trigger, path: str) -> Condition | None:
    if trigger.paths is not None and not _EVERY_PATH.issuperset(trigger.paths.values):
        why = f"{_shown(trigger.paths)} starts it only for changes to those paths"
        return Condition(Level.SOMETIMES, why, path, trigger.paths.key, _UNFILTER)
    if trigger.paths_ignore is not None:
        why = f"{_shown(trigger.paths_ignore)} leaves changes out that touch nothing else"
        return Condition(Level.SOMETIMES, why, path, trigger.paths_ignore.key, _UNFILTER)
    return None


def _push(trigger: Trigger, path: str) -> Condition:
    fixed = trigger.branches is not None and not any(_SPECIAL.intersection(name) for name in trigger.branches.values)
    only_tags = trigger.branches is None and trigger.branches_ignore is None and (trigger.tags or trigger.tags_ignore)
    if trigger.branches is not None and fixed:
        why = f"`push` with {_shown(trigger.branches)} does not report on the head of a pull request"
        return Condition(Level.NEVER, why, path, trigger.branches.key, _ADD_TRIGGER)
    if only_tags:
        return Condition(
            Level.NEVER, "`push` of tags does not report on pull requests", path, trigger.key, _ADD_TRIGGER
        )
    why = "`push` reports on branches of this repository only: a pull request from a fork never has it"
    return Condition(Level.SOMETIMES, why, path, trigger.key, _ADD_TRIGGER)


def _matches(patterns: tuple[str, ...], branch: str) -> bool:
    if not any(_SPECIAL.intersection(pattern) for pattern in patterns):
        return branch in patterns
    return compile_globs(patterns, "actions").matches(branch)


def _shown(patterns: Patterns) -> str:
    values = patterns.values
    listed = ", ".join(values[:3]) + (", ..." if len(values) > 3 else "")  # noqa: PLR2004 - three are enough to know a list by
    return f"`{patterns.key.text}: [{listed}]`"
