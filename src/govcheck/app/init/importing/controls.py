"""Controls of branches, tags and pushes as keys of a policy: as strong as they are, or stronger."""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.control import Control
from govcheck.settings.strength import Strength, Value


def bound(control: Control, value: Value) -> Json:
    """What a policy writes to hold a control at least there; None where it is at its weakest, or holds nothing."""
    strength = control.strength
    if value == strength.weakest or value is None:
        return None
    as_json = strength.as_json(value)
    if control.neutral or strength in {Strength.TOGGLE, Strength.BAN}:
        return as_json
    key = {
        Strength.AT_LEAST: "min",
        Strength.AT_MOST: "max",
        Strength.DEMANDED: "superset_of",
        Strength.CHOICE: "subset_of",
        Strength.ACTORS: "subset_of",
    }[strength]
    return {key: as_json}


def bounds(values: Mapping[Control, Value]) -> dict[str, Json]:
    """The same of many, by key."""
    found = {control.key: bound(control, value) for control, value in values.items()}
    return {key: one for key, one in found.items() if one is not None}


def unnamed(value: Value) -> list[str]:
    """Actors that are known by a number only: a policy has to name them as GitHub does where it is asked."""
    return sorted(one for one in value if ":id-" in one) if isinstance(value, frozenset) else []
