"""Workflows, jobs and steps, as custom policies see them. See `shapes`."""

from typing import Any

from govcheck.nodes.values import Object, Texts
from govcheck.records import field, frozen


@frozen(kw_only=True)
class Workflow:
    """A workflow file, at every stage."""

    path: str = ""
    """`.github/workflows/ci.yml`."""

    file: str = ""
    """The file's name: `ci.yml`."""

    name: str = ""
    """The name that GitHub shows: `name`, or else the path."""

    events: Texts = ()
    """What triggers it: `push`, `pull_request`."""

    jobs: Texts = ()
    """The ids of its jobs."""

    permissions: Any = None
    """As written: a mapping, or `read-all` and the like; null where nothing is said."""

    env: Object = field(default_factory=dict)
    """Its `env`."""

    raw: Object = field(default_factory=dict)
    """The whole file as written: `raw["run-name"]`."""


@frozen(kw_only=True)
class Job:
    """A job of a workflow, at every stage."""

    path: str = ""
    """The workflow's path."""

    file: str = ""
    """The name of the workflow's file: `ci.yml`."""

    workflow: str = ""
    """The workflow's name."""

    events: Texts = ()
    """What triggers the workflow."""

    id: str = ""
    """The job's id."""

    name: str = ""
    """The job's `name`; empty where it has none."""

    needs: Texts = ()
    """The ids of the jobs that it waits for."""

    condition: str = ""
    """Its `if`, as text."""

    uses: str = ""
    """The reusable workflow that it calls."""

    inputs: Object = field(default_factory=dict)
    """Its `with`."""

    environment: str = ""
    """The name of its environment."""

    env: Object = field(default_factory=dict)
    """Its `env`."""

    permissions: Any = None
    """As written; null where the job says nothing."""

    runs_on: Any = None
    """`runs-on` as written: a text, a list or a mapping; null where there is none."""

    timeout_minutes: Any = None
    """`timeout-minutes`: a number, the text of an expression, or null."""

    continue_on_error: Any = None
    """`continue-on-error`: true, false, the text of an expression, or null."""

    actions: Texts = ()
    """The `uses` of all its steps."""

    commands: Texts = ()
    """The `run` of all its steps."""

    raw: Object = field(default_factory=dict)
    """The whole job as written: `raw["timeout-minutes"]`."""


@frozen(kw_only=True)
class Step:
    """A step of a job, at every stage."""

    path: str = ""
    """The workflow's path."""

    file: str = ""
    """The name of the workflow's file: `ci.yml`."""

    workflow: str = ""
    """The workflow's name."""

    events: Texts = ()
    """What triggers the workflow."""

    job: str = ""
    """The id of its job."""

    index: int = 0
    """Its place in the job; the first is 0."""

    id: str = ""
    """Its `id`."""

    name: str = ""
    """Its `name`."""

    uses: str = ""
    """The action: `actions/checkout@v4`."""

    action: str = ""
    """The action without its version: `actions/checkout`."""

    version: str = ""
    """What follows the `@`."""

    run: str = ""
    """Its script."""

    shell: str = ""
    """Its `shell`, where it names one."""

    working_directory: str = ""
    """Its `working-directory`."""

    inputs: Object = field(default_factory=dict)
    """Its `with`."""

    env: Object = field(default_factory=dict)
    """Its `env`."""

    condition: str = ""
    """Its `if`, as text."""

    timeout_minutes: Any = None
    """`timeout-minutes`: a number, the text of an expression, or null."""

    continue_on_error: Any = None
    """`continue-on-error`: true, false, the text of an expression, or null."""

    raw: Object = field(default_factory=dict)
    """The whole step as written."""
