"""What a shell script hands on of somebody's text: the outputs and variables that it sets for later steps.

Followed are variables, `$(...)`, pipes, here-documents, `echo`, `printf`, `cat` and the filters of text. What another
program makes of a text is not followed, nor what goes through a file.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from govcheck.actions.embedded import embedded
from govcheck.actions.shell import Command, Part, Script, Word, read
from govcheck.actions.taint import Carried, worst
from govcheck.records import field, frozen, mutable

Kind = Literal["output", "env"]

ENVIRONMENT_FILES: dict[str, Kind] = {"GITHUB_OUTPUT": "output", "GITHUB_ENV": "env"}
"""Variables that name a file by which a step speaks to later ones."""

_PRINTS = frozenset({"echo", "printf"})
_FILTERS = frozenset(
    {
        *("cat", "sed", "awk", "gawk", "grep", "egrep", "tr", "cut", "head", "tail", "sort", "uniq", "jq", "yq"),
        *("xargs", "tee", "rev", "fold", "fmt", "paste", "column", "perl", "tac", "nl", "expand", "iconv", "dos2unix"),
    }
)
_SILENT = re.compile(r"-[A-Za-z]*[qcL][A-Za-z]*|--(?:quiet|silent|count)")
_EXPANSION = re.compile(r"\$\{(#?)!?([A-Za-z_][A-Za-z0-9_]*)")
_ASSIGNED = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)=")
_OPENED = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)<<(.+)")
_OPTIONS = frozenset({"-e", "-n", "-E", "-ne", "-en", "--"})
_CONVERSION = re.compile(r"%[-0-9.]*[a-zA-Z]")
_PASSES = 8
_DEEPEST = 4
_MOST = 1_000_000
"""How many characters and commands are looked at in following one script: beyond that nothing is followed further."""


Piece = str | Carried
"""What a command prints: text as it is, or somebody's."""


@frozen
class Written:
    """An output or a variable that carries somebody's text to later steps."""

    kind: Kind
    name: str | None
    """None where the script's text does not tell it: any may be."""

    carried: Carried
    offset: int
    """Of the command that writes it."""


class ShellTaint:
    """One script, and what is known of the text that goes in."""

    def __init__(
        self, script: Script, expression: Callable[[str], Carried | None], variables: Mapping[str, Carried]
    ) -> None:
        """Follows the script's own variables.

        Args:
            script: The script.
            expression: Whose text the source of an expression is.
            variables: The environment's, by name.
        """
        self._script = script
        self._expression = expression
        self._variables = dict(variables)
        self._left = _MOST
        for _ in range(_PASSES):
            before = len(self._variables)
            for name, words in script.assignments.items():
                found = None if name in self._variables else worst(map(self._word, words))
                if found is not None:
                    self._variables[name] = found
            if len(self._variables) == before:
                break

    def written(self) -> Iterator[Written]:
        """Everything that the script hands on to later steps."""
        files = {kind: _EnvironmentFile(kind) for kind in ENVIRONMENT_FILES.values()}
        for command in self._script.commands:
            for kind in _targets(command):
                yield from files[kind].take(self._printed(self._script, command), command.offset)

    def _printed(self, script: Script, command: Command, depth: int = _DEEPEST) -> Iterator[Piece]:
        """What a command prints, so far as it is known."""
        if command.name in _PRINTS:
            yield from self._arguments(command, depth)
            yield "\n"
        elif command.name in _FILTERS and not any(_SILENT.fullmatch(word.literal or "") for word in command.arguments):
            for earlier in self._feeding(script, command) if depth else ():
                yield from self._printed(script, earlier, depth - 1)
            for word in command.input:
                yield from self._pieces(word, depth)
                yield "\n"

    def _arguments(self, command: Command, depth: int) -> Iterator[Piece]:
        words = [word for word in command.arguments if (word.literal or "") not in _OPTIONS]
        if command.name == "printf" and words and words[0].literal is not None:
            texts = _CONVERSION.split(words[0].literal.replace("\\n", "\n"))
            for index, text in enumerate(texts):
                yield text
                if index < len(texts) - 1 and index + 1 < len(words):
                    yield from self._pieces(words[index + 1], depth)
            return
        for word in words:
            yield from self._pieces(word, depth)
            yield " "

    def _pieces(self, word: Word, depth: int) -> Iterator[Piece]:
        for part in word.parts:
            found = self._part(part, depth)
            yield part.text if part.kind == "text" else found if found is not None else ""

    def _word(self, word: Word, depth: int = _DEEPEST) -> Carried | None:
        return worst(self._part(part, depth) for part in word.parts)

    def _part(self, part: Part, depth: int) -> Carried | None:
        if part.kind == "expression":
            return self._expression(part.text)
        if part.kind == "variable":
            return self._variables.get(part.text)
        return self._computed(part.text, depth) if part.kind == "dynamic" else None

    def _computed(self, text: str, depth: int) -> Carried | None:
        """What `$(...)` prints, or `${NAME...}` is; of anything else nothing is known."""
        expansion = _EXPANSION.match(text)
        if expansion is not None:
            return None if expansion[1] else self._variables.get(expansion[2])
        inner = text[2:-1] if text.startswith("$(") else text.strip("`") if text.startswith("`") else ""
        self._left -= len(inner)
        if not inner or inner.startswith("(") or not depth or self._left < 0:
            return None
        script = read(inner)
        if not isinstance(script, Script):
            return worst(self._expression(one.source) for one in embedded(inner))
        shown = self._unread(script, script.commands)
        pieces = (piece for command in shown for piece in self._printed(script, command, depth - 1))
        return worst(piece for piece in pieces if isinstance(piece, Carried))

    def _feeding(self, script: Script, command: Command) -> list[Command]:
        """The commands whose output a command reads by its pipe."""
        if command.fed is None:
            return []
        first, last = (bisect_left(script.commands, place, key=_offset) for place in command.fed)
        return self._unread(script, script.commands[first:last])

    def _unread(self, script: Script, group: tuple[Command, ...]) -> list[Command]:
        """The commands of a group whose output leaves it: neither a file nor a pipe within the group takes it."""
        read: set[int] = set()
        for command in group:
            if command.fed is not None:
                first, last = (bisect_left(script.commands, place, key=_offset) for place in command.fed)
                self._left -= last - first
                if self._left < 0:
                    return []
                read.update(earlier.offset for earlier in script.commands[first:last])
        self._left -= len(group)
        if self._left < 0:
            return []
        return [command for command in _outermost(group) if not command.into and command.offset not in read]


@mutable
class _EnvironmentFile:
    """A file of `NAME=value` and `NAME<<END` lines, as it is written."""

    kind: Kind
    line: str = ""
    name: str | None = None
    """The value that is open; None outside of all."""

    end: str = ""
    found: list[tuple[str | None, Carried]] = field(default_factory=list)

    def take(self, printed: Iterator[Piece], offset: int) -> Iterator[Written]:
        """What one command writes."""
        for piece in printed:
            if isinstance(piece, Carried):
                yield Written(self.kind, self._current(), piece, offset)
            else:
                self._text(piece)
        self._text("\n")

    def _current(self) -> str | None:
        if self.name is not None:
            return self.name
        assigned = _ASSIGNED.match(self.line)
        return assigned[1] if assigned else None

    def _text(self, text: str) -> None:
        first, *more = text.split("\n")
        self.line += first
        for line in more:
            self._end_of_line()
            self.line = line

    def _end_of_line(self) -> None:
        line = self.line.strip()
        opened = _OPENED.fullmatch(line)
        if self.name is not None and line == self.end:
            self.name = None
        elif self.name is None and opened is not None:
            self.name, self.end = opened[1], opened[2].strip()


def _targets(command: Command) -> Iterator[Kind]:
    words = (*command.into, *(command.arguments if command.name == "tee" else ()))
    for word in words:
        for part in word.parts:
            name = part.text.strip("${}") if part.kind in {"variable", "dynamic"} else ""
            if name in ENVIRONMENT_FILES:
                yield ENVIRONMENT_FILES[name]


def _outermost(commands: tuple[Command, ...]) -> Iterator[Command]:
    """The commands that stand in no word of another one."""
    end = -1
    for command in commands:
        if command.offset >= end:
            end = command.end
            yield command


def _offset(command: Command) -> int:
    return command.offset
