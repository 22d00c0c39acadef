"""How the statements of a shell script can end, and what a walk through one keeps of it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from govcheck.actions.programs import Program
from govcheck.liveness.effects import Effect
from govcheck.records import field, frozen, mutable


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


Follow = Callable[[Program], Exits | None]
"""What a program comes to that is the repository's own; None for all others."""


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
    return Status(zero=any(one.zero for one in known), red=once(red for one in known for red in one.red))


def once(red: Iterable[Red]) -> tuple[Red, ...]:
    """Each of them once, in order."""
    return tuple(dict.fromkeys(red))


@mutable
class Level:
    """A subshell or function that `exit` or `return` leaves."""

    function: bool
    zero: bool = False
    red: list[Red] = field(default_factory=list)


@mutable
class Progress:
    """What one walk through one script has come to so far."""

    errexit: bool
    pipefail: bool
    red: list[Red] = field(default_factory=list)
    green: list[int] = field(default_factory=list)
    rewrites: list[Red] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    untold: str = ""
    last: Status = FINE
    """How the statement before ended."""

    reached: list[tuple[int, int]] = field(default_factory=list)
    failures: int = 0
    """How many ways to fail were met, wherever they lead."""

    levels: list[Level] = field(default_factory=list)

    @contextmanager
    def level(self, *, function: bool) -> Iterator[Level]:
        """Inside of a subshell or function."""
        level, errexit = Level(function), self.errexit
        self.levels.append(level)
        try:
            yield level
        finally:
            self.levels.pop()
            if not function:
                self.errexit = errexit

    def fail(self, red: Iterable[Red]) -> None:
        """The script, or the subshell around, ends as failed."""
        found = list(red)
        self.failures += len(found)
        level = self._left_by("exit")
        (self.red if level is None else level.red).extend(found)

    def leave(self, by: str, offset: int, status: Status) -> None:
        """`exit` and `return`: the script, subshell or function ends with that status."""
        self.failures += len(status.red)
        level = self._left_by(by)
        (self.red if level is None else level.red).extend(status.red)
        if status.zero and level is None:
            self.green.append(offset)
        elif status.zero and level is not None:
            level.zero = True

    def _left_by(self, command: str) -> Level | None:
        if command == "return":
            return self.levels[-1] if self.levels else None
        return next((level for level in reversed(self.levels) if not level.function), None)
