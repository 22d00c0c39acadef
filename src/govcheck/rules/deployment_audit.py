"""What was deployed lately has a deployer and a commit, lies inside the window, and has a record.

```yaml
kind: deployment-audit
id: production-deploys-are-accounted-for
why: All deployments are logged with time, commit and deployer.
environments: [production]
within: 7d
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
log: store
```

**Live only**, at a sweep or with `check --live`: GitHub's deployments to each of the environments, the newest 100, of
which the newest 30 are looked into. What there may be beyond that since `within` is unknown. Needs deployments:read.

**When** a deployment began is when a status first says `in_progress`, or else its outcome: it may have waited for an
approval before. One that waited and was refused did not happen. One without any status may have, and counts from when
it was made. An administrator can delete deployments, and GitHub does not list what somebody deployed past it: so this
holds what is there, and `deploy-window` the ways to deploy.

**Hours** are written as in `deploy-window`, and mean the same; without `timezone` nobody asks.

**Recorded** means that `gate deploy` opened for that environment and commit, between a day before the deployment began
and its newest status; each decision counts for one deployment, and an answer to `--at` for none. `log` is the log it
kept: a tracked file, or `store`. A deployment that the gate refused and that happened all the same is told as that. A
damaged log is a finding, and what it may have lost is unknown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Literal

from govcheck.actions.calendar import Closed, is_open, zone_of
from govcheck.actions.calendar_entries import Problem
from govcheck.actions.window_entries import AllowedHours, Denied, window, window_problems
from govcheck.facts import Request
from govcheck.facts.decisions import AuditLog, AuditLogRequest, Decision
from govcheck.facts.deployments import LiveDeployments, LiveDeploymentsRequest
from govcheck.facts.now import Now
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.deployments import Deployment, Deployments, deployments
from govcheck.settings.evidence import answered

_BEFORE = timedelta(days=1)
"""How long before its deployment a gate may have opened: an approval may come in between."""


@frozen(kw_only=True)
class DeploymentAudit(Policy):
    """What is to be known of every deployment."""

    kind: Literal["deployment-audit"] = "deployment-audit"

    environments: tuple[str, ...]
    """The environments whose deployments are looked at, as GitHub names them."""

    within: str = "7d"
    """How far back: `24h`, `7d`."""

    timezone: str | None = None
    """The IANA name of a place, or `UTC`: all times and days are local there. Left out: no hours are held."""

    allow: tuple[AllowedHours, ...] = ()
    """When deployments may begin. Default: always, but for `deny`."""

    deny: tuple[Denied, ...] = ()
    """When they may not, whatever `allow` says."""

    log: str | None = None
    """The log of `gate deploy`: a tracked file, from the repository's root, or `store`. Left out: no record is asked
    for."""

    def problems(self) -> Iterator[Problem]:
        """Environments, lengths of time and hours that are none."""
        if not self.environments:
            yield ("environments",), "names none: write at least one"
        for index, name in enumerate(self.environments):
            if not name.strip():
                yield ("environments", index), "an empty name"
        if durations.parse(self.within) is None:
            yield ("within",), f"`{self.within}` is not a length of time: write days, hours, minutes, such as 7d or 24h"
        if self.timezone is not None:
            yield from window_problems(self.timezone, self.allow, self.deny)
            if not self.allow and not self.deny:
                yield ("timezone",), "beside neither `allow` nor `deny`: no hours are held by it"
        elif self.allow or self.deny:
            yield (), "`allow` and `deny` need a `timezone`: write the IANA name of a place, or UTC"
        if self.log is not None and (not self.log.strip() or self.log.startswith("/")):
            yield ("log",), f"`{self.log}` is no path from the repository's root, and not `store`"


def _asked(policy: DeploymentAudit) -> Iterable[tuple[Request, ...]]:
    return [(LiveDeploymentsRequest(LiveDeployments, policy.environments),)]


@check(wants=_asked)
def accounted(policy: DeploymentAudit, live: LiveDeployments, now: Now) -> Iterator[Said]:
    """Every deployment has a deployer and a commit, and began in the hours that are allowed."""
    for name, found in _since(policy, live, now):
        yield Judged(max(1, len(found.found)))
        if found.trouble is not None:
            why = f"what was deployed to {name} cannot be told: {found.trouble.message}"
            yield found.trouble.undecided("deployments", name, why, _place(name))
        evidence = tuple(answered(one.listed) for one in live.environments if one.environment == name)
        for one in found.found:
            yield from _unnamed(one, evidence)
            yield from _outside(policy, one, evidence)


def _since(policy: DeploymentAudit, live: LiveDeployments, now: Now) -> Iterator[tuple[str, Deployments]]:
    since = now.instant - (durations.parse(policy.within) or timedelta())
    for asked in live.environments:
        found = deployments(asked, since)
        here = tuple(one for one in found.found if one.began <= now.instant)
        yield asked.environment, Deployments(found=here, trouble=found.trouble)


def _unnamed(one: Deployment, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    for control, value, missing in (("deployer", one.deployer, "deployer"), ("commit", one.commit, "commit")):
        if not value:
            yield Finding(
                control=control,
                subject=_subject(one),
                message=f"the deployment {_words(one)} names no {missing}",
                plane="live",
                location=_place(_subject(one)),
                fix=Fix(text="deploy by a workflow whose job names the environment: GitHub then records both"),
                evidence=tuple(evidence),
            )


def _outside(policy: DeploymentAudit, one: Deployment, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    if policy.timezone is None:
        return
    state = is_open(window(policy.timezone, policy.allow, policy.deny), one.began)
    if isinstance(state, Closed):
        local = one.began.astimezone(zone_of(policy.timezone))
        yield Finding(
            control="hours",
            subject=_subject(one),
            message=f"the deployment {_words(one)} began {local:%a %Y-%m-%d %H:%M %Z}: {state.reason}",
            plane="live",
            location=_place(_subject(one)),
            fix=Fix(text="find out by which way it came past the window: `deploy-window` tells those in the workflows"),
            evidence=tuple(evidence),
        )


def _with_log(policy: DeploymentAudit) -> Iterable[tuple[Request, ...]]:
    if policy.log is None:
        return []
    asked = LiveDeploymentsRequest(LiveDeployments, policy.environments)
    return [(asked, AuditLogRequest(AuditLog, policy.log))]


@check(wants=_with_log)
def recorded(policy: DeploymentAudit, live: LiveDeployments, log: AuditLog, now: Now) -> Iterator[Said]:
    """Every deployment has a decision of the gate that opened for it."""
    if log.broken:
        yield Judged(1)
        yield Finding(
            control="log",
            subject=policy.log or "",
            message=f"the log {log.source} is damaged: {log.broken}",
            plane="repo",
            location=Location(path=policy.log if policy.log != "store" else None),
            fix=Fix(text="`govcheck gate log` shows what is whole; somebody changed or cut off the rest"),
        )
    left = list(log.decisions)
    for one in (one for _, found in _since(policy, live, now) for one in found.found):
        yield Judged(1)
        yield from _recorded(one, left, log, now)


def _recorded(one: Deployment, left: list[Decision], log: AuditLog, now: Now) -> Iterator[Said]:
    until = one.ended or now.instant
    about = [
        decision
        for decision in left
        if decision.environment.lower() == one.environment.lower()
        and decision.commit == one.commit
        and decision.judged_at == decision.time
        and one.began - _BEFORE <= decision.time <= until
    ]
    opened = next((decision for decision in about if decision.decision == "open"), None)
    if opened is not None:
        left.remove(opened)
        return
    what = f"the deployment {_words(one)}"
    if log.broken:
        why = f"whether {what} was recorded cannot be told: the log is damaged"
        place = _place(_subject(one))
        yield Undecided(
            control="recorded", subject=_subject(one), reason=Reason.UNPARSEABLE, message=why, location=place
        )
        return
    refused = about[-1] if about else None
    why = "; ".join(refused.why) if refused is not None else ""
    said = f"was refused by the gate ({why or 'closed'}), and happened all the same" if refused else "has no record"
    yield Finding(
        control="recorded",
        subject=_subject(one),
        message=f"{what} {said} in {log.source}" if refused is None else f"{what} {said}",
        plane="live",
        location=_place(_subject(one)),
        fix=Fix(text="let `govcheck gate deploy` run before every deploy, and keep its log"),
    )


def _subject(one: Deployment) -> str:
    return f"{one.environment}/{one.id}"


def _place(subject: str) -> Location:
    return Location(setting=f"deployments/{subject}")


def _words(one: Deployment) -> str:
    of = f" of {one.commit[:12]}" if one.commit else f" of {one.ref}" if one.ref else ""
    by = f" by {one.deployer}" if one.deployer else ""
    return f"{one.id} to {one.environment}{of}{by}"
