"""Which of the repository's own files a command runs: scripts, npm scripts, a Dangerfile.

Paths are guessed from words, so a guess counts only where a file of that path is tracked.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script, read
from govcheck.actions.steps import scalar_at
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.records import frozen

Language = Literal["shell", "javascript", "python", "other"]

MANIFEST = "package.json"
MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""What make reads, in the order in which it looks:
https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html."""

TASK_FILES = {"just": ("justfile", "Justfile", ".justfile"), "tox": ("tox.ini",)}
"""The same for other programs that run tasks."""

DANGERFILES = (
    *("dangerfile.mts", "dangerfile.mjs", "dangerfile.ts", "dangerfile.js"),
    *("Dangerfile.mts", "Dangerfile.mjs", "Dangerfile.ts", "Dangerfile.js", "Dangerfile"),
)
"""What `danger` reads, in the order in which it looks: the first one wins."""

RUBY_DANGERFILE = "Dangerfile"
"""What only Danger in Ruby reads: https://danger.systems/js/guides/the_dangerfile.html."""

_JAVASCRIPT_RUNNERS = frozenset({"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "bun"})

OTHER_DANGERFILES = {
    "danger-swift": ("Dangerfile.swift",),
    "danger-kotlin": ("Dangerfile.df.kts", "dangerfile.df.kts"),
    "danger-python": ("dangerfile.py", "Dangerfile.py"),
}
"""The same for Danger's other languages."""

_DANGER_ACTIONS = {"danger/danger-js": "danger", "danger/swift": "danger-swift", "danger/kotlin": "danger-kotlin"}

_INTERPRETERS = re.compile(
    r"(?:ba|da|z)?sh|node|nodejs|deno|bun|tsx|ts-node|python[0-9.]*|py|ruby|perl|php|pwsh|source|\."
)
_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_LIFECYCLE = frozenset({"test", "t", "start", "stop", "restart"})
_ELSEWHERE = frozenset(
    {"-w", "--workspace", "--workspaces", "-ws", "-r", "--recursive", "--filter", "-F", "-A", "--all"}
    | {"workspace", "workspaces", "-T", "--top-level"}
)
"""Options with which another folder's script is run, or those of several."""

_OWN_COMMANDS = frozenset(
    {"install", "i", "add", "remove", "audit", "check", "publish", "pack", "link", "list", "ls", "outdated", "update"}
    | {"upgrade", "why", "config", "init", "ci", "dlx", "exec", "run", "info", "version", "cache", "import", "licenses"}
)
"""What a package manager does by itself, whether or not there is a script of that name."""
_SUFFIXES: dict[str, Language] = {
    ".sh": "shell",
    ".bash": "shell",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "javascript",
    ".mts": "javascript",
    ".py": "python",
}
_HASHBANG = re.compile(r"#!.*?\b(bash|sh|dash|zsh|node|python)", re.ASCII)
_OF_HASHBANG: dict[str, Language] = {"node": "javascript", "python": "python"}


@frozen
class Called:
    """What a command runs of the repository's own."""

    path: str
    """The file; for an npm script its `package.json`."""

    script: str = ""
    """The npm script's name; empty for a file."""

    @property
    def shown(self) -> str:
        """For people: `scripts/check.sh`, `npm run lint`."""
        return f"npm run {self.script}" if self.script else self.path


def called(program: Program, folder: str, *, guess: bool = True) -> Iterator[Called]:
    """What a program may run, likeliest first. Nobody has looked yet whether there is such a file.

    Args:
        program: What a command of a script runs.
        folder: Where the script runs, from the root; empty for the root itself.
        guess: Whether a path may be one from the root as well.
    """
    if program.name == "danger" or program.name in OTHER_DANGERFILES:
        yield from _dangerfiles(program)
        return
    if program.name in _MANAGERS:
        yield from _package_script(program, folder)
        if program.name != "bun":
            return
    command = program.command.words[0].literal or "" if program.command.words else ""
    if "/" in command and command.rpartition("/")[2] == program.name:
        yield from _at(command, folder, guess=guess)
    if _INTERPRETERS.fullmatch(program.name):
        script = next((word for word in program.texts() if word and not word.startswith("-")), "")
        script = program.texts()[1] if script == "run" and len(program.arguments) > 1 else script
        yield from _at(script, folder, guess=guess)


@lru_cache(maxsize=1024)
def called_by_script(script: Script, folder: str) -> tuple[tuple[Called, Program], ...]:
    """What a script may run, with the program that each of its commands is; the likeliest first for each of them."""
    return tuple((one, program) for program in programs(script) for one in called(program, folder))


def called_by_workflow(workflow: Workflow) -> Iterator[Called]:
    """Everything of the repository's own that a workflow's steps may run, and the manifests of their folders."""
    for job in workflow.jobs:
        for step in job.steps:
            yield from called_by_action(step)
            script = script_of(step, shell_of(workflow, job, step))
            if isinstance(script, Script):
                folder = folder_of(workflow, job, step)
                yield Called(_in(folder, MANIFEST))
                for program in programs(script):
                    if program.name in {"make", "gmake"}:
                        yield from (Called(_in(_made_in(program, folder), name)) for name in MAKEFILES)
                    yield from (Called(_in(folder, name)) for name in TASK_FILES.get(program.name, ()))
                yield from (one for one, _ in called_by_script(script, folder))


def _made_in(program: Program, folder: str) -> str:
    """Where `make -C FOLDER` runs."""
    texts = program.texts()
    at = next((index for index, word in enumerate(texts[:-1]) if word in {"-C", "--directory"}), None)
    return folder if at is None else _in(folder, texts[at + 1])


def called_by_action(step: Step) -> Iterator[Called]:
    """The Dangerfile of a step that uses one of Danger's own actions, likeliest first."""
    name = _DANGER_ACTIONS.get(text(step.uses).partition("@")[0]) if step.uses is not None else None
    if name is None:
        return
    given = scalar_at(step.with_, "dangerfile") if step.with_ is not None else None
    found = (text(given),) if given is not None else OTHER_DANGERFILES.get(name, DANGERFILES)
    yield from map(Called, found)


def called_by(one: Called, content: bytes) -> Iterator[Called]:
    """What a file, or an npm script, may run in turn; the paths in a file are taken from the root."""
    if one.script:
        source = package_scripts(content).get(one.script)
        script = read(source) if source is not None else None
        folder = posixpath.dirname(one.path)
    else:
        shell = language_of(one.path, content) == "shell"
        script = read(content.decode("utf-8", "replace")) if shell else None
        folder = ""
    if isinstance(script, Script):
        yield from (one for one, _ in called_by_script(script, folder))


def folder_of(workflow: Workflow, job: Job, step: Step) -> str:
    """Where a step's script runs, from the root; empty for the root, and where nobody can tell."""
    return known_folder(workflow, job, step) or ""


def known_folder(workflow: Workflow, job: Job, step: Step) -> str | None:
    """The same; None where nobody can tell, because an expression decides or it lies outside."""
    document = workflow.file.document
    default = _default_folder(job.node) or (_default_folder(document) if isinstance(document, MappingNode) else None)
    named = step.working_directory or default
    folder = posixpath.normpath(text(named)) if named is not None and text(named) else ""
    if folder == "." or not folder:
        return ""
    return None if "${{" in folder or folder == ".." or folder.startswith(("/", "../")) else folder


@lru_cache(maxsize=64)
def package_scripts(content: bytes) -> Mapping[str, str]:
    """The `scripts` of a `package.json`; none where it is not one."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    scripts = document.get("scripts") if isinstance(document, dict) else None
    if not isinstance(scripts, dict):
        return {}
    return {name: source for name, source in scripts.items() if isinstance(source, str)}


def script_line(content: bytes, name: str) -> int | None:
    """The line in which a `package.json` has a script; None where it cannot be told."""
    said = content.decode("utf-8", "replace")
    match = re.compile(rf'"{re.escape(name)}"\s*:').search(said, max(said.find('"scripts"'), 0))
    return said.count("\n", 0, match.start()) + 1 if match is not None else None


def language_of(path: str, content: bytes) -> Language:
    """What a file is written in, by its name, or else by its first line."""
    known = _SUFFIXES.get(posixpath.splitext(path)[1].lower())
    if known is not None:
        return known
    if posixpath.basename(path) == "Dangerfile":
        return "other"
    match = _HASHBANG.match(content[:200].decode("utf-8", "replace").partition("\n")[0])
    return _OF_HASHBANG.get(match[1], "shell") if match else "other"


def _dangerfiles(program: Program) -> Iterator[Called]:
    texts = program.texts()
    for index, word in enumerate(texts[:-1]):
        if word in {"--dangerfile", "-d"}:
            yield Called(posixpath.normpath(texts[index + 1]))
            return
    found = OTHER_DANGERFILES.get(program.name, DANGERFILES)
    yield from (Called(path) for path in found if path != RUBY_DANGERFILE or not is_danger_js(program))


def is_danger_js(program: Program) -> bool:
    """Whether `danger` is certainly the one in JavaScript: run by a manager of its packages, or told `ci`."""
    first = program.command.words[0].literal if program.command.words else None
    return program.name == "danger" and (first in _JAVASCRIPT_RUNNERS or program.texts()[:1] == ["ci"])


def _package_script(program: Program, folder: str) -> Iterator[Called]:
    words: list[str] = []
    if any(text in _ELSEWHERE or text.startswith(("--filter=", "--workspace=")) for text in program.texts()):
        return
    texts = iter(program.texts())
    for word in texts:
        if word in {"--prefix", "-C", "--cwd", "--dir"}:
            folder = _in(folder, next(texts, ""))
        elif word == "--":
            break
        elif word and not word.startswith("-"):
            words.append(word)
    if not words:
        return
    manifest = _in(folder, MANIFEST)
    if words[0] in {"run", "run-script"}:
        if len(words) > 1:
            yield Called(manifest, words[1])
    elif words[0] in _LIFECYCLE if program.name == "npm" else program.name != "bun" and words[0] not in _OWN_COMMANDS:
        yield Called(manifest, "test" if words[0] == "t" else words[0])


def _at(word: str, folder: str, *, guess: bool) -> Iterator[Called]:
    if not word or word.startswith(("/", "-", "~")) or "\n" in word:
        return
    for base in dict.fromkeys((folder, "") if guess else (folder,)):
        path = _in(base, word)
        if path and not path.startswith(".."):
            yield Called(path)


def _in(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path)) if path else folder


def _default_folder(node: MappingNode) -> Scalar | None:
    below: Node | None = node
    for key in ("defaults", "run", "working-directory"):
        below = below.get(key) if isinstance(below, MappingNode) else None
    return below if isinstance(below, Scalar) and below.value is not None else None
