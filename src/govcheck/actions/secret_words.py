"""What workflow files do with secrets, against what is wanted: in words, with their places."""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from govcheck.actions.environments import Use
from govcheck.actions.secret_references import Handed, Reference
from govcheck.actions.workflow import FOLDER, Job, Workflow, location, text
from govcheck.findings import Evidence, Finding, Fix, Location, Reason, Severity, Undecided
from govcheck.paths import display

_MOST_EVIDENCE = 6


def unreferenced(name: str, severity: Severity | None, known: Iterable[str]) -> Finding:
    """That no workflow reads a secret that is demanded."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    hint = f"; the nearest that one does read is {near[0]}" if near else ""
    return Finding(
        control="referenced",
        subject=name,
        message=f"no workflow reads a secret {name}{hint}",
        plane="workflow",
        severity=severity,
        location=Location(path=FOLDER.rstrip("/")),
        fix=Fix(text=f"hand it to the step that needs it, as `${{{{ secrets.{name} }}}}`, or take it off the list"),
    )


def unlisted(name: str, severity: Severity | None, places: Sequence[Reference]) -> Finding:
    """That a workflow reads a secret that nobody demands."""
    return Finding(
        control="listed",
        subject=name,
        message=f"{_who(places[0])} {name}, which the policy does not list",
        plane="workflow",
        severity=severity,
        location=_place(places[0]),
        fix=Fix(text=f"add {name} to the policy's `secrets`, or take it out of the workflow"),
        evidence=read_at(places[1:]),
    )


def everything(control: str, subject: str, handed: Handed, what: str) -> Undecided:
    """That all secrets are handed on, so that only a run can tell which are read."""
    return Undecided(
        control=control,
        subject=subject,
        reason=Reason.DYNAMIC,
        message=f"{handed.why}, so that nobody can tell {what}",
        location=location(handed.workflow.path, handed.node),
    )


def without_environment(places: Sequence[Reference], environment: str) -> Iterator[Finding]:
    """Jobs that read a secret and name no environment.

    Args:
        places: All places that read this one secret.
        environment: What to name where no other job of the same file shows it.
    """
    found: dict[tuple[str, str], list[Reference]] = {}
    for one in places:
        if one.job is None and not any(_is_bare(job) for job in one.workflow.jobs):
            continue
        if one.job is None or one.job.environment is None:
            found.setdefault((one.workflow.path, one.job.id if one.job is not None else ""), []).append(one)
    for (path, job), group in found.items():
        name = group[0].secret
        yield Finding(
            control="only_in",
            subject=":".join(filter(None, (display(path), job, name))),
            message=f"{_who(group[0])} {name} without an environment, so that it can only be a secret of the"
            " repository or the organisation, which no approval guards",
            plane="workflow",
            location=_place(group[0]),
            fix=Fix(text=_named(group[0].job, _environment_beside(group[0], places) or environment)),
            evidence=read_at(group[1:]),
        )


def out_of_sight(one: Reference, environments: Sequence[str], lacking: str) -> Finding:
    """That a job reads a secret that only environments have which it does not name."""
    have = ", ".join(environments)
    job = one.job.id if one.job is not None else ""
    return Finding(
        control="visible",
        subject=":".join(filter(None, (display(one.workflow.path), job, one.secret))),
        message=f"{_who(one)} {one.secret}, which is empty there: only {have} has it, and the job runs {lacking}",
        plane="live",
        location=_place(one),
        fix=Fix(text=_named(one.job, environments[0])),
    )


def maybe_out_of_sight(one: Reference, use: Use) -> Undecided:
    """That only a run can tell whether a job sees a secret."""
    written = text(use.environment.name)
    return Undecided(
        control="visible",
        subject=f"{display(one.workflow.path)}:{use.job.id}:{one.secret}",
        reason=Reason.DYNAMIC,
        message=f"only a run can tell which environment `{written}` is, and whether that has {one.secret}",
        location=location(use.workflow.path, use.environment.name),
    )


def read_at(places: Sequence[Reference]) -> tuple[Evidence, ...]:
    """Every place, each line once."""
    found = {(one.workflow.path, one.node.place(one.offset)[0]): one for one in reversed(places)}
    shown = list(reversed(found.values()))[:_MOST_EVIDENCE]
    return tuple(Evidence(text=f"{_who(one)} {one.secret}", location=_place(one)) for one in shown)


def _who(one: Reference) -> str:
    if one.job is None:
        return f"every job of {_file(one.workflow)} is handed"
    return f"the job {one.job.id} {'hands on' if one.job.uses is not None else 'reads'}"


def _file(workflow: Workflow) -> str:
    return display(workflow.path.removeprefix(FOLDER))


def _named(job: Job | None, environment: str) -> str:
    if job is None:
        return "hand it to the steps that need it, in jobs that name the environment"
    if job.uses is not None:
        return "let the jobs of the called workflow name the environment, and read the secret themselves"
    return f"add `environment: {environment}` to the job {job.id}, or take the secret out of it"


def _environment_beside(one: Reference, places: Sequence[Reference]) -> str | None:
    """The environment of another job of the same file that reads the secret."""
    jobs = [other.job for other in places if other.workflow is one.workflow and other.job is not None]
    named = (job.environment for job in jobs if job.environment is not None and not job.environment.dynamic)
    return next((text(found.name) for found in named), None)


def _is_bare(job: Job) -> bool:
    return job.environment is None and job.uses is None


def _place(one: Reference) -> Location:
    line, column = one.node.place(one.offset)
    return Location(path=one.workflow.path, line=line, column=column)
