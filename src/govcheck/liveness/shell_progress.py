"""Where a walk through a shell script stands: the shell's options, its functions, and how the script may have ended."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from tree_sitter import Node

from govcheck.actions.programs import Program
from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_state import FINE, Exits, Red, Spoken, Status, either
from govcheck.records import field, frozen, mutable, replace

Follow = Callable[[Program, Surroundings], Exits | None]
"""What a program comes to that is the repository's own, by what it inherits; None for all others."""

Bodies = tuple[Node | None, ...]
"""What a function's name may stand for; None: no function of the script."""


@frozen
class State:
    """What a shell knows at one place. None: on or off, nobody knows which."""

    errexit: bool | None
    pipefail: bool | None
    nounset: bool | None = False
    functions: Mapping[str, Bodies] = field(default_factory=dict)
    moved: bool = False
    """Whether the script may have gone to another folder."""

    last: Status = FINE
    """How the statement before ended: what `exit` without a status gives."""

    def with_settings(self, settings: Mapping[str, bool | None]) -> "State":
        """The same after `set`."""
        return replace(
            self,
            errexit=settings.get("errexit", self.errexit),
            pipefail=settings.get("pipefail", self.pipefail),
            nounset=settings.get("nounset", self.nounset),
        )

    def unsettled(self) -> "State":
        """The same after code that is not known."""
        functions = {name: _united(bodies, (None,)) for name, bodies in self.functions.items()}
        return State(None, None, None, functions, moved=True, last=self.last)

    def same_as(self, other: "State") -> bool:
        """Whether both are alike in all that lasts longer than a statement."""
        return replace(self, last=FINE) == replace(other, last=FINE)


def joined(states: Iterable[State]) -> State | None:
    """One of several, nobody knows which; None where there are none."""
    found: State | None = None
    for state in states:
        found = state if found is None or found is state else _both(found, state)
    return found


def _both(one: State, other: State) -> State:
    functions = one.functions
    if functions != other.functions:
        names = dict.fromkeys((*one.functions, *other.functions))
        functions = {
            name: _united(one.functions.get(name, (None,)), other.functions.get(name, (None,))) for name in names
        }
    return State(
        one.errexit if one.errexit == other.errexit else None,
        one.pipefail if one.pipefail == other.pipefail else None,
        one.nounset if one.nounset == other.nounset else None,
        functions,
        one.moved or other.moved,
        either((one.last, other.last)),
    )


def _united(one: Bodies, other: Bodies) -> Bodies:
    return tuple(dict.fromkeys((*one, *other)))


@mutable
class Level:
    """A subshell or function that `exit` or `return` leaves."""

    function: bool
    zero: bool = False
    red: list[Red] = field(default_factory=list)
    left: list[State] = field(default_factory=list)
    """The states in which `return` left it."""


@mutable
class Progress:
    """What one walk through one script has come to so far."""

    state: State
    red: list[Red] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    """Where the calls stand within which something judged."""

    green: list[int] = field(default_factory=list)
    rewrites: list[Red] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    untold: str = ""
    reached: list[tuple[int, int]] = field(default_factory=list)
    captured: list[tuple[int, int]] = field(default_factory=list)
    failures: int = 0
    """How many ways to fail were met, wherever they lead."""

    levels: list[Level] = field(default_factory=list)
    calls: list[Node] = field(default_factory=list)
    """The calls of functions that the walk is in; the outermost first."""

    loops: list[tuple[Node, list[State]]] = field(default_factory=list)
    """The loops that the walk is in, with the states in which `break` and `continue` left their bodies."""

    @contextmanager
    def level(self, *, function: bool) -> Iterator[Level]:
        """Inside of a subshell, which keeps its state to itself, or of a function, which does not."""
        level, before = Level(function), self.state
        self.levels.append(level)
        try:
            yield level
        finally:
            self.levels.pop()
            if not function:
                self.state = before

    @property
    def in_function(self) -> bool:
        """Whether `return` and `local` are legal."""
        return any(level.function for level in self.levels)

    def give_up(self, why: str) -> Status:
        """Nobody can tell; the first reason is kept."""
        self.untold = self.untold or why
        return FINE

    def fail(self, red: Iterable[Red]) -> None:
        """The script, or the subshell around, ends as failed."""
        self.leave("exit", -1, Status(zero=False, red=tuple(red)))

    def leave(self, by: str, offset: int, status: Status) -> None:
        """`exit` and `return`: the script, subshell or function ends with that status."""
        self.failures += len(status.red)
        level = self._left_by(by)
        if level is None:
            self.red.extend(status.red)
            if self.calls and any(one.effect is Effect.JUDGEMENT for one in status.red):
                self.late.append(self.calls[0].start_byte)
            if status.zero:
                self.green.append(offset)
            return
        level.red.extend(status.red)
        level.zero = level.zero or status.zero
        if by == "return":
            level.left.append(self.state)

    def jump(self) -> None:
        """`break` or `continue`."""
        for _, states in self.loops:
            states.append(self.state)

    def _left_by(self, command: str) -> Level | None:
        if command == "return":
            return self.levels[-1] if self.levels else None
        return next((level for level in reversed(self.levels) if not level.function), None)
