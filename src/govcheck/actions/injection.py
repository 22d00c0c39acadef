"""Where somebody's text becomes code: in a shell script, in a script that an action runs, in the choice of a shell.

GitHub writes an expression's value into the script before anything runs, so that quotes do not help. Through `env` a
text stays a text; but an output or a variable that a step sets from it carries it on to the next `${{ }}`.

Source: https://docs.github.com/en/actions/concepts/security/script-injections
"""

from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.callers import callers, events
from govcheck.actions.embedded import embedded
from govcheck.actions.needs import in_order
from govcheck.actions.programs import script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.shell_taint import ENVIRONMENT_FILES, ShellTaint, Written
from govcheck.actions.steps import mapping_at
from govcheck.actions.strangers import Path, found_at, reached, step_reached, writes
from govcheck.actions.taint import Carried, Lookup, carried_by_source, carried_by_text, worst
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Location
from govcheck.records import field, frozen, mutable

_SCRIPTS = {
    "actions/github-script": ("script",),
    "appleboy/ssh-action": ("script",),
    "azure/cli": ("inlinescript",),
    "azure/powershell": ("inlinescript",),
    "nick-fields/retry": ("command", "on_retry_command"),
    "nick-invision/retry": ("command", "on_retry_command"),
    "jannekem/run-python-script-action": ("script",),
    "mikefarah/yq": ("cmd",),
    "addnab/docker-run-action": ("run",),
    "8398a7/action-slack": ("custom_payload",),
    "cypress-io/github-action": ("command", "install-command", "build", "start"),
}
"""Inputs that an action runs as code."""

_VARIABLES = {"pwsh": "$env:%s", "powershell": "$env:%s", "cmd": "%%%s%%", "python": 'os.environ["%s"]'}
_ANY = "*"
_DEEPEST = 4
_Known = dict[Path, Carried]


@frozen(kw_only=True, eq=False)
class Injection:
    """One expression that becomes code and carries somebody's text."""

    workflow: Workflow
    job: Job
    step: Step
    sink: str
    """Of what it becomes a part, for people: `the shell script`."""

    variable: str
    """How that code would read a variable of the environment, with `%s` in place of the name."""

    expression: str
    """Its source, as it is written."""

    line: int
    column: int
    carried: Carried


@frozen(eq=False)
class _Result:
    """What the reading of one workflow came to."""

    injections: tuple[Injection, ...]
    passed: dict[str, _Known]
    """Id of a job that calls a workflow of this repository to the inputs that carry somebody's text."""


def injections(workflow: Workflow, workflows: Workflows) -> tuple[Injection, ...]:
    """Everything in a workflow that somebody's text becomes a part of, in order."""
    return _read(workflow, workflows, _DEEPEST).injections


@lru_cache(maxsize=4096)
def _read(workflow: Workflow, workflows: Workflows, depth: int) -> _Result:
    known: _Known = {}
    calling = callers(workflows).get(workflow.path, ()) if depth else ()
    for caller in calling:
        known |= _read(caller.workflow, workflows, depth - 1).passed.get(caller.job.id, {})
    reading = _Reading(workflow, events(workflow, workflows), known)
    found = reading.injections()
    return _Result(found, reading.passed)


@mutable
class _Reading:
    """One workflow, and the values in it that are known to carry somebody's text."""

    workflow: Workflow
    events: frozenset[str] | None
    """What starts it; None where anything may."""

    known: _Known
    """Of all jobs: `inputs`, and `needs` as jobs are read."""

    passed: dict[str, _Known] = field(default_factory=dict)

    def injections(self) -> tuple[Injection, ...]:
        """Reads all jobs, those that are needed before those that need them."""
        ordered, stuck = in_order(self.workflow.jobs)
        found = [one for job in (*ordered, *stuck) for one in self._job(job)]
        return tuple(sorted(found, key=lambda one: (one.line, one.column)))

    def _job(self, job: Job) -> Iterator[Injection]:
        here = self.events
        if here is not None:
            here = frozenset(event for event in here if reached(self.workflow, job, event))
            if not here:
                return
        known = self._with_env(self._with_env({}, self.workflow.env, here), job.env, here)
        for step in job.steps:
            reaching = here
            if here is not None and step.condition is not None:
                reaching = frozenset(event for event in here if step_reached(step.condition, event))
            if reaching is None or reaching:
                yield from self._step(job, step, known, reaching)
        if job.uses is not None:
            self.passed[job.id] = self._values(("inputs",), job.with_, known, here)
        outputs = mapping_at(job.node, "outputs")
        self.known |= self._values(("needs", job.id, "outputs"), outputs, known, here)

    def _step(self, job: Job, step: Step, known: _Known, here: frozenset[str] | None) -> Iterator[Injection]:
        own = self._with_env(known, step.env, here)
        lookup = self._lookup(own, here)
        for sink, variable, node in _sinks(self.workflow, job, step):
            for one in embedded(text(node)):
                found = carried_by_source(one.source, lookup)
                if found is not None:
                    line, column = node.place(one.start)
                    yield Injection(
                        workflow=self.workflow,
                        job=job,
                        step=step,
                        sink=sink,
                        variable=variable,
                        expression=one.source,
                        line=line,
                        column=column,
                        carried=found,
                    )
        for written in self._written(job, step, own, lookup):
            path = _path_of(step, written)
            if path is not None and path not in known:
                known[path] = written.carried.by(self._hop(step, written))

    def _written(self, job: Job, step: Step, own: _Known, lookup: Lookup) -> Iterator[Written]:
        written = text(step.run) if step.run is not None else ""
        if not any(name in written for name in ENVIRONMENT_FILES):
            return
        variables = {name: one for path, one in own.items() if path[0] == "env" and (name := path[1])}
        head = lookup(("github", "head_ref"), False)  # noqa: FBT003 - a callable has no names for its parameters
        if head is not None:
            variables.setdefault("GITHUB_HEAD_REF", head)
        if not variables and carried_by_text(written, lookup) is None:
            return
        script = script_of(step, shell_of(self.workflow, job, step))
        if isinstance(script, Script):
            yield from ShellTaint(script, lambda source: carried_by_source(source, lookup), variables).written()

    def _hop(self, step: Step, written: Written) -> Evidence:
        what = "the output" if written.kind == "output" else "the variable"
        line, column = step.run.place(written.offset) if step.run is not None else (0, 0)
        words = f"{what} {written.name}" if written.name else f"{what}s that this step sets"
        return Evidence(
            text=f"{words} {'has' if written.name else 'have'} it from here",
            location=Location(path=self.workflow.path, line=line, column=column),
        )

    def _with_env(self, known: _Known, env: Mapping | None, here: frozenset[str] | None) -> _Known:
        """What is known with an `env` on top: a variable that is set anew has nothing of the old text."""
        if env is None:
            return known
        names = {name.lower() for name in env.entries}
        kept = {path: one for path, one in known.items() if path[0] != "env" or (path[1] or "").lower() not in names}
        return kept | self._values(("env",), env, known, here)

    def _values(self, prefix: Path, values: Mapping | None, known: _Known, here: frozenset[str] | None) -> _Known:
        """Which values of a mapping carry somebody's text, by the path that an expression reads them by."""
        lookup = self._lookup(known, here)
        found: _Known = {}
        for name, value in values.items() if values is not None else ():
            carried = carried_by_text(text(value), lookup) if isinstance(value, Scalar) else None
            if carried is not None:
                place = location(self.workflow.path, value)
                found[*prefix, name] = carried.by(Evidence(text=f"`{name}` has it from here", location=place))
        return found

    def _lookup(self, known: _Known, here: frozenset[str] | None) -> Lookup:
        def lookup(path: Path, whole: bool) -> Carried | None:  # noqa: FBT001 - a callable's type has no names
            handed = (one for key, one in (*known.items(), *self.known.items()) if _leads(path, key, whole=whole))
            direct = (
                Carried(source) for source in found_at(path, whole=whole) if writes(source, path, self.workflow, here)
            )
            return worst((*handed, *direct))

        return lookup


def _leads(path: Path, key: Path, *, whole: bool) -> bool:
    if len(path) > len(key) or (len(path) < len(key) and not whole):
        return False
    pairs = zip(path, key, strict=False)
    return all(name is None or known == _ANY or name == (known or "").lower() for name, known in pairs)


def _path_of(step: Step, written: Written) -> Path | None:
    """The path by which later steps read what a step wrote; None where none can."""
    name = written.name or _ANY
    if written.kind == "env":
        return ("env", name)
    return ("steps", text(step.id), "outputs", name) if step.id is not None else None


def _sinks(workflow: Workflow, job: Job, step: Step) -> Iterator[tuple[str, str, Scalar]]:
    """The values of a step that are run as code: what that is, how it reads a variable, and the value."""
    if step.run is not None:
        name = shell_of(workflow, job, step).name
        yield "the shell script", _VARIABLES.get(name, '"$%s"'), step.run
    if step.shell is not None:
        yield "the shell's command line", "%s", step.shell
    action = text(step.uses).partition("@")[0].strip().lower() if step.uses is not None else ""
    inputs = _SCRIPTS.get(action, ())
    for name, value in step.with_.items() if inputs and step.with_ is not None else ():
        if name.lower() in inputs and isinstance(value, Scalar):
            variable = "process.env.%s" if action == "actions/github-script" else '"$%s"'
            yield f"the code in `{name}`", variable, value
