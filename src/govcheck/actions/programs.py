"""Which program a command really runs (`sudo env A=b npx vercel@latest deploy` runs `vercel`), and in which shell.

Source for the shells and their options:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.shell import Command, Script, Unread, Word, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import frozen, replace

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_PREFIXES = {
    "sudo",
    "env",
    "command",
    "exec",
    "nohup",
    "time",
    "nice",
    "builtin",
    "stdbuf",
    "npx",
    "pnpx",
    "bunx",
    "uvx",
    "xvfb-run",
}
_TIMED = {"timeout", "gtimeout"}
_RUNNERS = {
    "npm": {"exec", "x"},
    "pnpm": {"exec", "dlx"},
    "yarn": {"exec", "dlx", "run"},
    "bun": {"x"},
    "uv": {"run"},
    "uvx": {"--from"},
    "pipx": {"run"},
    "poetry": {"run"},
    "pdm": {"run"},
    "hatch": {"run"},
    "rye": {"run"},
    "bundle": {"exec"},
    "mise": {"exec"},
    "doppler": {"run"},
}
_TAKE_VALUE = {
    *("-u", "-g", "-n", "-p", "--package", "--from", "--with", "--python", "-s", "-k", "--signal", "--project"),
    "--directory",
}
_PACKAGES = frozenset({"--prefix", "-C", "--dir", "--cwd", "-w", "--workspace", "--filter", "-F", "-p", "--package"})
_VALUES_OF: dict[str, frozenset[str]] = {
    "uv": frozenset(
        {"--group", "--only-group", "--no-group", "--extra", "--no-extra", "--with", "--with-editable", "-w", "-p"}
        | {"--with-requirements", "--package", "--python", "--env-file", "--project", "--directory", "--index", "-i"}
        | {"--default-index", "--index-url", "--extra-index-url", "--find-links", "-f", "--upgrade-package", "-P"}
        | {"--reinstall-package", "--refresh-package", "--cache-dir", "--config-file", "--color", "--resolution"}
        | {"--prerelease", "--link-mode", "--index-strategy", "--keyring-provider", "--config-setting", "-C"}
        | {"--no-build-package", "--no-binary-package", "--exclude-newer", "--allow-insecure-host"}
    ),
    "poetry": frozenset({"-C", "--directory", "-P", "--project"}),
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), _PACKAGES),
    "xvfb-run": frozenset({"-e", "--error-file", "-f", "--auth-file", "-n", "--server-num", "-p", "--xauth-protocol"})
    | {"-s", "--server-args", "-w", "--wait"},
}
"""What takes a value among the options of a program that runs another: https://docs.astral.sh/uv/reference/cli/#uv-run,
https://python-poetry.org/docs/cli/, https://docs.npmjs.com/cli/using-npm/config and https://pnpm.io/cli/run."""

_PYTHON = re.compile(r"python[0-9.]*|py")
_SHELLS = {"bash", "sh", "dash", "zsh"}
_NESTED = 2


@frozen
class Program:
    """What a command runs, without what stands in front of it."""

    name: str
    """Without folder and version; empty where it is computed."""

    arguments: tuple[Word, ...]
    command: Command

    def texts(self) -> list[str]:
        """The arguments as text; what is computed is empty."""
        return [argument.literal or "" for argument in self.arguments]


@lru_cache(maxsize=256)
def programs(script: Script) -> tuple[Program, ...]:
    """Every program that a script runs, also by `bash -c '...'`."""
    return tuple(program for command in script.commands for program in _nested(program_of(command), _NESTED))


@lru_cache(maxsize=1024)
def program_of(command: Command) -> Program:
    """The program that a command runs."""
    words = list(command.words)
    while words:
        literal = words[0].literal or ""
        name = _bare(literal)
        if name in _PREFIXES or name in _TIMED or _ASSIGNMENT.match(literal):
            words = _after_options(words[1:], name)
            if name in _TIMED:
                words = words[1:]
        elif (rest := _behind_runner(name, words[1:])) is not None:
            words = _after_options(rest, name)
        elif len(words) > 2 and _PYTHON.fullmatch(name) and words[1].literal == "-m":  # noqa: PLR2004 - python -m name
            words = words[2:]
        else:
            return Program(name, tuple(words[1:]), command)
    return Program("", (), command)


def _nested(program: Program, depth: int) -> Iterator[Program]:
    yield program
    if program.name not in _SHELLS or not depth:
        return
    texts = program.texts()
    flag = next((index for index, word in enumerate(texts[:-1]) if re.fullmatch(r"-[a-z]*c", word)), None)
    if flag is None or len(program.arguments[flag + 1].parts) != 1:
        return
    part = program.arguments[flag + 1].parts[0]
    inner = read(part.text) if part.kind == "text" and part.literal else None
    if not isinstance(inner, Script):
        return
    for command in inner.commands:
        yield from _nested(program_of(_moved(command, part.offset, program.command)), depth - 1)


def _moved(command: Command, by: int, outer: Command) -> Command:
    """The command of an inner script, at its place in the outer one; it decides no more than the outer command does."""
    return replace(
        command,
        words=tuple(_moved_word(word, by) for word in command.words),
        input=tuple(_moved_word(word, by) for word in command.input),
        offset=command.offset + by,
        end=command.end + by,
        always=command.always and outer.always,
        ends=outer.ends if command.ends == "script" else "no",
        after=outer.after,
        branch=outer.branch,
    )


def _moved_word(word: Word, by: int) -> Word:
    return Word(tuple(replace(part, offset=part.offset + by) for part in word.parts), word.offset + by)


def _bare(name: str) -> str:
    """`node_modules/.bin/vercel` and `vercel@latest` are `vercel`."""
    base = name.rpartition("/")[2]
    return base.partition("@")[0].removesuffix(".exe") if not base.startswith("@") else base


def options_with_values(name: str) -> frozenset[str]:
    """The options of a program that runs others which take the next word as their value; none of other programs."""
    return _VALUES_OF.get(name, frozenset())


def _behind_runner(name: str, words: list[Word]) -> list[Word] | None:
    """What stands behind `run` or `exec` of a program that runs another; None where it does not run one."""
    if name not in _RUNNERS:
        return None
    if words and words[0].literal in _RUNNERS[name]:
        return words[1:]
    rest = _after_options(words, name) if name in _VALUES_OF else words
    return rest[1:] if rest and (rest[0].literal or "") in _RUNNERS[name] else None


def _after_options(words: list[Word], name: str) -> list[Word]:
    """The words behind the options of a program, and behind the values of those that take one."""
    valued = _VALUES_OF.get(name, _TAKE_VALUE)
    while words and (words[0].literal or "").startswith("-"):
        takes_value = words[0].literal in valued
        words = words[2 if takes_value else 1 :]
    return words


@frozen
class Shell:
    """The shell that a step's script is for."""

    name: str
    """`bash`, `sh`, `pwsh`, `python`, ...; empty where an expression decides."""

    errexit: bool
    """Whether it stops at the first failure."""

    pipefail: bool

    @property
    def posix(self) -> bool:
        """Whether `shell.read` understands it."""
        return self.name in _SHELLS


@lru_cache(maxsize=1024)
def shell_of(workflow: Workflow, job: Job, step: Step) -> Shell:
    """The shell of a step: its own, the job's default, the workflow's, or else the runner's."""
    document = workflow.file.document
    defaults = (_default(job.node), _default(document) if isinstance(document, Mapping) else None)
    named = next((node for node in (step.shell, *defaults) if node is not None), None)
    if named is None:
        return (
            Shell("pwsh", errexit=False, pipefail=False)
            if _windows(job.runs_on)
            else Shell("bash", errexit=True, pipefail=False)
        )
    words = text(named).split()
    if not words or "${{" in words[0]:
        return Shell("", errexit=False, pipefail=False)
    name = words[0].rpartition("/")[2]
    if len(words) == 1:
        return Shell(name, errexit=name in {"bash", "sh"}, pipefail=name == "bash")
    flags = "".join(word[1:] for word in words[1:] if word.startswith("-") and not word.startswith("--"))
    return Shell(name, errexit="e" in flags or "errexit" in words, pipefail="pipefail" in words)


def script_of(step: Step, shell: Shell) -> Script | Unread | None:
    """The step's script, where it has one for a shell that can be read; None where it has none, or another shell's."""
    if step.run is None or not shell.posix:
        return None
    return read(text(step.run))


def _default(node: Mapping) -> Scalar | None:
    for key in ("defaults", "run", "shell"):
        below: Node | None = node.get(key)
        if key == "shell":
            return below if isinstance(below, Scalar) and below.value is not None else None
        if not isinstance(below, Mapping):
            return None
        node = below
    return None


def _windows(runs_on: Node | None) -> bool:
    labels = runs_on.items if isinstance(runs_on, Sequence) else (runs_on,)
    return any(isinstance(label, Scalar) and text(label).casefold().startswith("windows") for label in labels)
