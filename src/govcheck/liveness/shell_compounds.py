"""`if`, `case` and loops: which ways a shell may take through them, and what it knows afterwards."""

from abc import ABC, abstractmethod

from tree_sitter import Node

from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_order import branches
from govcheck.liveness.shell_progress import State, joined
from govcheck.liveness.shell_speech import notes, says
from govcheck.liveness.shell_state import FINE, Red, Status, either
from govcheck.liveness.shell_waiting import waits
from govcheck.records import replace

_MOST_ROUNDS = 4
_ANYTHING = Status(zero=True, red=(Red(0, "the command before it fails", Effect.JUDGEMENT),))


class Compounds(ABC):
    """The part of a walk that branches."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._progress = commands.progress

    @abstractmethod
    def _visit(self, node: Node, *, heeded: bool) -> Status:
        """How a statement can end."""

    @abstractmethod
    def _sequence(self, nodes: list[Node], *, heeded: bool) -> Status:
        """How statements can end that come one after the other."""

    @abstractmethod
    def _expand(self, node: Node, *, substitutes: bool = True) -> None:
        """What the expansions of a statement may end, and what their commands come by."""

    @property
    def _state(self) -> State:
        return self._progress.state

    @_state.setter
    def _state(self, state: State) -> None:
        self._progress.state = state

    def _after(self, state: State, last: Status) -> None:
        """Goes on in that state, after a statement that ended like that."""
        self._state = state.after(last)

    def _if(self, node: Node, *, heeded: bool) -> Status:
        before, ends, outcomes = self._state, [], []
        for conditions, body in branches(node):
            asked = self._sequence(conditions, heeded=False) if conditions else FINE
            if asked.ended:
                outcomes.append(asked)
                break
            after = self._state
            if asked.zero:
                if conditions:
                    self._after(after, FINE)
                outcomes.append(self._branch(body, node, heeded=heeded))
                if not outcomes[-1].ended:
                    ends.append(self._state)
            if not asked.red:
                break
            self._after(after, Status(zero=False, red=asked.red))
        else:
            if asked.red:
                outcomes.append(FINE)
                ends.append(self._state.after(FINE))
        self._state = joined(ends) or before
        return either(outcomes)

    def _branch(self, nodes: list[Node], whole: Node, *, heeded: bool) -> Status:
        """One branch. Where it says that something is wrong, and neither fails nor notes it, that is kept."""
        progress = self._progress
        failures, spoken = progress.failures, len(progress.spoken)
        status = self._sequence(nodes, heeded=heeded)
        quiet = progress.failures == failures and not status.red and len(progress.spoken) == spoken
        if quiet and not any(map(notes, nodes)):
            said = says(nodes, self._commands.commands, ended=status.ended)
            if said is not None:
                progress.spoken.append(said if status.ended else replace(said, after=self._goes_on(whole)))
        return status

    def _goes_on(self, whole: Node) -> int:
        """From where on something may still be made of what a branch has said: in a loop, from the loop's beginning."""
        progress = self._progress
        places = [whole.end_byte, *(call.end_byte for call in progress.calls[:1])]
        return min([*places, *(loop.start_byte for loop, _ in progress.loops[:1])])

    def _loop(self, node: Node, *, heeded: bool) -> Status:
        body = node.child_by_field_name("body")
        if body is None:
            return self._progress.give_up("a part of the script cannot be read")
        head = [child for child in node.children[1:] if child != body]
        asks = node.type == "while_statement"
        if not asks:
            self._progress.reached.append((node.start_byte, body.start_byte))
            for one in head:
                self._expand(one)
        for _ in range(_MOST_ROUNDS):
            start = self._state
            left: list[State] = []
            self._progress.loops.append((node, left))
            asked = self._sequence(head, heeded=False) if asks else FINE
            if asked.ended:
                self._progress.loops.pop()
                return asked
            after = self._state.after(FINE)
            self._after(after, _ANYTHING)
            status = self._visit(body, heeded=heeded)
            self._progress.loops.pop()
            self._state = joined([after, *left, *([] if status.ended else [self._state])]) or after
            if self._state.same_as(start):
                if asks and waits(node, body):
                    why = f"{self._commands.shown(head[0])} is waited for until the job's time is up"
                    self._progress.fail((Red(body.start_byte, why, Effect.JUDGEMENT),))
                return Status(zero=True, red=status.red)
        return self._progress.give_up("a loop of the script changes the shell's options again and again")

    def _case(self, node: Node, *, heeded: bool) -> Status:
        self._progress.reached.append((node.start_byte, node.start_byte + 1))
        for value in node.children_by_field_name("value"):
            self._expand(value)
        start, ends, outcomes = self._state, [], []
        before = start
        whole = False
        for item in (child for child in node.named_children if child.type == "case_item"):
            patterns = item.children_by_field_name("value")
            whole = whole or any(one.text == b"*" for one in patterns)
            for one in patterns:
                self._expand(one)
            self._state = before
            outcomes.append(self._branch([one for one in item.children if one not in patterns], node, heeded=heeded))
            if not outcomes[-1].ended:
                ends.append(self._state)
            if any(child.type in {";&", ";;&"} for child in item.children):
                before = joined([before, self._state]) or before
        if not whole:
            outcomes.append(FINE)
            ends.append(start.after(FINE))
        self._state = joined(ends) or start
        return either(outcomes)
