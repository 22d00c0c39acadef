"""What a change of a policy does to its demands: weakens them, strengthens them, or only changes them. Pure.

A key whose order is known says which way it went; of every other one it is said that it changed, which may be either.
"""

from collections.abc import Iterator
from typing import TypeGuard

from govcheck.constraints import Bound, NumberConstraint, SetConstraint, implies
from govcheck.findings import SEVERITIES, Direction
from govcheck.policy import Policy, yaml_key
from govcheck.records import frozen, names

_SAID_ONLY = frozenset({"why", "owner", "links", "id"})
"""Keys that demand nothing."""

_EXCEPTIONS = frozenset({"allow", "allowed", "ignore", "except", "exempt", "optional", "unless"})
"""Lists of what is let through: longer is weaker."""

_DEMANDS = frozenset(
    {"avoid", "deny", "checks", "steps", "triggers", "workflows", "secrets", "owned", "families", "applies_to"}
)
"""Lists of what is held: shorter is weaker."""

_STRENGTH = {"required": 2, "forbidden": 2, "warn": 1, "optional": 0, "allowed": 0}
"""Words that order themselves."""

_LISTS = (tuple, frozenset)


@frozen(kw_only=True)
class KeyChange:
    """One key that another value was given."""

    key: str
    """As YAML has it: `approvals`, `with.workflow`."""

    direction: Direction


def compare(old: Policy, new: Policy) -> tuple[KeyChange, ...]:
    """Every key that demands something else now."""
    if type(old) is not type(new):
        return (KeyChange(key="kind", direction="changed"),)
    return tuple(_of_record(old, new, ""))


def overall(changes: tuple[KeyChange, ...]) -> Direction | None:
    """What they come to together; None where nothing is demanded otherwise. One weaker key makes a weaker policy."""
    directions = {change.direction for change in changes}
    if "weakened" in directions:
        return "weakened"
    if not directions:
        return None
    return "strengthened" if directions == {"strengthened"} else "changed"


def _of_record(old: object, new: object, prefix: str) -> Iterator[KeyChange]:
    for field in names(type(old)):
        before, after = getattr(old, field), getattr(new, field)
        if before == after or field in _SAID_ONLY:
            continue
        key = f"{prefix}{yaml_key(field)}"
        if _is_plain_record(before) and type(before) is type(after):
            yield from _of_record(before, after, f"{key}.")
        else:
            yield KeyChange(key=key, direction=_direction(yaml_key(field), before, after))


def _is_plain_record(value: object) -> bool:
    return hasattr(type(value), "__record__") and not isinstance(value, NumberConstraint | SetConstraint)


def _direction(key: str, old: object, new: object) -> Direction:
    common = _of_common_key(key, old, new)
    if common is not None:
        return common
    if old is None or new is None:  # what is left out demands nothing, and a list of exceptions lets nothing through
        return "strengthened" if old is None else "weakened"
    if isinstance(old, str) and isinstance(new, str) and {old, new} <= _STRENGTH.keys():
        return _ordered(_STRENGTH[old], _STRENGTH[new])
    if key not in _EXCEPTIONS | _DEMANDS:
        return _bounds(old, new) if _is_bound(old) and _is_bound(new) else "changed"
    return _lists(key, old, new) if isinstance(old, _LISTS) and isinstance(new, _LISTS) else "changed"


def _of_common_key(key: str, old: object, new: object) -> Direction | None:
    """Of a key that means the same in every kind; None for every other one."""
    if key == "severity":
        return _ordered(-SEVERITIES.index(old), -SEVERITIES.index(new)) if _severities(old, new) else "changed"
    if key in {"waivable", "overridable"}:
        return "weakened" if new else "strengthened"
    if key == "approval":
        return "strengthened" if new else "weakened"
    return _days(str(old), str(new)) if key == "waivable_for" else None


def _severities(old: object, new: object) -> bool:
    return old in SEVERITIES and new in SEVERITIES


def _days(old: str, new: str) -> Direction:
    before, after = old.removesuffix("d"), new.removesuffix("d")
    return _ordered(-int(before), -int(after)) if before.isdigit() and after.isdigit() else "changed"


def _ordered(old: int, new: int) -> Direction:
    return "weakened" if new < old else "strengthened" if new > old else "changed"


def _is_bound(value: object) -> TypeGuard[Bound]:
    number = isinstance(value, int) and not isinstance(value, bool)
    return number or isinstance(value, NumberConstraint | SetConstraint)


def _bounds(old: Bound, new: Bound) -> Direction:
    stronger, weaker = implies(new, old), implies(old, new)
    return "changed" if stronger == weaker else "strengthened" if stronger else "weakened"


def _lists(key: str, old: object, new: object) -> Direction:
    before, after = (list(value) if isinstance(value, _LISTS) else [] for value in (old, new))
    if any(map(_is_plain_record, (*before, *after))) and not (before and after):
        # Hours of a window: without any it is open always, but for `deny`.
        return "weakened" if before else "strengthened"
    gone = any(one not in after for one in before)
    came = any(one not in before for one in after)
    if gone == came or key not in _EXCEPTIONS | _DEMANDS:
        return "changed"
    return "weakened" if came == (key in _EXCEPTIONS) else "strengthened"
