"""What the steps of the workflows run, their own scripts and the repository's, and how each of them can end."""

import fnmatch
import re
from collections.abc import Iterator, Mapping

from govcheck.actions.own_programs import Called, called, folder_of, language_of, package_scripts
from govcheck.actions.programs import Program, Shell, shell_of
from govcheck.actions.shell import Script, Unread, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Scalar
from govcheck.findings import Evidence, Location
from govcheck.liveness.shell_exits import exits
from govcheck.liveness.shell_state import Exits
from govcheck.liveness.shell_values import Surroundings
from govcheck.records import field, frozen, mutable

_DEEPEST = 6
_RUNNER = {"CI": "true", "GITHUB_ACTIONS": "true"}
"""https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables"""

STAGES = re.compile(
    r"git\s+(?:-\S+\s+(?:\S+=\S*\s+)?)*(?:add|rm|mv|commit|apply\s+--(?:index|cached)|stash|reset|update-index|merge)\b"
)
_MOVES = re.compile(r"git\s+(?:-\S+\s+(?:\S+=\S*\s+)?)*(?:checkout|switch|branch|worktree)\b")
_STOPS = re.compile(r"#!.*\bba?sh\b.*\s-[a-z]*e")


@frozen(kw_only=True, eq=False)
class Ran:
    """One script that a step runs: its own, or one of the repository's that it comes to."""

    called: Called | None
    """None: the step's own script."""

    source: str
    exits: Exits | None
    """None for a language that is not read."""

    path: str
    run: Scalar | None = None
    """The step's script, which knows its places."""

    def location(self, offset: int) -> Location:
        """A place in the script."""
        if self.run is not None:
            line, column = self.run.place(offset)
            return Location(path=self.path, line=line, column=column)
        if self.called is not None and self.called.script:
            return Location(path=self.path)
        before = self.source[:offset]
        return Location(path=self.path, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)

    def line(self, offset: int) -> int | None:
        """The line of a place in the script."""
        return self.location(offset).line

    @property
    def script(self) -> Script | None:
        """The script's commands, where it could be read."""
        script = read(self.source) if self.exits is not None else None
        return None if isinstance(script, Unread) else script


@frozen(kw_only=True, eq=False)
class Execution:
    """One step with a script, and everything that it runs."""

    workflow: Workflow
    job: Job
    step: Step
    shell: Shell
    ran: tuple[Ran, ...]
    """Its own script first."""

    known: tuple[Evidence, ...] = ()
    """What commands are known to print, as far as that was made use of."""

    @property
    def own(self) -> Ran:
        """Its own script."""
        return self.ran[0]

    @property
    def title(self) -> str:
        """What people call the step."""
        if self.step.name is not None and text(self.step.name).strip():
            return " ".join(text(self.step.name).split())
        lines = (line.strip() for line in self.own.source.split("\n"))
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
                yield _Following(workflow, job, step, contents, tracked).execution(step.run, shell)


@mutable
class _Following:
    workflow: Workflow
    job: Job
    step: Step
    contents: Mapping[str, object]
    tracked: Mapping[str, str]
    _known: dict[Called, Ran | None] = field(default_factory=dict)
    _folder: str = ""
    _printed: dict[str, Evidence] = field(default_factory=dict)

    def execution(self, run: Scalar, shell: Shell) -> Execution:
        self._folder = folder_of(self.workflow, self.job, self.step)
        source = text(run)
        found = exits(
            source,
            errexit=shell.errexit,
            pipefail=shell.pipefail,
            surroundings=Surroundings(environment=self._environment(), output=self._output),
            follow=lambda program: self._follow(program, self._folder, _DEEPEST),
        )
        own = Ran(called=None, source=source, exits=found, path=self.workflow.path, run=run)
        ran = (own, *(one for one in self._known.values() if one is not None))
        return Execution(
            workflow=self.workflow,
            job=self.job,
            step=self.step,
            shell=shell,
            ran=ran,
            known=tuple(self._printed.values()),
        )

    def _follow(self, program: Program, folder: str, depth: int) -> Exits | None:
        for one in called(program, folder):
            content = self.contents.get(one.path)
            if isinstance(content, bytes):
                if one not in self._known:
                    self._known[one] = None  # circles end here
                    self._known[one] = self._read(one, content, depth) if depth else None
                ran = self._known[one]
                if ran is not None or not one.script:
                    return ran.exits if ran is not None else None
        return None

    def _read(self, one: Called, content: bytes, depth: int) -> Ran | None:
        source = package_scripts(content).get(one.script) if one.script else content.decode("utf-8", "replace")
        if source is None:
            return None
        if not one.script and language_of(one.path, content) != "shell":
            return Ran(called=one, source=source, exits=None, path=one.path)
        folder = one.path.rpartition("/")[0] if one.script else self._folder
        found = exits(
            source,
            errexit=_STOPS.match(source) is not None,
            pipefail=False,
            surroundings=Surroundings(environment=self._environment(), output=self._output),
            follow=lambda program: self._follow(program, folder, depth - 1),
        )
        return Ran(called=one, source=source, exits=found, path=one.path)

    def _environment(self) -> dict[str, str]:
        known: dict[str, str] = dict(_RUNNER)
        for env in (self.workflow.env, self.job.env, self.step.env):
            for name, value in env.items() if env is not None else ():
                known.pop(name, None)
                if isinstance(value, Scalar) and "${{" not in text(value):
                    known[name] = text(value)
        return known

    def _output(self, words: list[str]) -> str | None:
        """What git prints in a fresh checkout, where that is certain."""
        if words[:2] == ["git", "ls-files"] and len(words) > 2 and not any(word.startswith("-") for word in words):  # noqa: PLR2004 - git, ls-files and a pattern
            if not any(_matches(path, words[2:]) for path in self.tracked):
                return self._prints(words, "", "no tracked file matches")
        elif words[:2] == ["git", "diff"] and _STAGED.intersection(words):
            if not self._job_says(STAGES):
                return self._prints(words, "", "nothing is staged in a fresh checkout")
        elif words in _BRANCH_NAMES and self._detached():
            output = "HEAD" if "rev-parse" in words else ""
            return self._prints(words, output, "what a pull request is checked out at is on no branch")
        return None

    def _prints(self, words: list[str], output: str, why: str) -> str:
        shown = f"`{output}`" if output else "nothing"
        command = " ".join(words)
        self._printed[command] = Evidence(text=f"`{command}` prints {shown} here: {why}")
        return output

    def _detached(self) -> bool:
        """Whether no branch is checked out: what a pull request is run on is a merge that no branch names."""
        events = {trigger.event for trigger in self.workflow.triggers}
        if events != {"pull_request"} or self._job_says(_MOVES):
            return False
        checkouts = [step for step in self.job.steps if step.uses is not None and _is_checkout(text(step.uses))]
        return bool(checkouts) and all(not _names_ref(step.with_) for step in checkouts)

    def _job_says(self, pattern: re.Pattern[str]) -> bool:
        return any(step.run is not None and pattern.search(text(step.run)) for step in self.job.steps)


_STAGED = frozenset({"--cached", "--staged"})
_BRANCH_NAMES = (
    ["git", "rev-parse", "--abbrev-ref", "HEAD"],
    ["git", "branch", "--show-current"],
)


def _matches(path: str, patterns: list[str]) -> bool:
    """Git's own pathspecs, whose `*` crosses folders: https://git-scm.com/docs/gitglossary#def_pathspec."""
    return any(
        fnmatch.fnmatchcase(path, pattern) or path == pattern or path.startswith(f"{pattern.rstrip('/')}/")
        for pattern in patterns
    )


def _is_checkout(uses: str) -> bool:
    return uses.partition("@")[0].casefold() == "actions/checkout"


def _names_ref(with_: MappingNode | None) -> bool:
    return with_ is not None and "ref" in with_.entries
