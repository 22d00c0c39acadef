"""Hook files of the repository's own: husky's, lefthook's, those of `core.hooksPath`, and those that a script links.

Git runs only what lies in `.git/hooks`, or where the setting `core.hooksPath` of a clone points; neither is tracked, so
something has to be run in each clone first. Sources: https://git-scm.com/docs/githooks,
https://typicode.github.io/husky/ and https://lefthook.dev
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from govcheck.actions.own_programs import MANIFEST, package_scripts
from govcheck.actions.shell import Command, Unread
from govcheck.facts import Missing
from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness import lefthook
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.hook_places import is_for_others
from govcheck.liveness.hook_runs import runs
from govcheck.liveness.hook_scripts import excerpts, refusal, runs_anything
from govcheck.records import frozen, replace

_HOOKS = (
    *("applypatch-msg", "commit-msg", "post-applypatch", "post-checkout", "post-commit", "post-merge", "post-rewrite"),
    *("pre-applypatch", "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push", "pre-rebase"),
    "prepare-commit-msg",
)
_STOPPING = frozenset(_HOOKS) - {"post-applypatch", "post-checkout", "post-commit", "post-merge", "post-rewrite"}
"""Hooks whose failure stops what git is about to do."""

_HUSKY = re.compile(r"(?:.*/)?\.husky/([a-z-]+)")
_FOLDERS = re.compile(r"(?:.*/)?\.?(?:git[-_]?hooks|hooks)/([a-z-]+)(?:\.sh)?")
_INSTALLER = re.compile(r"\.git/hooks|--git-path\s+hooks|git-common-dir|core\.hooksPath", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:sudo\s+)?(?:ln|cp|install)\s+(?:-\S+\s+)*[\"']?(?:\$\{?\w+\}?/)?([\w@.+/-]+)[\"']?\s")
_LONGEST_LINE = 1000
_READ_BY_LEFTHOOK = frozenset({"", ".config"})
"""Folders in which lefthook looks for its configuration."""

_MOVE = Fix(text="Move what it has into `lefthook.yml` at the root, or name it there in `extends`.")
_AFTER_INSTALL = ("prepare", "postinstall", "preinstall", "install", "postprepare")


@frozen
class _Scene:
    configuration: HookConfiguration
    tracked: TrackedFiles
    programs: OwnPrograms

    @property
    def contents(self) -> Mapping[str, bytes | Missing]:
        return self.configuration.contents

    def automatic(self, words: re.Pattern[str]) -> Evidence | None:
        """A script that npm runs by itself after an installation, and that says one of these words."""
        for path, content in self.contents.items():
            if posixpath.basename(path) != MANIFEST or not isinstance(content, bytes):
                continue
            scripts = package_scripts(content)
            for name in _AFTER_INSTALL:
                source = scripts.get(name, "")[:_LONGEST_LINE]
                if words.search(source):
                    return Evidence(text=f"`{name}` runs `{source[:80]}`", location=Location(path=path))
        return None

    def told(self, words: re.Pattern[str], but: frozenset[str]) -> Evidence | None:
        """A line of a text or task file that says one of these words."""
        for path, content in self.contents.items():
            if path in but or not isinstance(content, bytes):
                continue
            for number, line in excerpts(content, words):
                return Evidence(text=f"asked for here: {line[:100]}", location=Location(path=path, line=number))
        return None


def gates(
    configuration: HookConfiguration, tracked: TrackedFiles, workflows: Workflows, programs: OwnPrograms
) -> Iterator[Gate]:
    """Every hook file and lefthook configuration."""
    scene = _Scene(configuration, tracked, programs)
    linked = dict(_linked(scene))
    for path in configuration.contents:
        if path in linked:
            yield from _linked_hook(path, linked[path], scene)
        elif is_for_others(path):
            continue
        elif (match := _HUSKY.fullmatch(path)) and match[1] in _STOPPING:
            yield from _husky(path, scene)
        elif (match := _FOLDERS.fullmatch(path)) and match[1] in _STOPPING:
            yield from _hooks_path(path, scene)
    yield from _lefthook(scene, workflows)


def _husky(path: str, scene: _Scene) -> Iterator[Gate]:
    yield from _body(path, scene, errexit=True)
    installed = scene.automatic(re.compile(r"\bhusky\b|\.husky"))
    if installed is None and any("husky" in posixpath.basename(name) for name in scene.tracked.modes):
        installed = scene.automatic(re.compile(r"node|sh\b"))
    if installed is not None:
        yield _gate(path, "installed", State.ALIVE, "npm installs it by itself", evidence=(installed,))
        return
    unread = [name for name, data in scene.contents.items() if name.endswith(MANIFEST) and isinstance(data, Missing)]
    why = "nothing installs it: no `package.json` has a script `prepare` that runs `husky`"
    fix = Fix(text='Add `"prepare": "husky"` to the scripts of `package.json`.', command="npx husky init")
    if unread:
        yield _gate(path, "installed", State.UNTOLD, f"nobody can tell who installs it: `{unread[0]}` was not read")
    else:
        yield _gate(path, "installed", State.DEAD, why, fix=fix)


def _hooks_path(path: str, scene: _Scene) -> Iterator[Gate]:
    folder = posixpath.dirname(path)
    words = re.compile(rf"core\.hooksPath.*{re.escape(folder)}", re.IGNORECASE)
    own = frozenset({path})
    if (installed := scene.automatic(words)) is not None:
        yield from _body(path, scene, errexit=False)
        yield _gate(path, "installed", State.ALIVE, "npm sets `core.hooksPath` by itself", evidence=(installed,))
    elif (told := scene.told(words, own)) is not None:
        yield from _body(path, scene, errexit=False)
        yield _by_hand(path, scene, f"set `core.hooksPath` to `{folder}`", told)
    elif folder.removesuffix("hooks").endswith((".git", ".git-", ".git_", "/git", "/git-")) or folder in {
        ".hooks",
        "git-hooks",
        "githooks",
    }:
        yield from _body(path, scene, errexit=False)
        why = f"nothing tracked sets `core.hooksPath` to `{folder}`, and what a clone has set cannot be known here"
        yield _gate(path, "installed", State.UNTOLD, why, fix=_set_path(folder))


def _linked(scene: _Scene) -> Iterator[tuple[str, str]]:
    """Hook scripts that another script puts into `.git/hooks`, with that script."""
    for path, content in scene.contents.items():
        if not isinstance(content, bytes) or posixpath.basename(path) == MANIFEST:
            continue
        text = content.decode("utf-8", "replace")
        if not _INSTALLER.search(text):
            continue
        for line in text.splitlines():
            source = match[1].removeprefix("./") if (match := _LINK.match(line[:_LONGEST_LINE])) else ""
            stem = posixpath.basename(source).removesuffix(".sh")
            if source in scene.tracked.modes and (stem in _STOPPING or "hook" in line.lower()):
                yield source, path


def _linked_hook(path: str, installer: str, scene: _Scene) -> Iterator[Gate]:
    yield from _body(path, scene, errexit=False)
    name = re.compile(re.escape(posixpath.basename(installer)))
    if (installed := scene.automatic(name)) is not None:
        yield _gate(path, "installed", State.ALIVE, f"npm runs `{installer}` by itself", evidence=(installed,))
    else:
        yield _by_hand(path, scene, f"ran `{installer}`", scene.told(name, frozenset({path, installer})))


def _by_hand(path: str, scene: _Scene, done: str, told: Evidence | None) -> Gate:
    if path in scene.programs.contents:
        return _gate(path, "installed", State.ALIVE, "a workflow runs it as well")
    asked = "" if told else ", which no contributing guide, README or task file asks for"
    why = (
        f"this hook bites only on the machines of those who {done}{asked}: nothing installs it by itself, no workflow "
        "runs it, and `git commit --no-verify` goes past it"
    )
    fix = Fix(text="Run the same checks in a workflow that starts for every pull request.")
    evidence = (told,) if told else ()
    return Gate(
        family="pre-commit",
        subject=f"{path}:installed",
        state=State.ALIVE,
        why=why,
        location=Location(path=path, line=1, column=1),
        plane="repo",
        severity="note",
        fix=fix,
        evidence=evidence,
    )


def _body(path: str, scene: _Scene, *, errexit: bool) -> Iterator[Gate]:
    """Whether a hook file can stop anything, where it is written for a shell."""
    content = scene.contents.get(path)
    if not isinstance(content, bytes):
        yield _gate(path, "", State.UNTOLD, content.message if content else "it is no regular file")
        return
    text = content.decode("utf-8", "replace")
    first = text.partition("\n")[0]
    if first.startswith("#!") and not re.search(r"\b(?:ba|da|z)?sh\b", first):
        return
    answer = refusal(text, errexit=errexit)
    if not runs_anything(text):
        yield _gate(path, "", State.DEAD, "this hook runs nothing", fix=Fix(text="Write what it is to check."))
    elif answer is None:
        why = "no command's failure stops anything in this hook: it ends well always"
        fix = Fix(text="Begin it with `set -e`, and remove `|| true` and `exit 0`.")
        yield _gate(path, "", State.DEAD, why, fix=fix)
    elif isinstance(answer, Unread):
        yield _gate(path, "", State.UNTOLD, answer.message)
    else:
        line = text.count("\n", 0, answer.offset) + 1
        yield _gate(path, "", State.ALIVE, f"the failure of `{_shown(answer)}` in line {line} stops it")


def _lefthook(scene: _Scene, workflows: Workflows) -> Iterator[Gate]:
    documents = [file.document for file in scene.configuration.files]
    extended = any(not isinstance(one, Unreadable) and "extends" in one.entries for one in documents)
    for file in scene.configuration.files:
        if "lefthook" not in posixpath.basename(file.path) or "local" in file.path or is_for_others(file.path):
            continue
        if posixpath.dirname(file.path) not in _READ_BY_LEFTHOOK and not extended:
            why = "lefthook never reads this file: it reads `lefthook.yml` at the root, and what that extends"
            yield replace(_gate(file.path, "", State.DEAD, why, fix=_MOVE), severity="warning")
            continue
        if isinstance(file.document, Unreadable):
            state = State.DEAD if file.document.reason is None else State.UNTOLD
            why = f"lefthook cannot read it: {file.document.message}"
            yield _gate(file.path, "yaml", state, why, line=file.document.line, column=file.document.column)
            continue
        yield from lefthook.gates(file.path, file.document, _STOPPING, scene.tracked)
        if any(run.stops for run in runs(workflows, scene.programs, frozenset({"lefthook"}))):
            yield _gate(file.path, "runs", State.ALIVE, "a workflow runs `lefthook run`")
        elif (installed := scene.automatic(re.compile(r"\blefthook\b"))) is not None or _depends(scene):
            yield _gate(file.path, "runs", State.ALIVE, "npm installs it", evidence=(installed,) if installed else ())
        else:
            told = scene.told(re.compile(r"lefthook\s+install"), frozenset({file.path}))
            yield _by_hand(file.path, scene, "ran `lefthook install`", told)


def _depends(scene: _Scene) -> bool:
    """Whether a manifest has the package `lefthook`, which installs its hooks when it is installed."""
    manifests = [data for path, data in scene.contents.items() if posixpath.basename(path) == MANIFEST]
    return any(isinstance(data, bytes) and b'"lefthook"' in data for data in manifests)


def _set_path(folder: str) -> Fix:
    return Fix(
        text="Let `prepare` in `package.json`, or a target that everybody runs, set it.",
        command=f"git config core.hooksPath {folder}",
    )


def _shown(command: Command) -> str:
    return " ".join(word.shown for word in command.words)[:80].replace("\n", " ")


def _gate(
    path: str,
    aspect: str,
    state: State,
    why: str,
    *,
    fix: Fix | None = None,
    evidence: tuple[Evidence, ...] = (),
    line: int = 1,
    column: int = 1,
) -> Gate:
    return Gate(
        family="pre-commit",
        subject=f"{path}:{aspect}" if aspect else path,
        state=state,
        why=why,
        location=Location(path=path, line=line or None, column=column or None),
        plane="repo",
        fix=fix,
        evidence=evidence,
    )
