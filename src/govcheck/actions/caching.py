"""Steps that install dependencies, whether what set their tool up keeps a cache for them, and of what file it is keyed.

Only where a file to key it by is tracked: without one the setup actions of Node.js and Python stop the job. Not in
workflows that publish: whoever can write a cache could change what is released.

Sources: https://github.com/actions/setup-node, https://github.com/actions/setup-python,
https://github.com/ruby/setup-ruby, and
https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching
"""

import posixpath
import re
from collections.abc import Callable, Container, Iterator
from itertools import pairwise

from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.records import frozen

_VERSION = re.compile(r"v([0-9]{1,3})(?:\.[0-9.]*)?")
_FIRST_AUTOMATIC = 5
_NODE, _PYTHON, _RUBY = "actions/setup-node", "actions/setup-python", "ruby/setup-ruby"
_REQUIREMENTS = frozenset({"-r", "--requirement"})
_CACHE_ACTIONS = frozenset({"actions/cache", "actions/cache/restore", "buildjet/cache", "runs-on/cache"})


@frozen
class _Installer:
    """One way to install dependencies."""

    setup: str
    """The action that sets the tool up."""

    lines: str
    """What to write under its `with`."""

    lockfiles: tuple[str, ...]
    installs: Callable[[list[str]], bool]
    """From a command's words to whether they install what the lockfile says."""


def _bare(*commands: str) -> Callable[[list[str]], bool]:
    """Whether nothing but one of these words is said, or nothing at all where the empty word is one of them."""

    def installs(words: list[str]) -> bool:
        said = [word for word in words if not word.startswith("-")]
        return (said or [""])[0] in commands and len(said) <= 1 and not {"-g", "--global"} & set(words)

    return installs


def _pip(words: list[str]) -> bool:
    return words[:1] == ["install"] and any(word in _REQUIREMENTS for word in words)


_INSTALLERS: dict[str, _Installer] = {
    "npm": _Installer(_NODE, "cache: npm", ("package-lock.json", "npm-shrinkwrap.json"), _bare("ci", "install", "i")),
    "yarn": _Installer(_NODE, "cache: yarn", ("yarn.lock",), _bare("", "install")),
    "pnpm": _Installer(_NODE, "cache: pnpm", ("pnpm-lock.yaml",), _bare("install", "i")),
    "pip": _Installer(_PYTHON, "cache: pip", (), _pip),
    "pipenv": _Installer(_PYTHON, "cache: pipenv", ("Pipfile.lock",), _bare("install", "sync")),
    "poetry": _Installer(_PYTHON, "cache: poetry", ("poetry.lock",), _bare("install", "sync")),
    "bundle": _Installer(_RUBY, "bundler-cache: true", ("Gemfile.lock",), _bare("install")),
}
_INSTALLERS["pip3"] = _INSTALLERS["pip"]


@frozen
class Uncached:
    """An install without a cache."""

    command: str
    """As people write it: `npm ci`."""

    lockfile: str
    line: int
    column: int
    setup: Scalar
    """The `uses` of the step that could keep the cache."""

    lines: tuple[str, ...]
    """What to write under its `with`."""


def uncached(workflow: Workflow, job: Job, tracked: Container[str], package_manager: str) -> Iterator[Uncached]:
    """The installs of a job whose setup action could cache and does not; each setup step once.

    Args:
        workflow: The workflow.
        job: The job.
        tracked: Every tracked path.
        package_manager: What the `packageManager` of package.json begins with, by which newer versions of setup-node
            cache by themselves; empty where it has none.
    """
    if any(trigger.event == "release" or trigger.tags is not None for trigger in workflow.triggers):
        return
    setups: dict[str, Step] = {}  # by action: those whose cache nothing has asked for yet
    for step in job.steps:
        if step.uses is not None:
            name = _action(step)
            if name in _CACHE_ACTIONS:
                return  # what it caches nobody can tell, so that it counts for everything
            setups[name] = step
        else:
            for installer, found in _installs(workflow, job, step, setups, tracked):
                if not _caches(setups.pop(installer.setup), package_manager):
                    yield found


def _installs(
    workflow: Workflow, job: Job, step: Step, setups: dict[str, Step], tracked: Container[str]
) -> Iterator[tuple[_Installer, Uncached]]:
    """The installs of a step whose tool one of the actions has set up, and whose lockfile is tracked."""
    run = step.run
    if run is None or not any(name in text(run) for name in _INSTALLERS):
        return
    script = script_of(step, shell_of(workflow, job, step))
    for program in programs(script) if isinstance(script, Script) else ():
        installer = _INSTALLERS.get(program.name)
        uses = setups[installer.setup].uses if installer is not None and installer.setup in setups else None
        if installer is None or uses is None or not installer.installs(program.texts()):
            continue
        lockfile = _lockfile(installer, step, program.texts(), tracked)
        if lockfile:
            line, column = run.place(program.command.offset)
            yield installer, Uncached(_shown(program), lockfile, line, column, uses, tuple(_lines(installer, lockfile)))


def _lines(installer: _Installer, lockfile: str) -> Iterator[str]:
    yield installer.lines
    found_by_itself = lockfile in installer.lockfiles or posixpath.basename(lockfile) == "requirements.txt"
    if not found_by_itself and installer.setup != _RUBY:
        yield f"cache-dependency-path: {lockfile}"


def _lockfile(installer: _Installer, step: Step, words: list[str], tracked: Container[str]) -> str:
    """The tracked file to key a cache by: in the step's folder, or in the root; empty where there is none."""
    folder = text(step.working_directory) if step.working_directory is not None else ""
    named = [after for word, after in pairwise(words) if word in _REQUIREMENTS]
    names = named if installer.setup == _PYTHON and named else installer.lockfiles
    places = (posixpath.normpath(posixpath.join(one, name)) for one in (folder, "") for name in names)
    return next((place for place in places if place in tracked), "")


def _caches(setup: Step, package_manager: str) -> bool:
    given = setup.with_ if setup.with_ is not None else Mapping({}, 1, 1)
    for key in ("cache", "bundler-cache"):
        node = given.get(key)
        if isinstance(node, Scalar) and text(node) not in {"", "false"}:
            return True
    automatic = given.get("package-manager-cache")
    if _action(setup) != _NODE or package_manager != "npm":
        return False
    return not _is_old(setup) and not (isinstance(automatic, Scalar) and text(automatic) == "false")


def _is_old(setup: Step) -> bool:
    version = _VERSION.fullmatch(text(setup.uses).partition("@")[2]) if setup.uses is not None else None
    return version is not None and int(version[1]) < _FIRST_AUTOMATIC


def _action(step: Step) -> str:
    return text(step.uses).partition("@")[0].strip().casefold() if step.uses is not None else ""


def _shown(program: Program) -> str:
    return " ".join([program.name, *(word for word in program.texts()[:2] if word)])
