"""Jobs end, deploys wait for each other, installs are cached, artifacts are kept, and tokens are no wider than said.

```yaml
kind: workflow-hygiene
id: hygiene
why: A job that hangs costs six hours of minutes before anybody hears of it.
applies_to: {workflows: [ci.yml, "deploy-*.yml"]}
timeout: {max: 30m}
concurrency: {deploys: required}
caches: true
retention: {min: 90d}
permissions: declared
```

Each key is held by itself; what is left out is not looked at.

- `timeout`: every job has `timeout-minutes`, and at most `max`; without it a job may run for six hours. A job that
  calls a reusable workflow can have none: the called jobs are held where they stand, and those of another repository
  cannot be told.
- `concurrency`: every job that deploys is in a concurrency group, its own or its workflow's, whose name tells by a word
  what it deploys to (`deploy-production`): its environment, or the one that its workflow names. Jobs that deploy to one
  environment share a group (`shared-group`), so that a rollback does not run beside a deploy. What deploys is told as
  for `deploy-window`; a job that names the environment of another job's deploy counts too.
- `caches` (its control is `cache`), over a whole tree: a step that installs by a lockfile (`npm ci`, `pip install
  -r`, `bundle install`, ...) in a job whose `actions/setup-node`, `actions/setup-python` or `ruby/setup-ruby` could
  keep a cache keeps one. Where no lockfile is tracked in the step's folder or in the root there is nothing to key a
  cache by, and nothing is asked. A job with `actions/cache` counts as cached. Workflows that start on a release or a
  tag are left alone: a cache that others can write has no place where something is published.
- `retention`: every `actions/upload-artifact` says `retention-days`, and it is within the bounds; `90d` is exactly 90.
  Without it the repository's own setting decides, which is 90 days unless somebody changed it, and is no higher limit
  than that setting.
- `permissions`: each workflow says `permissions`, or each of its jobs does; otherwise its token has what the
  repository's settings give to all.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Literal

from govcheck import constraints, globs
from govcheck.actions.caching import uncached
from govcheck.actions.calls import local_path
from govcheck.actions.concurrency import deploying
from govcheck.actions.concurrency_words import by_environment, ungrouped, unshared
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.explaining import Explanation
from govcheck.actions.legs import numbers
from govcheck.actions.uploads import Upload, uploads
from govcheck.actions.workflow import FOLDER, Job, Workflow, location, read, text
from govcheck.constraints import NumberConstraint
from govcheck.facts import Request
from govcheck.facts.document import Node, Scalar
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations

_STRICT = Policy.__pydantic_config__
_PACKAGE = "package.json"


@frozen(kw_only=True)
class Timeout:
    """How long jobs may run."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    required: bool = True
    """Whether every job has a timeout; `false` holds only those that are there."""

    max: str | None = None
    """The longest one, such as `30m` or `1h`."""


@frozen(kw_only=True)
class Concurrency:
    """Which jobs wait for each other."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    deploys: Literal["required"]
    """Every job that deploys is in a group that names what it deploys to; one group for each environment."""


@frozen(kw_only=True)
class RetentionBounds:
    """How long artifacts are kept."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    min: str | None = None
    """At least so long, such as `90d`."""

    max: str | None = None
    """At most so long."""


@frozen(kw_only=True)
class HygieneScope:
    """Which workflows are held."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    workflows: tuple[str, ...] = ()
    """Workflow files: names, or globs of names. Default: all."""


@frozen(kw_only=True)
class WorkflowHygiene(Policy):
    """What every workflow says of itself."""

    kind: Literal["workflow-hygiene"] = "workflow-hygiene"

    applies_to: HygieneScope = HygieneScope()
    """Which workflows are held."""

    timeout: Timeout | None = None
    """How long jobs may run."""

    concurrency: Concurrency | None = None
    """Which jobs wait for each other."""

    caches: bool = False
    """Whether installs are cached, where that is possible."""

    retention: str | RetentionBounds | None = None
    """How long artifacts are kept: exactly so long (`90d`), or bounds."""

    permissions: Literal["declared"] | None = None
    """Whether every workflow or job says `permissions`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for index, pattern in enumerate(self.applies_to.workflows):
            problem = globs.problems(pattern)
            if problem:
                yield ("applies_to", "workflows", index), problem
        if not (self.timeout or self.concurrency or self.caches or self.retention or self.permissions):
            yield (), "nothing is asserted: write timeout, concurrency, caches, retention or permissions"
        if self.timeout is not None:
            yield from ((("timeout", *where), message) for where, message in _timeout_problems(self.timeout))
        yield from _retention_problems(self.retention)


def _timeout_problems(timeout: Timeout) -> Iterator[tuple[tuple[str, ...], str]]:
    if timeout.max is None and not timeout.required:
        yield (), "nothing is asserted: write `required: true`, or `max`"
    elif timeout.max is not None and (durations.parse(timeout.max) or timedelta(minutes=1)) < timedelta(minutes=1):
        yield ("max",), "GitHub counts timeouts in minutes: write at least 1m"
    elif timeout.max is not None and durations.parse(timeout.max) is None:
        yield ("max",), f"`{timeout.max}` is not a duration: write hours and minutes, such as 30m or 1h30m"


def _retention_problems(retention: str | RetentionBounds | None) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(retention, str):
        written: dict[tuple[str, ...], str | None] = {(): retention}
    elif retention is not None:
        written = {("min",): retention.min, ("max",): retention.max}
    else:
        return
    wrong = [(key, one) for key, one in written.items() if one is not None and _days(one) is None]
    for key, one in wrong:
        yield ("retention", *key), f"`{one}` is not a number of days: write it like 90d"
    if not wrong:
        yield from ((("retention",), problem) for problem in constraints.problems(_bound(retention)))


def _days(written: str) -> int | None:
    length = durations.parse(written)
    return length.days if length is not None and length == timedelta(days=length.days) else None


def _bound(retention: str | RetentionBounds) -> NumberConstraint:
    """The bounds in days."""
    if isinstance(retention, str):
        return NumberConstraint(equals=_days(retention))
    return NumberConstraint(min=_days(retention.min or ""), max=_days(retention.max or ""))


@check()
def readable(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Said]:
    """Files that only govcheck cannot read may hold anything."""
    yield Judged(0)
    scope = Scope(policy.applies_to.workflows)
    for file in workflows.files:
        document = file.document
        if isinstance(document, Unreadable) and document.reason is not None and scope.has_file(file.path):
            yield Undecided(
                control="readable",
                subject=display(file.path),
                reason=document.reason,
                message=f"the workflow file cannot be read: {document.message}",
                location=Location(path=file.path, line=document.line or None, column=document.column or None),
            )
    for pattern in policy.applies_to.workflows:
        if not any(Scope((pattern,)).has_file(file.path) for file in workflows.files):
            yield Finding(
                control="applies-to",
                subject=pattern,
                message=f"no workflow file is named {pattern}, so that nothing is held there",
                plane="workflow",
                location=Location(path=FOLDER.rstrip("/")),
                fix=Fix(text="correct the name in `applies_to.workflows`, or take it out"),
            )


@check(wants=lambda policy: [()] if policy.timeout is not None else [])
def timeouts(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Said]:
    """Every job ends by itself."""
    jobs = [(workflow, job) for workflow in _held(policy, workflows) for job in workflow.jobs]
    yield Judged(len(jobs))
    asked = policy.timeout or Timeout()
    for workflow, job in jobs:
        if asked.max is not None and job.timeout is not None and job.timeout.value is not None:
            yield from _too_long(_minutes(asked.max), workflow, job, job.timeout)
        elif asked.required and job.uses is not None:
            if local_path(text(job.uses)) is None:
                message = f"job {job.id} calls {text(job.uses)}, whose jobs another repository keeps"
                yield _undecided("timeout", _subject(workflow, job), _said(message, workflow, job.uses))
        elif asked.required and (job.timeout is None or job.timeout.value is None):
            message = f"job {job.id} has no `timeout-minutes`, so that it may run for six hours"
            minutes = _minutes(asked.max) if asked.max else 30
            fix = f"add `timeout-minutes: {minutes}` to the job"
            yield _finding("timeout", _subject(workflow, job), _said(message, workflow, job.key, fix))


def _too_long(most: int, workflow: Workflow, job: Job, node: Scalar) -> Iterator[Finding | Undecided]:
    known, dynamic = numbers(job, node)
    over = [value for value in known if value is None or value > most]
    if over:
        what = "no number of minutes" if over[0] is None else f"more than {durations.show(timedelta(minutes=most))}"
        message = f"job {job.id} has `timeout-minutes: {text(node)}`, which is {what}"
        said = _said(message, workflow, node, f"write `timeout-minutes: {most}` or less")
        yield _finding("timeout", _subject(workflow, job), said)
    elif dynamic:
        message = f"`timeout-minutes: {text(node)}` of job {job.id} is known to a run only"
        yield _undecided("timeout", _subject(workflow, job), _said(message, workflow, node))


def _minutes(written: str | None) -> int:
    return int((durations.parse(written or "") or timedelta()) / timedelta(minutes=1))


@check(wants=lambda policy: [()] if policy.concurrency is not None else [])
def groups(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Said]:
    """Deploys to one place wait for each other."""
    scope = Scope(policy.applies_to.workflows)
    readable_files = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    found = [one for one in deploying(readable_files) if scope.has_file(one.workflow.path)]
    yield Judged(len(found))
    for one in found:
        said = ungrouped(one)
        if said is not None:
            subject = _subject(one.workflow, one.job)
            yield (
                _undecided("concurrency", subject, said) if said.fix is None else _finding("concurrency", subject, said)
            )
    for environment, alike in by_environment(found).items():
        said = unshared(alike)
        if said is not None:
            yield _finding("shared-group", environment, said)


def _package(policy: WorkflowHygiene) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (_PACKAGE,)),)] if policy.caches else []


@check(wants=_package)
def caches(policy: WorkflowHygiene, workflows: Workflows, tree: Tree, blobs: Blobs) -> Iterator[Said]:
    """Installs by a tracked lockfile are cached."""
    jobs = [(workflow, job) for workflow in _held(policy, workflows) for job in workflow.jobs]
    yield Judged(len(jobs))
    manager = _package_manager(blobs.contents.get(_PACKAGE))
    for workflow, job in jobs:
        for found in uncached(workflow, job, tree.modes, manager):
            lines = "\n".join(f"  {line}" for line in found.lines)
            message = (
                f"`{found.command}` in job {job.id} downloads everything anew: `{text(found.setup)}` keeps no cache, "
                f"and {display(found.lockfile)} could be its key"
            )
            place = Location(path=workflow.path, line=found.line, column=found.column)
            fix = f"add this to the step in line {found.setup.line}:\nwith:\n{lines}"
            yield _finding("cache", _subject(workflow, job), Explanation(message=message, location=place, fix=fix))


def _package_manager(content: object) -> str:
    """What `packageManager` of package.json names; empty where it names nothing."""
    try:
        document = json.loads(content) if isinstance(content, bytes) else None
    except (ValueError, RecursionError):
        return ""
    named = document.get("packageManager") if isinstance(document, dict) else None
    return named.partition("@")[0] if isinstance(named, str) else ""


@check(wants=lambda policy: [()] if policy.retention is not None else [])
def retention(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Said]:
    """Artifacts are kept as long as is asked."""
    found = [(workflow, upload) for workflow in _held(policy, workflows) for upload in uploads(workflow)]
    yield Judged(len(found))
    for workflow, upload in found:
        yield from _kept(_bound(policy.retention or "90d"), workflow, upload)


def _kept(bound: NumberConstraint, workflow: Workflow, upload: Upload) -> Iterator[Finding | Undecided]:
    subject = f"{_subject(workflow, upload.job)}:{upload.artifact}"
    wrong = [days for days in upload.days if days is None or not constraints.holds(bound, days)]
    if upload.dynamic and not wrong:
        message = f"`retention-days: {upload.written}` of the artifact {upload.artifact} is known to a run only"
        yield _undecided("retention", subject, _said(message, workflow, upload.node))
        return
    if not upload.written:
        said = "says no `retention-days`, so that the repository's setting decides (90 days unless somebody changed it)"
    elif wrong:
        said = f"is kept for {wrong[0]} days" if wrong[0] is not None else f"says `retention-days: {upload.written}`"
    else:
        return
    message = f"the artifact {upload.artifact} {said}; asked is {constraints.words(bound)} days"
    fix = f"write `retention-days: {constraints.lowest(bound) or bound.max}` under the `with` of the step"
    yield _finding(
        "retention", subject, _said(message, workflow, upload.node, fix), actual=wrong[0] if upload.written else None
    )


@check(wants=lambda policy: [()] if policy.permissions is not None else [])
def permissions(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Said]:
    """No token has what nobody said."""
    held = list(_held(policy, workflows))
    yield Judged(len(held))
    for workflow in held:
        silent = [job for job in workflow.jobs if not _is_said(job.permissions)]
        if silent and not _is_said(workflow.permissions):
            jobs = "any job of it" if len(silent) == len(workflow.jobs) else f"job {silent[0].id}"
            name = display(workflow.path.removeprefix(FOLDER))
            message = f"neither {name} nor {jobs} says `permissions`: the token has what the repository gives to all"
            fix = "write `permissions: {contents: read}` at the top, and in a job what it needs beyond"
            yield _finding("permissions", display(workflow.path), _said(message, workflow, silent[0].key, fix))


def _is_said(node: Node | None) -> bool:
    return node is not None and not (isinstance(node, Scalar) and node.value is None)


def _held(policy: WorkflowHygiene, workflows: Workflows) -> Iterator[Workflow]:
    scope = Scope(policy.applies_to.workflows)
    for file in workflows.files:
        if not isinstance(file.document, Unreadable) and scope.has_file(file.path):
            yield read(file)


def _subject(workflow: Workflow, job: Job) -> str:
    return f"{display(workflow.path)}:{job.id}"


def _finding(control: str, subject: str, said: Explanation, actual: int | None = None) -> Finding:
    return Finding(
        control=control,
        subject=subject,
        message=said.message,
        plane="workflow",
        location=said.location,
        actual=actual,
        fix=Fix(text=said.fix) if said.fix else None,
        evidence=said.evidence,
    )


def _undecided(control: str, subject: str, said: Explanation) -> Undecided:
    return Undecided(
        control=control, subject=subject, reason=Reason.DYNAMIC, message=said.message, location=said.location
    )


def _said(message: str, workflow: Workflow, node: Node, fix: str | None = None) -> Explanation:
    return Explanation(message=message, location=location(workflow.path, node), fix=fix)
