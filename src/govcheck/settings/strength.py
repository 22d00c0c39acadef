"""Kinds of values, and which of two is stronger. Layers add up: the strictest wins.

Every kind is a semilattice: `join` is commutative, associative and idempotent, so that the order in which layers are
met never matters, and one layer more never weakens anything.
"""

from collections.abc import Iterable
from enum import Enum

from govcheck.constraints import Stronger
from govcheck.findings import Direction, Json

Value = bool | int | frozenset[str] | None
"""A control's value. None: no limit at all (a number), or everybody or everything (a list)."""


class Strength(Enum):
    """How the values of one control compare."""

    TOGGLE = "toggle"
    """On is stronger than off."""

    BAN = "ban"
    """Forbidden (True) is stronger than allowed (False)."""

    AT_LEAST = "at-least"
    """The larger number is stronger; 0 is the weakest."""

    AT_MOST = "at-most"
    """The smaller number is stronger; None, no limit, is the weakest."""

    DEMANDED = "demanded"
    """The larger set is stronger; layers add up to the union."""

    CHOICE = "choice"
    """The smaller set is stronger; layers leave the intersection. None is everything."""

    ACTORS = "actors"
    """As CHOICE, of groups of people: two groups may overlap in ways that their names do not tell."""

    @property
    def weakest(self) -> Value:
        """The value of a control that no layer gives."""
        if self in {Strength.TOGGLE, Strength.BAN}:
            return False
        if self is Strength.AT_LEAST:
            return 0
        return frozenset() if self is Strength.DEMANDED else None

    @property
    def stronger(self) -> Stronger:
        """Which way the values get stronger."""
        return "smaller" if self in {Strength.AT_MOST, Strength.CHOICE, Strength.ACTORS} else "larger"

    def at_least(self, left: Value, right: Value) -> bool:
        """Whether `left` is as strong as `right`, or stronger."""
        if self.stronger == "smaller":
            left, right = right, left
        return _not_smaller(left, right)

    def join(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """What the values of several layers add up to.

        Returns:
            One value; for `ACTORS` all the minimal groups, because who is in each of them cannot be told.
        """
        given = list(values)
        if self is Strength.ACTORS:
            return self._minimal(given)
        joined = self.weakest
        for value in given:
            joined = self._join_two(joined, value)
        return (joined,)

    def _join_two(self, left: Value, right: Value) -> Value:
        if isinstance(left, frozenset) and isinstance(right, frozenset):
            return left | right if self is Strength.DEMANDED else left & right
        return left if self.at_least(left, right) else right

    def _minimal(self, given: list[Value]) -> tuple[Value, ...]:
        sets = {value for value in given if isinstance(value, frozenset)}
        minimal = [one for one in sets if not any(other < one for other in sets)]
        return tuple(sorted(minimal, key=lambda one: (len(one), sorted(one)))) or (None,)

    def as_json(self, value: Value) -> Json:
        """The value as reports and policies write it."""
        if self is Strength.BAN:
            return "forbidden" if value else "allowed"
        return [*sorted(value)] if isinstance(value, frozenset) else value

    def words(self, value: Value) -> str:
        """The value for people."""
        if self is Strength.BAN:
            return "forbidden" if value else "allowed"
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, frozenset):
            return ", ".join(sorted(value)) or "none"
        if value is None:
            return {Strength.AT_MOST: "no limit", Strength.ACTORS: "everyone with write access"}.get(self, "any")
        return str(value)

    def direction(self, before: Json, after: Json) -> Direction | None:
        """Which way the control went from one value to another, both as `as_json` writes them."""
        old, new = self._from_json(before), self._from_json(after)
        if old == new:
            return None
        if self.at_least(new, old):
            return "strengthened"
        return "weakened" if self.at_least(old, new) else "changed"

    def _from_json(self, value: Json) -> Value:
        if self is Strength.BAN:
            return value == "forbidden"
        if isinstance(value, list):
            return frozenset(str(member) for member in value)
        return value if isinstance(value, int) else self.weakest


def _not_smaller(left: Value, right: Value) -> bool:
    if left is None or right is None:
        return left is None
    if isinstance(left, frozenset) or isinstance(right, frozenset):
        return isinstance(left, frozenset) and isinstance(right, frozenset) and left >= right
    return left >= right
