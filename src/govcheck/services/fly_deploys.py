"""Which apps workflows deploy to, and whether the tree has their configuration."""

import posixpath
from collections.abc import Iterator, Sequence

from govcheck.actions.deploy_targets import Site, sites
from govcheck.actions.workflow import location, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.services.fly_toml import FlyToml

_PLATFORM = "Fly.io app"


def fly_sites(workflows: Workflows) -> tuple[Site, ...]:
    """Every deploy to Fly.io, in order."""
    readable = (read(file) for file in workflows.files if not isinstance(file.document, Unreadable))
    found = (site for workflow in readable for job in workflow.jobs for site in sites(workflow, job))
    return tuple(site for site in found if site.target.platform == _PLATFORM)


def unconfigured(workflows: Workflows, files: Sequence[FlyToml]) -> Iterator[Finding | Undecided]:
    """Apps that are deployed to and whose configuration the tree does not have, each once."""
    for file in workflows.files:
        if isinstance(file.document, Unreadable) and file.document.reason is not None:
            yield Undecided(
                control="configured",
                subject=display(file.path),
                reason=file.document.reason,
                message=f"what it deploys cannot be read: {file.document.message}",
                location=Location(path=file.path, line=file.document.line or None),
            )
    paths = {file.path for file in files}
    apps = {file.app for file in files} - {""}
    by_name: dict[str, list[Site]] = {}
    for site in fly_sites(workflows):
        by_name.setdefault(site.target.name, []).append(site)
    for name, found in by_name.items():
        if posixpath.normpath(name) in paths or name in apps:
            continue
        if not name or any(sign in name for sign in "$*{"):
            yield _untold(name, found[0])
        else:
            yield _missing(name, found, files)


def _missing(name: str, found: Sequence[Site], files: Sequence[FlyToml]) -> Finding:
    first, taken = found[0], next((file for file in files if file.path == "fly.toml"), None)
    if name.endswith(".toml"):
        said = f"{display(first.workflow.path)} deploys by {name}, which is not in the tree"
    else:
        said = f"{display(first.workflow.path)} deploys to {name}, and no fly.toml in the tree is that app's"
    instead = f"; what lies there is fly.toml of {taken.app}" if taken is not None and taken.app else ""
    return Finding(
        control="configured",
        subject=name,
        message=said + instead,
        plane="workflow",
        location=Location(path=first.workflow.path, line=first.deploy.line, column=first.deploy.column),
        fix=Fix(text=f"commit the app's configuration, and deploy by it: flyctl deploy --config fly.{name}.toml"),
        evidence=tuple(
            Evidence(text=f"the job {site.job.id}", location=location(site.workflow.path, site.job.key))
            for site in found[1:]
        ),
    )


def _untold(name: str, site: Site) -> Undecided:
    what = f"the app {name}, which only a run can tell" if name else "an app that nothing names"
    return Undecided(
        control="configured",
        subject=f"{display(site.workflow.path)}:{site.job.id}",
        reason=Reason.DYNAMIC,
        message=f"{site.deploy.by} deploys to {what}",
        location=Location(path=site.workflow.path, line=site.deploy.line, column=site.deploy.column),
    )
