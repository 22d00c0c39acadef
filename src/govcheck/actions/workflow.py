"""What a workflow file says, typed: `read(file)` gives its `Workflow`.

The shape, which other modules build on:

- `Workflow`: `path`, `file`, `name`, `title`, `triggers`, `jobs`, `permissions`, `env`, `concurrency`, `odd`;
  `trigger(event)`, `job(id)`
- `Trigger`: `event`, `key` (its place), `config`, `types`, `branches`, `branches_ignore`, `paths`, `paths_ignore`,
  `tags`, `tags_ignore` (each a `Patterns` or None), `crons`
- `Job`: `id`, `key` (its place), `node`, `name`, `needs`, `condition` (its `if`), `strategy`, `uses`, `with_`,
  `environment`, `env`, `permissions`, `secrets`, `runs_on`, `timeout`, `continue_on_error`, `concurrency`, `steps`,
  `own_steps`
- `Step`: `index`, `node`, `id`, `name`, `uses`, `run`, `shell`, `working_directory`, `with_`, `env`, `condition`,
  `continue_on_error`, `timeout`

Single values are kept as `Scalar` nodes, which know their place; `text(node)` is what GitHub makes of one. Reading
never fails: what has a shape that GitHub does not know is left out and noted in `Workflow.odd`.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from collections.abc import Iterator
from collections.abc import Mapping as Names
from functools import lru_cache

from govcheck.actions.composite import with_inner
from govcheck.actions.steps import Odd, Step, mapping_at, scalar_at, steps_of, text
from govcheck.actions.triggers import Cron, Patterns, Trigger, triggers_of
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.facts.workflows import ActionFile, Unreadable, WorkflowFile
from govcheck.findings import Location
from govcheck.records import frozen

__all__ = [
    "FOLDER",
    "Cron",
    "Environment",
    "Job",
    "Odd",
    "Patterns",
    "Step",
    "Trigger",
    "Workflow",
    "location",
    "read",
    "text",
]

FOLDER = ".github/workflows/"
_REMEMBERED = 4096


@frozen(kw_only=True, eq=False)
class Environment:
    """The environment that a job names."""

    name: Scalar
    node: Node
    """The whole value of `environment`."""

    @property
    def dynamic(self) -> bool:
        """Whether an expression decides the name at run time."""
        return "${{" in self.name.text


@frozen(kw_only=True, eq=False)
class Job:
    """One job. A job with `uses` calls a reusable workflow and has no steps."""

    id: str
    key: Scalar
    """The id's own node."""

    node: Mapping
    name: Scalar | None
    needs: tuple[Scalar, ...]
    condition: Scalar | None
    """Its `if`."""

    strategy: Node | None
    uses: Scalar | None
    with_: Mapping | None
    environment: Environment | None
    env: Mapping | None
    permissions: Node | None
    secrets: Node | None
    runs_on: Node | None
    timeout: Scalar | None
    continue_on_error: Scalar | None
    concurrency: Node | None
    own_steps: tuple[Step, ...]
    """The steps as the file has them; entries that are not mappings are left out."""

    actions: Names[str, ActionFile]
    """The repository's own actions, by their folders."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that run: behind each that calls an action of this repository's come that action's own."""
        return _steps(self) if self.actions else self.own_steps


@frozen(kw_only=True, eq=False)
class Workflow:
    """One readable workflow file. A file without a document has no triggers and no jobs."""

    path: str
    file: WorkflowFile
    name: Scalar | None
    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]
    permissions: Node | None
    env: Mapping | None
    concurrency: Node | None
    odd: tuple[Odd, ...]

    @property
    def title(self) -> str:
        """The name that GitHub shows: `name`, or else the path."""
        return (text(self.name) if self.name else "") or self.path

    def trigger(self, event: str) -> Trigger | None:
        """The trigger of an event, or None."""
        return next((trigger for trigger in self.triggers if trigger.event == event), None)

    def job(self, id: str) -> Job | None:  # noqa: A002 - a job's id is called id
        """The job of that id, compared as GitHub does: without regard to case."""
        return _by_id(self).get(id.casefold())


@lru_cache(maxsize=_REMEMBERED)
def read(file: WorkflowFile) -> Workflow:
    """The typed reading of a workflow file. Remembered, so that several rules can share it."""
    document = file.document
    if isinstance(document, Unreadable):
        document = Mapping({}, document.line, document.column)
    odd: list[Odd] = []
    return Workflow(
        path=file.path,
        file=file,
        name=scalar_at(document, "name", odd),
        triggers=tuple(triggers_of(document.get("on"), odd)),
        jobs=tuple(_jobs(document.get("jobs"), file.actions, odd)),
        permissions=document.get("permissions"),
        env=mapping_at(document, "env", odd),
        concurrency=document.get("concurrency"),
        odd=tuple(odd),
    )


@lru_cache(maxsize=_REMEMBERED)
def _by_id(workflow: Workflow) -> Names[str, Job]:
    """Of two ids that are the same to GitHub, the first counts."""
    return {job.id.casefold(): job for job in reversed(workflow.jobs)}


@lru_cache(maxsize=_REMEMBERED)
def _steps(job: Job) -> tuple[Step, ...]:
    return with_inner(job.own_steps, job.actions)


def location(path: str, node: Node) -> Location:
    """Where a node stands, for a finding."""
    return Location(path=path, line=node.line, column=node.column)


def _jobs(jobs: Node | None, actions: Names[str, ActionFile], odd: list[Odd]) -> Iterator[Job]:
    if not isinstance(jobs, Mapping):
        if jobs is not None:
            odd.append(Odd("`jobs` is not a mapping", jobs))
        return
    for id_, (key, value) in jobs.entries.items():
        if isinstance(value, Mapping):
            yield _job(id_, key, value, actions, odd)
        else:
            odd.append(Odd(f"job {id_} is not a mapping", value))


def _job(id_: str, key: Scalar, node: Mapping, actions: Names[str, ActionFile], odd: list[Odd]) -> Job:
    return Job(
        id=id_,
        key=key,
        node=node,
        name=scalar_at(node, "name", odd),
        needs=_needs(node.get("needs"), odd),
        condition=scalar_at(node, "if", odd),
        strategy=node.get("strategy"),
        uses=scalar_at(node, "uses", odd),
        with_=mapping_at(node, "with", odd),
        environment=_environment(node.get("environment"), odd),
        env=mapping_at(node, "env", odd),
        permissions=node.get("permissions"),
        secrets=node.get("secrets"),
        runs_on=node.get("runs-on"),
        timeout=scalar_at(node, "timeout-minutes", odd),
        continue_on_error=scalar_at(node, "continue-on-error", odd),
        concurrency=node.get("concurrency"),
        own_steps=steps_of(node),
        actions=actions,
    )


def _needs(value: Node | None, odd: list[Odd]) -> tuple[Scalar, ...]:
    if value is None or (isinstance(value, Scalar) and value.value is None):
        return ()
    nodes = value.items if isinstance(value, Sequence) else (value,)
    items = tuple(node for node in nodes if isinstance(node, Scalar))
    if len(items) < len(nodes):
        odd.append(Odd("`needs` holds something that is not a job's id", value))
    return items


def _environment(value: Node | None, odd: list[Odd]) -> Environment | None:
    name = scalar_at(value, "name", odd) if isinstance(value, Mapping) else value
    if value is None or (isinstance(name, Scalar) and not text(name)):
        return None
    if isinstance(name, Scalar):
        return Environment(name=name, node=value)
    odd.append(Odd("`environment` has no name", value))
    return None
