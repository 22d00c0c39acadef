"""How a single command of a shell script can end."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from tree_sitter import Node

from govcheck.actions.programs import Program, program_of
from govcheck.actions.shell import Command
from govcheck.actions.shell_words import Words
from govcheck.liveness.effects import Effect, effect
from govcheck.liveness.shell_state import ENDED, FINE, Exits, Follow, Progress, Red, Status
from govcheck.liveness.shell_tests import Tests, Truth
from govcheck.records import frozen

_LONGEST_SHOWN = 60
_SHELLS = frozenset({"bash", "sh", "dash", "zsh"})
_SET_ON = re.compile(r"-[a-z]*e[a-z]*")
_SET_OFF = re.compile(r"\+[a-z]*e[a-z]*")
_INLINE = re.compile(r"-[a-z]*c")


@frozen
class Commands:
    """Judges the commands of one script."""

    words: Words
    commands: Mapping[int, Command]
    """By offset."""

    tests: Tests
    progress: Progress
    follow: Follow
    inner: Callable[[str, bool], Exits]
    """What a script comes to that stands in a word, as in `bash -c`; and whether it stops at the first failure."""

    def status(self, node: Node) -> Status:
        """How a command that is no function of the script can end."""
        command = self.commands.get(node.start_byte)
        if command is None:
            return self._unsure(node, Effect.JUDGEMENT)
        match command.name:
            case "exit" | "return":
                self.progress.leave(command.name, node.start_byte, self._exit(command, node))
                return ENDED
            case "test" | "[":
                return self.tested(node, self.tests.command(command.arguments))
            case "false":
                return Status(zero=False, red=(Red(node.start_byte, "`false`", Effect.JUDGEMENT),))
            case "set":
                self._set(command)
            case "trap" if any("exit 0" in word.shown for word in command.arguments):
                self.progress.untold = "a trap ends the script as a success"
        status = self._program(program_of(command), node)
        if command.name != "exec" or len(command.words) == 1:
            return status
        self.progress.leave("exit", node.start_byte, status)
        return ENDED

    def tested(self, node: Node, truth: Truth) -> Status:
        """The status of a test."""
        red = (Red(node.start_byte, f"{self.shown(node)} is not so", Effect.JUDGEMENT),) if truth.false else ()
        return Status(zero=truth.true, red=red)

    def shown(self, node: Node) -> str:
        """A statement as it is quoted."""
        source = " ".join(self.words.text(node.start_byte, node.end_byte).split())
        return f"`{source if len(source) <= _LONGEST_SHOWN else source[: _LONGEST_SHOWN - 3] + '...'}`"

    def _program(self, program: Program, node: Node) -> Status:
        inner = self._inline(program) or self.follow(program)
        if inner is not None:
            return self._followed(inner, node)
        found = effect(program)
        if found is Effect.REWRITES:
            self.progress.rewrites.append(Red(node.start_byte, self.shown(node), found))
            return self._unsure(node, Effect.ACCIDENT)
        return FINE if found is Effect.NEVER else self._unsure(node, found)

    def _followed(self, inner: Exits, node: Node) -> Status:
        self.progress.untold = self.progress.untold or inner.untold
        worst = max((red.effect for red in inner.red), default=None)
        return FINE if worst is None else self._unsure(node, worst)

    def _inline(self, program: Program) -> Exits | None:
        """`bash -c '...'`."""
        texts = program.texts()
        flag = next((index for index, word in enumerate(texts[:-1]) if _INLINE.fullmatch(word)), None)
        if program.name not in _SHELLS or flag is None or program.arguments[flag + 1].literal is None:
            return None
        return self.inner(texts[flag + 1], "e" in texts[flag])

    def _exit(self, command: Command, node: Node) -> Status:
        if not command.arguments:
            return self.progress.last
        values = self.tests.variables.word(command.arguments[0])
        red = (Red(node.start_byte, self.shown(node), Effect.JUDGEMENT),)
        if values is None:
            return Status(zero=True, red=red)
        bad = [value for value in values if not _is_zero(value)]
        return Status(zero=len(bad) < len(values), red=red if bad else ())

    def _set(self, command: Command) -> None:
        words = [word.literal or "" for word in command.arguments]
        pairs = set(pairwise(words))
        joined = "errexit" in words and any(_SET_ON.fullmatch(word) and word.endswith("o") for word in words)
        if any(map(_SET_ON.fullmatch, words)) or ("-o", "errexit") in pairs or joined:
            self.progress.errexit = True
        if any(map(_SET_OFF.fullmatch, words)) or ("+o", "errexit") in pairs:
            self.progress.errexit = False
        if "pipefail" in words:
            self.progress.pipefail = ("+o", "pipefail") not in pairs

    def _unsure(self, node: Node, found: Effect) -> Status:
        return Status(zero=True, red=(Red(node.start_byte, f"{self.shown(node)} fails", found),))


def _is_zero(status: str) -> bool:
    return status.isdigit() and int(status[:9]) % 256 == 0
