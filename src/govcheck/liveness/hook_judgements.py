"""Each hook of a pre-commit configuration: whether it runs, whether it is given anything, and whether it is heard.

Sources: https://pre-commit.com/#creating-new-hooks and https://pre-commit.com/#confining-hooks-to-run-at-certain-stages;
pre-commit asks git for the staged files with `--diff-filter=ACMRTUXB`, which leaves deletions out.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf

from govcheck.actions.programs import programs
from govcheck.actions.shell import Command, Script, read
from govcheck.facts import Missing
from govcheck.facts.document import Mapping, Node
from govcheck.facts.hooks import HookFile
from govcheck.facts.tree import TrackedFiles
from govcheck.findings import Evidence, Fix, Location, Severity
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.green_options import always_green
from govcheck.liveness.hook_runs import Run
from govcheck.liveness.hook_scripts import excerpts, nearest, refusal, script_words, untracked
from govcheck.liveness.hook_selection import Nothing, selection, shut_out
from govcheck.liveness.hook_shape import Hook, stages
from govcheck.records import frozen

_RUNS_COMMANDS = frozenset({"system", "unsupported", "script", "unsupported_script", "python", "node", "ruby"})
_SCRIPT_LANGUAGES = frozenset({"script", "unsupported_script"})
_MESSAGE_HOOKS = frozenset(
    {"commitizen", "commitlint", "conventional-pre-commit", "gitlint", "committed", "check-conventional-commit"}
)
"""Hooks of public repositories that are made for the commit's message."""

_MESSAGE_STAGES = frozenset({"commit-msg", "prepare-commit-msg"})
_FILES_STAGES = frozenset({"pre-commit", "pre-merge-commit", "pre-push", "manual"})
_GUARDS = re.compile(
    r"path[-_ ]?(?:guard|gate|policy)|guard[-_ ]?paths?|allow(?:ed)?[-_ ]?(?:paths|list)"
    r"|protect(?:ed)?[-_ ]?(?:files|paths)|(?:files|paths)[-_ ]?(?:guard|allowed)|govcheck check",
    re.IGNORECASE,
)
"""What guards paths calls itself so."""

_FORBIDS = re.compile(r"\bno[-_ ]|forbid|disallow|block|prevent|reject|ban\b|deny|never|check-", re.IGNORECASE)
"""A hook for what must not be there looks at nothing as long as all is well."""

_PROGRAMS = {"ruff-check": "ruff", "hadolint-docker": "hadolint", "golangci-lint-full": "golangci-lint"}
"""Hooks of public repositories that are called otherwise than what they run."""

_RUN_BY_NOBODY = "which no git hook and no workflow runs"
_OPERATORS = frozenset({"||", "&&", "|", ";"})
_NEVER_FAILS = frozenset({"true", ":", "echo", "printf"})
_SHELLS = re.compile(r"(?:.*/)?(?:ba|da|z)?sh")
_INSTALLS = re.compile(r"(?:pre-commit|prek)\s+install\b.*(?:-t|--hook-type)[ =]")


@frozen(eq=False)
class World:
    """What one hook is judged by."""

    file: HookFile
    document: Mapping
    tracked: TrackedFiles
    contents: MappingOf[str, bytes | Missing]
    runs: Sequence[Run]

    def at(self, node: Node) -> Location:
        """Where a node of the file stands."""
        return Location(path=self.file.path, line=node.line, column=node.column)


def judge(hook: Hook, world: World) -> Iterator[Gate]:
    """Everything that keeps the hook from going red; or else that it is alive."""
    staged = list(_staged(hook, world))
    found = [
        *_scripts(hook, world),
        *_heard(hook, world),
        *_soft(hook, world),
        *staged,
        *_given(hook, world),
        *_deletions(hook, world),
    ]
    found += _skipped(hook, world)
    yield from found
    idle = any(gate.why.endswith(_RUN_BY_NOBODY) for gate in staged)
    if not idle and all(gate.state is State.ALIVE for gate in found):
        what = f"runs `{hook.text('entry')}`" if hook.local and hook.text("entry") else f"comes from {hook.repo}"
        yield _gate(hook, world, "", State.ALIVE, f"hook `{hook.id}` {what}, and its failure stops the commit")


def missing_script(subject: str, word: str, location: Location, near: str | None) -> Gate:
    """A hook whose script is not tracked."""
    evidence = (Evidence(text="a file of that name is tracked here", location=Location(path=near)),)
    return Gate(
        family="pre-commit",
        subject=subject,
        state=State.DEAD,
        why=f"the hook runs `{word}`, and no such file is tracked: it can only fail, and judges nothing",
        location=location,
        plane="repo",
        fix=Fix(text=f"Add `{word}`, or name the script that is meant."),
        evidence=evidence if near else (),
    )


def _scripts(hook: Hook, world: World) -> Iterator[Gate]:
    entry, language = hook.text("entry"), hook.text("language")
    if not hook.local or entry is None or language not in _RUNS_COMMANDS:
        return
    words = list(script_words(entry))
    split = _split(entry)
    if language in _SCRIPT_LANGUAGES and split and split[0] not in words:
        words.insert(0, split[0])
    for word in words:
        if untracked(word, world.tracked):
            at = world.at(hook.place("entry"))
            yield missing_script(f"{world.file.path}:{hook.id}:entry", word, at, nearest(word, world.tracked))


def _heard(hook: Hook, world: World) -> Iterator[Gate]:
    entry = hook.text("entry")
    if not hook.local or entry is None or hook.text("language") not in _RUNS_COMMANDS:
        return
    words = _split(entry)
    shown = " ".join(entry.split())[:100]
    swallowed = _body(words) is not None and refusal(_body(words) or "", errexit="-e" in "".join(words[1:2])) is None
    if words and (words[0] in _NEVER_FAILS or swallowed):
        why = f"hook `{hook.id}` runs `{shown}`, which ends well whatever it finds"
        fix = Fix(text="Let the entry end with the status of what judges: remove `|| true`, `exit 0` and the like.")
        yield _gate(hook, world, "exit", State.DEAD, why, at=hook.place("entry"), fix=fix)
    elif _body(words) is None and (operator := next((word for word in words if word in _OPERATORS), None)):
        why = f"pre-commit runs no shell: in `{shown}` the `{operator}` is an argument like any other"
        fix = Fix(text=f"Write `entry: bash -c '{shown}'` if a shell is meant.")
        yield _gate(hook, world, "shell", State.ALIVE, why, at=hook.place("entry"), fix=fix, severity="warning")
    else:
        yield from _script_heard(hook, world, words)


def _soft(hook: Hook, world: World) -> Iterator[Gate]:
    """A hook that its own options keep from failing."""
    name = hook.text("entry") or hook.id if hook.local else _PROGRAMS.get(hook.id, hook.id)
    script = read(" ".join([name, *map(shlex.quote, hook.texts("args") or ())]))
    for program in programs(script) if isinstance(script, Script) else ():
        if why := always_green(program):
            fix = Fix(text="Take the option out, so that the hook fails for what it finds.")
            at = hook.place("args" if hook.texts("args") else "entry")
            yield _gate(hook, world, "exit", State.DEAD, f"hook `{hook.id}` stops nothing: {why}", at=at, fix=fix)
            return


def _script_heard(hook: Hook, world: World, words: Sequence[str]) -> Iterator[Gate]:
    """A hook that is nothing but one shell script: whether any command of that can stop the commit."""
    path = next((word.removeprefix("./") for word in words if word.endswith((".sh", ".bash"))), None)
    content = world.contents.get(path) if path is not None else None
    if path is None or not isinstance(content, bytes):
        return
    answer = refusal(content.decode("utf-8", "replace"), errexit=False)
    if answer is None:
        why = f"hook `{hook.id}` runs `{path}`, in which no command's failure stops anything: it ends well always"
        fix = Fix(text=f"Begin `{path}` with `set -euo pipefail`, and do not swallow what its commands say.")
        yield _gate(hook, world, "exit", State.DEAD, why, at=hook.place("entry"), fix=fix)
    elif not isinstance(answer, Command):
        why = f"hook `{hook.id}` runs `{path}`, of which {answer.message}"
        yield _gate(hook, world, "exit", State.UNTOLD, why, at=hook.place("entry"))


def _staged(hook: Hook, world: World) -> Iterator[Gate]:
    own = stages(hook.node.get("stages"))
    wanted = own or stages(world.document.get("default_stages"))
    if not own and not hook.local and hook.id in _MESSAGE_HOOKS:
        wanted = ("commit-msg",)
    installed = stages(world.document.get("default_install_hook_types")) or ("pre-commit",)
    ran = {run.stage for run in world.runs}
    if not wanted or not {*installed, *ran}.isdisjoint(wanted):
        return
    node = hook.place("stages")
    if set(wanted) == {"manual"}:
        why = f"hook `{hook.id}` is for the stage `manual` only, {_RUN_BY_NOBODY}"
        yield _gate(hook, world, "stages", State.ALIVE, why, at=node, severity="note")
        return
    lacking = [stage for stage in wanted if stage != "manual"]
    why = (
        f"hook `{hook.id}` is for the stage `{lacking[0]}`, and `pre-commit install` installs only "
        f"{', '.join(f'`{name}`' for name in installed)}: it never runs"
    )
    listed = ", ".join(dict.fromkeys((*installed, *lacking)))
    text = f"Add `default_install_hook_types: [{listed}]` at the top of the file; who installed already does so again."
    fix = Fix(text=text, command=f"pre-commit install {' '.join(f'--hook-type {name}' for name in lacking)}")
    told = tuple(_told_to_install(world, lacking))
    if told:
        why += " but where somebody did as is told"
    severity: Severity | None = "note" if told else None
    state = State.ALIVE if told else State.DEAD
    yield _gate(hook, world, "stages", state, why, at=node, fix=fix, severity=severity, evidence=told)


def _skipped(hook: Hook, world: World) -> Iterator[Gate]:
    """A hook that `SKIP` takes out of every workflow that runs the hooks."""
    listening = [run for run in world.runs if run.whole and run.stops]
    names = {hook.id, hook.text("alias")}
    if listening and all(names & run.skips for run in listening):
        run = listening[0]
        why = (
            f"`SKIP` takes hook `{hook.id}` out of what job `{run.job.id}` runs: it bites only on the machines of "
            "those who installed it"
        )
        here = (Evidence(text="the hooks run here", location=run.location),)
        yield _gate(hook, world, "skip", State.ALIVE, why, severity="note", evidence=here)


def _told_to_install(world: World, lacking: Sequence[str]) -> Iterator[Evidence]:
    """Lines that tell people, or programs, to install these hooks as well."""
    for path, content in world.contents.items():
        if path == world.file.path or not isinstance(content, bytes):
            continue
        for number, line in excerpts(content, _INSTALLS):
            if any(stage in line for stage in lacking):
                yield Evidence(text=f"told here: {line[:100]}", location=Location(path=path, line=number))
                break


def _given(hook: Hook, world: World) -> Iterator[Gate]:
    looks_at = set(stages(hook.node.get("stages"))) or _FILES_STAGES
    absent = " ".join(filter(None, (hook.id, hook.text("name"), hook.text("entry"))))
    if hook.truth("always_run") or hook.repo == "meta" or looks_at.isdisjoint(_FILES_STAGES):
        return
    if (nothing := shut_out(world.document, hook, world.tracked.modes)) is not None:
        why = f"hook `{hook.id}` is given nothing and never runs: {nothing.why}"
        fix = Fix(text="Leave out what the hook is not for, or remove the hook.")
        yield _gate(hook, world, "files", State.DEAD, why, at=nothing.node, fix=fix)
        return
    if hook.text("language") in {"fail", "pygrep"} or (not hook.local and hook.text("files") is None):
        return
    found = selection(world.document, hook, world.tracked.modes)
    if isinstance(found, Nothing) and not _FORBIDS.search(absent):
        why = f"hook `{hook.id}` is given nothing and never runs: {found.why}"
        fix = Fix(text="Write a pattern that the paths have (it is searched for, from the root), or remove the hook.")
        yield _gate(hook, world, "files", State.DEAD, why, at=found.node, fix=fix, severity="warning")
    elif found is not None and not isinstance(found, Nothing):
        why = f"nobody can tell whether hook `{hook.id}` is given any file: {found.why}"
        yield _gate(hook, world, "files", State.UNTOLD, why, at=found.node)


def _deletions(hook: Hook, world: World) -> Iterator[Gate]:
    said = " ".join(filter(None, (hook.id, hook.text("name"), hook.text("entry"))))
    if not hook.local or hook.truth("always_run") or hook.text("language") == "fail" or not _GUARDS.search(said):
        return
    why = (
        f"hook `{hook.id}` guards paths and sees no deletions: pre-commit leaves deleted files, and the old names of "
        "renamed ones, out, and without `always_run: true` a commit that only deletes does not run it"
    )
    text = "Write `always_run: true` and `pass_filenames: false`, and let the hook read the index with `--no-renames`."
    yield _gate(hook, world, "deletions", State.DEAD, why, fix=Fix(text=text))


def _gate(
    hook: Hook,
    world: World,
    aspect: str,
    state: State,
    why: str,
    *,
    at: Node | None = None,
    fix: Fix | None = None,
    severity: Severity | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Gate:
    subject = f"{world.file.path}:{hook.id}" + (f":{aspect}" if aspect else "")
    return Gate(
        family="pre-commit",
        subject=subject,
        state=state,
        why=why,
        location=world.at(at or hook.place("id")),
        plane="repo",
        fix=fix,
        severity=severity,
        evidence=evidence,
    )


def _split(entry: str) -> list[str]:
    """The words of an entry, as pre-commit splits them."""
    try:
        return shlex.split(entry)
    except ValueError:
        return []


def _body(words: Sequence[str]) -> str | None:
    """The script of `bash -c '...'`, or None."""
    if len(words) > 2 and _SHELLS.fullmatch(words[0]) and re.fullmatch(r"-[a-z]*c", words[1]):  # noqa: PLR2004 - a shell, its option, its script
        return words[2]
    return None
