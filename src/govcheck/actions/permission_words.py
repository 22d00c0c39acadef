"""Permissions beyond their ceiling, in words."""

from collections.abc import Iterable, Mapping, Sequence

from govcheck.actions.permissions import Effective, Grant
from govcheck.actions.workflow import location
from govcheck.facts.document import Mapping as MappingNode
from govcheck.findings import Evidence, Finding, Fix, Json, Location, Reason, Undecided
from govcheck.paths import display

_LISTED = 6


def whose(held: Effective) -> tuple[str, str]:
    """What permissions are told together: the origin, and the subject of a finding."""
    shown = display(held.workflow.path)
    together = held.origin in {"workflow", "default", "elsewhere"}
    return held.origin, shown if together else f"{shown}:{held.job.id}"


def perhaps_too_much(subject: str, alike: Sequence[tuple[Effective, Grant]]) -> Undecided:
    """A grant that may be beyond its ceiling, with all jobs that have it."""
    held, ceiling = alike[0]
    return _perhaps(subject, held, _jobs(alike), ceiling, _said_at(held))


def too_much(subject: str, alike: Sequence[tuple[Effective, Grant]], told: Iterable[Evidence] = ()) -> Finding:
    """A grant beyond its ceiling, with all jobs that have it, and what tells it where no file does."""
    held, ceiling = alike[0]
    jobs, place = _jobs(alike), _said_at(held)
    beyond = {scope: level for one, limit in alike for scope, level in one.most.beyond(limit).items()}
    names = {
        "job": f"`permissions` of job {held.job.id}",
        "workflow": "the workflow's `permissions`",
        "default": "no `permissions` is written, so that the repository's default",
    }
    lowered = f"`permissions: {_flow(held.most.lowered_to(ceiling))}`"
    mend = f"write {lowered}" if held.origin == "default" else f"lower it to {lowered}"
    who = names.get(held.origin) or f"the job that calls {', '.join(jobs)}"
    return Finding(
        control="permissions",
        subject=subject,
        message=f"{who} gives {_grants(beyond)}, beyond the `{_flow(ceiling)}` that the policy allows",
        plane="workflow",
        location=_scope_at(held, beyond) or place,
        expected=_json(ceiling),
        actual=dict(beyond),
        fix=Fix(text=f"{mend}, or raise the policy's ceiling"),
        evidence=(*told, *(_has_it(one) for one, _ in alike[:_LISTED] if held.origin != "job")),
    )


def _jobs(alike: Sequence[tuple[Effective, Grant]]) -> list[str]:
    return list(dict.fromkeys(one.job.id for one, _ in alike))


def _perhaps(subject: str, held: Effective, jobs: Sequence[str], ceiling: Grant, place: Location) -> Undecided:
    who = f"job {jobs[0]} has" if len(jobs) == 1 else f"the jobs {', '.join(jobs[:_LISTED])} have"
    if len(jobs) > _LISTED:
        who = f"{len(jobs)} jobs have"
    said = {
        "default": f"no `permissions` is written, so that {who} the repository's default, which only its settings tell",
        "elsewhere": f"no `permissions` is written, so that {who} what a caller in another repository has",
    }
    message = said.get(held.origin) or f"what {who.removesuffix(' has')} may do cannot be told: {held.unclear}"
    advice = f"write `permissions: {_flow(ceiling)}`" if held.origin != "unclear" else ""
    return Undecided(
        control="permissions",
        subject=subject,
        reason=Reason.UNPARSEABLE if held.origin == "unclear" else Reason.DYNAMIC,
        message=f"{message}; {advice}" if advice else message,
        location=place,
    )


def _said_at(held: Effective) -> Location:
    if held.node is not None and held.said_by is not None:
        return location(held.said_by.path, held.node)
    return location(held.workflow.path, held.job.key)


def _scope_at(held: Effective, beyond: Iterable[str]) -> Location | None:
    """Where the first scope that is too much is written."""
    node = held.node
    written = [node.key(scope) for scope in beyond if scope in node.entries] if isinstance(node, MappingNode) else []
    return location(held.said_by.path, written[0]) if written and held.said_by is not None else None


def _has_it(held: Effective) -> Evidence:
    by = "".join(f", called by {one.job.id} of {display(one.workflow.path)}" for one in reversed(held.callers))
    return Evidence(text=f"job {held.job.id} has it{by}", location=location(held.workflow.path, held.job.key))


def _grants(levels: Mapping[str, str]) -> str:
    other = "every other scope" if len(levels) > 1 else "every scope"
    listed = [f"{level} to {other}" if scope == "*" else f"`{scope}: {level}`" for scope, level in levels.items()]
    rest = len(listed) - _LISTED
    return ", ".join(listed[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _flow(grant: Grant) -> str:
    """A grant as YAML has it."""
    if grant.rest != "none" and not grant.levels:
        return f"{grant.rest}-all"
    return "{" + ", ".join(f"{scope}: {level}" for scope, level in grant.levels.items() if level != "none") + "}"


def _json(grant: Grant) -> Json:
    return f"{grant.rest}-all" if grant.rest != "none" else dict(grant.levels)
