"""Where a shell script can end as failed, and what its branches say without meaning it.

`exits(script, ...)` walks the script the way a shell would: every test that reading can settle is settled, every other
one goes both ways. What is not known can fail; so a script without any red end certainly has none.
"""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from govcheck.actions.shell import Unread, read, too_much
from govcheck.actions.shell_tree import parsed
from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_state import FINE, Exits, Follow, Progress, Red, Spoken, Status, either, once
from govcheck.liveness.shell_tests import EITHER, Tests
from govcheck.liveness.shell_values import Surroundings, Variables
from govcheck.records import replace

_DEEPEST = 60
_LONGEST = 20_000
"""Statements that are walked by, calls of functions included."""

_DEEPEST_INLINE = 3
_SIMPLE = frozenset(
    {"command", "test_command", "variable_assignment", "variable_assignments", "declaration_command"}
    | {"herestring_redirect", "heredoc_redirect", "file_redirect"}
)
_FAILURE = re.compile(
    "::error|::warning|[\u274c\u2716\u2717\u2718\u26a0\u26d4\U0001f6a8]|"
    r"\b(?:fail(?:ed|ure)?|error|mismatch|unhealthy|violation|invalid)\b",
    re.IGNORECASE,
)
"""What a branch says where something is wrong."""

_SUCCESS = re.compile("\\b(?:success(?:ful|fully)?|as expected|no (?:error|failure)s?)\\b|\u2705", re.IGNORECASE)
_ERROR = re.compile("::error|[\u274c\u2716\u2717\u2718\u26d4]")
"""The same of one that ends the script as a success: to say that something is left out may be meant so."""


def exits(
    script: str,
    *,
    errexit: bool,
    pipefail: bool,
    surroundings: Surroundings,
    follow: Follow = lambda _: None,
    inline: int = _DEEPEST_INLINE,
) -> Exits:
    """Where a script can end as failed.

    Args:
        script: For `bash` or `sh`.
        errexit: Whether it stops at the first failure, as with `set -e`.
        pipefail: Whether a failure anywhere in a pipe is the pipe's.
        surroundings: What is known of variables and outputs.
        follow: What a program of the repository's own comes to.
        inline: How many scripts within scripts (`bash -c`) are followed.
    """
    refusal = too_much(script)
    if refusal is not None:
        return Exits(red=(), untold=refusal.message)

    def inner(source: str, stops: bool) -> Exits:  # noqa: FBT001 - passed on by name below
        if not inline:
            return Exits(red=(Red(0, "a script within a script", Effect.JUDGEMENT),))
        return exits(source, errexit=stops, pipefail=False, surroundings=surroundings, follow=follow, inline=inline - 1)

    root, words = parsed(script)
    found = read(script)
    tests = Tests(words, Variables(root, words, surroundings))
    progress = Progress(errexit, pipefail)
    by_offset = {} if isinstance(found, Unread) else {one.offset: one for one in found.commands}
    return _Walk(Commands(words, by_offset, tests, progress, follow, inner)).exits(root)


class _Walk:
    """One walk through one script."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._progress = commands.progress
        self._functions: dict[str, Node] = {}
        self._depth = self._visits = 0

    def exits(self, root: Node) -> Exits:
        """The whole script."""
        end = self._visit(root, heeded=True)
        progress = self._progress
        red = once((*progress.red, *end.red))
        judging = [one.offset for one in red if one.effect is Effect.JUDGEMENT]
        return Exits(
            red=red,
            unheeded=tuple(one for one in progress.spoken if not any(offset >= one.after for offset in judging)),
            green=tuple(progress.green),
            rewrites=once(progress.rewrites),
            reached=tuple(progress.reached),
            untold=progress.untold or ("a part of the script cannot be read" if root.has_error else ""),
        )

    def _visit(self, node: Node, *, heeded: bool) -> Status:
        """How a statement can end. `heeded`: whether `set -e` has an eye on it."""
        self._visits += 1
        if self._depth > _DEEPEST or self._visits > _LONGEST:
            self._progress.untold = "the script is nested too deep, or too long"
            return FINE
        if node.type in _SIMPLE:
            self._progress.reached.append((node.start_byte, node.end_byte))
        self._depth += 1
        try:
            status = self._of_kind(node, heeded=heeded)
        finally:
            self._depth -= 1
        self._progress.last = status
        return status

    def _of_kind(self, node: Node, *, heeded: bool) -> Status:  # noqa: PLR0911, PLR0912, C901 - one case for each statement of the shell
        match node.type:
            case "command":
                return self._end(self._command(node, heeded=heeded), heeded=heeded)
            case "test_command":
                return self._end(self._commands.tested(node, self._commands.tests.node(node)), heeded=heeded)
            case "variable_assignment" | "variable_assignments":
                return self._end(self._assigned(node), heeded=heeded)
            case "list":
                return self._list(node, heeded=heeded)
            case "pipeline":
                return self._end(self._pipeline(node, heeded=heeded), heeded=heeded)
            case "negated_command":
                return self._negated(node)
            case "redirected_statement":
                return self._redirected(node, heeded=heeded)
            case "if_statement":
                return self._if(node, heeded=heeded)
            case "while_statement":
                return self._while(node, heeded=heeded)
            case "for_statement" | "c_style_for_statement":
                return self._for(node, heeded=heeded)
            case "case_statement":
                return self._case(node, heeded=heeded)
            case "function_definition":
                self._define(node)
                return FINE
            case "subshell":
                return self._end(self._inside(node.named_children, heeded=heeded), heeded=heeded)
            case "compound_statement" if node.children and node.children[0].type == "((":
                return self._end(self._commands.tested(node, EITHER), heeded=heeded)
            case "declaration_command" | "unset_command" | "comment" | "heredoc_redirect" | "file_redirect":
                return FINE
            case _:
                return self._sequence(node.children, heeded=heeded)

    def _end(self, status: Status, *, heeded: bool) -> Status:
        """What `set -e` makes of a status."""
        if not (heeded and self._progress.errexit and status.red):
            return status
        self._progress.fail(status.red)
        return Status(zero=status.zero)

    def _sequence(self, nodes: Sequence[Node], *, heeded: bool) -> Status:
        status = FINE
        for index, node in enumerate(nodes):
            if not node.is_named or node.type == "comment":
                continue
            behind = index + 1 < len(nodes) and nodes[index + 1].type == "&"
            status = self._visit(node, heeded=heeded and not behind)
            if behind:
                status = FINE
            if status.ended:
                return status
        return status

    def _command(self, node: Node, *, heeded: bool) -> Status:
        command = self._commands.commands.get(node.start_byte)
        body = self._functions.get(command.name) if command is not None else None
        if body is None:
            return self._commands.status(node)
        return self._inside([body], heeded=heeded, function=True)

    def _inside(self, nodes: Sequence[Node], *, heeded: bool, function: bool = False) -> Status:
        with self._progress.level(function=function) as level:
            status = self._sequence(nodes, heeded=heeded)
        return Status(zero=status.zero or level.zero, red=once((*status.red, *level.red)))

    def _list(self, node: Node, *, heeded: bool) -> Status:
        left_node, right_node = node.named_children[0], node.named_children[-1]
        left = self._visit(left_node, heeded=False)
        if left.ended:
            return left
        if any(child.type == "&&" for child in node.children):
            if not left.zero:
                return left
            right = self._visit(right_node, heeded=heeded)
            return Status(zero=right.zero, red=once((*left.red, *right.red)))
        if not left.red:
            return left
        right = self._visit(right_node, heeded=heeded)
        return Status(zero=left.zero or right.zero, red=right.red)

    def _pipeline(self, node: Node, *, heeded: bool) -> Status:
        parts = [self._inside([child], heeded=heeded) for child in node.named_children]
        if not parts or not self._progress.pipefail:
            return parts[-1] if parts else FINE
        return Status(zero=parts[-1].zero, red=once(red for part in parts for red in part.red))

    def _negated(self, node: Node) -> Status:
        inner = self._sequence(node.named_children, heeded=False)
        if inner.ended:
            return inner
        red = (Red(node.start_byte, f"{self._commands.shown(node)} fails", Effect.JUDGEMENT),) if inner.zero else ()
        return Status(zero=bool(inner.red), red=red)

    def _redirected(self, node: Node, *, heeded: bool) -> Status:
        body = node.child_by_field_name("body")
        if body is None:
            return FINE
        status = self._visit(body, heeded=heeded)
        self._progress.reached += [(child.start_byte, child.end_byte) for child in node.named_children if child != body]
        read_from = next((child for child in node.named_children if _reads(child)), None)
        if read_from is None or status.ended:
            return status
        missing = Red(
            read_from.start_byte, f"the file of {self._commands.shown(read_from)} is missing", Effect.ACCIDENT
        )
        return self._end(Status(zero=status.zero, red=once((*status.red, missing))), heeded=heeded)

    def _if(self, node: Node, *, heeded: bool) -> Status:
        conditions = [child for child in node.children_by_field_name("condition") if child.is_named]
        clauses = [child for child in node.named_children if child.type in {"elif_clause", "else_clause"}]
        body = [child for child in node.children if child not in clauses and child not in conditions]
        return self._asked(conditions, body, node, clauses, heeded=heeded)

    def _asked(
        self, conditions: Sequence[Node], body: Sequence[Node], whole: Node, clauses: Sequence[Node], *, heeded: bool
    ) -> Status:
        """A question, what follows where it is so, and what else there is."""
        asked = self._sequence(conditions, heeded=False)
        if asked.ended:
            return asked
        before = self._progress.errexit
        outcomes = [self._branch(body, whole, heeded=heeded)] if asked.zero else []
        after = self._progress.errexit if asked.zero else False
        if asked.red:
            self._progress.errexit = before
            outcomes.append(self._otherwise(clauses, heeded=heeded))
            self._progress.errexit = self._progress.errexit or after
        return either(outcomes)

    def _otherwise(self, clauses: Sequence[Node], *, heeded: bool) -> Status:
        """`elif` and `else`: each is asked where those before it were not so."""
        if not clauses:
            return FINE
        first, *rest = clauses
        children = [child for child in first.children if child.type not in {"elif", "else"}]
        if first.type == "else_clause":
            return self._branch(children, first, heeded=heeded)
        then = next((index for index, child in enumerate(children) if child.type == "then"), len(children))
        if self._depth > _DEEPEST:
            self._progress.untold = "the script has too many `elif`"
            return FINE
        self._depth += 1
        try:
            return self._asked(children[:then], children[then + 1 :], first, rest, heeded=heeded)
        finally:
            self._depth -= 1

    def _branch(self, nodes: Sequence[Node], whole: Node, *, heeded: bool) -> Status:
        """One branch. Where it says that something is wrong, and neither fails nor notes it, that is kept."""
        failures, spoken = self._progress.failures, len(self._progress.spoken)
        status = self._sequence(nodes, heeded=heeded)
        quiet = self._progress.failures == failures and not status.red and len(self._progress.spoken) == spoken
        if quiet and not any(map(_notes, nodes)):
            failure = _ERROR if status.ended else _FAILURE
            said = next((one for node in nodes for one in self._says(node) if _means(failure, one.text)), None)
            if said is not None:
                self._progress.spoken.append(said if status.ended else replace(said, after=whole.end_byte))
        return status

    def _says(self, node: Node) -> Iterator[Spoken]:
        command = self._commands.commands.get(node.start_byte) if node.type == "command" else None
        if command is not None and command.name in {"echo", "printf"}:
            text = " ".join(word.shown for word in command.arguments)
            yield Spoken(command.offset, " ".join(text.split()))
        elif node.type == "redirected_statement":
            for child in node.named_children:
                yield from self._says(child)

    def _while(self, node: Node, *, heeded: bool) -> Status:
        *conditions, body = node.named_children
        asked = self._sequence(conditions, heeded=False)
        return asked if asked.ended else Status(zero=True, red=self._visit(body, heeded=heeded).red)

    def _for(self, node: Node, *, heeded: bool) -> Status:
        body = node.child_by_field_name("body")
        self._progress.reached.append((node.start_byte, body.start_byte if body is not None else node.end_byte))
        return FINE if body is None else Status(zero=True, red=self._visit(body, heeded=heeded).red)

    def _case(self, node: Node, *, heeded: bool) -> Status:
        outcomes: list[Status] = []
        whole = False
        for item in (child for child in node.named_children if child.type == "case_item"):
            patterns = item.children_by_field_name("value")
            whole = whole or any(one.text == b"*" for one in patterns)
            statements = [child for child in item.children if child not in patterns]
            outcomes.append(self._branch(statements, item, heeded=heeded))
        return either(outcomes if whole else [*outcomes, FINE])

    def _define(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self._functions[(name.text or b"").decode("ascii")] = body

    def _assigned(self, node: Node) -> Status:
        """An assignment's status is that of the last command in its value."""
        status = FINE
        for child in node.named_children:
            if child.type == "command_substitution":
                status = self._inside(child.named_children, heeded=True)
            elif child.type in {"variable_assignment", "string", "concatenation"}:
                inner = self._assigned(child)
                status = inner if inner is not FINE else status
        return status


def _means(failure: re.Pattern[str], said: str) -> bool:
    return failure.search(said) is not None and _SUCCESS.search(said) is None


def _reads(node: Node) -> bool:
    return node.type == "file_redirect" and any(part.type == "<" for part in node.children)


def _notes(node: Node) -> bool:
    """Whether something is kept for later: an assignment, or a line for another step."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        assigned = one.type == "variable_assignment" and one.parent is not None and one.parent.type != "command"
        if assigned or one.type == "postfix_expression":
            return True
        if one.type == "file_redirect" and b"GITHUB_" in (one.text or b""):
            return b"GITHUB_STEP_SUMMARY" not in (one.text or b"")
        waiting.extend(one.named_children)
    return False
