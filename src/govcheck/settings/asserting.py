"""What a policy asserts of controls: its keys are theirs, and what is wrong with a bound that its types cannot say."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from govcheck import constraints
from govcheck.constraints import Bound, NumberConstraint, SetBound, SetConstraint
from govcheck.settings import actors
from govcheck.settings.control import Control
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS
from govcheck.settings.judging import Wanted
from govcheck.settings.strength import Strength

Place = tuple[str | int, ...]
_METHODS = ("merge", "squash", "rebase")
_LEGAL = {"merge_methods": _METHODS, "merge_queue_methods": _METHODS}
"""The only members that some lists can have."""


def asserted(policy: object, controls: Mapping[str, Control]) -> dict[str, Wanted]:
    """What a policy wants of each control that it gives, written as live values are."""
    given = ((control, getattr(policy, key)) for key, control in controls.items())
    return {control.key: _wanted(control.strength, value) for control, value in given if value is not None}


def problems(policy: object, controls: Mapping[str, Control]) -> Iterator[tuple[Place, str]]:
    """What the types of a policy's keys cannot say: the place in the document, and what is wrong there."""
    bounds = {key: getattr(policy, key, None) for key in (*controls, ADMINS_INCLUDED, BYPASS)}
    given = {key: bound for key, bound in bounds.items() if bound is not None}
    if not given:
        more = f", {ADMINS_INCLUDED}" if hasattr(policy, ADMINS_INCLUDED) else ""
        yield (), f"asserts nothing: give at least one of {', '.join(controls)}{more}"
    elif given.keys() == {BYPASS}:
        yield (BYPASS,), "says who may go around the controls that this policy gives, and it gives none"
    for key, bound in given.items():
        if not isinstance(bound, bool | str):
            yield from _bound_problems(key, bound, controls.get(key))


def mapped_bypass(bound: SetBound) -> SetBound:
    """Who may go around, written as live actors are."""
    return constraints.mapped(bound, str.lower)


def settings(place: str, keys: Iterable[str], asserted_: Iterable[str]) -> Iterator[str]:
    """The live settings that are asserted, by their names in a snapshot."""
    for key in keys:
        if key == BYPASS:
            yield from (f"{place}/{BYPASS}/{control}" for control in asserted_)
        else:
            yield f"{place}/{key}"


def _wanted(strength: Strength, value: Wanted | str) -> Wanted:
    if isinstance(value, str):
        return value == "forbidden"
    if strength is Strength.ACTORS and isinstance(value, tuple | SetConstraint):
        return constraints.mapped(value, str.lower)
    return value


def _bound_problems(key: str, bound: Bound, control: Control | None) -> Iterator[tuple[Place, str]]:
    for problem in constraints.problems(bound):
        yield (key,), problem
    if isinstance(bound, int | NumberConstraint):
        return
    legal = _LEGAL.get(key)
    for place, member in _members(key, bound):
        is_actor = key == BYPASS or (control is not None and control.strength is Strength.ACTORS)
        if is_actor and (wrong := actors.problem(member)):
            yield place, wrong
        if legal is not None and member not in legal:
            near = difflib.get_close_matches(member, legal, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield place, f"{member!r} is none of {', '.join(legal)}{hint}"


def _members(key: str, bound: SetBound) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(bound, tuple):
        yield from (((key, number), member) for number, member in enumerate(bound))
        return
    for inner in ("superset_of", "subset_of", "equals"):
        yield from (((key, inner, number), member) for number, member in enumerate(getattr(bound, inner) or ()))
