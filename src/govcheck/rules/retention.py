"""Artifacts and logs are kept as long as is asked: what workflows say, and what the settings leave of it.

```yaml
kind: retention
id: kept-for-90-days
why: Deployments and CI runs are on record for 90 days.
applies_to: {workflows: ["deploy-*.yml", ci.yml]}
artifacts: {min: 90d}
logs: {min: 90d}
```

- `artifacts`: how long every `actions/upload-artifact` keeps what it uploads. `retention-days` says it, and the
  repository's setting is the most that it can be: 120 days under a setting of 30 are 30. Without `retention-days` the
  setting decides, so that offline nobody can tell.
- `logs`: how long the logs of runs are kept, which is that setting alone. Live.

`90d` is exactly 90 days. Where an organisation allows its repositories less, the organisation's number counts. Needs
administration:read. `workflow-hygiene` holds that `retention-days` is written, whatever the setting is;
`actions-settings` holds the setting by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Literal

from govcheck import constraints, globs
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.uploads import Upload, uploads
from govcheck.actions.workflow import Workflow, location, read
from govcheck.constraints import NumberConstraint
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Settled, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations, kept_for

_STRICT = Policy.__pydantic_config__
_DAY = timedelta(days=1)


@frozen(kw_only=True)
class KeptFor:
    """How long something is kept."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    min: str | None = None
    """At least so long, such as `90d`."""

    max: str | None = None
    """At most so long."""


@frozen(kw_only=True)
class RetentionScope:
    """Which workflows are held."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    workflows: tuple[str, ...] = ()
    """Workflow files: names, or globs of names. Default: all."""


@frozen(kw_only=True)
class Retention(Policy):
    """How long what runs leave behind is kept."""

    kind: Literal["retention"] = "retention"

    applies_to: RetentionScope = RetentionScope()
    """Which workflows are held by `artifacts`."""

    artifacts: str | KeptFor | None = None
    """How long artifacts are kept: exactly so long (`90d`), or bounds."""

    logs: str | KeptFor | None = None
    """How long the logs of runs are kept."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key, asked in (("artifacts", self.artifacts), ("logs", self.logs)):
            for place, written in _written(key, asked):
                length = durations.parse(written)
                if length is None or length % _DAY:
                    yield place, f"{written!r} is not a number of days: write it like 90d"
        for index, pattern in enumerate(self.applies_to.workflows):
            if problem := globs.problems(pattern):
                yield ("applies_to", "workflows", index), f"`{pattern}`: {problem}"


def _written(key: str, asked: str | KeptFor | None) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(asked, str):
        yield (key,), asked
    elif asked is not None:
        pairs = (("min", asked.min), ("max", asked.max))
        yield from (((key, name), written) for name, written in pairs if written is not None)


def _bound(asked: str | KeptFor) -> NumberConstraint | int:
    if isinstance(asked, str):
        return _days(asked) or 0
    return NumberConstraint(min=_days(asked.min), max=_days(asked.max))


def _days(written: str | None) -> int | None:
    length = durations.parse(written or "")
    return None if length is None else length // _DAY


@check(wants=lambda policy: [()] if policy.artifacts is not None else [])
def declared(policy: Retention, workflows: Workflows) -> Iterator[Said]:
    """What workflows say of their artifacts."""
    found = list(_uploads(policy, workflows))
    yield Judged(len(found))
    for workflow, upload in found:
        wrong = _wrong(policy, upload)
        if wrong:
            shown = f"{wrong[0]} days" if wrong[0] is not None else f"`{upload.written}`, which is no number of days"
            yield _finding(policy, workflow, upload, f"is kept for {shown}", wrong[0])
        elif not upload.written or upload.dynamic:
            yield _doubt(workflow, upload)


def _uploads(policy: Retention, workflows: Workflows) -> Iterator[tuple[Workflow, Upload]]:
    scope = Scope(policy.applies_to.workflows)
    for file in workflows.files:
        if not isinstance(file.document, Unreadable) and scope.has_file(file.path):
            workflow = read(file)
            yield from ((workflow, upload) for upload in uploads(workflow))


def _wrong(policy: Retention, upload: Upload) -> list[int | None]:
    bound = _bound(policy.artifacts or KeptFor())
    return [days for days in upload.days if days is None or not constraints.holds(bound, days)]


def _doubt(workflow: Workflow, upload: Upload) -> Undecided:
    said = f"`retention-days: {upload.written}` is known to a run only"
    if not upload.written:
        said = "it says no `retention-days`, so that the repository's setting decides"
    return Undecided(
        control="artifacts",
        subject=_subject(workflow, upload),
        reason=Reason.DYNAMIC,
        message=f"how long the artifact {display(upload.artifact)} is kept cannot be told: {said}",
        location=location(workflow.path, upload.node),
    )


def _asked(policy: Retention) -> Iterable[tuple[Request, ...]]:
    if policy.artifacts is not None or policy.logs is not None:
        yield (LiveAnswersRequest(LiveAnswers, kept_for.ENDPOINTS, kept_for.BESIDE),)


@check(wants=_asked)
def left(policy: Retention, workflows: Workflows, live: LiveAnswers) -> Iterator[Said]:
    """Live: what the repository's setting leaves of it."""
    found = list(_uploads(policy, workflows)) if policy.artifacts is not None else []
    yield Judged(len(found) + (policy.logs is not None), settings=(kept_for.SETTING.name,))
    days = kept_for.days(live)
    if not isinstance(days, int):
        if policy.logs is not None:
            yield days.undecided("logs", "logs", days.message, Location(setting=kept_for.SETTING.name))
        for workflow, upload in found:
            yield from _untold(policy, workflow, upload, days.message)
        return
    if policy.logs is not None and not constraints.holds(_bound(policy.logs), days):
        yield _logs(policy.logs, days, tuple(kept_for.evidence(live)))
    for workflow, upload in found:
        yield from _capped(policy, workflow, upload, days, tuple(kept_for.evidence(live)))


def _untold(policy: Retention, workflow: Workflow, upload: Upload, why: str) -> Iterator[Said]:
    if upload.written and not upload.dynamic and not _wrong(policy, upload):
        yield Undecided(
            control="cap",
            subject=_subject(workflow, upload),
            reason=Reason.MISSING_OBJECT,
            message=f"whether {upload.written} days are more than the repository keeps cannot be told: {why}",
            location=location(workflow.path, upload.node),
        )


def _capped(
    policy: Retention, workflow: Workflow, upload: Upload, days: int, evidence: tuple[Evidence, ...]
) -> Iterator[Said]:
    is_enough = constraints.holds(_bound(policy.artifacts or KeptFor()), days)
    if not upload.written:
        yield Settled(_doubt(workflow, upload))
        if not is_enough:
            said = f"says no `retention-days`, and the repository keeps it for {days} days"
            yield _finding(policy, workflow, upload, said, days, evidence)
        return
    over = [one for one in upload.days if one is not None and one > days]
    if over and not _wrong(policy, upload) and not is_enough:
        said = f"says {over[0]} days, and the repository keeps nothing for more than {days}"
        yield _finding(policy, workflow, upload, said, days, evidence)


def _logs(asked: str | KeptFor, days: int, evidence: tuple[Evidence, ...]) -> Finding:
    wanted = _bound(asked)
    number = wanted if isinstance(wanted, int) else constraints.lowest(wanted) or wanted.max
    return Finding(
        control="logs",
        subject="logs",
        message=f"the logs of runs are kept for {days} days; asked is {constraints.words(wanted)} days",
        plane="live",
        location=Location(setting=kept_for.SETTING.name),
        actual=days,
        fix=Fix(text=f"set the days that artifacts and logs are kept to {number}: Settings, Actions, General"),
        evidence=evidence,
    )


def _finding(  # noqa: PLR0917 - what a finding has
    policy: Retention,
    workflow: Workflow,
    upload: Upload,
    said: str,
    days: int | None,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    bound = _bound(policy.artifacts or KeptFor())
    number = bound if isinstance(bound, int) else constraints.lowest(bound) or bound.max
    return Finding(
        control="artifacts" if not evidence or not upload.written else "cap",
        subject=_subject(workflow, upload),
        message=f"the artifact {display(upload.artifact)} {said}; asked is {constraints.words(bound)} days",
        plane="workflow",
        location=location(workflow.path, upload.node),
        actual=days,
        fix=Fix(text=f"write `retention-days: {number}` under the `with` of the step, and let the repository keep it"),
        evidence=evidence,
    )


def _subject(workflow: Workflow, upload: Upload) -> str:
    return f"{display(workflow.path)}:{upload.job.id}:{display(upload.artifact)}"
