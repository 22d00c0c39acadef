"""What steps and jobs set for others: outputs that are asked for and that nothing sets.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context and `#needs-context`:
what is not there is the empty text, without an error.
"""

import difflib
import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.outcomes import ancestors
from govcheck.actions.programs import shell_of
from govcheck.actions.raw_text import may_hold
from govcheck.actions.syntax import Compare, Context, Expression, Index, Literal, walk
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.findings import Fix, Location, Severity
from govcheck.liveness.executions import Ran
from govcheck.liveness.gate import Gate, State
from govcheck.records import frozen

WRITES = re.compile(r"GITHUB_(?:OUTPUT|ENV)\b|::set-output ")
"""How a script sets something for other steps."""

_NAMED = re.compile(r"(?:::set-output\s+name=|[\"'\s;{]|\\n|^)([A-Za-z_][\w-]*)(?:=|<<|::)", re.MULTILINE)
_MOST_COMPARED = 100
_PRINTERS = re.compile(r"\b(?:echo|printf)\b")
_COMPUTED_NAME = re.compile(
    r"name=[\w-]*\$|(?:echo|printf)\s+(?:-\w+\s+){0,9}[\"']?[\w.-]*[$%`]|\\n[\w-]*[$%`][^=\n]*=|<<<"
)
_RUNS_OTHERS = re.compile(
    r"(?:^|[\s;&|(])(?:[\w.-]*/[\w./-]+|node|deno|bun|npx?|yarn|pnpm|python[\d.]*|ruby|perl|php|bash|sh|pwsh|source|\.|"
    r"eval|make|just|task|tsx|ts-node|uvx?|poetry|go run|cargo|docker|nx|turbo|mvn|gradlew?)(?=\s|$)|"
    r"(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*[\"']?\$[\w{(\"]",
    re.MULTILINE,
)
"""What may set outputs by itself."""

_SAYS_WORDS = ("dorny/paths-filter@", "tj-actions/changed-files@")
"""Actions whose outputs are `true` or `false`."""

_WRITER_LINES = re.compile(r"^.*GITHUB_OUTPUT.*$|^.*::set-output .*$", re.MULTILINE)


@frozen
class _Asked:
    """`steps.X.outputs.Y` or `needs.X.outputs.Y`, and where it stands."""

    context: str
    of: str
    name: str
    node: Scalar
    decides: bool
    """Whether it stands in an `if`."""


def varies(ran: Ran) -> bool:
    """Whether a script sets an output that is not the same in every run."""
    if not WRITES.search(ran.source):
        return False
    script = ran.script
    if script is None:
        return True
    for command in script.commands:
        if command.name in {"echo", "printf"} and any("=" in word.shown for word in command.arguments):
            if command.branch >= 0 or any(word.literal is None for word in command.arguments):
                return True
        elif command.name not in {"echo", "printf", "set"}:
            return True
    return False


def gates(workflow: Workflow) -> Iterator[Gate]:
    """Every output that is asked for and that nothing sets, once a job."""
    for job in workflow.jobs if may_hold(workflow.file.text, ("outputs",)) else ():
        told: set[tuple[str, str, str]] = set()
        for asked in _asked(job):
            key = (asked.context, asked.of.casefold(), asked.name.casefold())
            why = _missing(workflow, job, asked) if key not in told else ""
            if why:
                told.add(key)
                yield _gate(workflow, job, asked, why)
        yield from _compared(workflow, job)


def _compared(workflow: Workflow, job: Job) -> Iterator[Gate]:
    """Every `if` that holds an output, which is text, against `true`: that is 1 to it, and the text no number."""
    for node, decides in _texts(job.node):
        for expression in _expressions(node, decides=decides) if decides and "outputs" in node.text else ():
            for part in walk(expression):
                if not isinstance(part, Compare) or part.operator != "==" or part.right != Literal(value=True):
                    continue
                found = _output(part.left)
                if found is not None and _is_set_to_a_word(workflow, job, *found):
                    context, of, name = found
                    shown = f"{context}.{of}.outputs.{name}"
                    yield Gate(
                        family="output",
                        subject=f"{workflow.path}:{job.id}:{shown} == true",
                        state=State.DEAD,
                        why=f"`{shown} == true` is never so: an output is text, and the text `true` is not that",
                        location=location(workflow.path, node),
                        fix=Fix(text=f"write `{shown} == 'true'`"),
                    )


def _is_set_to_a_word(workflow: Workflow, job: Job, context: str, of: str, name: str) -> bool:
    """Whether an output is certainly `true` or `false` where it is set."""
    if context == "needs":
        needed = workflow.job(of)
        outputs = needed.node.get("outputs") if needed is not None else None
        value = outputs.get(name) if isinstance(outputs, Mapping) else None
        inner = next(iter(_expressions(value, decides=False)), None) if isinstance(value, Scalar) else None
        found = _output(inner) if inner is not None else None
        if needed is None or found is None or found[0] != "steps":
            return False
        return _is_set_to_a_word(workflow, needed, *found)
    step = next((one for one in job.steps if one.id is not None and _same(text(one.id), of)), None)
    if step is not None and step.uses is not None:
        return text(step.uses).startswith(_SAYS_WORDS)
    if step is None or step.run is None:
        return False
    values = re.findall(rf"(?<![\w-]){re.escape(name)}=([^\s\"']*)", text(step.run))
    return bool(values) and all(value in {"true", "false"} for value in values)


def _gate(workflow: Workflow, job: Job, asked: _Asked, why: str) -> Gate:
    severity: Severity | None = None if asked.decides else "note"
    return Gate(
        family="output",
        subject=f"{workflow.path}:{job.id}:{asked.context}.{asked.of}.outputs.{asked.name}",
        state=State.DEAD,
        why=f"`{asked.context}.{asked.of}.outputs.{asked.name}` is always empty: {why}",
        location=_place(workflow.path, asked),
        severity=severity,
        fix=Fix(text="set the output where it is meant to be set, or do not ask for it"),
    )


def _place(path: str, asked: _Asked) -> Location:
    """Where the expression stands in its text."""
    for one in embedded(asked.node.text):
        if asked.of in one.source and asked.name in one.source:
            line, column = asked.node.place(one.start)
            return Location(path=path, line=line, column=column)
    return location(path, asked.node)


def _missing(workflow: Workflow, job: Job, asked: _Asked) -> str:
    return _not_set_by_job(workflow, job, asked) if asked.context == "needs" else _not_set_by_step(workflow, job, asked)


def _not_set_by_job(workflow: Workflow, job: Job, asked: _Asked) -> str:
    needed = next((one for one in workflow.jobs if one.id.casefold() == asked.of.casefold()), None)
    if needed is None:
        return f"there is no job {asked.of}"
    if asked.of.casefold() not in {text(need).casefold() for need in job.needs}:
        far = " itself, only by way of other jobs" if asked.of.casefold() in ancestors(workflow, job) else ""
        return f"job {job.id} does not need {needed.id}{far}"
    if needed.uses is not None:
        return ""
    outputs = needed.node.get("outputs")
    if outputs is None:
        return f"job {needed.id} has no outputs"
    if not isinstance(outputs, Mapping):
        return ""
    names = {name.casefold() for name in outputs.entries}
    return "" if asked.name.casefold() in names else f"job {needed.id} has no such output{_meant(asked.name, outputs)}"


def _meant(name: str, outputs: Mapping) -> str:
    near = difflib.get_close_matches(name, list(outputs.entries)[:_MOST_COMPARED], n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _not_set_by_step(workflow: Workflow, job: Job, asked: _Asked) -> str:
    step = next((one for one in job.steps if one.id is not None and _same(text(one.id), asked.of)), None)
    if step is None:
        return f"no step of job {job.id} has the id {asked.of}"
    names = _outputs_of(workflow, job, step)
    if names is None or asked.name.casefold() in names:
        return ""
    return f"the step with that id sets {', '.join(sorted(names)) or 'no output'}"


@lru_cache(maxsize=256)
def _outputs_of(workflow: Workflow, job: Job, step: Step) -> frozenset[str] | None:
    """The names that a step's script sets, folded; None where nobody can tell."""
    if step.run is None or not shell_of(workflow, job, step).posix:
        return None
    source = text(step.run)
    if "GITHUB_OUTPUT" not in source and "::set-output" not in source:
        # A script that it runs may set them, but not one that only prints.
        return frozenset() if _only_prints(source) else None
    lines = _WRITER_LINES.findall(source)
    if not all(map(_PRINTERS.search, lines)) or any(map(_COMPUTED_NAME.search, lines)) or _RUNS_OTHERS.search(source):
        return None
    names = {name.casefold() for name in _NAMED.findall(source)}
    return frozenset(names)


def _only_prints(source: str) -> bool:
    lines = (line.strip() for line in source.split("\n"))
    return all(line.startswith(("echo ", "#", "printf ")) for line in lines if line)


def _asked(job: Job) -> Iterator[_Asked]:
    for node, decides in _texts(job.node):
        if "outputs" not in node.text.casefold():
            continue
        for expression in _expressions(node, decides=decides):
            for part in walk(expression):
                found = _output(part)
                if found is not None:
                    yield _Asked(*found, node, decides)


def _expressions(node: Scalar, *, decides: bool) -> Iterator[Expression]:
    sources = [one.source for one in embedded(node.text)]
    if decides and not sources:
        sources = [node.text]
    for source in sources:
        try:
            yield parse(source.strip())
        except ExpressionError:
            continue  # GitHub rejects the file: that is told by other kinds


def _output(part: Expression) -> tuple[str, str, str] | None:
    match part:
        case Index(
            Index(Index(Context(context), Literal(str() as of)), Literal(str() as outputs)), Literal(str() as name)
        ) if context.casefold() in {"steps", "needs"} and outputs.casefold() == "outputs":
            return context.casefold(), of, name
    return None


def _texts(root: Mapping) -> Iterator[tuple[Scalar, bool]]:
    """Every text of a job, and whether it is an `if`."""
    waiting: deque[tuple[Node, bool]] = deque([(root, False)])
    while waiting:
        node, decides = waiting.popleft()
        if isinstance(node, Scalar):
            yield node, decides
        elif isinstance(node, Sequence):
            waiting.extend((item, False) for item in node.items)
        else:
            waiting.extend((value, key == "if") for key, value in node.items())


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
