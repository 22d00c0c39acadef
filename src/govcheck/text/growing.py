"""Files that may only be added to."""

from collections.abc import Iterable, Iterator

from govcheck.facts import Missing
from govcheck.facts.change import ChangedPath, ChangeType, RemovedLines
from govcheck.findings import Finding, Fix, Location, Undecided
from govcheck.paths import display
from govcheck.text.sides import DONE

_CONTROL = "additions-only"


def judge(entries: Iterable[ChangedPath], removed: RemovedLines, policy: str) -> Iterator[Finding | Undecided]:
    """The entries that take something away.

    Args:
        entries: Of files that only grow, by their paths before the change.
        removed: How many lines are gone, of each.
        policy: The id of the policy that says so.
    """
    for entry in entries:
        path = entry.previous_path or entry.path
        if entry.type is not ChangeType.MODIFY:
            yield _finding(path, entry, DONE[entry.type], policy)
            continue
        count = removed.counts.get(path, 0)
        if isinstance(count, Missing):
            message = f"whether `{display(path)}` only grows cannot be told: {count.message}"
            yield Undecided(control=_CONTROL, subject=display(path), reason=count.reason, message=message)
        elif count:
            yield _finding(path, entry, f"loses or changes {count} line{'' if count == 1 else 's'}", policy)


def _finding(path: str, entry: ChangedPath, done: str, policy: str) -> Finding:
    return Finding(
        control=_CONTROL,
        subject=display(path),
        message=f"`{display(path)}` {done}, and only additions are allowed to it",
        plane="repo",
        location=Location(path=path),
        actual=str(entry.type),
        fix=Fix(text=f"Put back what was there and write below it, or take it out of `additions_only` of `{policy}`"),
    )
