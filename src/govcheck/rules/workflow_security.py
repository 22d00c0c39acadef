"""Workflows have the least permissions, use pinned actions that are allowed, and run nobody else's text or code.

```yaml
kind: workflow-security
id: workflows-are-safe
why: What a workflow may do, whoever gets to write into it may do.
permissions:
  "*": {contents: read}
  "deploy-*.yml": {contents: read, id-token: write}
actions:
  allowed: [actions/*, github/*, superfly/flyctl-actions/*]
  pinned: {"*": sha, "actions/*": tag}
untrusted_text: forbidden
secrets_to_forks: forbidden
self_hosted: {allowed: [deploy-production.yml]}
```

```yaml
kind: workflow-security
id: zizmor-agrees
zizmor: {min_severity: medium, ignore: [unpinned-uses]}
```

Each key is judged for itself; what is left out is not asked about.

- `permissions`: what the token of a job may do at most. A key is the name of a workflow file or a glob of names, with a
  job's id behind it where only that is meant (`release.yml:publish`); of several that match, the most specific counts.
  Effective permissions are computed as GitHub does: a job's replace the workflow's, a called workflow only lowers what
  its caller has. Where neither workflow nor job says anything, the repository's default decides: `read` is
  `contents: read` and `packages: read`, `write` is everything but `id-token`. Only its settings tell which, to tokens
  with `administration:read`; offline, and for a workflow's own token, that is unknown, unless the ceiling is
  `write-all`.
- `actions`: which may be used, from other repositories and as `docker://` images, and how they are pinned: to a `sha`
  (or an image's digest), to a `tag` that is a version at least, or to `any`. `owner/repository` has everything in it.
- `untrusted_text`: no text that a stranger writes (title, text and branch of a pull request, issues, comments, commit
  messages) becomes part of a shell script, of `actions/github-script`, or of another action's script, directly or by
  outputs, inputs and `env`. A branch of this repository that a pull request names is at most a warning; what people
  with write access write (`inputs` of `workflow_dispatch`, tags) is a note. Not followed: what other programs than
  `echo`, `printf` and filters of text make of it, files, and what a script hands on that is not in the workflow, not
  for `bash` or `sh`, or too large to be read.
- `secrets_to_forks`: on `pull_request_target`, `workflow_run` and `issue_comment`, no job with secrets or a token that
  writes fetches a fork's code and runs it, and none passes all secrets on by `secrets: inherit`.
- `self_hosted`: which workflows may use runners whose labels are not GitHub's own. `labels` are runners that count as
  GitHub's, such as its larger ones, whose names only you know.
- `zizmor`: what the installed zizmor says, offline and without its configuration. `high` is an error, `medium` a
  warning, the rest a note, and nothing is more severe than this policy. What a comment tells zizmor to ignore is shown
  as a note. What the keys above have told already is not told again.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions import ceilings, fork_code, permission_words, security_words, uses, zizmor_weights
from govcheck.actions.ceilings import Ceiling
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.injection import injections
from govcheck.actions.runners import is_githubs, runners
from govcheck.actions.workflow import read, text
from govcheck.facts import Request
from govcheck.facts.document import Scalar
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.facts.zizmor import Weight, Zizmor
from govcheck.findings import Finding, Judged, Location, Settled, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings.endpoints import ACTIONS

Pinned = Literal["sha", "tag", "any"]

_DEFAULT = (f"{ACTIONS}/permissions/workflow",)
_DEFAULT_OF_ORGANISATION = ("orgs/{org}/actions/permissions/workflow",)
_PINS: dict[Pinned, frozenset[uses.Pin]] = {
    "sha": frozenset({"sha"}),
    "tag": frozenset({"sha", "tag"}),
    "any": frozenset({"sha", "tag", "moving", "unclear"}),
}


@frozen(kw_only=True)
class Actions:
    """Which actions may be used, and how they are pinned."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    allowed: tuple[str, ...] | None = None
    """What may be used beside this repository's own: `owner/*`, `owner/repository`, `docker://image`. Left out: all."""

    pinned: dict[str, Pinned] | Pinned | None = None
    """How a `uses` has to name its version: `sha`, `tag` or `any`, for all or for each pattern as in `allowed`; of
    several that match, the most specific counts."""


@frozen(kw_only=True)
class SelfHosted:
    """Where runners that are not GitHub's may be used."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    allowed: tuple[str, ...] = ()
    """Names of workflow files that may use them, or globs of names."""

    labels: tuple[str, ...] = ()
    """Labels that any workflow may use."""


@frozen(kw_only=True)
class ZizmorWanted:
    """Which findings of zizmor count."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    min_severity: Weight = "medium"
    """Findings below this are not told."""

    ignore: tuple[str, ...] = ()
    """Audits that are not told, by their ids."""


@frozen(kw_only=True)
class WorkflowSecurity(Policy):
    """What the workflows may do and use."""

    kind: Literal["workflow-security"] = "workflow-security"

    permissions: dict[str, Ceiling] | None = None
    """Workflow file (a glob of names, with `:job` behind it where only that job is meant) to what its token may do at
    most: `{contents: read}`, `read-all`, `write-all`. A scope that is not named is `none`."""

    actions: Actions | None = None
    """Which actions may be used, and how they are pinned."""

    untrusted_text: Literal["forbidden"] | None = None
    """`forbidden`: no text of a stranger becomes code."""

    secrets_to_forks: Literal["forbidden"] | None = None
    """`forbidden`: no code of a fork runs where secrets are."""

    self_hosted: SelfHosted | Literal["forbidden"] | None = None
    """Where runners that are not GitHub's may be used; `forbidden`: nowhere."""

    zizmor: ZizmorWanted | None = None
    """Which findings of zizmor count. Left out: it is not run."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: globs and patterns that are none, and a policy that asserts nothing."""
        asserted = (self.permissions, self.actions, self.untrusted_text, self.secrets_to_forks, self.self_hosted)
        if self.zizmor is None and all(one is None for one in asserted):
            yield (), "none of the keys that assert something: write `untrusted_text: forbidden`, or another one"
        for key in self.permissions or ():
            problem = globs.problems(key.partition(":")[0])
            if problem:
                yield ("permissions", key), problem
        if self.actions is not None:
            yield from _action_problems(self.actions)
        if isinstance(self.self_hosted, SelfHosted):
            for index, glob in enumerate(self.self_hosted.allowed):
                problem = globs.problems(glob)
                if problem:
                    yield ("self_hosted", "allowed", index), problem


@check()
def workflow(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """Every file can be read; what GitHub rejects does not run, and does no harm."""
    yield Judged(len(workflows.files))
    asserted = (policy.permissions, policy.actions, policy.untrusted_text, policy.secrets_to_forks, policy.self_hosted)
    for file in workflows.files if any(one is not None for one in asserted) else ():
        document = file.document
        if isinstance(document, Unreadable) and document.reason is not None:
            yield Undecided(
                control="workflow",
                subject=display(file.path),
                reason=document.reason,
                message=f"the workflow file cannot be read: {document.message}",
                location=Location(path=file.path, line=document.line or None, column=document.column or None),
            )


@check()
def permissions(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """No job's token may do more than the ceiling of its workflow."""
    wanted = policy.permissions or {}
    yield Judged(ceilings.governed(wanted, workflows))
    for subject, alike in ceilings.beyond(wanted, workflows):
        exact = alike[0][0].exact
        yield (permission_words.too_much if exact else permission_words.perhaps_too_much)(subject, alike)


def _default_token(policy: WorkflowSecurity) -> Iterable[tuple[Request, ...]]:
    return [(LiveAnswersRequest(LiveAnswers, _DEFAULT, _DEFAULT_OF_ORGANISATION),)] if policy.permissions else []


@check(wants=_default_token)
def default_permissions(policy: WorkflowSecurity, workflows: Workflows, live: LiveAnswers) -> Iterator[Said]:
    """Live: where no file says what a token may do, the repository's default may do no more than the ceiling."""
    from govcheck.settings import default_token  # noqa: PLC0415 - the hook asks nobody, and has no time

    found = list(ceilings.by_default(policy.permissions or {}, workflows))
    default = default_token.default_of(live)
    yield Judged(len(found))
    for subject, alike in found:
        doubt = permission_words.perhaps_too_much(subject, alike)
        if default not in ceilings.DEFAULTS:
            yield Settled(doubt, default_token.with_cause(doubt, live))
            continue
        yield Settled(doubt)
        more = ceilings.with_default(alike, default)
        if more:
            yield permission_words.too_much(subject, more, default_token.evidence(live))


@check()
def actions(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """Every action that is used is allowed, and pinned as its owner is trusted."""
    if policy.actions is None:
        yield Judged(0)
        return
    count = 0
    of_workflows = ((file.path, uses.used(read(file))) for file in workflows.files)
    of_actions = ((action.path, uses.used_by(action)) for action in workflows.actions)
    for path, found in (*of_workflows, *of_actions):
        for one in found:
            count += 1
            yield from _allowed(policy.actions.allowed, path, one)
            yield from _pinned(policy.actions.pinned, path, one)
    yield Judged(count)


@check()
def untrusted_text(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """No text that somebody else writes becomes code."""
    if policy.untrusted_text is None:
        yield Judged(0)
        return
    yield Judged(sum(len(job.steps) for file in workflows.files for job in read(file).jobs))
    for file in workflows.files:
        for one in injections(read(file), workflows):
            yield security_words.injected(one, policy.severity)


@check()
def secrets_to_forks(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """No secret is at hand where a fork's code runs."""
    if policy.secrets_to_forks is None:
        yield Judged(0)
        return
    count = 0
    for file in workflows.files:
        one = read(file)
        count += len(one.jobs)
        for fetched in fork_code.fetched(one, workflows):
            yield from security_words.fetched(fetched, workflows)
        for job, event in fork_code.privileged(one, workflows):
            if isinstance(job.secrets, Scalar) and text(job.secrets) == "inherit":
                yield security_words.inherited(one, job, job.secrets, event)
    yield Judged(count)


@check()
def runner(policy: WorkflowSecurity, workflows: Workflows) -> Iterator[Said]:
    """Every job runs on GitHub's own runners, but where others are allowed."""
    if policy.self_hosted is None:
        yield Judged(0)
        return
    wanted = policy.self_hosted if isinstance(policy.self_hosted, SelfHosted) else SelfHosted()
    labels = {label.casefold() for label in wanted.labels}
    count = 0
    for file in workflows.files:
        allowed = bool(wanted.allowed) and Scope(workflows=wanted.allowed).has_file(file.path)
        for job in read(file).jobs:
            count += job.runs_on is not None
            for one in runners(job) if not allowed else ():
                others = [label for label in one.labels if label.casefold() not in labels]
                if one.unclear or not all(map(is_githubs, others)):
                    yield security_words.runs_on(read(file), job, one)
    yield Judged(count)


def _zizmor_wanted(policy: WorkflowSecurity) -> Iterable[tuple[()]]:
    return [()] if policy.zizmor is not None else []


@check(wants=_zizmor_wanted)
def zizmor(policy: WorkflowSecurity, workflows: Workflows, evidence: Zizmor) -> Iterator[Said]:
    """What zizmor says, less what the other checks have said."""
    wanted = policy.zizmor or ZizmorWanted()
    yield Judged(len(workflows.files) - len(evidence.unaudited))
    told = _told(policy, workflows)
    for one in evidence.findings:
        heavy = zizmor_weights.is_heavy(one, wanted.min_severity)
        if heavy and one.audit not in wanted.ignore and not zizmor_weights.is_told(one, told):
            yield security_words.said_by_zizmor(one, zizmor_weights.severity(one, policy.severity))
    for path in evidence.unaudited:
        message = "zizmor does not say that it has read this file to the end"
        yield security_words.unaudited(display(path), path, message)
    if evidence.odd:
        message = f"{evidence.odd} findings of zizmor {evidence.version} have a shape that this govcheck does not know"
        yield security_words.unaudited("zizmor", None, message)


def _action_problems(wanted: Actions) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if wanted.allowed is None and wanted.pinned is None:
        yield ("actions",), "neither `allowed` nor `pinned`: this asserts nothing"
    for index, pattern in enumerate(wanted.allowed or ()):
        problem = uses.pattern_problem(pattern)
        if problem:
            yield ("actions", "allowed", index), problem
    for pattern in wanted.pinned if isinstance(wanted.pinned, dict) else ():
        problem = uses.pattern_problem(pattern)
        if problem:
            yield ("actions", "pinned", pattern), problem


def _allowed(patterns: tuple[str, ...] | None, path: str, one: uses.Used) -> Iterator[Said]:
    if patterns is None or (one.name and any(uses.matches(pattern, one.name) for pattern in patterns)):
        return
    yield security_words.not_allowed(path, one, patterns)


def _pinned(pinned: dict[str, Pinned] | Pinned | None, path: str, one: uses.Used) -> Iterator[Said]:
    by_pattern: dict[str, Pinned] = {"*": pinned} if isinstance(pinned, str) else pinned or {}
    pattern = uses.most_specific(iter(by_pattern), one.name)
    wanted = by_pattern[pattern] if pattern is not None else "any"
    if one.pin not in _PINS[wanted] and one.name:
        yield security_words.not_pinned(path, one, wanted)


def _told(policy: WorkflowSecurity, workflows: Workflows) -> zizmor_weights.Told:
    """Control, file and line of everything that the other checks say."""
    checks = (permissions, actions, untrusted_text, secrets_to_forks, runner)
    said = (one for each in checks for one in each.judge(policy, workflows))
    told = {(one.control, one.location.path, one.location.line) for one in said if isinstance(one, Finding | Undecided)}
    return told | {(control, path, None) for control, path, _ in told if control in zizmor_weights.OF_THE_FILE}
