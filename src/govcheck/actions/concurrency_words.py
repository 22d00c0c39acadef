"""What is wrong with the concurrency groups of jobs that deploy, in words."""

from collections.abc import Iterable, Sequence

from govcheck.actions.concurrency import Deploying, names
from govcheck.actions.explaining import Explanation
from govcheck.actions.workflow import FOLDER, location, text
from govcheck.findings import Evidence
from govcheck.paths import display


def ungrouped(one: Deploying) -> Explanation | None:
    """That no group of a job names what it deploys to; without a fix where only a run can tell. None: one does."""
    if any(names(group, one.environment) for group in one.groups):
        return None
    by = f"`{one.deploy.by}` in job {one.job.id}" if one.deploy is not None else f"job {one.job.id}"
    what = f"{by} deploys" + (f" to {one.environment}" if one.environment else "")
    if not one.groups:
        group = "deploy" if one.dynamic or not one.environment else f"deploy-{one.environment.lower()}"
        return Explanation(
            message=f"{what} and is in no concurrency group, so that two runs may deploy at once",
            location=location(one.workflow.path, one.job.key),
            fix=f"write this at the top of the workflow:\nconcurrency:\n  group: {group}\n  cancel-in-progress: false",
        )
    first = one.groups[0]
    place = location(first.path, first.name)
    if one.dynamic:
        return Explanation(message=f"{what}, and only a run can tell whether its group names that", location=place)
    return Explanation(
        message=f"{what}, and its concurrency group `{text(first.name)}` does not say so",
        location=place,
        fix=f"write `group: deploy-{one.environment.lower()}`",
    )


def by_environment(found: Iterable[Deploying]) -> dict[str, list[Deploying]]:
    """The jobs that are in a group, by the environment that they deploy to, where the files name it."""
    alike: dict[str, list[Deploying]] = {}
    first: dict[str, str] = {}
    for one in found:
        if one.environment and not one.dynamic and one.groups:
            name = first.setdefault(one.environment.casefold(), one.environment)
            alike.setdefault(name, []).append(one)
    return alike


def unshared(alike: Sequence[Deploying]) -> Explanation | None:
    """That jobs which deploy to one environment have no group in common; None where they have."""
    if set.intersection(*({group.key for group in one.groups} for one in alike)):
        return None
    to = alike[0].environment
    listed = dict.fromkeys((text(one.groups[0].name), one.groups[0].path) for one in alike)
    said = " and ".join(f"`{name}` ({display(path.removeprefix(FOLDER))})" for name, path in listed)
    last = alike[-1].groups[0]
    return Explanation(
        message=f"jobs that deploy to {to} are in different concurrency groups, so that they may run at once: {said}",
        location=location(last.path, last.name),
        fix=f"write `group: {text(alike[0].groups[0].name)}` in each of them",
        evidence=tuple(
            Evidence(text=f"job {one.job.id} deploys to {to}", location=location(one.workflow.path, one.job.key))
            for one in alike
        ),
    )
