"""Deploys: the way back that they have, and the hours that they could have."""

from collections.abc import Iterator

from govcheck.actions.deploys import deploys
from govcheck.actions.environments import uses
from govcheck.actions.workflow import Workflow, read
from govcheck.app.init.proposal import Ladder, Proposal
from govcheck.facts.workflows import Workflows


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """A way back, and a window as a comment; nothing where nothing deploys."""
    files = [read(file) for file in workflows.files]
    jobs = [f"{file.path.rpartition('/')[2]}:{job.id}" for file in files for job in file.jobs if _deploys(file, job.id)]
    if not jobs:
        return
    names = dict.fromkeys(one.name for one in uses(workflows) if isinstance(one.name, str))
    where = f" to {', '.join(names)}" if names else ""
    yield Proposal(
        kind="rollback",
        id="deploys-are-reversible",
        file="deploys.yaml",
        why="Every deploy has a way back that works.",
        tried=(Ladder(key="verified", rungs=(True, False)),),
        explained=(f"Jobs that deploy{where}: {', '.join(jobs)}.",),
        tighten=(
            "`exercised_within: 90d` asks that the way back was tried not long ago (with --live).",
            'hours, by a policy of kind deploy-window: `allow: [{days: mon-fri, from: "09:00", to: "17:00"}]`.',
            "a step `govcheck gate deploy` before each of these jobs, so that a refusal really stops it.",
        ),
    )


def _deploys(file: Workflow, name: str) -> bool:
    job = file.job(name)
    return job is not None and next(iter(deploys(file, job)), None) is not None
