"""What `$(...)` comes to, where its first command's output is known and everything after passes that on."""

import re
from collections.abc import Callable, Sequence

from govcheck.actions.shell import Command, Script, Word, read

_FEW = frozenset({"head", "tail", "sort", "uniq", "cat", "tr", "sed", "cut", "grep", "egrep", "fgrep", "jq", "true"})
"""What prints nothing where it is given nothing."""

_OPERANDS = {"tr": 2, "sed": 1, "grep": 1, "egrep": 1, "fgrep": 1, "jq": 1}
"""How many words that are no options belong to the program itself; any more are files."""

_PRINTS_ANYHOW = {
    "grep": re.compile(r"-[a-zA-Z]*[cLefrR][a-zA-Z]*|--.*"),
    "jq": re.compile(r"-[a-zA-Z]*[nsR][a-zA-Z]*|--.*"),
    "sed": re.compile(r"-[a-zA-Z]*[ef][a-zA-Z]*|--.*"),
}
"""Options with which something is printed, or read, after all."""

_OTHERWISE = re.compile(r"\b(?:for|while|until|select|case|function)\b|\(\)|`|<")
"""Loops, functions and files that are read."""


def printed(source: str, output: Callable[[Sequence[Word]], str | None]) -> frozenset[str] | None:
    """Everything that a command substitution may come to; None where that is not known.

    Args:
        source: What stands in the parentheses.
        output: What a command prints, by its words.
    """
    script = read(source)
    if not isinstance(script, Script) or script.damaged or not script.commands or _OTHERWISE.search(source):
        return None
    first, *rest = script.commands
    known = output(first.words)
    if known is None or (known and rest):
        return None
    if any(command.name == "wc" for command in rest):
        return _counted(rest)
    values = {known}
    said = False
    for command in rest:
        if command.name == "echo" and not said:
            said = True
            values.add(_echoed(command) or "")
            if _echoed(command) is None:
                return None
        elif not _prints_nothing(command):
            return None
    return frozenset(values)


def _counted(rest: Sequence[Command]) -> frozenset[str] | None:
    """What `wc` makes of nothing; macOS pads it."""
    first, *then = [[word.literal for word in command.words] for command in rest]
    if len(first) != 2 or first[0] != "wc" or first[1] not in {"-l", "-c", "-w"}:  # noqa: PLR2004 - wc and its option
        return None
    if not then:
        return frozenset({"0", "       0"})
    return frozenset({"0"}) if then in ([["tr", "-d", " "]], [["xargs"]]) else None


def _echoed(command: Command) -> str | None:
    literals = [word.literal for word in command.arguments]
    known = [literal for literal in literals if literal is not None and not literal.startswith("-")]
    text = " ".join(known)
    return text if len(known) == len(literals) and "\\" not in text and not set("*?[~{").intersection(text) else None


def _prints_nothing(command: Command) -> bool:
    if command.name not in _FEW:
        return False
    literals = [word.literal or "" for word in command.arguments]
    anyhow = _PRINTS_ANYHOW.get(command.name.removeprefix("e").removeprefix("f"))
    if anyhow is not None and any(map(anyhow.fullmatch, literals)):
        return False
    operands = [one for one in literals if not one.startswith("-")]
    if command.name in {"head", "tail"}:
        operands = [one for one in operands if not one.isdecimal()]
    return len(operands) <= _OPERANDS.get(command.name, 0)
