"""The nodes that a custom policy judges one by one, and every value that an expression, a schema or a message sees.

These classes are the documentation: `docs/guides/custom-nodes.md` is written from them. Within one version nothing is
taken away or given another meaning; what is new has an empty value wherever an example leaves it out.
"""

from collections.abc import Mapping
from typing import Any

from govcheck.records import field, frozen

VERSION = 1
"""Of the shapes below; the key `facts` of a policy names it."""

Texts = tuple[str, ...]
Object = Mapping[str, Any]
Objects = tuple[Mapping[str, Any], ...]


@frozen(kw_only=True)
class File:
    """A tracked file. At pre-commit and in CI: those that the change adds, modifies or renames, as it leaves them."""

    path: str = ""
    """From the repository's root: `docs/guides/a.md`."""

    folder: str = ""
    """The path without its last part: `docs/guides`; empty at the root."""

    name: str = ""
    """The last part of the path: `a.md`."""

    extension: str = ""
    """What follows the name's last dot, in lower case: `md`; empty where there is none."""

    mode: str = "file"
    """`file`, `executable`, `symlink` or `submodule`."""

    size: int = 0
    """In bytes; 0 for symbolic links and submodules."""

    lines: int = 0
    """How many lines the text has."""

    text: str = ""
    """The content as UTF-8, each wrong byte as U+FFFD; empty for symbolic links and submodules."""

    binary: bool = False
    """Whether one of the first 8,000 bytes is zero, as git tells."""


@frozen(kw_only=True)
class Change:
    """A path that the change touches, at pre-commit and in CI."""

    path: str = ""
    """The path after the change; of a deletion the one that is gone."""

    previous_path: str = ""
    """Where a rename came from; else empty."""

    folder: str = ""
    """The path without its last part; empty at the root."""

    name: str = ""
    """The last part of the path."""

    extension: str = ""
    """What follows the name's last dot, in lower case; empty where there is none."""

    change: str = "modify"
    """`add`, `modify`, `delete` or `rename`."""

    mode: str = "file"
    """After the change: `file`, `executable`, `symlink` or `submodule`; empty for a deletion."""

    previous_mode: str = ""
    """Before the change; empty for an addition."""

    added_lines: Texts = ()
    """The lines that it adds, without their ends, as UTF-8."""

    added: int = 0
    """How many these are."""


@frozen(kw_only=True)
class Commit:
    """A commit that the branch adds, in CI."""

    sha: str = ""
    """Its whole id."""

    subject: str = ""
    """The first line of its message."""

    message: str = ""
    """The whole message."""

    author_name: str = ""
    """Who wrote it."""

    author_email: str = ""
    """The author's address."""

    committer_name: str = ""
    """Who made the commit; GitHub for what was merged on the web."""

    committer_email: str = ""
    """The committer's address."""

    parents: int = 1
    """How many parents it has: more than one is a merge."""


@frozen(kw_only=True)
class PullRequest:
    """The pull request, in CI where there is one."""

    number: int = 0
    """Its number."""

    title: str = ""
    """Its title."""

    body: str = ""
    """Its text; empty where it has none."""

    author: str = ""
    """Who opened it, by login."""

    draft: bool = False
    """Whether it is a draft."""

    base: str = ""
    """The branch that it goes to."""

    head: str = ""
    """The branch that it comes from."""

    from_fork: bool = False
    """Whether that is in another repository."""

    labels: Texts = ()
    """Its labels."""


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


@frozen(kw_only=True)
class Environment:
    """An environment of the repository, live."""

    name: str = ""
    """Its name."""

    reviewers: Texts = ()
    """Who may approve: `user:LOGIN`, `team:ORGANISATION/SLUG`, in lower case."""

    min_reviewers: int = 0
    """How many people and teams may approve; one approval is enough."""

    self_review: str = "allowed"
    """`allowed` or `forbidden`: whether whoever started a deployment may approve it."""

    wait: int = 0
    """How many minutes a deployment waits."""

    branches: Any = None
    """Which branches may deploy: `protected`, a list of patterns, or null for every branch."""

    admin_bypass: str = "allowed"
    """`allowed` or `forbidden`: whether administrators may deploy without waiting."""

    custom_rules: Texts = ()
    """The apps whose protection rules are enabled, by slug."""


@frozen(kw_only=True)
class Ruleset:
    """An active ruleset that reaches the repository, whoever set it, live."""

    name: str = ""
    """Its name."""

    target: str = "branch"
    """`branch`, `tag` or `push`."""

    source: str = ""
    """Whose it is: `OWNER/NAME`, or an organisation."""

    source_type: str = "Repository"
    """`Repository`, `Organization` or `Enterprise`."""

    include: Texts = ()
    """The refs that it is for: `~DEFAULT_BRANCH`, `refs/heads/main`."""

    exclude: Texts = ()
    """The refs that it is not for."""

    rules: Texts = ()
    """The types of its rules: `pull_request`, `required_signatures`."""

    parameters: Object = field(default_factory=dict)
    """By type of rule, the parameters of the first rule of that type, as GitHub has them."""

    bypass: Objects = ()
    """Who may go around it, as GitHub has it: `actor_type`, `actor_id`, `bypass_mode`."""


@frozen(kw_only=True)
class Setting:
    """A setting of the repository, live. Environments and rulesets are nodes of their own."""

    name: str = ""
    """Its name in reports: `repository-settings/squash_merge`."""

    kind: str = ""
    """The kind of policy that asserts it: `repository-settings`."""

    key: str = ""
    """Its key there: `squash_merge`."""

    title: str = ""
    """What it is, in words."""

    value: Any = None
    """Its value, as policies write it; null where nothing is set."""

    available: bool = True
    """False where the account's plan does not have it."""

    security: bool = False
    """Whether it bears on security."""


Shape = type[Any]
"""One of the classes above."""

SHAPES: Mapping[str, Shape] = {
    "file": File,
    "change": Change,
    "commit": Commit,
    "pull-request": PullRequest,
    "workflow": Workflow,
    "job": Job,
    "step": Step,
    "environment": Environment,
    "ruleset": Ruleset,
    "setting": Setting,
}
"""What `each` may name, with what it selects."""

TYPES: Mapping[Any, str] = {
    str: "text",
    int: "number",
    bool: "truth",
    Texts: "texts",
    Object: "object",
    Objects: "objects",
    Any: "any",
}
"""What a value is, by its annotation."""

IN_WORDS: Mapping[str, str] = {
    "text": "text",
    "number": "a whole number",
    "truth": "`true` or `false`",
    "texts": "a list of texts",
    "object": "a mapping",
    "objects": "a list of mappings",
    "any": "anything",
}


def types_of(shape: Shape) -> dict[str, str]:
    """The values of a node, each with what it is: a word of `TYPES`."""
    return {name: TYPES[annotation] for name, annotation in shape.__annotations__.items()}


def plain(node: object) -> dict[str, Any]:
    """A node as JSON has it."""
    return {name: _plain(getattr(node, name)) for name in type(node).__annotations__}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
