"""pre-commit's configuration: whether it is read at all, whether its hooks run, and who runs them.

Source: https://pre-commit.com. pre-commit reads `.pre-commit-config.yaml` at the repository's root and nothing else.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from govcheck.facts.document import Node
from govcheck.facts.hooks import HookConfiguration, HookFile
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Fix, Location, Reason, Severity
from govcheck.liveness import hook_judgements, own_hooks
from govcheck.liveness.chances import Chance, Site, chance
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.hook_judgements import World
from govcheck.liveness.hook_places import is_for_others
from govcheck.liveness.hook_runs import Run, indirectly, runs
from govcheck.liveness.hook_scripts import nearest, script_words, untracked
from govcheck.liveness.hook_shape import Hook, Problem, hooks, problems
from govcheck.records import frozen, replace

NAME = ".pre-commit-config.yaml"

_NEARLY = re.compile(r"(?:.*/)?[._]?pre-?commit-config\.ya?ml", re.IGNORECASE)
_SHORT = re.compile(r"[._]?pre-?commit\.ya?ml", re.IGNORECASE)
_ENTRY = re.compile(r"\s*(?:- )?entry:\s*(.+)")
_MOST = 300
_MANAGERS = frozenset({"pre-commit", "prek"})
_INSTALL = "Run `pre-commit run --all-files` in a workflow that starts for every pull request."


@frozen
class _Scene:
    """Everything that the hooks of a repository are judged by."""

    configuration: HookConfiguration
    tracked: TrackedFiles
    workflows: Workflows
    programs: OwnPrograms


def gates(
    configuration: HookConfiguration, tracked: TrackedFiles, workflows: Workflows, programs: OwnPrograms
) -> Iterator[Gate]:
    """Every configuration of hooks, every hook that it defines, and every hook file of the repository's own."""
    scene = _Scene(configuration, tracked, workflows, programs)
    yield from _pre_commit(scene)
    yield from own_hooks.gates(configuration, tracked, workflows, programs)


def _pre_commit(scene: _Scene) -> Iterator[Gate]:
    files = [file for file in scene.configuration.files if _is_one(file)]
    right = next((file for file in files if file.path == NAME), None)
    prek = "prek.toml" in scene.tracked.modes or any("prek" in file.text for file in scene.workflows.files)
    misnamed = [file for file in files if file is not right and not is_for_others(file.path)]
    for file in () if prek else misnamed:
        yield _misnamed(file, right)
    at_root = [file for file in misnamed if "/" not in file.path]
    chosen = right or next(iter(at_root), None)
    if chosen is not None:
        yield from _configuration(chosen, scene, read=chosen is right or prek)


def _is_one(file: HookFile) -> bool:
    if _NEARLY.fullmatch(file.path):
        return True
    known = not isinstance(file.document, Unreadable) and "repos" in file.document.entries
    return known and _SHORT.fullmatch(file.path) is not None


def _misnamed(file: HookFile, right: HookFile | None) -> Gate:
    severity: Severity | None = None if right is None and "/" not in file.path else "note" if right else "warning"
    where = "at the root, with a leading dot" if "/" not in file.path else "at the root"
    why = f"pre-commit never reads this file: it reads `{NAME}` {where}, and nothing else"
    command = f"git mv {file.path} {NAME}" if right is None else None
    text = f"Rename it to `{NAME}`." if right is None else f"Move what it has into `{NAME}`, or delete it."
    return Gate(
        family="pre-commit",
        subject=file.path,
        state=State.DEAD,
        why=why,
        location=Location(path=file.path, line=1, column=1),
        plane="repo",
        fix=Fix(text=text, command=command),
        severity=severity,
    )


def _configuration(file: HookFile, scene: _Scene, *, read: bool) -> Iterator[Gate]:
    document = file.document
    if isinstance(document, Unreadable):
        yield _unreadable(file, document)
        yield from _scripts_of_text(file, scene.tracked)
        return
    said = list(problems(document))
    if refused := [problem for problem in said if problem.fatal]:
        yield _refused(file, refused)
    if warned := [problem for problem in said if not problem.fatal]:
        yield _warned(file, warned)
    found = list(_counting(scene))
    world = World(file, document, scene.tracked, scene.configuration.contents, found)
    defined = list(hooks(document))
    for hook in defined[:_MOST]:
        yield from hook_judgements.judge(hook, world)
    if len(defined) > _MOST:
        yield _too_many(file, defined[_MOST])
    if read and not refused:
        yield _who_runs(file, scene, found)


def _counting(scene: _Scene) -> Iterator[Run]:
    """Every place that runs the hooks at all; its failure stops something only where it counts."""
    for run in runs(scene.workflows, scene.programs, _MANAGERS):
        step = next((one for one in run.job.steps if run.node in (one.run, one.uses)), None)
        if step is None:
            yield run
            continue
        best = chance(Site(run.workflow, run.job, step, scene.programs.contents), scene.workflows).chance
        if best not in {Chance.NEVER, Chance.TOO_LATE}:
            yield run if best is Chance.COUNTS else replace(run, stops=False)


def _too_many(file: HookFile, first: Hook) -> Gate:
    return Gate(
        family="pre-commit",
        subject=f"{file.path}:hooks",
        state=State.UNTOLD,
        why=f"the file has more than {_MOST} hooks, and those from here on are not judged",
        location=_at(file, first.node),
        plane="repo",
        reason=Reason.UNPARSEABLE,
    )


def _unreadable(file: HookFile, why: Unreadable) -> Gate:
    if why.reason is not None:
        message = f"govcheck cannot read it, so that nobody can tell which hooks it has: {why.message}"
        state = State.UNTOLD
    else:
        message = f"this is no YAML that pre-commit can read, so that none of its hooks runs: {why.message}"
        state = State.DEAD
    return Gate(
        family="pre-commit",
        subject=f"{file.path}:yaml",
        state=state,
        why=message,
        location=Location(path=file.path, line=why.line or None, column=why.column or None),
        plane="repo",
        fix=Fix(text="Mend the YAML, then let pre-commit check it.", command=f"pre-commit validate-config {file.path}"),
        reason=why.reason or Reason.UNPARSEABLE,
    )


def _scripts_of_text(file: HookFile, tracked: TrackedFiles) -> Iterator[Gate]:
    """What the entries of a file that is no YAML run: read line by line."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        match = _ENTRY.fullmatch(line)
        for word in script_words(match[1].strip("'\"")) if match else ():
            if match and untracked(word, tracked):
                location = Location(path=file.path, line=number, column=match.start(1) + 1)
                yield hook_judgements.missing_script(f"{file.path}:{word}", word, location, nearest(word, tracked))


def _refused(file: HookFile, found: Sequence[Problem]) -> Gate:
    first, *others = found
    more = f" (and {len(others)} more)" if others else ""
    return Gate(
        family="pre-commit",
        subject=f"{file.path}:shape",
        state=State.DEAD,
        why=f"pre-commit refuses the whole file, so that none of its hooks runs: {first.message}{more}",
        location=_at(file, first.node),
        plane="repo",
        fix=Fix(text="Mend it, then let pre-commit check it.", command=f"pre-commit validate-config {file.path}"),
        evidence=tuple(Evidence(text=one.message, location=_at(file, one.node)) for one in others[:20]),
    )


def _warned(file: HookFile, found: Sequence[Problem]) -> Gate:
    first, *others = found
    more = f" (and {len(others)} more warnings)" if others else ""
    old = any("old name" in problem.message for problem in found)
    return Gate(
        family="pre-commit",
        subject=f"{file.path}:warnings",
        state=State.ALIVE,
        why=f"pre-commit warns: {first.message}{more}",
        location=_at(file, first.node),
        plane="repo",
        severity="note",
        fix=Fix(text="Let pre-commit write the new names.", command="pre-commit migrate-config") if old else None,
        evidence=tuple(Evidence(text=one.message, location=_at(file, one.node)) for one in others[:20]),
    )


def _who_runs(file: HookFile, scene: _Scene, found: Sequence[Run]) -> Gate:
    heard = sorted((run for run in found if run.stops and not run.idle), key=lambda run: not run.whole)
    if heard:
        run = heard[0]
        what = "its hooks" if run.whole else "hooks of it by their names"
        return _alive(file, f"job `{run.job.id}` of `{posixpath.basename(run.workflow.path)}` runs {what}")
    document = file.document
    if not isinstance(document, Unreadable) and "ci" in document.entries:
        return _alive(file, "pre-commit.ci is configured by its key `ci`")
    task = indirectly(scene.workflows, scene.configuration.contents)
    if task is not None:
        return _alive(file, f"a workflow runs the tasks of `{task}`, which runs `pre-commit run`")
    deaf = next((run for run in found if run.whole), None)
    if deaf is not None:
        return _deaf(file, deaf)
    unread = [one.path for one in scene.workflows.files if isinstance(one.document, Unreadable)]
    but = f", as far as can be told without `{unread[0]}`, which cannot be read" if unread else ""
    why = (
        "no workflow is seen to run these hooks: they bite only on the machines of those who ran `pre-commit install`, "
        f"and `git commit --no-verify` goes past them{but}"
    )
    return _alive(file, why, "note", Fix(text=_INSTALL))


def _deaf(file: HookFile, run: Run) -> Gate:
    """The hooks are run, and nobody listens."""
    where = f"{run.workflow.path}:{run.node.line}"
    if run.idle:
        why = f"job `{run.job.id}` runs these hooks in {where} on what is staged, and in a fresh checkout nothing is"
        fix = Fix(text=f"Write `pre-commit run --all-files`, or `--from-ref` and `--to-ref`, in {where}.")
        idle = replace(_alive(file, why, None, fix), state=State.DEAD)
        return replace(idle, evidence=(Evidence(text="they run here", location=run.location),))
    why = f"job `{run.job.id}` runs these hooks in {where} and does not listen: their failure does not fail it"
    fix = Fix(text=f"Let the step fail: remove `|| true` or `continue-on-error` in {where}.")
    deaf = replace(_alive(file, why, "warning", fix), state=State.DEAD)
    return replace(deaf, evidence=(Evidence(text="they run here", location=run.location),))


def _alive(file: HookFile, why: str, severity: Severity | None = None, fix: Fix | None = None) -> Gate:
    return Gate(
        family="pre-commit",
        subject=f"{file.path}:runs",
        state=State.ALIVE,
        why=why,
        location=Location(path=file.path, line=1, column=1),
        plane="repo",
        severity=severity,
        fix=fix,
    )


def _at(file: HookFile, node: Node) -> Location:
    return Location(path=file.path, line=node.line, column=node.column)
