"""The jobs that run Danger: whether a `fail` turns their check red, and what a fork's pull request comes to there.

Sources: danger-js 13, `distribution/runner/Executor.js` and `distribution/platforms/platform.js`;
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
"""

import posixpath
from collections.abc import Iterator, Sequence

from govcheck.actions.idle_jobs import why_skipped
from govcheck.actions.own_programs import (
    OTHER_DANGERFILES,
    RUBY_DANGERFILE,
    called,
    called_by_action,
    folder_of,
    is_danger_js,
    package_scripts,
)
from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.shell import read as read_shell
from govcheck.actions.steps import scalar_at
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.facts import Missing
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Fix
from govcheck.liveness.fresh_checkout import own_checkout
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.hook_runs import reached, steps
from govcheck.records import frozen

_TOKENS = ("DANGER_GITHUB_API_TOKEN", "GITHUB_TOKEN", "DANGER_GITHUB_BEARER_TOKEN")
_GIVEN = ("secrets.github_token", "github.token")
_NAME = "danger"
"""What every name of its programs has in it; a script without it is not read."""

_STRICT = frozenset({"--failOnErrors", "-f"})
_NOT_POSTING = frozenset({"--text-only", "-t", "--no-publish-check"})


@frozen
class Run:
    """A step that runs Danger."""

    workflow: Workflow
    job: Job
    step: Step
    path: str
    """The Dangerfile."""

    name: str
    """`danger`, `danger-swift`, ...; empty where one of Danger's actions is used."""

    words: tuple[str, ...]
    """Its arguments."""

    stops: bool
    """Whether its exit code is heard."""

    @property
    def node(self) -> Node:
        """What stands in the workflow for it."""
        return self.step.run or self.step.uses or self.step.node

    @property
    def in_javascript(self) -> bool:
        """Whether it is danger-js."""
        return self.name in {"danger", ""} and self.path.endswith(("js", "ts"))


def runs(workflows: Workflows, programs_: OwnPrograms, tracked: TrackedFiles) -> Iterator[Run]:
    """Every step that runs a tracked Dangerfile."""
    named = _may_be_named(programs_)
    for workflow, job, step in steps(workflows):
        path = next((one.path for one in called_by_action(step) if one.path in tracked.modes), None)
        if path is not None:
            arguments = scalar_at(step.with_, "args") if step.with_ is not None else None
            words = tuple(text(arguments).split()) if arguments is not None else ()
            yield Run(workflow, job, step, path, "", words, stops=not _ignored(step, job))
        for program in _dangers(workflow, job, step, named):
            found = (one.path for one in called(program, folder_of(workflow, job, step)))
            path = next((one for one in found if one in tracked.modes), None)
            if path is not None:
                heard = program.command.ends != "no" and not _ignored(step, job)
                yield Run(workflow, job, step, path, program.name, tuple(program.texts()), stops=heard)


def without_file(workflows: Workflows, programs_: OwnPrograms, tracked: TrackedFiles) -> Iterator[Gate]:
    """Each step that runs danger-js where only a Dangerfile in Ruby is tracked."""
    named = _may_be_named(programs_)
    for workflow, job, step in steps(workflows):
        for program in _dangers(workflow, job, step, named):
            if not is_danger_js(program) or not own_checkout(job):
                continue
            folder = folder_of(workflow, job, step)
            names = [path for one in called(program, folder) for path in (one.path, posixpath.join(folder, one.path))]
            ruby = posixpath.join(folder, RUBY_DANGERFILE)
            if ruby in tracked.modes and tracked.modes.keys().isdisjoint(names):
                why = (
                    f"job `{job.id}` runs danger-js, which reads dangerfile.ts or dangerfile.js: the tracked `{ruby}` "
                    "is for Danger in Ruby, and nothing reads it"
                )
                fix = Fix(text=f"Run `bundle exec danger`, or write a dangerfile.js in place of `{ruby}`.")
                run = Run(workflow, job, step, ruby, program.name, (), stops=False)
                yield _gate(run, f"{workflow.path}:{job.id}", State.DEAD, why, fix)


def gates(found: Sequence[Run]) -> Iterator[Gate]:
    """Each job that runs Danger."""
    for run in {(one.workflow.path, one.job.id): one for one in reversed(found)}.values():
        yield _check(run)
        if run.in_javascript and (said := _token(run)) is not None:
            yield said


def _check(run: Run) -> Gate:
    """Whether the job goes red."""
    subject = f"{run.workflow.path}:{run.job.id}"
    skipped = why_skipped(run.workflow, run.job)
    if skipped:
        return _gate(run, subject, State.DEAD, skipped, Fix(text="Take the `if` out, or the job."))
    if not run.stops:
        why = f"job `{run.job.id}` runs Danger and does not listen to it: the job stays green"
        fix = Fix(text="Remove `|| true` or `continue-on-error`.")
        return _gate(run, subject, State.DEAD, why, fix)
    if not run.in_javascript:
        return _gate(run, subject, State.ALIVE, f"job `{run.job.id}` runs Danger and listens to it")
    return _of_javascript(run, subject)


def _of_javascript(run: Run, subject: str) -> Gate:
    if _STRICT.intersection(run.words):
        return _gate(run, subject, State.ALIVE, f"job `{run.job.id}` runs Danger with `--failOnErrors`")
    stays_green = f"job `{run.job.id}` stays green whatever the Dangerfile fails"
    if _NOT_POSTING.intersection(run.words):
        why = f"{stays_green}: Danger only prints it here"
        return _gate(run, subject, State.DEAD, why, Fix(text="Add `--failOnErrors`."))
    name, may = _status_name(run), _may_post_statuses(run)
    if may is False:
        why = "Danger may not post a commit status here, so that it fails by its exit code"
        return _gate(run, subject, State.ALIVE, why)
    why = f"{stays_green}: without `--failOnErrors`, Danger posts the commit status `{name}` and ends well"
    if may is None:
        return _gate(run, subject, State.UNTOLD, f"{why}, if its token may, which the workflow does not say")
    fix = Fix(text=f"Add `--failOnErrors`, or require the status `{name}` and not the check `{run.job.id}`.")
    return _gate(run, subject, State.DEAD, why, fix)


def _status_name(run: Run) -> str:
    for index, word in enumerate(run.words[:-1]):
        if word in {"--id", "-i"}:
            return run.words[index + 1]
    return "Danger"


def _may_post_statuses(run: Run) -> bool | None:
    """Whether the job's token may post a commit status; None where only the repository's settings say."""
    given = _given_token(run)
    if given is not None and not any(name in given.casefold() for name in _GIVEN):
        return None
    node = run.job.permissions if run.job.permissions is not None else run.workflow.permissions
    if isinstance(node, Scalar) and node.value is not None:
        return {"write-all": True, "read-all": False}.get(text(node))
    if isinstance(node, Mapping):
        level = scalar_at(node, "statuses")
        return level is not None and level.value == "write"
    return None


def _token(run: Run) -> Gate | None:
    """What Danger comes to without a token, or with one that a fork's pull request does not have."""
    given = _given_token(run)
    subject = f"{run.workflow.path}:{run.job.id}:token"
    events = {trigger.event for trigger in run.workflow.triggers}
    if given is None:
        why = "Danger has no token here (`GITHUB_TOKEN` is not in its `env`): it ends with an error before it judges"
        fix = Fix(text="Add `env: {GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}}` to the step.")
        return _gate(run, subject, State.DEAD, why, fix)
    if "pull_request" not in events or _NOT_POSTING.intersection(run.words):
        return None
    if "secrets." in given.casefold() and not any(name in given.casefold() for name in _GIVEN):
        why = "a pull request from a fork has no secrets: there Danger has no token and ends with an error, unjudged"
    else:
        why = (
            "in a pull request from a fork the token can only read: Danger can post neither its comments nor its "
            "status there, and only the exit code is left"
        )
    text_ = "Judge what forks may send by the exit code of a check that needs no token, as govcheck's own are."
    return _gate(run, subject, State.ALIVE, why, Fix(text=text_), note=True)


def _given_token(run: Run) -> str | None:
    """What the step is given as its token; None where it is given none."""
    document = run.workflow.file.document
    at_top = document.get("env") if isinstance(document, Mapping) else None
    for env in (run.step.env, run.job.env, at_top):
        for name in _TOKENS if isinstance(env, Mapping) else ():
            value = scalar_at(env, name) if isinstance(env, Mapping) else None
            if value is not None:
                return text(value)
    inline = next((word for word in run.words if "TOKEN" in word), None)
    script = text(run.step.run) if run.step.run is not None else ""
    return inline or (script if any(name in script for name in _TOKENS) else None)


def _may_be_named(programs_: OwnPrograms) -> OwnPrograms | None:
    """The programs; None where none of them can name Danger."""
    return programs_ if any(map(_may_name, programs_.contents.values())) else None


def _may_name(content: bytes | Missing) -> bool:
    r"""Whether Danger can be named in a manifest: as it is, with `\u0064` for a letter, or in UTF-16."""
    return isinstance(content, bytes) and any(mark in content for mark in (_NAME.encode(), b"\\u", b"\0"))


def _dangers(workflow: Workflow, job: Job, step: Step, programs_: OwnPrograms | None) -> Iterator[Program]:
    """Every Danger that a step runs, by itself or by an npm script; None where no script can name it."""
    if step.run is not None and _NAME in text(step.run):
        script = script_of(step, shell_of(workflow, job, step))
        if isinstance(script, Script):
            yield from filter(_is_danger, programs(script))
    for one, _, content in reached(workflow, job, step, programs_) if programs_ is not None else ():
        source = package_scripts(content).get(one.script, "") if one.script and content is not None else ""
        inner = read_shell(source) if _NAME in source else None
        if isinstance(inner, Script):
            yield from filter(_is_danger, programs(inner))


def _is_danger(program: Program) -> bool:
    return program.name == "danger" or program.name in OTHER_DANGERFILES


def _ignored(step: Step, job: Job) -> bool:
    nodes = (step.continue_on_error, job.continue_on_error)
    return any(node is not None and node.value is True for node in nodes)


def _gate(run: Run, subject: str, state: State, why: str, fix: Fix | None = None, *, note: bool = False) -> Gate:
    return Gate(
        family="danger",
        subject=subject,
        state=state,
        why=why,
        location=location(run.workflow.path, run.node),
        fix=fix,
        severity="note" if note else None,
    )
