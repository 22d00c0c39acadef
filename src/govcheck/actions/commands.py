"""Whether a program is the one that somebody asks for: by its name and words, or by the script that it runs.

`scripts/check.sh` is asked for as a path: `./scripts/check.sh --all`, `bash scripts/check.sh` and
`cd scripts && ./check.sh` run it; `cat scripts/check.sh` does not. `npm run ci` is asked for by words.
"""

import posixpath
import re
from collections.abc import Iterator

from govcheck.actions.programs import Program, programs
from govcheck.actions.shell import Script, Word, read
from govcheck.records import frozen

_INTERPRETER = re.compile(r"(?:ba|da|z)?sh|python[0-9.]*|py|node|ruby|perl|php|deno|bun|tsx|ts-node|pwsh|source|\.")
_SCRIPT = re.compile(r"[\w.-]+\.(?:sh|bash|py|rb|pl|php|[mc]?[jt]s|ps1)")
_ROOTS = re.compile(
    r"(?:\$GITHUB_WORKSPACE|\$PWD|\$\{\{ *github\.workspace *\}\})/+",
)


@frozen
class Wanted:
    """A command that somebody asks for."""

    path: str
    """The script's path from the repository's root; empty where a program is asked for by name."""

    name: str
    words: tuple[str, ...]
    """The words behind it that are no options."""

    options: frozenset[str]

    @property
    def hint(self) -> str:
        """What stands in the text of every script that may run it."""
        return posixpath.basename(self.path) if self.path else self.name


def wanted(written: str) -> Wanted | None:
    """What a command asks for; None where it is not one simple command."""
    script = read(written)
    found = list(programs(script)) if isinstance(script, Script) and not script.damaged else []
    if len(found) != 1 or not found[0].name:
        return None
    called = _called(found[0])
    path = _path(called) if "/" in called or _SCRIPT.fullmatch(called) else ""
    texts = found[0].texts()
    return Wanted(path, found[0].name, _words(texts), frozenset(word for word in texts if word.startswith("-")))


def runs(program: Program, asked: Wanted, script: Script, folder: str) -> bool:
    """Whether a program is the one that is asked for.

    Args:
        program: A program of the script.
        asked: What is asked for.
        script: Where it may have changed its folder with `cd` before.
        folder: The step's working directory, from the repository's root.
    """
    texts = program.texts()
    if not asked.options.issubset(texts):
        return False
    if not asked.path:
        return program.name == asked.name and _words(texts)[: len(asked.words)] == asked.words
    folders = [folder, *(posixpath.join(folder, one) for one in _changed(program, script))]
    for called, rest in _scripts(program):
        paths = {_path(called), *(_path(posixpath.join(one, called)) for one in folders)}
        if asked.path in paths and _words(rest)[: len(asked.words)] == asked.words:
            return True
    return False


def _scripts(program: Program) -> Iterator[tuple[str, list[str]]]:
    """The paths that a program runs as scripts, each with the words behind it."""
    shown = [_shown(word) for word in program.arguments]
    yield _called(program), shown
    if not _INTERPRETER.fullmatch(program.name):
        return
    for index, word in enumerate(shown):
        if word == "-n":  # a shell that only looks whether it could run it
            return
        if word and not word.startswith("-") and word != "run":
            yield word, shown[index + 1 :]
            return


def _called(program: Program) -> str:
    """The program as it is called, its folder with it."""
    words = program.command.words
    index = len(words) - len(program.arguments) - 1
    return _shown(words[index]) if 0 <= index < len(words) else program.name


def _shown(word: Word) -> str:
    return _ROOTS.sub("", word.shown, count=1)


def _changed(program: Program, script: Script) -> Iterator[str]:
    for command in script.commands:
        if command.offset >= program.command.offset:
            return
        if command.name in {"cd", "pushd"} and command.arguments:
            yield _shown(command.arguments[0])


def _path(written: str) -> str:
    return posixpath.normpath(written) if written else ""


def _words(texts: list[str]) -> tuple[str, ...]:
    return tuple(word for word in texts if word and not word.startswith("-"))
