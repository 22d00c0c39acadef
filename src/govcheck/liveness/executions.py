"""What the steps of the workflows run, their own scripts and the repository's, and how each of them can end."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass  # noqa: TID251 - cached properties need a `__dict__`, and no hook comes here
from functools import cached_property, partial

from govcheck.actions.own_programs import (
    MANIFEST,
    Called,
    called,
    known_folder,
    language_of,
    package_scripts,
    script_line,
)
from govcheck.actions.programs import Program, Shell, shell_of
from govcheck.actions.shell import Command, Script, Unread, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.findings import Evidence, Location
from govcheck.liveness.fresh_checkout import FreshCheckout
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from govcheck.liveness.shell_options import Options, shell_options
from govcheck.liveness.shell_state import Exits
from govcheck.liveness.step_environment import environment_of
from govcheck.records import field, mutable, replace

_DEEPEST = 6
_SHELLS = frozenset({"bash", "sh", "dash", "zsh"})
_HASHBANG = re.compile(r"#!\s*\S*?(?:/env\s+(?:-S\s*)?)?((?:ba|da|z|k)?sh)\b(.*)")
_MANAGES = re.compile(r"\b(?:npm|yarn|pnpm|bun)\b")
_UNKNOWN = Options({}, 0, inline=False, known=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ran:
    """One script that a step runs: its own, or one of the repository's that it comes to."""

    called: Called | None
    """None: the step's own script."""

    source: str
    path: str
    walk: Callable[[], Exits] | None
    """Tells how it can end; None for a language that is not read."""

    run: Scalar | None = None
    """The step's script, which knows its places."""

    at: int | None = None
    """Of a script in a `package.json`, its line."""

    def location(self, offset: int) -> Location:
        """A place in the script."""
        if self.run is not None:
            line, column = self.run.place(offset)
            return Location(path=self.path, line=line, column=column)
        if self.called is not None and self.called.script:
            return Location(path=self.path, line=self.at)
        before = self.source[:offset]
        return Location(path=self.path, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)

    def line(self, offset: int) -> int | None:
        """The line of a place in the script."""
        return self.location(offset).line

    @cached_property
    def exits(self) -> Exits | None:
        """How it can end, which takes a walk through it; None for a language that is not read."""
        return self.walk() if self.walk is not None else None

    @cached_property
    def script(self) -> Script | None:
        """The script's commands, where it could be read."""
        script = read(self.source) if self.walk is not None else None
        return None if isinstance(script, Unread) else script


@dataclass(frozen=True, kw_only=True, eq=False)
class Execution:
    """One step with a script, and everything that it runs. It is read when it is first asked for."""

    workflow: Workflow
    job: Job
    step: Step
    run: Scalar
    shell: Shell
    checkout: FreshCheckout

    @cached_property
    def own(self) -> Ran:
        """Its own script."""
        walk = partial(self._following.ended, self.run, self.shell)
        return Ran(called=None, source=self.source, path=self.workflow.path, walk=walk, run=self.run)

    @property
    def ran(self) -> tuple[Ran, ...]:
        """Its own script first, then the others that a walk through it comes to."""
        if not self._calls_others or self.own.exits is None:
            return (self.own,)
        return (self.own, *self._following.others)

    @property
    def known(self) -> tuple[Evidence, ...]:
        """What commands are known to print, as far as that was made use of."""
        return tuple(self.checkout.printed.values()) if self.own.exits is not None else ()

    @cached_property
    def _following(self) -> "_Following":
        return _Following(self.checkout)

    @cached_property
    def source(self) -> str:
        """The step's own script as text."""
        return text(self.run)

    def may_say(self, says: Callable[[str], object]) -> bool:
        """Whether its script, or one that it runs, may say such a thing: cheaper than to read it."""
        return self._calls_others or bool(says(self.source))

    def may_run(self, wanted: Callable[[Command], object]) -> bool:
        """Whether one of its commands is such a one, or it runs other scripts: cheaper than to follow it."""
        script = read(self.source)
        return self._calls_others or (isinstance(script, Script) and any(map(wanted, script.commands)))

    @cached_property
    def _calls_others(self) -> bool:
        """Whether its script names any program of the repository's own, or one that reads a file of it."""
        said = self.source
        return any(
            name in said or (name == MANIFEST and _MANAGES.search(said)) or ("angerfile" in name and "danger" in said)
            for name in (path.rpartition("/")[2] for path in self.checkout.contents)
        )

    @cached_property
    def title(self) -> str:
        """What people call the step."""
        if self.step.name is not None and text(self.step.name).strip():
            return " ".join(text(self.step.name).split())
        lines = (line.strip() for line in self.source.split("\n"))
        return next((line for line in lines if line and not line.startswith(("#", "set -"))), "run")[:80]

    @property
    def subject(self) -> str:
        """The lasting name of a gate in it."""
        return f"{self.workflow.path}:{self.job.id}:{self.title}"

    @property
    def location(self) -> Location:
        """Where the step stands."""
        node = self.step.name or self.step.run or self.step.node
        return Location(path=self.workflow.path, line=node.line, column=node.column)


def executions(workflow: Workflow, contents: Mapping[str, object], tracked: Mapping[str, str]) -> Iterator[Execution]:
    """Every step of a workflow with a script for bash or sh.

    Args:
        workflow: The workflow.
        contents: Path to bytes of the repository's own programs; what is no bytes could not be read.
        tracked: Every tracked path.
    """
    for job in workflow.jobs:
        for step in job.steps:
            shell = shell_of(workflow, job, step)
            if step.run is not None and shell.posix:
                folder = known_folder(workflow, job, step)
                checkout = FreshCheckout(workflow, job, step, contents, tracked, folder)
                yield Execution(workflow=workflow, job=job, step=step, run=step.run, shell=shell, checkout=checkout)


@mutable
class _Following:
    """Follows one step through everything that it runs."""

    checkout: FreshCheckout
    _known: dict[object, Ran | None] = field(default_factory=dict)
    _ran: dict[Called, Ran] = field(default_factory=dict)

    @property
    def others(self) -> tuple[Ran, ...]:
        """Every script that the step came to, but its own."""
        return tuple(self._ran.values())

    def ended(self, run: Scalar, shell: Shell) -> Exits:
        """How the step's own script can end."""
        checkout = self.checkout
        values, names = environment_of(checkout.workflow, checkout.job, checkout.step, checkout.contents)
        return self._read(
            text(run),
            shell=shell.name,
            settings={"errexit": shell.errexit, "pipefail": shell.pipefail},
            surroundings=Surroundings(environment=values, given=names),
            folder=checkout.folder or "",
            depth=_DEEPEST,
        )

    def _read(
        self,
        source: str,
        *,
        shell: str,
        settings: Mapping[str, bool | None],
        surroundings: Surroundings,
        folder: str,
        depth: int,
    ) -> Exits:
        if shell == "zsh":
            return Exits(red=(), untold="a script for zsh is not read")
        return exits(
            source,
            errexit=settings.get("errexit", False),
            pipefail=settings.get("pipefail", False),
            nounset=settings.get("nounset", False),
            bash=shell == "bash",
            surroundings=Surroundings(
                environment=surroundings.environment,
                given=surroundings.given,
                output=partial(self.checkout.output, source),
            ),
            follow=partial(self._follow, folder, depth),
        )

    def _follow(self, folder: str, depth: int, program: Program, inherited: Surroundings) -> Exits | None:
        for one in called(program, folder, guess=False) if self.checkout.is_own else ():
            content = self.checkout.contents.get(one.path)
            if not isinstance(content, bytes):
                continue
            surrounded = (tuple(sorted(inherited.environment.items())), inherited.given)
            key = (one, program.name, tuple(_texts(program)), surrounded)
            if key not in self._known:
                self._known[key] = None  # circles end here
                self._known[key] = self._called(one, program, content, inherited, depth) if depth else None
            ran = self._known[key]
            if ran is not None or not one.script:
                return ran.exits if ran is not None else None
        return None

    def _called(self, one: Called, program: Program, content: bytes, inherited: Surroundings, depth: int) -> Ran | None:
        source = _npm_script(content, one.script) if one.script else content.decode("utf-8", "replace")
        if source is None:
            return None
        walk = None
        if one.script or language_of(one.path, content) == "shell":
            shell, options = _shell(program, one, source)
            settings = options.settings if options.known else dict.fromkeys(("errexit", "pipefail", "nounset"))
            folder = one.path.rpartition("/")[0] if one.script else self.checkout.folder or ""
            given = inherited.given | ({str(number + 1) for number in range(_arguments(program, one))})
            found = self._read(
                source,
                shell=shell,
                settings=settings,
                surroundings=replace(inherited, given=given),
                folder=folder,
                depth=depth - 1,
            )
            walk = partial(_known, found)
        at = script_line(content, one.script) if one.script else None
        ran = Ran(called=one, source=source, path=one.path, walk=walk, at=at)
        self._keep(one, ran)
        return ran

    def _keep(self, one: Called, ran: Ran) -> None:
        """Of a script that is run in several ways, the one in which it can most easily fail."""
        known = self._ran.get(one)
        if known is None or known.exits is None or ran.exits is None or _rank(known.exits) < _rank(ran.exits):
            self._ran[one] = ran


def _known(found: Exits) -> Exits:
    return found


def _rank(found: Exits) -> tuple[bool, int, int]:
    return bool(found.untold), len(found.judging), len(found.red)


def _texts(program: Program) -> list[str | None]:
    return [word.literal for word in program.arguments]


def _shell(program: Program, one: Called, source: str) -> tuple[str, Options]:
    """Which shell runs a script, and with which options."""
    if one.script:
        return "sh", shell_options(())
    if program.name in {"source", "."}:
        return "bash", _UNKNOWN
    if program.name in _SHELLS:
        return program.name, shell_options(_texts(program))
    match = _HASHBANG.match(source)
    return (match[1], shell_options(match[2].split())) if match else ("sh", _UNKNOWN)


def _arguments(program: Program, one: Called) -> int:
    """How many arguments a script is given at least; a word that is computed may come to nothing."""
    texts = _texts(program)
    if one.script or program.name in {"source", "."}:
        return 0
    if program.name in _SHELLS:
        options = shell_options(texts)
        texts = texts[options.operand + 1 :] if options.known else []
    return sum(text is not None for text in texts)


def _npm_script(content: bytes, name: str) -> str | None:
    """A script of a `package.json`, with those that npm runs before and after it."""
    scripts = package_scripts(content)
    source = scripts.get(name)
    around = [scripts.get(f"pre{name}"), source, scripts.get(f"post{name}")]
    if source is None or around == [None, source, None]:
        return source
    return " && ".join(f"{{ {one}\n}}" for one in around if one)
