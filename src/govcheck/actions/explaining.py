"""A verdict on a context in words: what is observed, why, and what to do about it."""

from collections.abc import Iterable, Iterator

from govcheck.actions.contexts import Contexts, Reported
from govcheck.actions.nearest import Hint, hint, listed, show
from govcheck.actions.reach import Condition, Level
from govcheck.actions.values import Unknown
from govcheck.actions.verdicts import Verdict
from govcheck.actions.workflow import location
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Location
from govcheck.paths import display
from govcheck.records import field, frozen

_MOST_EVIDENCE = 12


@frozen(kw_only=True)
class Explanation:
    """What to say of one verdict."""

    message: str
    location: Location = field(default_factory=Location)
    fix: str | None = None
    evidence: tuple[Evidence, ...] = ()


def explain(context: str, verdict: Verdict, contexts: Contexts, where: str) -> Explanation:
    """The words for a verdict.

    Args:
        context: The context that was asked for.
        verdict: What the files say about it.
        contexts: All contexts, to find what was meant.
        where: When it is to be reported: `pull requests to main`.
    """
    if verdict.word == "exact":
        return Explanation(message=f"`{context}` is reported on all {where}", evidence=_jobs(verdict.origins))
    if verdict.word == "missing":
        return _missing(context, contexts, where)
    if verdict.word == "ambiguous":
        return _ambiguous(context, verdict)
    if verdict.word in {"pattern", "remote"}:
        return _untold(context, verdict, where)
    return _hindered(context, verdict, where)


def refused(workflows: Workflows, contexts: Contexts) -> Iterator[tuple[str, Explanation]]:
    """The workflow files that GitHub does not run, by path: what is wrong with each."""
    for file in workflows.files:
        document = file.document
        if isinstance(document, Unreadable) and document.reason is None:
            place = Location(path=file.path, line=document.line or None, column=document.column or None)
            message = f"GitHub rejects this workflow file: {document.message}"
            yield file.path, Explanation(message=message, location=place)
    for broken in contexts.broken:
        message = f"GitHub does not start this workflow: {broken.message}"
        yield broken.path, Explanation(message=message, location=location(broken.path, broken.node))


def _missing(context: str, contexts: Contexts, where: str) -> Explanation:
    message = f"no workflow reports `{context}`, so it would stay pending on all {where}"
    meant = hint(context, contexts)
    if meant is None:
        known = listed(one.name for one in contexts.reported if one.reach.level < Level.NEVER)
        rest = Evidence(text=f"reported on {where}: {known}" if known else f"nothing is reported on {where}")
        return Explanation(
            message=message,
            evidence=(rest,),
            fix="Name a context that is reported, or add a job that reports this one.",
        )
    return Explanation(message=f"{message}: {meant.text}", fix=_fix(context, meant))


def _fix(context: str, meant: Hint) -> str | None:
    if not meant.offers:
        return None
    offered = " or ".join(f"`{offer}`" for offer in meant.offers[:3])
    if meant.sure:
        return f"Write {offered} instead."
    return f"If {offered} is meant, write that; otherwise add a job that reports `{context}`."


def _ambiguous(context: str, verdict: Verdict) -> Explanation:
    origins = verdict.origins
    if len({(one.path, one.job.id, one.callers) for one in origins}) == 1:
        message = f"{len(origins)} runs of one matrix job report `{context}`, and GitHub keeps one result a name"
        fix = "Name every value of the matrix in the job's `name`."
    else:
        message = f"{len(origins)} jobs report `{context}`, and it is not defined which of them counts"
        fix = "Give each job a `name` of its own."
    return Explanation(message=message, location=_place(origins[0]), fix=fix, evidence=_jobs(origins))


def _untold(context: str, verdict: Verdict, where: str) -> Explanation:
    (first, *_) = verdict.origins
    if first.unread is not None:
        message = f"`{context}` may come from {display(first.unread)}, which cannot be read"
    elif first.remote is not None:
        message = f"`{context}` may come from {first.remote}, another repository's workflow, whose jobs are not at hand"
    elif isinstance(first.name, Unknown):
        name, expression = show(first.name), first.name.expression
        message = f"`{context}` may be one of `{name}`, a name that `{expression}` decides at run time"
    else:
        why = "; ".join(condition.text for condition in verdict.conditions[:2])
        message = f"whether `{context}` is reported on all {where} cannot be told from the files: {why}"
    return Explanation(
        message=message, location=_place(first), evidence=(*_conditions(verdict.conditions), *_jobs(verdict.origins))
    )


def _hindered(context: str, verdict: Verdict, where: str) -> Explanation:
    conditions = verdict.conditions
    first = conditions[0] if conditions else None
    seldom = "is reported only on some" if verdict.word == "conditional" else "is not reported on"
    why = f": {first.text}" if first else ""
    return Explanation(
        message=f"`{context}` {seldom} {where}{why}",
        location=location(first.path, first.node) if first else _place(verdict.origins[0]),
        fix=(first.fix if first else "") or None,
        evidence=(*_conditions(conditions[1:]), *_jobs(verdict.origins)),
    )


def _conditions(conditions: Iterable[Condition]) -> tuple[Evidence, ...]:
    found = [
        Evidence(text=condition.text, location=location(condition.path, condition.node)) for condition in conditions
    ]
    return tuple(found[:_MOST_EVIDENCE])


def _jobs(origins: tuple[Reported, ...]) -> tuple[Evidence, ...]:
    found = [Evidence(text=f"job `{one.job.id}` reports `{show(one.name)}`", location=_place(one)) for one in origins]
    return tuple(found[:_MOST_EVIDENCE])


def _place(one: Reported) -> Location:
    return location(one.path, one.job.name or one.job.key)
