"""How a single command of a shell script can end."""

import re
from collections.abc import Callable, Mapping

from tree_sitter import Node

from govcheck.actions.programs import Program, program_of
from govcheck.actions.shell import Command
from govcheck.actions.shell_words import Words
from govcheck.liveness.effects import Effect, effect, in_front
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_options import Options, shell_options
from govcheck.liveness.shell_progress import Follow, Progress
from govcheck.liveness.shell_state import ENDED, FINE, Exits, Red, Status
from govcheck.liveness.shell_tests import Tests, Truth
from govcheck.records import field, frozen, replace

_LONGEST_SHOWN = 60
_SHELLS = frozenset({"bash", "sh", "dash", "zsh"})
_IN_PLACE = frozenset({"eval", "source", "."})
"""What runs code of another place in the shell itself."""

_RESERVED = frozenset(
    {"{", "}", "(", ")", "[[", "]]", "((", "))", "!", "if", "then", "elif", "else", "fi", "do", "done", "for", "while"}
    | {"until", "case", "esac", "in", "select"}
)
_MAY_LEAVE = re.compile(r"\b(?:exit|exec|eval|source|return)\b|\bset\s+[-+]|\$\{[^}]*\?|(?:^|[\s;])\.\s", re.MULTILINE)
_SUBSTITUTES = re.compile(r"[$<>]\(|`")
_CHANGE_THE_SHELL = re.compile(r"lastpipe|expand_aliases|extdebug|localvar_inherit|compat\d+|posix")
_EXITS_AS_IT_LIKES = re.compile(r"\bexit\b(?!\s+[1-9])")
_REMOVES_ENVIRONMENT = frozenset({"sudo", "env", "doas", "su", "docker", "ssh"})

Inner = Callable[[str, Options, Surroundings], Exits]
"""What a script comes to that stands in a word, as in `bash -c`, by its options and by what it inherits."""


@frozen
class Commands:
    """Judges the commands of one script."""

    words: Words
    commands: Mapping[int, Command]
    """By offset."""

    tests: Tests
    progress: Progress
    follow: Follow
    inner: Inner
    _known: dict[int, Command | None] = field(default_factory=dict)

    @property
    def fixed(self) -> set[str]:
        """The variables that the script makes read-only."""
        return self.tests.variables.assignments.fixed

    def at(self, node: Node) -> Command | None:
        """The command of a node, without `time`, `command` and `builtin` before it."""
        offset = node.start_byte
        if offset not in self._known:
            self._known[offset] = self._bare(offset)
        return self._known[offset]

    def substitutes(self, node: Node) -> bool:
        """Whether a statement may hold a `$(...)`, or another command whose output it takes."""
        return _SUBSTITUTES.search(self.words.text(node.start_byte, node.end_byte)) is not None

    def _bare(self, offset: int) -> Command | None:
        command = self.commands.get(offset)
        while command is not None and len(command.words) > 1 and command.name in {"time", "command", "builtin"}:
            after = 2 if command.name == "time" and command.words[1].literal == "-p" else 1
            if command.name == "command" and (command.words[1].literal or "-").startswith("-"):
                break
            command = replace(command, words=command.words[after:])
        return command

    def status(self, node: Node) -> Status:  # noqa: PLR0911, PLR0912, C901 - one case for each command that is the shell's own
        """How a command that is no function of the script can end."""
        command = self.at(node)
        if command is None:
            return self._unsure(node, Effect.JUDGEMENT)
        match command.name:
            case "exit" | "return":
                return self._leave(command, node)
            case "test":
                return self.tested(node, self.tests.command(node))
            case "[" | "false":
                red = (Red(node.start_byte, self.shown(node), Effect.JUDGEMENT),)
                return Status(zero=command.name == "[", red=red)
            case "set":
                self._set(command)
                return FINE
            case "cd" | "pushd" | "popd":
                self.progress.state = replace(self.progress.state, moved=True)
            case "trap":
                self._trap(command, node)
            case "break" | "continue":
                self.progress.jump()
            case "shopt" if any(_CHANGE_THE_SHELL.search(word.shown) for word in command.arguments):
                self.progress.give_up("`shopt` changes how the script is read")
            case "shopt" if any(word.literal in {"-o", "-so", "-uo", "-os", "-ou"} for word in command.arguments):
                self.progress.state = self.progress.state.unsettled()
            case name if name in _RESERVED:
                return self.progress.give_up("a part of the script cannot be read")
            case name if name in _IN_PLACE:
                return self._in_place(command, node)
            case "":
                return self._unnamed(node)
        return self._program(command, node)

    def tested(self, node: Node, truth: Truth) -> Status:
        """The status of a test."""
        red = (Red(node.start_byte, f"{self.shown(node)} is not so", Effect.JUDGEMENT),) if truth.false else ()
        return Status(zero=truth.true, red=red)

    def shown(self, node: Node) -> str:
        """A statement as it is quoted."""
        source = " ".join(self.words.text(node.start_byte, node.end_byte).split())
        return f"`{source if len(source) <= _LONGEST_SHOWN else source[: _LONGEST_SHOWN - 3] + '...'}`"

    def _program(self, command: Command, node: Node) -> Status:
        program = program_of(command)
        if command.name == "command":
            return self._unsure(node, Effect.JUDGEMENT)  # `command -v`
        replaces = command.name == "exec"
        if replaces and len(command.words) == 1:
            return self._unsure(node, Effect.ACCIDENT)
        status = self._run(program, node)
        if not replaces:
            return status
        self.progress.leave("exit", node.start_byte, status)
        return ENDED

    def _run(self, program: Program, node: Node) -> Status:
        inherited = self._inherited(program)
        inner = self._inline(program, inherited)
        inner = self._follow(program, inherited) if inner is None else inner
        before = in_front(program)
        if inner is not None:
            self.progress.give_up(inner.untold)
            worst = max((before, *(red.effect for red in inner.red)))
            return FINE if worst is Effect.NEVER else self._unsure(node, worst)
        found = effect(program)
        if found is Effect.REWRITES:
            self.progress.rewrites.append(Red(node.start_byte, self.shown(node), found))
            found = Effect.ACCIDENT
        worst = max(before, found)
        return FINE if worst is Effect.NEVER else self._unsure(node, worst)

    def _follow(self, program: Program, inherited: Surroundings) -> Exits | None:
        return None if self.progress.state.moved else self.follow(program, inherited)

    def _inherited(self, program: Program) -> Surroundings:
        inherited = self.tests.variables.inherited()
        names = {(word.literal or "").rpartition("/")[2] for word in program.command.words}
        return inherited if names.isdisjoint(_REMOVES_ENVIRONMENT) else Surroundings(output=inherited.output)

    def _inline(self, program: Program, inherited: Surroundings) -> Exits | None:
        """`bash -c '...'`."""
        if program.name not in _SHELLS:
            return None
        options = shell_options([word.literal for word in program.arguments])
        source = program.arguments[options.operand].literal if options.operand < len(program.arguments) else None
        return (
            self.inner(source, options, inherited) if options.inline and options.known and source is not None else None
        )

    def _in_place(self, command: Command, node: Node) -> Status:
        """`source`, `eval`: whatever is in there may leave the script, and change the shell."""
        inner = self._follow(program_of(command), self.tests.variables.inherited()) if command.name != "eval" else None
        state = self.progress.state
        self.progress.state = state.unsettled()
        if inner is None:
            status = self._unsure(node, Effect.JUDGEMENT)
        else:
            self.progress.give_up(inner.untold)
            worst = max((Effect.ACCIDENT, *(red.effect for red in inner.red)))
            status = self._unsure(node, worst)
        self.progress.fail(status.red)
        return status

    def _unnamed(self, node: Node) -> Status:
        """A command whose name is computed: what the script defines may hide behind it."""
        status = self._unsure(node, Effect.JUDGEMENT)
        bodies = [body for known in self.tests.variables.assignments.definitions.values() for body in known]
        said = "\n".join(self.words.text(body.start_byte, body.end_byte) for body in bodies)
        values = self.tests.variables.node(node.named_children[0], splits=False) if node.named_children else None
        if _MAY_LEAVE.search(said) or any(_MAY_LEAVE.search(value) for value in values or ()):
            self.progress.fail(status.red)
            self.progress.state = self.progress.state.unsettled()
        return status

    def _leave(self, command: Command, node: Node) -> Status:
        progress = self.progress
        if len(command.arguments) > 1:
            progress.dropped = (self.red(node, Effect.JUDGEMENT),)  # too many
            progress.fail(progress.dropped)
            return self._unsure(node, Effect.JUDGEMENT)
        progress.leave(command.name, node.start_byte, self._given(command, node))
        if command.name == "return" and not progress.in_function:
            return self._unsure(node, Effect.JUDGEMENT)
        return ENDED

    def _given(self, command: Command, node: Node) -> Status:
        """The status that `exit` and `return` are given."""
        if not command.arguments:
            return self.progress.state.last
        word = next((child for child in reversed(node.named_children) if not child.type.endswith("redirect")), node)
        values = self.tests.variables.node(word, splits=True)
        red = (Red(node.start_byte, self.shown(node), Effect.JUDGEMENT),)
        if values is None:
            return Status(zero=True, red=red)
        bad = [value for value in values if not _is_zero(value)]
        return Status(zero=len(bad) < len(values), red=red if bad else ())

    def _set(self, command: Command) -> None:
        options = shell_options([word.literal for word in command.arguments])
        state = self.progress.state
        if not options.known:
            state = replace(state, errexit=None, pipefail=None, nounset=None)
        self.progress.state = state.with_settings(options.settings)

    def _trap(self, command: Command, node: Node) -> None:
        action = command.arguments[0] if len(command.arguments) > 1 else None
        source = action.shown.strip() if action is not None else ""
        if source in {"", "-"} or source.startswith(("-l", "-p")):
            return
        definitions = self.tests.variables.assignments.definitions
        bodies = definitions.get(source.partition(" ")[0], [])
        sources = [self.words.text(one.start_byte, one.end_byte) for one in bodies] or [source]
        if bodies:
            self.progress.reached += [(one.start_byte, one.end_byte) for known in definitions.values() for one in known]
            if not any(one.parent is not None and _is_top(one.parent) for one in bodies):
                self.progress.fail((self.red(node, Effect.JUDGEMENT),))
            elif self.progress.state.functions.keys().isdisjoint({source.partition(" ")[0]}):
                self.progress.fail((self.red(node, Effect.ACCIDENT),))
        if any(map(_EXITS_AS_IT_LIKES.search, sources)):
            self.progress.overruled = True
            self.progress.give_up("a trap ends the script as it likes")
            return
        for one in sources:
            found = self.inner(one, Options({"errexit": True}, 0, inline=True, known=True), Surroundings())
            self.progress.give_up(found.untold)
            worst = max((red.effect for red in found.red), default=Effect.NEVER)
            if worst is not Effect.NEVER:
                self.progress.fail((Red(node.start_byte, f"{self.shown(node)} fails", worst),))

    def red(self, node: Node, found: Effect) -> Red:
        """The failure of a statement."""
        return Red(node.start_byte, f"{self.shown(node)} fails", found)

    def _unsure(self, node: Node, found: Effect) -> Status:
        return Status(zero=True, red=(self.red(node, found),))


def _is_top(definition: Node) -> bool:
    return definition.parent is not None and definition.parent.type == "program"


def _is_zero(status: str) -> bool:
    return re.fullmatch(r"\d{1,18}", status, re.ASCII) is not None and int(status) % 256 == 0
