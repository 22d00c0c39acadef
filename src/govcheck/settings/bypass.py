"""Who can go around a control: only who can go around every layer that holds it.

An actor goes around a control where, with every layer that the actor may bypass taken away, what remains no longer
does what was asked. One ruleset without bypass actors therefore clears nothing but the controls that it gives itself.
"""

from collections.abc import Callable

from govcheck.records import frozen
from govcheck.settings.actors import ADMIN, ORGANIZATION_ADMIN, Mode, implied, is_group
from govcheck.settings.layers import Given, Unread
from govcheck.settings.protection import REPOSITORY, EffectiveControl, EffectiveProtection
from govcheck.settings.strength import Value

_ADMINS = frozenset({ADMIN, ORGANIZATION_ADMIN})

Enough = Callable[[tuple[Value, ...]], bool]
"""Whether these floors of a control's value still do what was asked."""


@frozen(kw_only=True)
class Bypass:
    """Who can go around one control."""

    certain: frozenset[str]
    """Actors of whom it is known, whatever the unread layers say."""

    possible: frozenset[str]
    """Those, and actors who can unless a layer that could not be read stops them."""

    others: bool
    """Whether there may be still others: a list of bypass actors could not be read, or the layer that does it all."""

    unread: tuple[Unread, ...]
    """What stands in the way of the whole truth."""

    together: tuple[str, ...] = ()
    """Actors none of whom goes around it, but one person who is all of them would: their names do not tell."""

    @property
    def exact(self) -> bool:
        """Whether this is the whole truth."""
        return not self.others and self.certain == self.possible and not self.together


def bypass(
    effective: EffectiveControl, enough: Enough | None = None, permitted: frozenset[str] = frozenset()
) -> Bypass:
    """Who can go around a control.

    Args:
        effective: The control over all layers.
        enough: Whether floors still do what was asked. By default, and where the floors do not do it even now:
            whether they are as strong as they are now.
        permitted: Actors who may. Someone who is one of them is nobody to worry about.
    """
    done = enough is None or enough(effective.floors)
    suffices = enough if enough and done else _as_now(effective)
    given, strength = effective.given, effective.control.strength
    told = tuple(one for one in given if one.passers.trouble is None)
    actors = frozenset(passer.actor for one in given for passer in one.passers.known if _counts(passer.mode, effective))
    around = _around(effective, given, suffices, actors, permitted)
    unless_stopped = _around(effective, told, suffices, actors, permitted)
    others = not suffices(strength.join(one.value for one in told)) or bool(effective.unread and not done)
    return Bypass(
        certain=frozenset() if effective.unread else around,
        possible=unless_stopped | around,
        others=others,
        unread=_hidden(given) + effective.unread,
        together=_together(effective, suffices, actors - permitted - around, permitted),
    )


def admins_included(protection: EffectiveProtection) -> bool | None:
    """Whether everything that is in force binds administrators too; None where that cannot be told.

    Where nothing is in force, nothing binds anybody.
    """
    controls = protection.controls.values()
    held = [one for one in controls if any(given.source.name != REPOSITORY for given in one.given)]
    told = [_binds_admins(one) for one in held]
    if False in told:
        return False
    if None in told or any(_may_let_admins_through(unread) for one in controls for unread in one.unread):
        return None
    return bool(held)


def _binds_admins(effective: EffectiveControl) -> bool | None:
    suffices = _as_now(effective)
    if not suffices(_left(effective, effective.given, _ADMINS)):
        return None if effective.unread else False
    told = tuple(one for one in effective.given if one.passers.admins_told)
    return True if suffices(_left(effective, told, _ADMINS)) else None


def _may_let_admins_through(unread: Unread) -> bool:
    passers = unread.passers
    return passers is None or not passers.admins_told or any(passer.actor in _ADMINS for passer in passers.known)


def remaining(effective: EffectiveControl, actor: str) -> tuple[Value, ...]:
    """What remains of a control for an actor, with every layer that the actor may bypass taken away."""
    return _left(effective, effective.given, frozenset({actor}))


def modes(effective: EffectiveControl, actor: str) -> frozenset[Mode]:
    """By which modes the layers let an actor through."""
    return frozenset(passer.mode for one in effective.given for passer in one.passers.known if passer.actor == actor)


def _as_now(effective: EffectiveControl) -> Enough:
    strength, now = effective.control.strength, effective.floors
    return lambda floors: all(any(strength.at_least(floor, one) for floor in floors) for one in now)


def _around(
    effective: EffectiveControl,
    given: tuple[Given, ...],
    suffices: Enough,
    actors: frozenset[str],
    permitted: frozenset[str],
) -> frozenset[str]:
    """The actors that go around it: in their own name, or else where no actor below them, whose rights they have, does.

    An administrator who only does what every writer may do is no news beside the writers.
    """
    own = frozenset(one for one in actors if not suffices(_remaining(effective, given, frozenset({one}))))
    more = frozenset(one for one in actors if not suffices(_left(effective, given, frozenset({one}), permitted)))
    return own | frozenset(one for one in more if not (implied(one) - {one}) & (own | more))


def _left(
    effective: EffectiveControl,
    given: tuple[Given, ...],
    actors: frozenset[str],
    permitted: frozenset[str] = frozenset(),
) -> tuple[Value, ...]:
    """The floors that remain for somebody who is all of these actors, and does not pass as one of those permitted."""
    rights = frozenset[str]().union(*(implied(actor) for actor in actors))
    return _remaining(effective, given, rights - (permitted - actors))


def _remaining(effective: EffectiveControl, given: tuple[Given, ...], rights: frozenset[str]) -> tuple[Value, ...]:
    return effective.control.strength.join(one.value for one in given if not _passes(one, rights, effective))


def _passes(one: Given, rights: frozenset[str], effective: EffectiveControl) -> bool:
    return any(passer.actor in rights and _counts(passer.mode, effective) for passer in one.passers.known)


def _counts(mode: Mode, effective: EffectiveControl) -> bool:
    """A bypass that is for pull requests only is none where no pull request is involved."""
    return mode != "pull_request" or effective.control.on_pull_requests


def _hidden(given: tuple[Given, ...]) -> tuple[Unread, ...]:
    return tuple(
        Unread(source=one.source, controls=frozenset({one.control}), trouble=one.passers.trouble)
        for one in given
        if one.passers.trouble is not None
    )


def _together(
    effective: EffectiveControl, suffices: Enough, actors: frozenset[str], permitted: frozenset[str]
) -> tuple[str, ...]:
    """Groups, and at most one user, that one person can be at once."""
    groups = frozenset(actor for actor in actors if is_group(actor))
    users = sorted(actor for actor in actors if actor.startswith("user:"))
    for one in [frozenset[str](), *(frozenset({user}) for user in users)]:
        if not suffices(_left(effective, effective.given, groups | one, permitted)):
            return tuple(sorted(groups | one))
    return ()
