"""What a `run:` script says to a shell: its commands, each with its place, and what their failure comes to.

`read(script)` gives a `Script`. Expressions (`${{ }}`) are no shell: they are overwritten before the parser sees them,
and stand in the words as parts of their own. All offsets are in characters of the script, so that `Scalar.place` finds
them. The parser is tree-sitter's (https://github.com/tree-sitter/tree-sitter-bash); it is imported where a script is
first read.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from govcheck.records import frozen

MAX_LENGTH = 64 * 1024
"""Characters. The longest script of 3,494 in 690 workflow files has 10,488."""

_MOST = {"|": 1500, "(": 2000, "<<": 300, "&&": 500, ")": 2000}
"""How often a script may hold what the parser needs quadratic time for."""

PartKind = Literal["text", "variable", "expression", "dynamic"]
Ends = Literal["script", "errexit", "pipefail", "no"]


@frozen
class Part:
    """A piece of a word."""

    kind: PartKind
    text: str
    """The literal text, the variable's name, the expression's source, or the characters that a shell computes from."""

    offset: int
    literal: bool = True
    """For text: whether every character stands in the script as it is, so that offsets within it are exact."""


@frozen
class Word:
    """One word of a command, its quotes and escapes resolved."""

    parts: tuple[Part, ...]
    offset: int

    @property
    def literal(self) -> str | None:
        """The word's text, where no variable, expression or computation has a say in it."""
        if len(self.parts) == 1:
            (part,) = self.parts
            return part.text if part.kind == "text" else None
        if all(part.kind == "text" for part in self.parts):
            return "".join(part.text for part in self.parts)
        return None

    @property
    def shown(self) -> str:
        """The word for people: `$NAME` and `${{ source }}` as they were."""
        return "".join(map(_shown, self.parts))


def _shown(part: Part) -> str:
    if part.kind == "variable":
        return f"${part.text}"
    return f"${{{{ {part.text} }}}}" if part.kind == "expression" else part.text


@frozen(kw_only=True, eq=False)
class Command:
    """One simple command. Each is equal to itself alone: what follows from one is remembered for it."""

    words: tuple[Word, ...]
    """The command's name first; empty for assignments alone, which are not listed."""

    offset: int
    end: int
    input: tuple[Word, ...] = ()
    """Here-documents and here-strings."""

    always: bool
    """Whether the script comes by here whatever happens, short of an earlier failure or `exit`."""

    ends: Ends
    """What it takes for its failure to fail the script there and then: nothing, `set -e`, that and `pipefail`; or that
    it never does."""

    after: tuple[int, ...] = ()
    """Offsets of the commands that must have succeeded for this one to run: `a && this`, `if a; then this`."""

    into: tuple[Word, ...] = ()
    """The files that its output goes to, also by a redirection of the group that it stands in."""

    fed: tuple[int, int] | None = None
    """From which offset to which the commands stand that it reads from by a pipe."""

    branch: int = -1
    """The offset of the innermost branch or loop body that it stands in; -1 outside of all."""

    @property
    def name(self) -> str:
        """The command's name without its folder; empty where it is computed."""
        literal = self.words[0].literal if self.words else None
        return (literal or "").rpartition("/")[2]

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the name."""
        return self.words[1:]


@frozen(kw_only=True, eq=False)
class Script:
    """A script that was read. Each is equal to itself alone: what follows from one is remembered for it."""

    commands: tuple[Command, ...]
    """By offset."""

    assignments: Mapping[str, tuple[Word, ...]]
    """Variable to every value that the script gives it."""

    damaged: bool
    """Whether there are parts that the parser could not make sense of, and in which commands may hide."""


@frozen
class Unread:
    """A script that was not read."""

    message: str


def too_much(script: str) -> Unread | None:
    """Why a script is not read at all; None where it is."""
    if len(script) > MAX_LENGTH:
        return Unread(f"the script has {len(script):,} characters, more than the {MAX_LENGTH:,} that are read")
    for characters, most in _MOST.items():
        if script.count(characters) > most:
            return Unread(f"the script has more than {most:,} `{characters}`, which are not read")
    return None


@lru_cache(maxsize=256)
def read(script: str) -> Script | Unread:
    """Reads a script for `bash` or `sh`."""
    refusal = too_much(script)
    if refusal is not None:
        return refusal
    from govcheck.actions.shell_tree import script_of  # noqa: PLC0415 - the parser is loaded where a script is read

    return script_of(script)
