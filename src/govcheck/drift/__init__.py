"""What changed between two sweeps: live settings, findings, unknowns. Pure.

What could not be read is never told as gone or fixed, and what was never asked never as changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from govcheck.drift.findings import finding_entries, fixed_since, unknown_entries
from govcheck.drift.outage import through
from govcheck.drift.renames import DEFAULT_BRANCH, as_now, is_renamed, successor
from govcheck.drift.settings import setting_entries, settings_notes, suspicion
from govcheck.errors import UsageError
from govcheck.facts.live import LiveBranch, LiveRulesets
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Json, Outcome
from govcheck.records import replace
from govcheck.report import Drift, DriftChange, DriftEntry, PolicyResult
from govcheck.settings import flat, registered
from govcheck.settings.flat_layers import SettingValue
from govcheck.settings.places import setting
from govcheck.snapshot import Setting, Snapshot, own_answer
from govcheck.snapshot.document import hash_of

Directions = Callable[[str, Json, Json], Direction | None]
"""From a setting's name and its two values to the way it went."""

Titles = Callable[[str], str]
"""From a setting's name to words."""

_MOVED = frozenset({"changed", "introduced", "gone", "renamed"})
_MOST_KEPT = 10_000
"""Findings of which it is kept how often they were fixed."""

_PLANES = ("setting", "finding", "unknown")


def compare(
    before: Snapshot,
    after: Snapshot,
    *,
    told: Snapshot | None = None,
    older: Iterable[Snapshot] = (),
    direction: Directions = registered.direction,
    title: Titles = registered.describe,
) -> Drift:
    """What changed from one sweep to another, weakened first.

    Where a sweep in between (`told`) has told part of it, only what changed since that one is news, measured from it;
    the rest is there, marked as told. What that sweep could not see is held against `older` ones, the newest first.

    Raises:
        UsageError: where the snapshots are not of the same repository.
    """
    base, latest = as_now(before, after), as_now(told or before, after)
    for other in (base, latest):
        _same_repository(other, after)
    differ = partial(differences, direction=direction, title=title)
    entries = through(differ(told or before, after), latest, after, older, differ).entries
    if told is not None:
        known = {(entry.plane, entry.name) for entry in entries}
        rest = (entry for entry in differ(before, after) if (entry.plane, entry.name) not in known)
        entries = (*entries, *(replace(entry, told=True) for entry in rest))
    return Drift(
        since=before.finished_at,
        since_phase=before.phase,
        since_snapshot=hash_of(before),
        entries=tuple(sorted(entries, key=_weight)),
        unchanged_findings=len(_fingerprints(base) & _fingerprints(after)),
        told_at=told.finished_at if told else None,
        told_phase=told.phase if told else None,
        told_snapshot=hash_of(told) if told else None,
        open_since=after.open_since,
        suspect=suspicion(latest, after),
        notes=(*_notes(latest, after), *settings_notes(latest, after)),
    )


def differences(before: Snapshot, after: Snapshot, *, direction: Directions, title: Titles) -> list[DriftEntry]:
    """Every difference between two sweeps, once."""
    branch = successor(before, after)
    word: DriftChange = "renamed" if branch and is_renamed(before, after, *branch) else "changed"
    before = as_now(before, after)
    findings = finding_entries(before, after)
    settings = setting_entries(before, after, direction, title)
    known = frozenset(entry.name for entry in findings)
    return [
        *(_renamed(settings, branch[0], word) if branch else settings),
        *findings,
        *(entry for entry in unknown_entries(before, after) if entry.name not in known),
    ]


def needed(latest: Snapshot, after: Snapshot, older: Iterable[Snapshot]) -> tuple[Snapshot, ...]:
    """Those of older sweeps, the newest first, that tell what `latest` could not see."""
    differ = partial(differences, direction=registered.direction, title=registered.describe)
    return through(differ(latest, after), as_now(latest, after), after, older, differ).older


def returns(last: Snapshot | None, taken: Snapshot) -> dict[str, int]:
    """How often each finding was fixed, up to and with a new sweep; for policies that are still there."""
    if last is None:
        return {}
    known = Counter(last.fixed)
    known.update(fixed_since(last, taken))
    of = {str(entry["fingerprint"]): entry["policy"] for entry in last.findings}
    kept = known.keys() - {name for name in of if of[name] not in {policy["id"] for policy in taken.policies}}
    return {name: known[name] for name in sorted(kept)[:_MOST_KEPT]}


def regained(drift: Drift) -> bool:
    """Whether something could be told that the sweep before could not see."""
    return any(entry.change == "became-known" and not entry.told for entry in drift.entries)


def with_unseen(fixed: Mapping[str, int], drift: Drift) -> dict[str, int]:
    """How often each finding was fixed, with what was fixed while no sweep could see it."""
    news = (entry for entry in drift.entries if entry.since is not None and not entry.told)
    unseen = Counter(entry.name for entry in news if entry.change == "fixed")
    return dict(Counter(fixed) + unseen)


def with_compliance(drift: Drift, results: Iterable[PolicyResult]) -> Drift:
    """The drift with which settings moved while every policy that asserts them still passes."""
    outcomes: dict[str, set[Outcome]] = {}
    for result in results:
        for name in result.settings:
            outcomes.setdefault(name, set()).add(result.outcome)
    complying = {name for name, came in outcomes.items() if came == {Outcome.PASS}}
    entries = (
        replace(entry, complies=entry.plane == "setting" and entry.change in _MOVED and entry.name in complying)
        for entry in drift.entries
    )
    return replace(drift, entries=tuple(entries))


def settings_of(
    branches: Iterable[LiveBranch], rulesets: Iterable[LiveRulesets] = (), answers: Iterable[LiveAnswers] = ()
) -> dict[str, Setting]:
    """The settings that a snapshot keeps of branches, rulesets, and of what single endpoints answered, by name.

    Where one was asked for twice, and only one of the answers tells it, it is known.
    """
    found: dict[str, SettingValue] = {}
    each = [flat.settings_of_rulesets(one) for one in rulesets] + [flat.settings_of(branch) for branch in branches]
    for values in (*each, *map(registered.settings_of, answers)):
        for name, value in values.items():
            if name not in found or value.trouble is None or found[name].trouble is not None:
                found[name] = value
    return {
        name: Setting(
            value=value.value, unknown=value.trouble.message if value.trouble else None, sources=value.sources
        )
        for name, value in found.items()
    }


def _renamed(entries: Iterable[DriftEntry], old: str, word: DriftChange) -> Iterator[DriftEntry]:
    """The branch is told by one line; what is left under its old name is nothing."""
    for entry in entries:
        if not f"{entry.name}/".startswith(setting(old, "")):
            yield replace(entry, change=word) if entry.name == DEFAULT_BRANCH else entry


def _same_repository(one: Snapshot, other: Snapshot) -> None:
    if (one.repository or "").lower() != (other.repository or "").lower():
        raise UsageError(
            f"the snapshot to compare with is of {one.repository or 'an unknown repository'}, "
            f"this sweep of {other.repository or 'an unknown repository'}",
            "name the snapshot of the same repository, or give --repository",
        )


def _notes(before: Snapshot, after: Snapshot) -> list[str]:
    notes = []
    if after.finished_at < before.finished_at:
        notes.append("that sweep is dated after this one: a clock went backwards")
    names = _full_name(before), _full_name(after)
    if all(names) and names[0] != names[1]:
        notes.append(f"the repository was {names[0]} and is {names[1]} now: renamed or transferred")
    numbers = own_answer(before).get("id"), own_answer(after).get("id")
    if all(numbers) and numbers[0] != numbers[1]:
        notes.append(f"another repository has this name now: its number was {numbers[0]} and is {numbers[1]}")
    if before.govcheck != after.govcheck:
        notes.append(f"the two sweeps are of different versions of govcheck: {before.govcheck}, {after.govcheck}")
    if before.tokens != after.tokens:
        classes = [", ".join(tokens) or "no token" for tokens in (before.tokens, after.tokens)]
        notes.append(f"the two sweeps had different tokens: {classes[0]}; now {classes[1]}")
    return notes


def _full_name(snapshot: Snapshot) -> str | None:
    """What GitHub calls the repository, which is not what it was asked for where it leads on from an old name."""
    name = own_answer(snapshot).get("full_name")
    return name if isinstance(name, str) else None


def _fingerprints(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(str(finding["fingerprint"]) for finding in snapshot.findings)


def _weight(entry: DriftEntry) -> tuple[bool, int, int, str, str]:
    """News first; then weakened, unreadable, changed, strengthened; settings before what they come to."""
    return (entry.told, _badness(entry), _PLANES.index(entry.plane), entry.title, entry.name)


def _badness(entry: DriftEntry) -> int:
    if entry.direction == "weakened":
        return 0
    if entry.change == "became-unknown":
        return 1
    return 3 if entry.direction == "strengthened" else 2
