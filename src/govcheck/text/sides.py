"""The paths that a change touches: both sides of a rename, and what happens to each."""

from collections.abc import Collection, Iterator, Mapping

from govcheck.facts.change import Change, ChangeType
from govcheck.paths import display
from govcheck.records import frozen

DONE: Mapping[ChangeType, str] = {
    ChangeType.ADD: "is added",
    ChangeType.MODIFY: "is modified",
    ChangeType.DELETE: "is deleted",
    ChangeType.RENAME: "is renamed",
}
"""What happens to a path, as a sentence has it."""


@frozen
class Side:
    """One path that a change touches: an entry of it, or one side of a rename."""

    path: str
    done: str
    """What happens to it, as a sentence has it: `is added`."""

    change: str
    """The type of the change."""


def sides(change: Change, changes: Collection[str]) -> dict[str, Side]:
    """Every path that is touched. One that a rename leaves and something else takes again has arrived.

    Args:
        change: What changed.
        changes: The types of change that count. A rename's new path counts as `rename` or `add`, its old one as
            `delete`.
    """
    return {side.path: side for side in (*_leaving(change, changes), *_arriving(change, changes))}


def _leaving(change: Change, changes: Collection[str]) -> Iterator[Side]:
    if "delete" in changes:
        for entry in change.paths:
            if entry.previous_path is not None:
                yield Side(entry.previous_path, f"is renamed to `{display(entry.path)}`,", "rename")


def _arriving(change: Change, changes: Collection[str]) -> Iterator[Side]:
    for entry in change.paths:
        if entry.previous_path is not None:
            if "add" in changes or "rename" in changes:
                yield Side(entry.path, f"is renamed from `{display(entry.previous_path)}`,", "rename")
        elif entry.type in changes:
            yield Side(entry.path, DONE[entry.type], str(entry.type))
