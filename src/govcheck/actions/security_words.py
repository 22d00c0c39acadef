"""What is found unsafe in a workflow, in words: findings and unknowns with their places and their remedies."""

import re
from collections.abc import Iterator, Sequence

from govcheck.actions import fork_code
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.injection import Injection
from govcheck.actions.permissions import effective
from govcheck.actions.runners import Runner
from govcheck.actions.strangers import Writer, path_of
from govcheck.actions.uses import DOCKER, Used
from govcheck.actions.workflow import FOLDER, Job, Workflow, location, text
from govcheck.facts.document import Node, Scalar
from govcheck.facts.workflows import Workflows
from govcheck.facts.zizmor import ZizmorFinding
from govcheck.findings import SEVERITIES, Evidence, Finding, Fix, Location, Reason, Severity, Undecided
from govcheck.paths import display

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
_WRITERS: dict[Writer, tuple[str, Severity]] = {
    "stranger": ("which anybody can write", "error"),
    "branch": ("which somebody with write access named and any pull request may point at", "warning"),
    "writer": ("which people with write access write", "note"),
}
_LISTED = 6
_LONGEST = 120


def not_allowed(path: str, one: Used, patterns: Sequence[str]) -> Finding | Undecided:
    """An action that is on no list."""
    place = location(path, one.node)
    if not one.name:
        message = f"an expression decides what `uses: {one.shown}` is"
        return Undecided(
            control="allowed-action", subject=one.shown, reason=Reason.DYNAMIC, message=message, location=place
        )
    entry = one.repository or one.name
    return Finding(
        control="allowed-action",
        subject=one.name,
        message=f"`{one.name}` is not on the list of allowed actions",
        plane="workflow",
        location=place,
        expected=list(patterns),
        actual=one.name,
        fix=Fix(text=f"take it out, or add `{entry}` to `actions.allowed`"),
    )


def not_pinned(path: str, one: Used, wanted: str) -> Finding:
    """An action whose version can be moved."""
    image = one.name.startswith(DOCKER)
    what = "digest" if image else "commit"
    now = f"the version `{one.version}`, which its owner can move" if one.pin == "tag" else _moving(one)
    demanded = f"a {what}" if wanted == "sha" else "a version"
    plain = _PLAIN.fullmatch(one.version) and _PLAIN.fullmatch(one.repository)
    commit = f"`{one.name}@<{what}>` with `# {one.version}` behind it" if one.version else f"`{one.name}@<{what}>`"
    return Finding(
        control="pinning",
        subject=one.shown,
        message=f"`{one.shown}` is pinned to {now}, not to {demanded}",
        plane="workflow",
        location=location(path, one.node),
        expected=wanted,
        actual=one.pin,
        fix=Fix(
            text=f"write {commit}" if wanted == "sha" else f"name a version of `{one.name}`",
            command=f"git ls-remote https://github.com/{one.repository} {one.version}" if plain else None,
        ),
    )


def _moving(one: Used) -> str:
    if not one.version:
        return "nothing"
    return f"`{one.version}`, which is no version and moves as a branch does"


def injected(one: Injection, policy: Severity) -> Finding:
    """Somebody's text that becomes code."""
    source = one.carried.source
    writer, severity = _WRITERS[source.writer]
    plain = not one.carried.trail and _is_itself(one.expression, source.expression)
    joint, ends = (",", "") if plain else (" carries" if one.carried.trail else " has", " and")
    name = _variable(one)
    return Finding(
        control="untrusted-text",
        subject=f"{display(one.workflow.path)}:{one.job.id} {one.expression}",
        message=f"`{_short(one.expression)}`{joint} {source.words}, {writer},{ends} becomes part of {one.sink} "
        f"of {_step(one)}",
        plane="workflow",
        location=Location(path=one.workflow.path, line=one.line, column=one.column),
        severity=None if source.writer == "stranger" else max(severity, policy, key=SEVERITIES.index),
        actual=source.expression,
        fix=Fix(
            text=f"set `{name}: ${{{{ {_short(one.expression)} }}}}` in the `env` of the step, "
            f"and write {one.variable % name} in its place"
        ),
        evidence=one.carried.trail,
    )


def _is_itself(expression: str, source: str) -> bool:
    """Whether an expression is what the source names and nothing around it; `inputs.*` names each of the inputs."""
    family = source.removesuffix("*")
    return expression == source or (family != source and _NAME.fullmatch(expression.removeprefix(family)) is not None)


def _variable(one: Injection) -> str:
    """A name for the variable that takes the expression's place."""
    try:
        path = path_of(parse(one.expression)) or one.carried.source.path
    except ExpressionError:
        path = one.carried.source.path
    names = path[2:] if path[:2] == ("github", "event") else path[-1:]
    return "_".join(name for name in names if name).upper().replace("-", "_") or "TEXT"


def _short(expression: str) -> str:
    shown = " ".join(expression.split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def _step(one: Injection) -> str:
    named = one.step.name or one.step.id
    return f"step {text(named)[:80]!r}" if named is not None else f"step {one.step.index + 1} of job {one.job.id}"


def fetched(one: fork_code.Fetched, workflows: Workflows) -> Iterator[Finding | Undecided]:
    """A fork's code that runs with secrets at hand; nothing where there are none."""
    reachable = _reachable(one.workflow, one.job, workflows)
    names = ", ".join(name for name, _ in reachable)
    if not reachable:
        return
    subject = f"{display(one.workflow.path)}:{one.job.id}"
    place = location(one.workflow.path, one.node)
    doubt = one.unclear or _reviewed(one.workflow, one.job) or ("" if any(sure for _, sure in reachable) else _DEFAULT)
    job = f"job {one.job.id}"
    if doubt:
        message = f"{job} may run a fork's code on `{one.event}` with {names} at hand: {doubt} cannot be told"
        if doubt is _DEFAULT:
            message += "; write `permissions: {contents: read}` at the top of the file, and it can"
        yield Undecided(
            control="secrets-to-forks", subject=subject, reason=Reason.DYNAMIC, message=message, location=place
        )
        return
    yield Finding(
        control="secrets-to-forks",
        subject=subject,
        message=f"{job} fetches a fork's code on `{one.event}` and {one.runs[0][0]} runs it, with {names} at hand",
        plane="workflow",
        location=place,
        actual=[name for name, _ in reachable],
        fix=Fix(text="run it on `pull_request`, which has no secrets, and do what needs them in a job of its own"),
        evidence=tuple(_runs_here(one.workflow, run, at) for run, at in one.runs[:3]),
    )


def _runs_here(workflow: Workflow, run: str, node: Node) -> Evidence:
    return Evidence(text=f"{run} runs here", location=location(workflow.path, node))


_SOME = "secrets that an expression names"
_DEFAULT = "what the repository's default lets the token do"


def _reachable(workflow: Workflow, job: Job, workflows: Workflows) -> list[tuple[str, bool]]:
    """What a job has at hand that a fork must not have; with whether that is certain."""
    named = fork_code.secrets(iter((job.node, workflow.env)))
    found = [(_SOME if name == "*" else name, True) for name in named if name != "GITHUB_TOKEN"]
    for one in effective(workflow, job, workflows):
        if "write" in {one.most.rest, *one.most.levels.values()}:
            return [*found, ("a token that writes", one.exact)]
    return found


def _reviewed(workflow: Workflow, job: Job) -> str:
    """What may hold a job back until somebody approves."""
    waiting, seen = [job], {job.id}
    while waiting:
        one = waiting.pop()
        if one.environment is not None:
            return f"whether the environment {text(one.environment.name)} waits for an approval"
        for need in one.needs:
            earlier = workflow.job(text(need))
            if earlier is not None and earlier.id not in seen:
                seen.add(earlier.id)
                waiting.append(earlier)
    return ""


def inherited(workflow: Workflow, job: Job, node: Scalar, event: str) -> Finding:
    """`secrets: inherit` on an event that strangers cause."""
    called = text(job.uses) if job.uses is not None else "what it calls"
    return Finding(
        control="secrets-to-forks",
        subject=f"{display(workflow.path)}:{job.id}",
        message=f"job {job.id} passes every secret on to {called} on `{event}`, which a stranger can cause",
        plane="workflow",
        location=location(workflow.path, node),
        actual="inherit",
        fix=Fix(text="name the secrets that it needs: `secrets: {NAME: ${{ secrets.NAME }}}`"),
    )


def said_by_zizmor(one: ZizmorFinding, severity: Severity) -> Finding:
    """A finding of zizmor."""
    detail = f": {one.annotation}" if one.annotation and one.annotation != one.description else ""
    ignored = ", which a comment there tells zizmor to ignore" if one.ignored else ""
    return Finding(
        control="zizmor",
        subject=f"{one.audit} {display(one.path)}{':' if one.job else ''}{one.job}",
        message=f"zizmor finds {one.audit}: {one.description}{detail}{ignored}",
        plane="workflow",
        location=Location(path=one.path, line=one.line, column=one.column),
        severity=severity,
        actual=one.weight,
        fix=Fix(text=f"see {one.url}") if one.url else None,
    )


def unaudited(subject: str, path: str | None, message: str) -> Undecided:
    """What zizmor leaves open."""
    return Undecided(
        control="zizmor",
        subject=subject,
        reason=Reason.UNPARSEABLE,
        message=message,
        location=Location(path=path),
    )


def runs_on(one: Workflow, job: Job, machine: Runner) -> Finding | Undecided:
    """A runner that is not GitHub's, or may not be."""
    subject = f"{display(one.path)}:{job.id}"
    place = location(one.path, machine.node)
    if machine.unclear:
        message = f"job {job.id} runs on {machine.unclear}, so that nobody can tell whether it is GitHub's own runner"
        return Undecided(control="runner", subject=subject, reason=Reason.DYNAMIC, message=message, location=place)
    shown = ", ".join(machine.labels)
    return Finding(
        control="runner",
        subject=subject,
        message=f"job {job.id} runs on `{shown}`, which is not one of GitHub's own runners",
        plane="workflow",
        location=place,
        actual=list(machine.labels),
        fix=Fix(text=f"run it on `ubuntu-latest`, or add {one.path.removeprefix(FOLDER)} to `self_hosted.allowed`"),
    )
