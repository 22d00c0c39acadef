"""Steps whose action judges, and whether its failure fails anything."""

import re
from collections.abc import Iterator, Mapping

from govcheck.actions.workflow import Step, Workflow, location, text
from govcheck.facts.document import Node, Scalar
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Fix, Reason, Severity
from govcheck.liveness.chances import Chance, Site, Verdict, chance
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.heeding import texts
from govcheck.liveness.judges import NOT_MEANT
from govcheck.liveness.judging_actions import judges, softened, undecided
from govcheck.liveness.why_green import CONFIGURES
from govcheck.records import replace

_UPLOADS = "github/codeql-action/upload-sarif@"


def gates(
    readable: list[Workflow], workflows: Workflows, contents: Mapping[str, object], tracked: Mapping[str, str]
) -> Iterator[Gate]:
    """Every step whose action judges; one within an action of the repository's own where it counts, if anywhere.

    Args:
        readable: Every workflow that can be read.
        workflows: All workflow files, for what calls what.
        contents: Path to bytes of the repository's own programs.
        tracked: Every tracked path.
    """
    found: dict[str, tuple[Site, Verdict]] = {}
    for workflow in readable:
        for job in workflow.jobs:
            for step in job.steps:
                if judges(step) and not _means_nothing(step):
                    site = Site(workflow, job, step, contents)
                    key = step.origin or f"{workflow.path}:{job.id}:{step.index}"
                    known = found.get(key)
                    if known is None or known[1].chance is not Chance.COUNTS:
                        found[key] = (site, chance(site, workflows))
    for site, verdict in found.values():
        yield _judged(site, verdict, tracked)


def _means_nothing(step: Step) -> bool:
    return step.name is not None and NOT_MEANT.search(text(step.name)) is not None


def _judged(site: Site, verdict: Verdict, tracked: Mapping[str, str]) -> Gate:
    step = site.step
    name = judges(step)
    node: Node = step.uses or step.node
    alive = Gate(
        family="judge",
        subject=f"{site.workflow.path}:{site.job.id}:{_title(step)}",
        state=State.ALIVE,
        why=f"where {name} fails, the step does",
        location=location(site.workflow.path, node),
    )
    soft = softened(step, (site.job.env, site.workflow.env))
    if soft is not None and soft[1] is step.uses and _may_be_configured(site, tracked):
        soft = None
    if verdict.chance is Chance.COUNTS and soft is None:
        return _as_decided(alive, name, undecided(step, (site.job.env, site.workflow.env)), site)
    why, by = soft if soft is not None and verdict.chance is Chance.COUNTS else (verdict.why, verdict.by or node)
    told = replace(alive, location=location(site.workflow.path, by), evidence=_evidence(site, by))
    beside = _beside(site, verdict)
    if beside:
        why = f"whether {name} can fail anything cannot be told: {why}, but {beside}"
        return replace(told, state=State.UNTOLD, why=why, reason=Reason.DYNAMIC)
    if verdict.chance is Chance.FORGIVEN_BY_JOB:
        return replace(told, state=State.UNTOLD, why=why, reason=Reason.DYNAMIC)
    fix = Fix(text="let it fail for what it finds, where a change is judged; or take the step out")
    severity: Severity | None = "note" if verdict.chance is Chance.TOO_LATE else None
    return replace(told, state=State.DEAD, why=f"{name} cannot fail anything: {why}", fix=fix, severity=severity)


def _as_decided(alive: Gate, name: str, by: Scalar | None, site: Site) -> Gate:
    if by is None:
        return alive
    why = f"whether {name} can fail anything cannot be told: only a run knows what `{text(by).strip()}` comes to"
    return replace(alive, state=State.UNTOLD, why=why, location=location(site.workflow.path, by), reason=Reason.DYNAMIC)


def _beside(site: Site, verdict: Verdict) -> str:
    """What may stop something in its place: a clause; empty where nothing does."""
    if verdict.chance in {Chance.NEVER, Chance.TOO_LATE}:
        return ""
    step = site.step
    if step.id is not None:
        asks = re.compile(rf"\bsteps\s*\.\s*{re.escape(text(step.id))}\s*\.", re.IGNORECASE)
        if any(map(asks.search, texts(site.job))):
            return "something in its job asks what it found"
    later = site.job.steps[site.job.steps.index(step) + 1 :]
    if any(one.uses is not None and _UPLOADS in text(one.uses) for one in later):
        return "its report is uploaded, and whether code scanning stops what it has is a setting"
    return ""


def _may_be_configured(site: Site, tracked: Mapping[str, str]) -> bool:
    return any(CONFIGURES.search(one) for one in (site.workflow.file.text, *tracked))


def _evidence(site: Site, by: Node) -> tuple[Evidence, ...]:
    uses = site.step.uses
    if uses is None or by is uses:
        return ()
    return (Evidence(text=f"`{text(uses)}` judges here", location=location(site.workflow.path, uses)),)


def _title(step: Step) -> str:
    named: Scalar | None = step.name if step.name is not None and text(step.name).strip() else step.uses
    return " ".join(text(named).split())[:80] if named is not None else ""
