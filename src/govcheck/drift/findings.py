"""How findings and unknowns differ between two sweeps, by fingerprint."""

from collections.abc import Iterator, Mapping
from typing import Literal

from govcheck.findings import Direction, Outcome
from govcheck.records import replace
from govcheck.report import DriftChange, DriftEntry
from govcheck.snapshot import Entry, Snapshot
from govcheck.snapshot.document import canonical

PHASED = frozenset({"clean-tree"})
"""Kinds that choose the phases in which they judge."""


def finding_entries(before: Snapshot, after: Snapshot) -> list[DriftEntry]:
    """Findings that came, went, or say something else now."""
    old, new = _named(before.findings), _named(after.findings)
    went = [name for name in old if name not in new and not of_other_phases(old[name], before, after)]
    entries = [_went(old[name], before, after) for name in went]
    entries += [_came(new[name], before, after) for name in new if name not in old]
    words = before.govcheck == after.govcheck
    both = [(old[name], new[name]) for name in old if name in new]
    return [
        *entries,
        *(_excused(other) for one, other in both if _waived(one) is not _waived(other)),
        *(
            _changed(one, other)
            for one, other in both
            if _waived(one) is _waived(other) and _moved(one, other, words=words)
        ),
    ]


def fixed_since(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """The findings that were fixed between two sweeps: judged, and no longer there."""
    return frozenset(entry.name for entry in finding_entries(before, after) if entry.change == "fixed")


def unknown_entries(before: Snapshot, after: Snapshot) -> Iterator[DriftEntry]:
    """What could be told and cannot any more, and the reverse."""
    old, new = _named(before.unknowns), _named(after.unknowns)
    for name in sorted(new.keys() - old.keys()):
        yield replace(_blank(new[name], "unknown", "became-unknown"), after=new[name]["message"])
    for name in sorted(old.keys() - new.keys()):
        change: DriftChange = "became-known" if _judged(old[name], after) else "gone"
        yield replace(_blank(old[name], "unknown", change), before=old[name]["message"])


def _went(finding: Entry, before: Snapshot, after: Snapshot) -> DriftEntry:
    message = finding["message"]
    why = hidden(finding, after, before)
    if why is not None:
        return replace(_blank(finding, "finding", "became-unknown"), before=message, after=why)
    if not _judged(finding, after):
        return replace(_blank(finding, "finding", "gone"), direction="changed", before=message)
    return replace(_blank(finding, "finding", "fixed"), direction="strengthened", before=message)


def _came(finding: Entry, before: Snapshot, after: Snapshot) -> DriftEntry:
    message = finding["message"]
    why = hidden(finding, before, after)
    if why is not None:
        return replace(_blank(finding, "finding", "became-known"), before=why, after=message)
    direction: Direction = "weakened" if _judged(finding, before) else "changed"
    if _waived(finding):
        return replace(_blank(finding, "finding", "accepted"), direction="changed", after=message)
    times = after.fixed.get(str(finding["fingerprint"]), 0)
    change: DriftChange = "returned" if times else "introduced"
    return replace(_blank(finding, "finding", change), direction=direction, after=message, times=times)


def _excused(new: Entry) -> DriftEntry:
    """A waiver began, or ended: then the finding counts again, as one that came."""
    if _waived(new):
        return replace(_blank(new, "finding", "accepted"), direction="changed", after=new["message"])
    return replace(_blank(new, "finding", "introduced"), direction="changed", after=f"{new['message']} (it was waived)")


def _waived(finding: Entry) -> bool:
    return finding.get("waiver") is not None


def _changed(old: Entry, new: Entry) -> DriftEntry:
    return replace(_blank(new, "finding", "changed"), before=old["message"], after=new["message"])


def _blank(entry: Entry, plane: Literal["finding", "unknown"], change: DriftChange) -> DriftEntry:
    return DriftEntry(
        plane=plane,
        name=str(entry["fingerprint"]),
        change=change,
        title=f"{entry['policy']} {entry['control']} ({entry['subject']})",
        direction=None,
        before=None,
        after=None,
    )


def hidden(finding: Entry, side: Snapshot, other: Snapshot) -> str | None:
    """Why one side cannot say whether it has a finding: it could not judge the control, or some of the policy."""
    elsewhere = _named(other.unknowns)
    for unknown in side.unknowns:
        if unknown["policy"] != finding["policy"]:
            continue
        same = unknown["control"] == finding["control"] and unknown["subject"] == finding["subject"]
        if same or str(unknown["fingerprint"]) not in elsewhere:
            return str(unknown["message"])
    return None


def _judged(entry: Entry, side: Snapshot) -> bool:
    """Whether a sweep judged the policy that an entry is of at all."""
    return any(
        policy["id"] == entry["policy"] and policy["outcome"] != Outcome.NOT_APPLICABLE.value
        for policy in side.policies
    )


def of_other_phases(entry: Entry, before: Snapshot, after: Snapshot) -> bool:
    """Whether the later sweep did not look because its phase has no part in that policy: then nothing is told."""
    idle = {policy["id"] for policy in after.policies if policy["outcome"] == Outcome.NOT_APPLICABLE.value}
    phased = {policy["id"] for policy in after.policies if policy["kind"] in PHASED}
    return before.phase is not after.phase and entry["policy"] in idle & phased


def _moved(old: Entry, new: Entry, *, words: bool) -> bool:
    """Whether the same finding has another weight or value; its words count only where it has no value."""
    if _waived(old) is not _waived(new):  # told as such
        return False
    if any(canonical({"": old[key]}) != canonical({"": new[key]}) for key in ("severity", "expected", "actual")):
        return True
    return words and new["actual"] is None and old["message"] != new["message"]


def _named(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    return {str(entry["fingerprint"]): entry for entry in entries}
