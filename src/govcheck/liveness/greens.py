"""Jobs that cannot go green: what they need is not there, so that every run of them fails.

A gate that is always red is ignored or taken out; a deploy that always fails leads around the gates.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping

from govcheck.actions.own_programs import MAKEFILES, MANIFEST, called, folder_of, package_scripts
from govcheck.actions.programs import Program, program_of
from govcheck.actions.shell import Command
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, location, text
from govcheck.facts.document import Node, Scalar
from govcheck.findings import Evidence, Fix
from govcheck.liveness.bringing import made, made_by_others, may_make
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.makefiles import target_of
from govcheck.liveness.repository_files import Files
from govcheck.liveness.script_words import first_words, saying
from govcheck.liveness.tools import NOT_INSTALLED, missing_tool

_LOCKED: dict[tuple[str, str], tuple[str, ...]] = {
    ("npm", "ci"): ("package-lock.json", "npm-shrinkwrap.json"),
    ("npm", "clean-install"): ("package-lock.json", "npm-shrinkwrap.json"),
}
"""Program and first word to the lock files of which one has to be there: https://docs.npmjs.com/cli/commands/npm-ci."""

_FROZEN: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "yarn": (frozenset({"--frozen-lockfile", "--immutable"}), ("yarn.lock",)),
    "pnpm": (frozenset({"--frozen-lockfile"}), ("pnpm-lock.yaml",)),
    "cargo": (frozenset({"--locked", "--frozen"}), ("Cargo.lock",)),
    "uv": (frozenset({"--locked", "--frozen"}), ("uv.lock",)),
}
_CACHED = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
}
"""`cache` of actions/setup-node, which fails without a lock file: https://github.com/actions/setup-node#caching-global-packages-data."""

_SETUP_NODE = re.compile(r"actions/setup-node@", re.IGNORECASE)
_ANY = re.compile(
    r"\bnpm\b|\bg?make\b|--(?:frozen|immutable|locked)\b|\.(?:sh|bash|m?js|cjs|m?ts|py|rb|pl)\b|"
    rf"\b(?:{'|'.join(map(re.escape, sorted(NOT_INSTALLED)))})\b"
)
"""What a script says that may be bound to fail."""

_WORDS = first_words(
    {"npm", "make", "gmake", "frozen", "immutable", "locked"}
    | {"sh", "bash", "mjs", "js", "cjs", "mts", "ts", "py", "rb", "pl"}
    | NOT_INSTALLED
)
"""Of these one stands in each such script."""

_MAY_BE_BOUND = saying(_WORDS, _ANY)

_GOES_ELSEWHERE = re.compile(r"(?:^|[\n;&|{])[^\S\n]*(?:cd|pushd)\b")
_MADE = frozenset(
    {"dist", "build", "out", "target", "lib", "node_modules", "coverage", "vendor", "venv", ".venv", "bin"}
)
"""Folders that hold what a build makes, tracked or not."""

_SCRIPT = re.compile(r"[\w./-]+\.(?:sh|bash|m?js|cjs|m?ts|py|rb|pl)")


def gates(execution: Execution, files: Files, contents: Mapping[str, object]) -> Iterator[Gate]:
    """What makes a step fail in every run. The first in each script is enough."""
    if not execution.may_say(_MAY_BE_BOUND) or not execution.checkout.is_own:
        return
    if _asks_for_files(execution.job, execution.step):
        return
    for ran in execution.ran:
        for command in ran.script.commands if ran.script is not None else ():
            if command.ends != "no" and _is_due(ran, command):
                found = _missing(execution, ran, command, files, contents)
                if found is not None and _reaches(ran, command):
                    yield found
                    break


def _reaches(ran: Ran, command: Command) -> bool:
    return ran.exits is not None and not ran.exits.untold and ran.exits.reaches(command.offset)


def _asks_for_files(job: Job, step: Step) -> bool:
    """Whether a condition may leave the step out because a file is not there."""
    conditions = (job.condition, step.condition)
    return any(one is not None and "hashFiles" in text(one) for one in conditions)


def _is_due(ran: Ran, command: Command) -> bool:
    """Whether the script comes by the command, or fails before; `a && b` of an npm script fails where `a` does."""
    if _GOES_ELSEWHERE.search(ran.source[: command.offset]):
        return False
    if command.always:
        return True
    return command.branch < 0 and ran.called is not None and bool(ran.called.script)


def setup_gates(path: str, job: Job, files: Files) -> Iterator[Gate]:
    """A step of actions/setup-node that caches by a lock file which is not there."""
    for step in job.steps:
        manager = _with(step, "cache") if step.uses is not None and _SETUP_NODE.match(text(step.uses)) else None
        names = _CACHED.get(text(manager)) if manager is not None else None
        if manager is None or names is None or _with(step, "cache-dependency-path") is not None:
            continue
        if not any(files.has(name) for name in names) and not made(job, step.index):
            yield Gate(
                family="cannot-go-green",
                subject=f"{path}:{job.id}:cache {text(manager)}",
                state=State.DEAD,
                why=f"`cache: {text(manager)}` fails the step, because no {_listed(names)} is tracked at the root",
                location=location(path, manager),
                evidence=tuple(filter(None, (files.why_ignored(names[0]),))),
                fix=Fix(text=f"commit {names[0]}, or take `cache` out"),
            )


def _missing(
    execution: Execution, ran: Ran, command: Command, files: Files, contents: Mapping[str, object]
) -> Gate | None:
    program = program_of(command)
    folder = _folder(execution, ran)
    return (
        _lock(execution, ran, program, files, folder)
        or _package_script(execution, ran, program, contents, folder)
        or _script(execution, ran, program, files, folder)
        or _makefile(execution, ran, program, files, folder)
        or _tool(execution, ran, program, command)
    )


def _tool(execution: Execution, ran: Ran, program: Program, command: Command) -> Gate | None:
    why = missing_tool(execution, ran, program, command)
    return _gate(execution, ran, program, why, f"install {program.name} in a step before") if why is not None else None


def _lock(execution: Execution, ran: Ran, program: Program, files: Files, folder: str) -> Gate | None:
    words = [word for word in program.texts() if word and not word.startswith("-")]
    names = _LOCKED.get((program.name, words[0])) if words else None
    options, frozen = _FROZEN.get(program.name, (frozenset(), ()))
    if names is None and not options.isdisjoint(program.texts()):
        names = frozen
    if not names or {"--prefix", "-C", "--cwd", "--dir", "--manifest-path"}.intersection(program.texts()):
        return None
    if any(files.has(posixpath.join(folder, name)) for name in names) or made(execution.job, execution.step.index):
        return None
    if program.name in {"cargo", "uv", "pnpm", "yarn"} and any(
        path.rpartition("/")[2] in names for path in files.tracked
    ):
        return None  # a workspace's lock file stands above or beside
    ignored = files.why_ignored(posixpath.join(folder, names[0]))
    shown = f"`{program.name} {words[0]}`" if words else f"`{program.name}`"
    return _gate(
        execution,
        ran,
        program,
        f"{shown} always fails: no {_listed(names)} is tracked{f' in {folder}' if folder else ''}",
        f"commit {names[0]}"
        + (", and take it out of .gitignore" if ignored else "")
        + f", or install by `{program.name} install`",
        evidence=tuple(filter(None, (ignored,))),
    )


def _package_script(
    execution: Execution, ran: Ran, program: Program, contents: Mapping[str, object], folder: str
) -> Gate | None:
    if (
        program.name != "npm"
        or "--if-present" in program.texts()
        or {"-w", "--workspace", "--workspaces", "-ws"}.intersection(program.texts())
    ):
        return None
    for one in called(program, folder):
        content = contents.get(one.path)
        if not one.script or not isinstance(content, bytes) or posixpath.basename(one.path) != MANIFEST:
            continue
        scripts = package_scripts(content)
        if one.script not in scripts and _is_manifest(content) and one.script != "start":
            near = ", ".join(sorted(scripts)[:8])
            return _gate(
                execution,
                ran,
                program,
                f"`{one.shown}` always fails: {one.path} has no script of that name",
                f"add the script, or run one of those that are there: {near}" if near else "add the script",
            )
    return None


def _makefile(execution: Execution, ran: Ran, program: Program, files: Files, folder: str) -> Gate | None:
    target = target_of(program)
    if target is None or any(files.has(posixpath.join(folder, name)) for name in MAKEFILES):
        return None
    by_rule = posixpath.join(folder, target)  # make builds `check` from a `check.sh` by a rule of its own
    if any(path == by_rule or path.startswith(f"{by_rule}.") for path in files.tracked) or may_make(execution):
        return None
    shown = f"`make {target}`"
    where = f" in {folder}" if folder else ""
    return _gate(execution, ran, program, f"{shown} always fails: no Makefile is tracked{where}", "commit a Makefile")


def _script(execution: Execution, ran: Ran, program: Program, files: Files, folder: str) -> Gate | None:
    paths = [one.path for one in called(program, folder) if not one.script and _SCRIPT.fullmatch(one.path)]
    if not paths or any(files.has(path) for path in paths) or program.name == "danger":
        return None
    path = paths[-1]
    folders = path.split("/")[:-1]
    if (
        _MADE.intersection(folders)
        or (not files.folder_has_files("/".join(folders[:1])) and may_make(execution))
        or files.why_ignored(path)
        or made_by_others(execution, path)
    ):
        return None
    return _gate(
        execution,
        ran,
        program,
        f"`{_shown(program)}` always fails: {path} is not tracked",
        f"commit {path}, or take the step out",
    )


def _with(step: Step, key: str) -> Scalar | None:
    node: Node | None = step.with_.get(key) if step.with_ is not None else None
    return node if isinstance(node, Scalar) and text(node) else None


def _folder(execution: Execution, ran: Ran) -> str:
    if ran.called is not None and ran.called.script:
        return posixpath.dirname(ran.called.path)
    return folder_of(execution.workflow, execution.job, execution.step)


def _is_manifest(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _shown(program: Program) -> str:
    return " ".join(" ".join(word.shown for word in program.command.words).split())[:60]


def _gate(
    execution: Execution, ran: Ran, program: Program, why: str, fix: str, *, evidence: tuple[Evidence, ...] = ()
) -> Gate:
    through = (Evidence(text=f'the step "{execution.title}" runs it', location=execution.location),)
    return Gate(
        family="cannot-go-green",
        subject=f"{execution.workflow.path}:{execution.job.id}:{_shown(program)}",
        state=State.DEAD,
        why=why,
        location=ran.location(program.command.offset),
        evidence=(*evidence, *(through if ran.called is not None else ())),
        fix=Fix(text=fix),
    )
