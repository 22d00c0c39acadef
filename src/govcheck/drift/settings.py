"""How live settings differ between two sweeps."""

import re
from collections.abc import Callable, Iterator

from govcheck.findings import Direction, Json
from govcheck.report import DriftChange, DriftEntry
from govcheck.settings import flat, registered
from govcheck.settings.answers import verdict
from govcheck.snapshot import Setting, Snapshot
from govcheck.snapshot.document import canonical

_RULESET_NAME = re.compile(r"rulesets/[0-9]+/name")
"""Rulesets are kept by their number, so that another name is no other ruleset."""

_FEWEST = 8
"""Below this many settings, half of them missing is nothing to wonder at."""


def setting_entries(
    before: Snapshot,
    after: Snapshot,
    direction: Callable[[str, Json, Json], Direction | None],
    title: Callable[[str], str],
) -> list[DriftEntry]:
    """Every setting that is not what it was; a branch that only one of the sweeps looked at is one entry."""
    scopes = _scopes(before), _scopes(after)
    lost, seen = (scopes[0] - scopes[1]) & _known_scopes(before), (scopes[1] - scopes[0]) & _known_scopes(after)
    entries = [_whole(scope, "became-unknown", before) for scope in sorted(lost)]
    entries += [_whole(scope, "became-known", after) for scope in sorted(seen)]
    both = scopes[0] & scopes[1]
    for name in sorted(before.settings.keys() | after.settings.keys()):
        if _scope(name) is None or _scope(name) in both:
            entries += _entry(name, before, after, direction, _titled(name, title, before, after))
    return _once(entries)


def _titled(name: str, title: Callable[[str], str], before: Snapshot, after: Snapshot) -> str:
    """A setting in words; a ruleset by its name as well, where one of the sweeps knows it."""
    match name.split("/"):
        case ["rulesets", number, *_]:
            known = (side.settings.get(f"rulesets/{number}/name") for side in (after, before))
            called = next((one.value for one in known if one is not None and isinstance(one.value, str)), None)
            shown = f"ruleset {number}" if called is None else f'ruleset "{called}" ({number})'
            return title(name).replace(f"ruleset {number}", shown)
        case _:
            return title(name)


def _once(entries: list[DriftEntry]) -> list[DriftEntry]:
    """Without what one layer gives by itself, where what it comes to moved as well and so tells the same."""
    names = [entry.name for entry in entries]
    told = {name: flat.told_by(name) for name in names}
    return [
        entry
        for entry in entries
        if (pattern := told[entry.name]) is None or not any(pattern.fullmatch(name) for name in names)
    ]


def suspicion(before: Snapshot, after: Snapshot) -> str | None:
    """Why not to believe it: most of what was known is not any more."""
    known = [name for name, setting in before.settings.items() if setting.unknown is None]
    lost = [name for name in known if name not in after.settings or after.settings[name].unknown is not None]
    if len(known) >= _FEWEST and len(lost) * 2 > len(known):
        return (
            f"{len(lost)} of the {len(known)} settings that were read before could not be read or are gone: "
            "suspect the token or the network before the repository"
        )
    return None


def settings_notes(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """What casts doubt: the two sweeps did not keep the same."""
    added = [name for name in after.settings if name not in before.settings]
    if before.govcheck != after.govcheck and added:
        yield f"{len(added)} settings that the earlier version did not keep are not told as changes"


def _entry(
    name: str,
    before: Snapshot,
    after: Snapshot,
    direction: Callable[[str, Json, Json], Direction | None],
    title: str,
) -> Iterator[DriftEntry]:
    old, new = before.settings.get(name), after.settings.get(name)
    old_why, new_why = _why_not(old, before, after), _why_not(new, after, before)
    old_value, new_value = old.value if old else None, new.value if new else None
    change: DriftChange
    way: Direction | None = None
    if old_why and new_why:
        # What is known in part is known as far as could be read: with another reason that is another part.
        if old_why != new_why or _same(old_value, new_value):
            return
        change = "changed"
    elif new_why:
        change, new_value = "became-unknown", new_why
    elif old_why:
        change, old_value = "became-known", old_why
    elif old is None or new is None:
        if before.govcheck != after.govcheck:
            return
        change = "introduced" if old is None else "gone"
        way = (direction(name, old_value, new_value) if registered.tells_alone(name) else None) or "changed"
    elif _same(old_value, new_value):
        return
    else:
        change = "renamed" if _RULESET_NAME.fullmatch(name) else "changed"
        way = direction(name, old_value, new_value) or "changed"
    yield DriftEntry(
        plane="setting",
        name=name,
        change=change,
        title=title,
        direction=way,
        before=old_value,
        after=new_value,
        asserted=not _nobodys(name, before, after),
    )


def _nobodys(name: str, before: Snapshot, after: Snapshot) -> bool:
    """Whether no policy asserts a setting: by the later sweep, or by the earlier where the later could not read it."""
    here = after if name in after.settings and after.settings[name].unknown is None else before
    uncovered = here.coverage.get("uncovered")
    return isinstance(uncovered, list) and name in uncovered


def _why_not(setting: Setting | None, side: Snapshot, other: Snapshot) -> str | None:
    """Why a setting is not known on one side; None where it is, or where it is known not to be there."""
    if setting is not None:
        return setting.unknown
    unread = sorted(_unread(side) - _unread(other))
    return f"{unread[0]} could not be read" if unread else None


def _unread(snapshot: Snapshot) -> set[str]:
    return {answer.endpoint for answer in snapshot.answers if verdict(answer).trouble or not answer.complete}


def _whole(scope: str, change: DriftChange, known: Snapshot) -> DriftEntry:
    number = sum(_scope(name) == scope for name in known.settings)
    values: list[Json] = [f"{number} settings", "not looked at"]
    before, after = values if change == "became-unknown" else reversed(values)
    return DriftEntry(
        plane="setting",
        name=scope,
        change=change,
        title=f"all settings of {scope}",
        direction=None,
        before=before,
        after=after,
    )


def _scopes(snapshot: Snapshot) -> set[str]:
    return {scope for scope in map(_scope, snapshot.settings) if scope is not None}


def _known_scopes(snapshot: Snapshot) -> set[str | None]:
    """Branches of which at least one setting could be read."""
    return {_scope(name) for name, setting in snapshot.settings.items() if setting.unknown is None}


def _scope(name: str) -> str | None:
    """The branch that a setting is of: a sweep that looks at a branch has settings of it, whatever it may read."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "branches" and len(parts) > 2 else None  # noqa: PLR2004 - branches/NAME/...


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: `true` is not 1."""
    return canonical({"": one}) == canonical({"": other})
