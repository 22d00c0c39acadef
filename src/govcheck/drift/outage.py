"""What changed while a sweep could not see it: held against the last sweep that could. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from govcheck.drift.findings import hidden
from govcheck.drift.renames import as_now
from govcheck.records import frozen, replace
from govcheck.report import DriftEntry
from govcheck.snapshot import Snapshot

Differences = Callable[[Snapshot, Snapshot], list[DriftEntry]]

_Name = tuple[str, str]


@frozen
class Seen:
    """The differences, and by which older sweeps they were told."""

    entries: tuple[DriftEntry, ...]
    older: tuple[Snapshot, ...]
    """The newest first."""


def through(
    entries: Sequence[DriftEntry],
    latest: Snapshot,
    after: Snapshot,
    older: Iterable[Snapshot],
    differences: Differences,
) -> Seen:
    """The differences between two sweeps, where what became readable is told as what it became since it last was.

    Args:
        entries: The differences of `latest` and `after`.
        latest: The sweep that could not read some of it.
        after: The one that can.
        older: Sweeps before `latest`, the newest first; no more of them are taken than are needed.
        differences: Between two sweeps.
    """
    waiting = {_name(entry) for entry in entries if entry.change == "became-known" and entry.plane != "unknown"}
    policies = _undecided(latest) - _undecided(after)
    blind, used = [latest], list[Snapshot]()
    found: dict[_Name, DriftEntry] = {}
    for snapshot in older if waiting or policies else ():
        used.append(snapshot)
        seen = as_now(snapshot, after)
        there = {_name(entry): replace(entry, since=snapshot.finished_at) for entry in differences(snapshot, after)}
        for name in sorted(waiting):
            entry = there.get(name)
            if entry is None or entry.change != "became-known":
                waiting.discard(name)
                inside = {name: entry} if entry else _below(name, there)
                found |= {key: one for key, one in inside.items() if one.change != "became-known"}
                waiting |= {key for key, one in inside.items() if one.change == "became-known"}
        found |= {_name(entry): entry for entry in _mended(seen, there, blind)}
        policies &= _undecided(seen)
        blind.append(seen)
        if not waiting and not policies:
            break
    rest = (entry for entry in entries if _name(entry) not in found)
    return Seen((*found.values(), *rest), tuple(used))


def _below(name: _Name, there: dict[_Name, DriftEntry]) -> dict[_Name, DriftEntry]:
    """What is below a branch that was not looked at as a whole."""
    plane, scope = name
    return {key: entry for key, entry in there.items() if plane == "setting" and key[1].startswith(f"{scope}/")}


def _mended(seen: Snapshot, there: dict[_Name, DriftEntry], blind: Sequence[Snapshot]) -> Iterator[DriftEntry]:
    """Findings that are not there any more, and of which no sweep since then could tell."""
    for finding in seen.findings:
        entry = there.get(("finding", str(finding["fingerprint"])))
        is_gone = entry is not None and entry.change in {"fixed", "gone"}
        if entry is not None and is_gone and all(hidden(finding, side, seen) is not None for side in blind):
            yield entry


def _undecided(snapshot: Snapshot) -> set[str]:
    return {str(entry["policy"]) for entry in snapshot.unknowns}


def _name(entry: DriftEntry) -> _Name:
    return entry.plane, entry.name
