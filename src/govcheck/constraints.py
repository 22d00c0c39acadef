"""Constraints that a policy puts on a number or a list: an exact value, or bounds.

A live value is often known only from below: a layer that could not be read can make a setting stronger, never weaker.
`holds_for_every_stronger` says what can be told all the same.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal

from govcheck.records import frozen

Stronger = Literal["larger", "smaller"]
"""Which way a setting gets stronger: more approvals, fewer people who may push."""


@frozen(kw_only=True)
class NumberConstraint:
    """Bounds of a number, both inclusive. At least one key is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    min: int | None = None
    """The number is this or more."""

    max: int | None = None
    """The number is this or less."""

    equals: int | None = None
    """The number is exactly this."""


@frozen(kw_only=True)
class SetConstraint:
    """Bounds of a list whose order does not matter. At least one key is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    superset_of: tuple[str, ...] | None = None
    """The list has all of these, and may have more."""

    subset_of: tuple[str, ...] | None = None
    """The list has nothing but these, and need not have all of them; `[]` is the empty list."""

    equals: tuple[str, ...] | None = None
    """The list has exactly these."""


NumberBound = int | NumberConstraint
"""What a policy may write for a number: `2` (exactly two) or `{min: 2}`."""

SetBound = tuple[str, ...] | SetConstraint
"""What a policy may write for a list: `[a, b]` (exactly these) or `{superset_of: [a, b]}`."""

Bound = NumberBound | SetBound
Held = int | frozenset[str] | None
"""A live value. None is a number without limit, or a list of everything: the largest of its kind."""


def holds(bound: Bound, value: Held) -> bool:
    """Whether the value is within the bound."""
    if isinstance(bound, int | NumberConstraint):
        low, high = _interval(bound)
        return _reaches(value, low) and _stays_below(value, high)
    demanded, allowed = _range(bound)
    return _has(value, demanded) and _is_within(value, allowed)


def holds_for_every_stronger(bound: Bound, value: Held, stronger: Stronger) -> bool | None:
    """What can be told where the value is this one or any stronger one.

    Returns:
        True where the bound holds for this value and every stronger one, False where it holds for none of them,
        None where some are within it and some are not.
    """
    if isinstance(bound, int | NumberConstraint):
        low, high = _interval(bound)
        from_below, from_above = (_reaches(value, low), low is None), (_stays_below(value, high), high is None)
    else:
        demanded, allowed = _range(bound)
        from_below, from_above = (_has(value, demanded), not demanded), (_is_within(value, allowed), allowed is None)
    kept, lost = (from_below, from_above) if stronger == "larger" else (from_above, from_below)
    if not lost[0]:
        return False
    return True if kept[0] and lost[1] else None


def words(bound: Bound) -> str:
    """The bound in words: `at least 2`, `nothing but a, b`."""
    if isinstance(bound, int):
        return f"exactly {bound}"
    if isinstance(bound, tuple):
        return _exactly(bound)
    if isinstance(bound, NumberConstraint):
        named = (("at least", bound.min), ("at most", bound.max), ("exactly", bound.equals))
        return " and ".join(f"{word} {number}" for word, number in named if number is not None)
    return " and ".join(_set_words(bound))


def members(bound: SetBound) -> tuple[str, ...]:
    """Every member that the bound names, in its order."""
    if isinstance(bound, tuple):
        return bound
    return (*(bound.superset_of or ()), *(bound.subset_of or ()), *(bound.equals or ()))


def allowed_members(bound: SetBound) -> frozenset[str] | None:
    """The only members that the list may have; None where the bound sets no such limit."""
    return _range(bound)[1]


def demanded_members(bound: SetBound) -> frozenset[str]:
    """What the list must have."""
    return _range(bound)[0]


def mapped(bound: SetBound, change: Callable[[str], str]) -> SetBound:
    """The bound with every member changed: brought to the one way in which live values are written."""

    def changed(listed: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if listed is None else tuple(map(change, listed))

    if isinstance(bound, tuple):
        return tuple(map(change, bound))
    return SetConstraint(
        superset_of=changed(bound.superset_of), subset_of=changed(bound.subset_of), equals=changed(bound.equals)
    )


def lowest(bound: NumberBound) -> int | None:
    """The smallest number within the bound; None where it has no lower end."""
    return _interval(bound)[0]


def implies(one: Bound, other: Bound) -> bool:
    """Whether whatever is within the one bound is within the other; False where they are not of the same sort."""
    if isinstance(one, int | NumberConstraint) and isinstance(other, int | NumberConstraint):
        low, high = _interval(one)
        lower, higher = _interval(other)
        above = lower is None or (low is not None and low >= lower)
        return above and (higher is None or (high is not None and high <= higher))
    if isinstance(one, tuple | SetConstraint) and isinstance(other, tuple | SetConstraint):
        demanded, allowed = _range(one)
        needed, within = _range(other)
        return needed <= demanded and (within is None or (allowed is not None and allowed <= within))
    return False


def problems(bound: Bound) -> Iterator[str]:
    """What is wrong with a bound that its types cannot say: no key, or keys that no value can satisfy together."""
    if isinstance(bound, NumberConstraint):
        if bound == NumberConstraint():
            yield "gives no bound: write min, max or equals"
        low, high = _interval(bound)
        if low is not None and high is not None and low > high:
            yield f"no number is {words(bound)}"
    if isinstance(bound, SetConstraint):
        if bound == SetConstraint():
            yield "gives no bound: write superset_of, subset_of or equals"
        demanded, allowed = _range(bound)
        if allowed is not None and not demanded <= allowed:
            yield f"no list has {words(bound)}: {', '.join(sorted(demanded - allowed))} is demanded and excluded"


def _interval(bound: NumberBound) -> tuple[int | None, int | None]:
    if isinstance(bound, int):
        return bound, bound
    lows = [number for number in (bound.min, bound.equals) if number is not None]
    highs = [number for number in (bound.max, bound.equals) if number is not None]
    return max(lows, default=None), min(highs, default=None)


def _range(bound: SetBound) -> tuple[frozenset[str], frozenset[str] | None]:
    """What the list must have, and what alone it may have."""
    if isinstance(bound, tuple):
        return frozenset(bound), frozenset(bound)
    demanded = frozenset(bound.superset_of or ()) | frozenset(bound.equals or ())
    limits = [frozenset(limit) for limit in (bound.subset_of, bound.equals) if limit is not None]
    return demanded, frozenset.intersection(*limits) if limits else None


def _reaches(value: Held, low: int | None) -> bool:
    return low is None or value is None or (isinstance(value, int) and value >= low)


def _stays_below(value: Held, high: int | None) -> bool:
    return high is None or (isinstance(value, int) and value <= high)


def _has(value: Held, demanded: frozenset[str]) -> bool:
    return value is None or (isinstance(value, frozenset) and demanded <= value)


def _is_within(value: Held, allowed: frozenset[str] | None) -> bool:
    return allowed is None or (isinstance(value, frozenset) and value <= allowed)


def _set_words(bound: SetConstraint) -> Iterator[str]:
    if bound.superset_of is not None:
        yield f"at least {_listed(bound.superset_of)}"
    if bound.subset_of is not None:
        yield f"nothing but {_listed(bound.subset_of)}" if bound.subset_of else "nothing at all"
    if bound.equals is not None:
        yield _exactly(bound.equals)


def _exactly(listed: tuple[str, ...]) -> str:
    return f"exactly {_listed(listed)}" if listed else "nothing at all"


def _listed(listed: tuple[str, ...]) -> str:
    return ", ".join(listed) or "nothing"
