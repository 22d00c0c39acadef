"""What a hook's command comes to: which file of the repository it runs, and whether its failure is heard."""

import posixpath
import re
from collections.abc import Iterator

from govcheck.actions.programs import Program, programs
from govcheck.actions.shell import Command, Script, Unread, read
from govcheck.facts.tree import TrackedFiles

_SCRIPT = re.compile(r"(?:\./)?[\w@+-][\w.@+/-]*\.(?:sh|bash|zsh|py|js|mjs|cjs|ts|mts|rb|pl|php|ps1)", re.ASCII)
_RELATIVE = re.compile(r"\./[\w.@+/-]+", re.ASCII)
_MADE_LATER = re.compile(
    r"(?:^|/)(?:node_modules|\.?venv|env|vendor|build|dist|target|bin|out|\.tox|\.nox|\.git|\.yarn|\.cache|\.bin)/"
)
"""Folders whose content is installed or built, and not tracked."""

_INTERPRETERS = re.compile(r"(?:ba|da|z|k)?sh|node|deno|bun|tsx|ts-node|python[0-9.]*|py|ruby|perl|php|pwsh|source|\.")
_LONGEST_LINE = 1000
"""Characters of a line that are looked at."""

_SHELL = re.compile(r"(?:ba|da|z)?sh")
_SUCCEEDS = frozenset({"true", ":", "echo", "printf", "tee", "cat"})
_SETTING = frozenset(
    {
        "set",
        "cd",
        "export",
        "shopt",
        "umask",
        "source",
        ".",
        "local",
        "readonly",
        "declare",
        "trap",
        "dirname",
        "basename",
        "pwd",
    }
)


def script_words(source: str) -> tuple[str, ...]:
    """Every file of the repository that a command line names as what it runs."""
    script = read(source)
    if not isinstance(script, Script):
        return ()
    found = (_named(program) for program in programs(script))
    return tuple(dict.fromkeys(word for word in found if word))


def untracked(word: str, tracked: TrackedFiles) -> bool:
    """Whether a file that a command runs is surely not there in a fresh clone."""
    path = posixpath.normpath(word)
    if path.startswith(("..", "/")) or _MADE_LATER.search(path):
        return False
    above = {path[:index] for index, character in enumerate(path) if character == "/"}
    linked = any(tracked.modes.get(folder, "")[:3] in {"160", "120"} for folder in above)
    return path not in tracked.modes and not linked


def nearest(word: str, tracked: TrackedFiles) -> str | None:
    """A tracked file of the same name elsewhere; the one that is nearest to the root."""
    name = posixpath.basename(word)
    same = [path for path in tracked.modes if posixpath.basename(path) == name]
    return min(same, key=lambda path: (path.count("/"), path), default=None)


def refusal(source: str, *, errexit: bool) -> Command | Unread | None:
    """The first command whose failure stops the commit; None where there is surely none."""
    script = read(source)
    if not isinstance(script, Script):
        return script
    strict = errexit or any(_sets_errexit(command) for command in script.commands)
    for program in programs(script):
        if program.command.name == "set":
            strict = (strict or _sets_errexit(program.command)) and not _clears_errexit(program.command)
        elif _can_stop(program, strict=strict):
            return program.command
    return Unread("parts of it are no shell that can be read") if script.damaged else None


def runs_anything(source: str) -> bool:
    """Whether a script has a command that is more than a setting or a text."""
    script = read(source)
    if not isinstance(script, Script):
        return True
    return script.damaged or any(
        command.name not in _SETTING | _SUCCEEDS and "husky.sh" not in command.name for command in script.commands
    )


def _named(program: Program) -> str | None:
    command = program.command.words[0].literal or "" if program.command.words else ""
    if (_SCRIPT.fullmatch(command) and "/" in command) or _RELATIVE.fullmatch(command):
        return command
    if _INTERPRETERS.fullmatch(program.name):
        first = next((word for word in program.texts() if not word.startswith("-")), "")
        takes_code = any(word in {"-c", "-e", "-m", "-p", "--eval"} for word in program.texts()[:1])
        return first if _SCRIPT.fullmatch(first) and not takes_code else None
    return None


def _can_stop(program: Program, *, strict: bool) -> bool:
    command = program.command
    if command.name in {"exit", "return"}:
        return _failing(command)
    if command.name in _SETTING or not command.words:
        return False
    if command.name in _SUCCEEDS or _only_wraps(program):
        return False
    return command.ends == "script" or (command.ends in {"errexit", "pipefail"} and strict)


def _only_wraps(program: Program) -> bool:
    """Whether it is `bash -c '...'`, whose own commands are looked at one by one."""
    if not _SHELL.fullmatch(program.name):
        return False
    flag = next((word for word in program.texts()[:-1] if re.fullmatch(r"-[a-z]*c", word)), None)
    return flag is not None and "e" not in flag


def _failing(command: Command) -> bool:
    """Whether an `exit` may have another status than 0; a bare one has that of the command before it."""
    status = command.arguments[0].literal if command.arguments else None
    return status is None or status.strip() != "0"


def _sets_errexit(command: Command) -> bool:
    if command.name != "set":
        return False
    words = [word.literal or "" for word in command.arguments]
    return any(re.fullmatch(r"-[a-z]*e[a-z]*", word) for word in words) or "errexit" in words


def _clears_errexit(command: Command) -> bool:
    """`set +e`, where the script certainly comes by it."""
    words = [word.literal or "" for word in command.arguments]
    return command.branch < 0 and (any(re.fullmatch(r"\+[a-z]*e[a-z]*", word) for word in words) or words[:1] == ["+o"])


def excerpts(content: bytes, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The lines of a text that a pattern is found in, each with its number."""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        if pattern.search(line[:_LONGEST_LINE]):
            yield number, line[:_LONGEST_LINE].strip()
