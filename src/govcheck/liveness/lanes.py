"""Deploys of one target that may run side by side, and deploys that start from any branch.

Sources: https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
and https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
(the run uses the workflow file of the branch or tag that it is started from).
"""

from collections.abc import Iterator, Sequence

from govcheck.actions.deploy_targets import Site, same_target, sites
from govcheck.actions.outcomes import ancestors
from govcheck.actions.running import Running
from govcheck.actions.scopes import scope
from govcheck.actions.workflow import Job, Workflow, location, text
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.findings import Evidence, Fix
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display

_SOME_BRANCH = "refs/heads/some-other-branch"
_PAGES = "github-pages"
"""GitHub makes this environment itself, for the default branch only."""

_REF_WORDS = ("github.ref", "GITHUB_REF")


def shared_lanes(workflows: Sequence[Workflow]) -> Iterator[Gate]:
    """For every target that several workflows deploy to: whether they wait for each other."""
    groups: list[list[Site]] = []
    for workflow in workflows:
        for site in _first_of_each_target(workflow):
            group = next((one for one in groups if same_target(one[0], site)), None)
            groups.append([site]) if group is None else group.append(site)
    for group in groups:
        if len({site.workflow.path for site in group}) > 1:
            yield _lane(group)


def _first_of_each_target(workflow: Workflow) -> Iterator[Site]:
    for job in workflow.jobs:
        seen: set[str] = set()
        for site in sites(workflow, job):
            if site.target.certain and site.target.shown not in seen:
                seen.add(site.target.shown)
                yield site


def _lane(group: list[Site]) -> Gate:
    lanes = [_groups(site) for site in group]
    shared = set.intersection(*map(set, lanes))
    target = group[0].target.shown
    subject = f"{target}: concurrency"
    evidence = tuple(_of_site(site, lane) for site, lane in zip(group, lanes, strict=True))
    first = group[0]
    place = location(first.workflow.path, _concurrency(first) or first.job.key)
    if shared:
        why = f"every job that deploys to {target} waits in the concurrency group {min(shared)}"
        return Gate(family="bypass", subject=subject, state=State.ALIVE, why=why, location=place, evidence=evidence)
    if any("${{" in name for lane in lanes for name in lane):
        why = f"whether the jobs that deploy to {target} wait for each other is decided by expressions at run time"
        return Gate(family="bypass", subject=subject, state=State.UNTOLD, why=why, location=place, evidence=evidence)
    names = ", ".join(dict.fromkeys(name for lane in lanes for name in lane)) or "none at all"
    why = (
        f"{len(group)} jobs of {len({site.workflow.path for site in group})} workflows deploy to {target} in different "
        f"concurrency groups ({names}), so that a rollback and a deploy can run at the same time and the later one wins"
    )
    fix = Fix(text=f"give them one group: `concurrency: {{group: {_name(group)}, cancel-in-progress: false}}`")
    return Gate(family="bypass", subject=subject, state=State.DEAD, why=why, location=place, evidence=evidence, fix=fix)


def _name(group: list[Site]) -> str:
    return next((name for site in group for name in _groups(site)), f"deploy-{group[0].target.name}")


def _groups(site: Site) -> tuple[str, ...]:
    nodes = (site.job.concurrency, site.workflow.concurrency)
    return tuple(name for name in map(_group, nodes) if name)


def _group(node: Node | None) -> str:
    found = node.get("group") if isinstance(node, Mapping) else node
    return text(found).strip() if isinstance(found, Scalar) else ""


def _concurrency(site: Site) -> Node | None:
    return site.job.concurrency or site.workflow.concurrency


def _of_site(site: Site, lane: tuple[str, ...]) -> Evidence:
    waits = f"waits in {' and '.join(lane)}" if lane else "waits for nothing"
    return Evidence(
        text=f"{display(site.workflow.path)}:{site.job.id} {waits}",
        location=location(site.workflow.path, _concurrency(site) or site.job.key),
    )


def any_ref(workflow: Workflow) -> Iterator[Gate]:
    """Whether a workflow that deploys and can be started by hand looks at the branch that it is started from."""
    trigger = workflow.trigger("workflow_dispatch")
    deploying = [job for job in workflow.jobs if sites(workflow, job)]
    if trigger is None or not deploying:
        return
    running = Running(workflow, scope("workflow_dispatch", None, ref=_SOME_BRANCH))
    open_ = [job for job in deploying if not _minds_the_ref(workflow, job, running)]
    subject = f"{display(workflow.path)}:workflow_dispatch"
    place = location(workflow.path, trigger.key)
    if not open_:
        why = "what it deploys looks at the branch that it was started from"
        yield Gate(family="bypass", subject=subject, state=State.ALIVE, why=why, location=place)
        return
    bare = [job for job in open_ if job.environment is None]
    names = " and ".join(job.id for job in (bare or open_)[:3])
    why = (
        "whoever may write can start it from any branch or tag, with this file as it is there, and nothing in it "
        f"minds which: {names} {'deploys' if len(bare or open_) == 1 else 'deploy'} "
    )
    why += (
        "outside of any environment, which alone could refuse a branch"
        if bare
        else f"to the environment {text(environment.name)}, and the files do not tell which branches that takes"
        if (environment := open_[0].environment) is not None
        else ""
    )
    yield Gate(
        family="bypass",
        subject=subject,
        state=State.DEAD,
        why=why,
        location=place,
        severity="note" if not bare else "warning",
        evidence=tuple(Evidence(text=f"{job.id} deploys", location=location(workflow.path, job.key)) for job in open_),
        fix=Fix(
            text=f"give {names} an environment, such as `environment: production`, and limit that to the default "
            "branch (Settings, Environments, Deployment branches and tags)"
            if bare
            else "limit the environment of each of these jobs to the default branch (Settings, Environments, "
            "Deployment branches and tags); `if: github.ref == 'refs/heads/main'` on the job stops accidents, not "
            "a branch that takes it out"
        ),
    )


def _minds_the_ref(workflow: Workflow, job: Job, running: Running) -> bool:
    """Whether the job is skipped for another branch, or a step before its end looks at the branch."""
    if job.environment is not None and text(job.environment.name).strip() == _PAGES:
        return True
    asked = any("github.ref" in text(one.condition) for one in _with_ancestors(workflow, job) if one.condition)
    return (running.runs(job) is False and asked) or _looks_at_ref(workflow, job)


def _with_ancestors(workflow: Workflow, job: Job) -> tuple[Job, ...]:
    return (job, *ancestors(workflow, job).values())


def _looks_at_ref(workflow: Workflow, job: Job) -> bool:
    """Whether a step that can end the job, here or before, has the branch in its words."""
    for one in _with_ancestors(workflow, job):
        for step in one.steps:
            said = text(step.run) if step.run is not None else ""
            if any(word in said for word in _REF_WORDS) and "exit" in said:
                return True
    return False
