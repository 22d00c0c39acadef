"""How the statements of a shell script can end, and what a walk through one keeps of it."""

import sys
from collections.abc import Iterable

from govcheck.liveness.effects import Effect
from govcheck.records import frozen


@frozen
class Red:
    """One way in which the script ends as failed."""

    offset: int
    how: str
    """A clause: `exit 1`, "`grep -q x` fails"."""

    effect: Effect


@frozen
class Spoken:
    """A branch that says that something is wrong, and goes on."""

    offset: int
    text: str
    after: int = sys.maxsize
    """Where the script goes on after the branch; beyond its end where the branch ends the script as a success."""


@frozen(kw_only=True)
class Exits:
    """What a script's status can come to."""

    red: tuple[Red, ...]
    unheeded: tuple[Spoken, ...] = ()
    """Branches that say so and after which nothing can fail."""

    green: tuple[int, ...] = ()
    """Offsets of every `exit 0` that can be reached."""

    rewrites: tuple[Red, ...] = ()
    """Formatters that mend in place what they should judge."""

    untold: str = ""
    """Why nobody can tell; empty where the rest holds."""

    reached: tuple[tuple[int, int], ...] = ()
    """Where the statements stand that the script comes by, at least sometimes."""

    late: tuple[int, ...] = ()
    """Where the calls of functions stand within which something judged."""

    captured: tuple[tuple[int, int], ...] = ()
    """Where the commands stand of which the output is a value: `$(...)`."""

    def judges_after(self, offset: int) -> bool:
        """Whether a judgement can still fail the script from this place on."""
        return any(red.offset >= offset for red in self.judging) or any(call >= offset for call in self.late)

    def captures(self, offset: int) -> bool:
        """Whether what is printed at this place is taken as a value."""
        return any(start <= offset < end for start, end in self.captured)

    def reaches(self, offset: int) -> bool:
        """Whether the script comes by this place."""
        return any(start <= offset < end for start, end in self.reached)

    def comes_by(self, offset: int) -> bool:
        """Whether a statement that begins right here is reached for its own sake, not only within another's words."""
        return any(start == offset for start, _ in self.reached)

    @property
    def judging(self) -> tuple[Red, ...]:
        """The red ends that come of a judgement."""
        return tuple(red for red in self.red if red.effect is Effect.JUDGEMENT)


@frozen
class Status:
    """How a statement can end: as a success, as one of several failures; with neither, nothing comes after it."""

    zero: bool
    red: tuple[Red, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether it never ends here, because it left the script, the subshell or the function."""
        return not self.zero and not self.red


FINE = Status(zero=True)
ENDED = Status(zero=False)


def either(outcomes: Iterable[Status]) -> Status:
    """One of several, nobody knows which; a success where there are none."""
    known = list(outcomes)
    if not known:
        return FINE
    if len(known) == 1:
        return known[0]
    return Status(zero=any(one.zero for one in known), red=once(red for one in known for red in one.red))


def once(red: Iterable[Red]) -> tuple[Red, ...]:
    """Each of them once, in order."""
    return tuple(dict.fromkeys(red))
