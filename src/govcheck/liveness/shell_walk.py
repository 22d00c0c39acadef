"""The walk through a shell script, statement by statement, the way a shell would take it."""

from collections.abc import Callable, Sequence
from functools import partial

from tree_sitter import Node

from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_compounds import Compounds
from govcheck.liveness.shell_declarations import declared, fixed, unset
from govcheck.liveness.shell_expansions import Expansions
from govcheck.liveness.shell_order import Link, TooDeepError, in_turn, is_chain, links, substitutions
from govcheck.liveness.shell_progress import joined
from govcheck.liveness.shell_redirects import redirected
from govcheck.liveness.shell_state import FINE, Red, Status, either, once
from govcheck.liveness.shell_tests import EITHER
from govcheck.records import replace

_DEEPEST = 60
_LONGEST = 20_000
"""Statements that are walked by, calls of functions included."""

_NO_TEST = frozenset({"command", "list", "pipeline", "redirected_statement", "if_statement", "ERROR"})
"""What the parser finds in a test where it has lost its way: it then takes what follows for words of a command."""

_SIMPLE = frozenset(
    {"command", "test_command", "variable_assignment", "variable_assignments", "declaration_command", "unset_command"}
    | {"herestring_redirect", "heredoc_redirect", "file_redirect"}
)


class Walk(Compounds):
    """One walk through one script."""

    def __init__(self, commands: Commands, expansions: Expansions) -> None:
        super().__init__(commands)
        self._expansions = expansions
        self._depth = self._visits = 0
        self._open: set[int] = set()

    def ended(self, root: Node) -> tuple[Red, ...]:
        """Walks through the whole script; how its last statement can fail."""
        return self._visit(root, heeded=True).red

    def _visit(self, node: Node, *, heeded: bool) -> Status:
        """How a statement can end. `heeded`: whether `set -e` has an eye on it."""
        self._visits += 1
        if self._depth > _DEEPEST or self._visits > _LONGEST:
            return self._progress.give_up("the script is nested too deep, or too long")
        if node.type in _SIMPLE:
            self._progress.reached.append((node.start_byte, node.end_byte))
        self._depth += 1
        try:
            status = self._chain(node, heeded=heeded) if is_chain(node) else self._of_kind(node, heeded=heeded)
        finally:
            self._depth -= 1
        if status is not self._state.last:
            self._after(self._state, status)
        return status

    def _of_kind(self, node: Node, *, heeded: bool) -> Status:  # noqa: PLR0911, PLR0912, C901 - one case for each statement of the shell
        match node.type:
            case "command":
                self._expand(node)
                return self._end(self._command(node, heeded=heeded), heeded=heeded)
            case "test_command" if any(child.type in _NO_TEST for child in node.children):
                return self._progress.give_up("a part of the script cannot be read")
            case "test_command":
                self._expand(node)
                return self._end(self._commands.tested(node, self._commands.tests.node(node)), heeded=heeded)
            case "variable_assignment" | "variable_assignments":
                self._commands.tests.variables.note(node.end_byte)
                self._expand(node, substitutes=False)
                return self._end(self._assigned(node), heeded=heeded)
            case "declaration_command":
                self._expand(node)
                return self._end(declared(node, self._commands), heeded=heeded)
            case "redirected_statement":
                return self._redirected(node, heeded=heeded)
            case "if_statement":
                return self._if(node, heeded=heeded)
            case "while_statement" | "for_statement" | "c_style_for_statement":
                return self._loop(node, heeded=heeded)
            case "case_statement":
                return self._case(node, heeded=heeded)
            case "function_definition":
                return self._define(node)
            case "subshell":
                return self._end(self._subshell(node.children, heeded=heeded), heeded=heeded)
            case "compound_statement" if node.children and node.children[0].type == "((":
                self._expand(node)
                return self._end(self._commands.tested(node, EITHER), heeded=heeded)
            case "unset_command":
                return unset(node, self._commands)
            case "comment" | "heredoc_redirect" | "herestring_redirect":
                return FINE
            case "file_redirect":
                return self._end(redirected(node, self._commands), heeded=heeded)
            case _:
                return self._sequence(node.children, heeded=heeded)

    def _end(self, status: Status, *, heeded: bool) -> Status:
        """What `set -e` makes of a status."""
        if not heeded or not status.red or self._state.errexit is False:
            return status
        self._after(self._state, status)
        self._progress.fail(status.red)
        return Status(zero=status.zero) if self._state.errexit else status

    def _expand(self, node: Node, *, substitutes: bool = True) -> None:
        """What the expansions of a statement may end, and what their commands come by."""
        red = self._expansions.red(node, nounset=self._state.nounset)
        if red:
            self._progress.fail(red)
            self._progress.dropped = tuple(one for one in red if one.effect is Effect.ACCIDENT)
        if substitutes and self._commands.substitutes(node):
            for one, _ in substitutions(node):
                self._substituted(one)

    def _substituted(self, node: Node) -> Status:
        """A command substitution: what it says is nobody's to read."""
        self._progress.captured.append((node.start_byte, node.end_byte))
        spoken, failures = len(self._progress.spoken), self._progress.failures
        status = self._subshell(node.children, heeded=True, substitutes=True)
        del self._progress.spoken[spoken:]
        self._progress.failures = failures
        return status

    def _sequence(self, nodes: list[Node], *, heeded: bool) -> Status:
        status = FINE
        for node, behind in in_turn(nodes):
            if behind:
                self._subshell([node], heeded=heeded)
                self._after(self._state, FINE)
                status = FINE
            else:
                status = self._visit(node, heeded=heeded)
            if status.ended and self._progress.dropped and not self._progress.levels:
                status = Status(zero=False, red=self._progress.dropped)
            if status.ended:
                return status
        return status

    def _chain(self, node: Node, *, heeded: bool) -> Status:
        """`a && b || c | d`: only the last one's failure is heeded."""
        try:
            first, *rest = links(node)
        except TooDeepError:
            return self._progress.give_up("the script is nested too deep")
        status = self._link(first, heeded=heeded and not rest)
        for index, link in enumerate(rest):
            if status.ended:
                return status
            goes_on = status.zero if link.sign == "&&" else bool(status.red)
            if not goes_on:
                continue
            before = status
            skips = Status(zero=before.zero and link.sign == "||", red=before.red if link.sign == "&&" else ())
            state = self._state
            self._after(state, Status(zero=True) if link.sign == "&&" else Status(zero=False, red=before.red))
            status = self._link(link, heeded=heeded and index == len(rest) - 1)
            if not skips.ended:
                ends = [state.after(skips), *([] if status.ended else [self._state])]
                self._state = joined(ends) or state
                status = either((skips, status))
        return status

    def _link(self, link: Link, *, heeded: bool) -> Status:
        watched = heeded and not link.negated
        if len(link.parts) == 1:
            (part,) = link.parts
            status = self._of_kind_visited(part, heeded=watched)
        else:
            status = self._end(self._pipeline(link.parts, heeded=watched), heeded=watched)
        status = self._opened(link.redirects, status, heeded=watched)
        if not link.negated or status.ended:
            return status
        node = link.parts[0]
        red = Red(node.start_byte, f"{self._commands.shown(node)} succeeds", Effect.JUDGEMENT)
        return Status(zero=bool(status.red), red=(red,) if status.zero else ())

    def _of_kind_visited(self, node: Node, *, heeded: bool) -> Status:
        """A statement, but for what a here-document in it has swallowed."""
        if node.type != "redirected_statement":
            return self._visit(node, heeded=heeded)
        status = self._redirected(node, heeded=heeded)
        self._after(self._state, status)
        return status

    def _pipeline(self, parts: Sequence[Node], *, heeded: bool) -> Status:
        found = []
        for part in parts:
            with self._progress.level(function=False) as level:
                status = self._of_kind_visited(part, heeded=heeded)
            found.append(Status(zero=status.zero or level.zero, red=once((*status.red, *level.red))))
        if self._state.pipefail is False:
            return found[-1]
        cut = self._commands.red(parts[0], Effect.ACCIDENT)  # where what follows does not read all of it
        return Status(zero=found[-1].zero, red=once((*(red for one in found for red in one.red), cut)))

    def _subshell(self, nodes: list[Node], *, heeded: bool, substitutes: bool = False) -> Status:
        with self._progress.level(function=False) as level:
            if substitutes and self._state.errexit:
                # bash does not stop there at a failure, unless it is told to; dash does.
                self._state = replace(self._state, errexit=None)
            status = self._sequence(nodes, heeded=heeded)
        return Status(zero=status.zero or level.zero, red=once((*status.red, *level.red)))

    def _command(self, node: Node, *, heeded: bool) -> Status:
        command = self._commands.at(node)
        plain = self._commands.commands.get(node.start_byte)
        if command is None or plain is None or plain.name in {"command", "builtin"}:
            return self._commands.status(node)
        bodies = self._state.functions.get(command.name, (None,))
        if plain.name == "time" and None not in bodies:
            bodies = (*bodies, None)  # behind a `|` it is a program, which knows no functions
        return self._one_of([partial(self._called, node, body, heeded=heeded) for body in bodies])

    def _called(self, node: Node, body: Node | None, *, heeded: bool) -> Status:
        """One of the functions that a name may stand for."""
        if body is None:
            return self._commands.status(node)
        if body.id in self._open:
            return self._progress.give_up("a function of the script calls itself")
        self._open.add(body.id)
        self._progress.calls.append(node)
        loops, self._progress.loops = self._progress.loops, []
        try:
            with self._progress.level(function=True) as level:
                status = self._visit(body, heeded=heeded)
        finally:
            self._open.discard(body.id)
            self._progress.calls.pop()
            self._progress.loops = loops
        self._state = joined([*level.left, *([] if status.ended else [self._state])]) or self._state
        return Status(zero=status.zero or level.zero, red=once((*status.red, *level.red)))

    def _one_of(self, ways: Sequence[Callable[[], Status]]) -> Status:
        """One of several ways, nobody knows which."""
        if len(ways) == 1:
            return ways[0]()
        before, ends, outcomes = self._state, [], []
        for way in ways:
            self._state = before
            outcomes.append(way())
            if not outcomes[-1].ended:
                ends.append(self._state)
        self._state = joined(ends) or before
        return either(outcomes)

    def _redirected(self, node: Node, *, heeded: bool) -> Status:
        body = node.child_by_field_name("body")
        status = self._visit(body, heeded=heeded) if body is not None else FINE
        return self._opened([child for child in node.named_children if child != body], status, heeded=heeded)

    def _opened(self, redirects: Sequence[Node], status: Status, *, heeded: bool) -> Status:
        """The status of a statement whose files may be missing."""
        self._progress.reached += [(child.start_byte, child.end_byte) for child in redirects]
        for one in redirects:
            self._expand(one)
        files = [part for child in redirects for part in (child, *child.named_children) if part.type == "file_redirect"]
        missing = [red for one in files for red in redirected(one, self._commands).red]
        if not missing:
            return status
        return self._end(Status(zero=status.zero, red=once((*status.red, *missing))), heeded=heeded)

    def _define(self, node: Node) -> Status:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return self._progress.give_up("a part of the script cannot be read")
        known = {**self._state.functions, (name.text or b"").decode("ascii", "replace"): (body,)}
        self._state = replace(self._state, functions=known)
        return FINE

    def _assigned(self, node: Node) -> Status:
        """An assignment's status is that of the last command in its value."""
        status = FINE
        for one, sure in substitutions(node) if self._commands.substitutes(node) else ():
            if one.type == "process_substitution":
                self._substituted(one)
                continue
            inner = self._substituted(one)
            status = inner if sure else either((status, inner))
        return fixed(node, status, self._commands)
