"""What workflows may do, and how long: as they are today."""

from collections.abc import Iterator, Mapping

from govcheck.actions import permissions
from govcheck.actions.uses import used
from govcheck.actions.workflow import FOLDER, Workflow, read, text
from govcheck.app.init.proposal import Ladder, Proposal
from govcheck.facts.workflows import Workflows
from govcheck.findings import Json

_RANK = {"none": 0, "read": 1, "write": 2}
_LONG = 360
"""Minutes that a job without a timeout may run, as GitHub has it."""

_COMMON = (10, 15, 30, 60)


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """Hygiene and security of all workflows."""
    files = [read(file) for file in workflows.files]
    if not any(file.jobs for file in files):
        return
    yield _hygiene(files)
    yield _security(files, workflows)


def _hygiene(files: list[Workflow]) -> Proposal:
    minutes = [_minutes(text(job.timeout)) for file in files for job in file.jobs if job.timeout is not None]
    longest = max((one for one in minutes if one), default=None)
    tidy = [number for number in _COMMON if longest is None or number < longest]
    limits: list[Json] = [{"max": f"{number}m"} for number in (*tidy[-1:], *([longest] if longest else []))]
    if longest:
        limits.append({"required": False, "max": f"{longest}m"})
    return Proposal(
        kind="workflow-hygiene",
        id="workflows-are-tidy",
        file="workflows.yaml",
        why="A job that hangs costs six hours of minutes before anybody hears of it.",
        tried=(
            Ladder(key="timeout", rungs=tuple(limits), why="No job hangs for longer."),
            Ladder(key="permissions", rungs=("declared",), why="No token has more than its workflow says."),
            Ladder(
                key="concurrency", rungs=({"deploys": "required"},), why="Deploys to one place wait for each other."
            ),
            Ladder(key="caches", rungs=(True,)),
        ),
    )


def _security(files: list[Workflow], workflows: Workflows) -> Proposal:
    owners = sorted(
        {"actions"} | {one.repository.partition("/")[0] for file in files for one in used(file) if one.repository}
    )
    images = sorted({one.name for file in files for one in used(file) if one.name.startswith("docker://")})
    allowed: Json = [*(f"{owner}/*" for owner in owners), *images]
    pins: tuple[Json, ...] = ("sha", {"*": "sha", "actions/*": "tag"}, "tag")
    actions: tuple[Json, ...] = (*({"allowed": allowed, "pinned": pin} for pin in pins), {"allowed": allowed})
    return Proposal(
        kind="workflow-security",
        id="workflows-are-safe",
        file="workflows.yaml",
        why="What a workflow may do, whoever gets to write into it may do.",
        tried=(
            Ladder(
                key="permissions",
                rungs=_ceilings(files, workflows),
                why="What each workflow's token may do at most, as it is today.",
            ),
            Ladder(key="actions", rungs=actions, why="Whose actions are in use, and how they are pinned."),
            Ladder(key="untrusted_text", rungs=("forbidden",), why="No text of a stranger becomes code."),
            Ladder(key="secrets_to_forks", rungs=("forbidden",), why="No code of a fork runs where secrets are."),
            Ladder(key="self_hosted", rungs=("forbidden",), why="No machine of your own runs jobs."),
        ),
    )


def _ceilings(files: list[Workflow], workflows: Workflows) -> tuple[Json, ...]:
    """The least that all workflows need, then file by file."""
    found = {file.path.removeprefix(FOLDER): _ceiling(file, workflows) for file in files if file.jobs}
    common: Json = {"contents": "read"}
    own: dict[str, Json] = {"*": common}
    own |= {name: ceiling for name, ceiling in sorted(found.items()) if ceiling not in ({}, common)}
    return ({"*": common}, own) if own != {"*": common} else (own,)


def _ceiling(file: Workflow, workflows: Workflows) -> Json:
    levels: dict[str, str] = {}
    rest = "none"
    for job in file.jobs:
        for one in permissions.effective(file, job, workflows):
            if not one.exact:
                return "write-all"
            rest = max(rest, one.most.rest, key=_RANK.__getitem__)
            _raise(levels, one.most.levels)
    if rest != "none":
        return f"{rest}-all"
    return {scope: level for scope, level in sorted(levels.items()) if level != "none"}


def _raise(levels: dict[str, str], more: Mapping[str, str]) -> None:
    for scope, level in more.items():
        levels[scope] = max(levels.get(scope, "none"), level, key=_RANK.__getitem__)


def _minutes(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and 0 < int(written) <= _LONG else None
