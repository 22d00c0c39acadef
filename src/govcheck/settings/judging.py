"""Judging a control against what is wanted of it: three-valued, as a layer that was not read may make it stronger."""

from govcheck.constraints import (
    Bound,
    NumberConstraint,
    SetBound,
    Stronger,
    allowed_members,
    demanded_members,
    holds_for_every_stronger,
    words,
)
from govcheck.constraints import holds as bound_holds
from govcheck.findings import Direction, Json
from govcheck.settings.actors import may_be
from govcheck.settings.bypass import Bypass
from govcheck.settings.protection import EffectiveControl
from govcheck.settings.strength import Strength, Value

Wanted = bool | Bound
"""What is wanted of a control: on or off (for a ban: forbidden or not), or a bound."""


def holds(effective: EffectiveControl, wanted: Wanted) -> bool | None:
    """Whether the control is as wanted; None where a layer that could not be read decides."""
    strength = effective.control.strength
    if effective.exact:
        return _holds(effective.value, wanted)
    told = [_holds_for_every_stronger(floor, wanted, strength) for floor in effective.floors]
    return next((one for one in told if one is not None), None)


def enough(floors: tuple[Value, ...], wanted: Wanted) -> bool:
    """Whether these floors, and nothing else, are as wanted. Of several groups, one that is narrow enough is enough."""
    return any(_holds(floor, wanted) for floor in floors)


def bypass_holds(found: Bypass, wanted: SetBound) -> bool | None:
    """Whether those who can go around a control are as wanted; None where that cannot be told."""
    allowed, demanded = allowed_members(wanted), demanded_members(wanted)
    if allowed is not None and not all(may_be(one, allowed) for one in found.certain - allowed):
        return False
    missing = demanded - found.possible
    if not found.others and not all(any(may_be(one, {name}) for one in found.possible) for name in missing):
        return False
    bounded = allowed is None or (not found.others and not found.together and found.possible <= allowed)
    return True if bounded and demanded <= found.certain else None


def direction(value: Value, wanted: Wanted, strength: Strength) -> Direction:
    """How a value that is not as wanted is off: weaker than wanted, stronger, or both at once."""
    if isinstance(wanted, bool):
        return "weakened" if wanted else "strengthened"
    number_or_set = value if not isinstance(value, bool) else int(value)
    weaker: Stronger = "larger" if strength.stronger == "smaller" else "smaller"
    if holds_for_every_stronger(wanted, number_or_set, strength.stronger) is None:
        return "weakened"
    return "changed" if holds_for_every_stronger(wanted, number_or_set, weaker) is False else "strengthened"


def wanted_json(wanted: Wanted, strength: Strength) -> Json:
    """What is wanted, as a policy writes it."""
    return strength.as_json(wanted) if isinstance(wanted, bool) else as_json(wanted)


def wanted_words(wanted: Wanted, strength: Strength) -> str:
    """What is wanted, for people."""
    return strength.words(wanted) if isinstance(wanted, bool) else words(wanted)


def as_json(bound: Bound) -> Json:
    """The bound as a policy writes it."""
    if isinstance(bound, int):
        return bound
    if isinstance(bound, tuple):
        return list(bound)
    if isinstance(bound, NumberConstraint):
        numbers: dict[str, Json] = {"min": bound.min, "max": bound.max, "equals": bound.equals}
        return {key: number for key, number in numbers.items() if number is not None}
    lists = {"superset_of": bound.superset_of, "subset_of": bound.subset_of, "equals": bound.equals}
    return {key: list(members) for key, members in lists.items() if members is not None}


def _holds(value: Value, wanted: Wanted) -> bool:
    return value is wanted if isinstance(wanted, bool) else bound_holds(wanted, value)


def _holds_for_every_stronger(floor: Value, wanted: Wanted, strength: Strength) -> bool | None:
    if isinstance(wanted, bool):
        return wanted if floor else None
    return holds_for_every_stronger(wanted, floor, strength.stronger)
