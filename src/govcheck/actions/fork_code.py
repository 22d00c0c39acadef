"""Jobs that fetch the code of a fork where secrets are at hand, and run it.

`pull_request_target`, `workflow_run` and `issue_comment` run with this repository's secrets although a stranger causes
them; `pull_request` from a fork does not. What is fetched does no harm until something runs it: a local action, a
build, a package manager's scripts.

Source: https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
"""

from collections.abc import Iterator

from govcheck.actions.callers import CALL, events
from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.fork_tables import HARMLESS, READS, RUNS
from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.strangers import Path, path_of, reached, step_reached
from govcheck.actions.syntax import Expression, Index, Literal, Star, children
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Node, Scalar, Sequence
from govcheck.facts.workflows import Workflows
from govcheck.records import frozen

PRIVILEGED = ("pull_request_target", "workflow_run", "issue_comment")
"""Events that strangers cause and that run with this repository's secrets."""

_HEADS: tuple[Path, ...] = (
    ("github", "head_ref"),
    ("github", "event", "pull_request", "head"),
    ("github", "event", "pull_request", "merge_commit_sha"),
    ("github", "event", "workflow_run", "head_sha"),
    ("github", "event", "workflow_run", "head_branch"),
    ("github", "event", "workflow_run", "head_commit"),
    ("github", "event", "workflow_run", "head_repository"),
    ("github", "event", "workflow_run", "pull_requests"),
)
_HANDED_ON = frozenset({"steps", "needs", "env", "matrix"})
_CHECKS_OUT = frozenset({"checkout", "switch", "merge", "reset", "cherry-pick", "rebase", "worktree"})


@frozen(kw_only=True, eq=False)
class Fetched:
    """A place at which a job may fetch the code of a fork."""

    workflow: Workflow
    job: Job
    event: str
    node: Scalar
    """Where it does."""

    runs: tuple[tuple[str, Node], ...]
    """What runs it, for people, and where."""

    unclear: str
    """Why it is not certain that it is fetched, or that it is run; empty where both are."""


def fetched(workflow: Workflow, workflows: Workflows) -> Iterator[Fetched]:
    """Everything that fetches a fork's code on an event with secrets and runs it, or may."""
    for job, event in privileged(workflow, workflows):
        for index, step in enumerate(job.steps):
            head = _fetches(workflow, job, step) if step_reached(step.condition, event) else None
            if head is None:
                continue
            later = [one for one in job.steps[index:] if step_reached(one.condition, event)]
            said = [run for one in later for run in _runs(workflow, job, one, _folder(step), fetching=one is step)]
            surely = tuple((what, node) for what, node, sure in said if sure)
            if surely or said:
                doubt = "" if surely else f"whether {said[0][0]} runs what is fetched"
                found = surely or ((said[0][0], said[0][1]),)
                yield Fetched(
                    workflow=workflow,
                    job=job,
                    event=event,
                    node=head[0],
                    runs=found,
                    unclear=head[1] or doubt,
                )
                break


def privileged(workflow: Workflow, workflows: Workflows) -> Iterator[tuple[Job, str]]:
    """The jobs that an event of a stranger gets to with secrets at hand, each with the first such event."""
    starting = events(workflow, workflows) or frozenset()
    for job in workflow.jobs:
        event = next((one for one in PRIVILEGED if one in starting and reached(workflow, job, one)), None)
        if event is not None:
            yield job, event


def secrets(nodes: Iterator[Node | None]) -> list[str]:
    """The names of the secrets that parts of a document read, sorted; `*` for all of them."""
    found: set[str] = set()
    for node in nodes:
        for scalar in _scalars(node):
            for path in _paths(text(scalar)):
                if path[0] == "secrets":
                    found.add((path[1] if len(path) > 1 and path[1] else "*").upper())
    return sorted(found)


def _fetches(workflow: Workflow, job: Job, step: Step) -> tuple[Scalar, str] | None:
    """Where a step fetches a fork's code; with why that is not certain."""
    if step.uses is not None:
        action = text(step.uses).partition("@")[0].strip().lower()
        called = {"inputs"} if workflow.trigger(CALL) is not None else set()
        return _checked_out(step, _HANDED_ON | called) if action == "actions/checkout" else None
    script = script_of(step, shell_of(workflow, job, step))
    if not isinstance(script, Script) or step.run is None:
        return None
    return (step.run, "") if _checks_out(list(programs(script))) else None


def _checked_out(step: Step, handed_on: frozenset[str]) -> tuple[Scalar, str] | None:
    doubt: tuple[Scalar, str] | None = None
    for name in ("ref", "repository"):
        value = step.with_.get(name) if step.with_ is not None else None
        if not isinstance(value, Scalar):
            continue
        written = text(value)
        paths = list(_paths(written))
        if written.startswith("refs/pull/") or any(map(_is_head, paths)):
            return value, ""
        if any(path[0] in handed_on for path in paths):
            doubt = doubt or (value, f"whether `{name}: {' '.join(written.split())[:80]}` is a fork's")
    return doubt


def _checks_out(commands: list[Program]) -> bool:
    """Whether a script puts a fork's code into the folder: fetching alone does not."""
    fetched = False
    for program in commands:
        words = program.texts()
        shown = [word.shown for word in program.arguments]
        if program.name == "gh" and words[:2] == ["pr", "checkout"]:
            return True
        if program.name != "git":
            continue
        pulls = any("pull/" in word for word in shown)
        fetched = fetched or (pulls and "fetch" in words)
        heads = any(_is_head(path) for word in shown for path in _paths(word))
        if ("pull" in words and (pulls or heads)) or (_CHECKS_OUT.intersection(words) and (fetched or heads)):
            return True
    return False


def _runs(workflow: Workflow, job: Job, step: Step, folder: str, *, fetching: bool) -> Iterator[tuple[str, Node, bool]]:
    """What a step runs of the folder, where it stands, and whether it surely does."""
    if step.uses is not None:
        yield from _run_by_action(step.uses, folder) if not fetching else ()
        return
    if step.run is None:
        return
    script = script_of(step, shell_of(workflow, job, step))
    if not isinstance(script, Script):
        yield from [("a script that cannot be read", step.run, False)] if not fetching and not folder else []
        return
    inside = not folder or _is_below(text(step.working_directory) if step.working_directory is not None else "", folder)
    for program in programs(script):
        inside = inside or (program.name in {"cd", "pushd"} and _is_below((program.texts() or [""])[0], folder))
        name = (program.command.words[0].literal or "") if program.command.words else ""
        local = _is_below(name, folder) if folder else name.startswith("./")
        mentioned = any(folder in word for word in program.texts())
        if local or (inside and program.name in RUNS):
            yield f"`{name if local else program.name}`", step.run, True
        elif program.name and program.name not in READS and (inside or mentioned):
            yield f"`{program.name}`", step.run, False


def _run_by_action(uses: Scalar, folder: str) -> Iterator[tuple[str, Node, bool]]:
    action = text(uses).strip()
    if action.startswith("./"):
        if _is_below(action, folder):
            yield f"the local action {action}", uses, True
    elif not action.lower().startswith(HARMLESS) and not folder:
        yield f"the action {action}", uses, False


def _is_below(path: str, folder: str) -> bool:
    plain = path.removeprefix("${{ github.workspace }}/").removeprefix("$GITHUB_WORKSPACE/").removeprefix("./")
    return not folder or plain == folder or plain.startswith(f"{folder}/")


def _folder(step: Step) -> str:
    """The folder that a checkout goes to; empty for the whole work space."""
    value = step.with_.get("path") if step.uses is not None and step.with_ is not None else None
    return text(value).strip().removeprefix("./").rstrip("/.") if isinstance(value, Scalar) else ""


def _is_head(path: Path) -> bool:
    return any(path[: len(head)] == head for head in _HEADS)


def _paths(written: str) -> Iterator[Path]:
    """The paths that a text's expressions read, each whole: `secrets.A`, and not `secrets` as well."""
    for one in embedded(written):
        try:
            waiting: list[Expression] = [parse(one.source)]
        except ExpressionError:
            continue
        while waiting:
            node = waiting.pop()
            path = path_of(node)
            if path is not None:
                yield path
            waiting.extend(children(node) if path is None else _computed(node))


def _computed(node: Expression) -> Iterator[Expression]:
    """The parts of a path that an expression computes."""
    while isinstance(node, Index):
        if not isinstance(node.index, Literal | Star):
            yield node.index
        node = node.target


def _scalars(node: Node | None) -> Iterator[Scalar]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            yield one
        elif isinstance(one, Sequence):
            waiting.extend(one.items)
        elif one is not None:
            waiting.extend(value for _, value in one.items())
