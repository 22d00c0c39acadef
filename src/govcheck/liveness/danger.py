"""Dangerfiles, and path gates that were written by hand.

What a Dangerfile's job says was read from danger-js 13 (`distribution/runner/Executor.js`): without `--failOnErrors` a
`fail` becomes a commit status of its own, `Danger`, and the job stays green as soon as that could be posted. Source:
https://danger.systems/js/guides/getting_started.html
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from govcheck.actions.own_programs import (
    DANGERFILES,
    OTHER_DANGERFILES,
    language_of,
)
from govcheck.facts import Missing
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Fix, Location, Severity
from govcheck.liveness import danger_jobs, text_triggers
from govcheck.liveness.chances import Site, Verdict, chance
from govcheck.liveness.counting import as_it_counts
from govcheck.liveness.danger_script import DangerScript, Spot, recognised
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.glob_chains import Judged, judged
from govcheck.liveness.script_tree import Tree, read

_NAMES = frozenset((*DANGERFILES, *(name for names in OTHER_DANGERFILES.values() for name in names)))
_OTHER_CI = re.compile(
    r"\.circleci/.*|\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines.*|Jenkinsfile|bitrise\.yml|\.buildkite/.*"
    r"|codemagic\.yaml|\.cirrus\.yml|appveyor\.yml|\.semaphore/.*|\.drone\.yml|bitbucket-pipelines\.yml"
)
_REPLACE = "Replace it by a policy of the kind `allowed-paths`, which sees both sides of renames, and deletions."


def gates(workflows: Workflows, programs_: OwnPrograms, tracked: TrackedFiles) -> Iterator[Gate]:
    """Every Dangerfile, every job that runs one, and every other script of a workflow that converts globs by hand."""
    found = list(danger_jobs.runs(workflows, programs_, tracked))
    run = {one.path for one in found}
    for path in tracked.modes:
        if posixpath.basename(path) in _NAMES and (path in run or "/" not in path):
            yield from _dangerfile(path, [one for one in found if one.path == path], programs_, tracked)
    chances = {f"{one.workflow.path}:{one.job.id}": one for one in reversed(found)}
    for gate in danger_jobs.gates(found):
        one = chances.get(gate.subject)
        yield (
            gate if one is None else as_it_counts(gate, _chance(one, workflows, programs_), one.workflow.path, "Danger")
        )
    yield from danger_jobs.without_file(workflows, programs_, tracked)
    for path, content in programs_.contents.items():
        script = isinstance(content, bytes) and path not in run and language_of(path, content) == "javascript"
        if script and isinstance(content, bytes) and b"RegExp" in content and (tree := read(content)) is not None:
            yield from (_conversion(path, one, ()) for one in judged(tree) if not one.unknown)
    texts = {one.path: spot for one in found if (spot := _text_of(one.path, programs_)) is not None}
    yield from text_triggers.gates(workflows, found, texts)


def _chance(one: danger_jobs.Run, workflows: Workflows, programs_: OwnPrograms) -> Verdict:
    return chance(Site(one.workflow, one.job, one.step, programs_.contents), workflows)


def _text_of(path: str, programs_: OwnPrograms) -> Spot | None:
    """Where a Dangerfile reads the pull request's text."""
    tree = _tree(path, programs_)
    return recognised(tree).reads_text if tree is not None else None


def _tree(path: str, programs_: OwnPrograms) -> Tree | None:
    content = programs_.contents.get(path)
    if not isinstance(content, bytes) or language_of(path, content) != "javascript":
        return None
    return read(content)


def _dangerfile(
    path: str, found: Sequence[danger_jobs.Run], programs_: OwnPrograms, tracked: TrackedFiles
) -> Iterator[Gate]:
    if not found:
        yield _not_run(path, tracked)
        return
    tree = _tree(path, programs_)
    if tree is None:
        content = programs_.contents.get(path)
        if isinstance(content, bytes) and not re.search(rb"\bfail", content):
            yield _silent(path)
        else:
            yield _untold(path, _why_unread(path, content))
        return
    script = recognised(tree)
    if not script.may_stop:
        yield _silent(path)
    elif not script.fails:
        yield _untold(path, "it never calls `fail`, and what it throws or imports cannot be followed")
    else:
        lines = ", ".join(str(spot.line) for spot in script.fails[:8])
        how = f"`{found[0].workflow.path}` runs it, and it calls `fail` in line {lines}"
        yield _gate(path, "", State.ALIVE, how, Spot(1, 1))
    yield from _paths(path, tree, script)
    yield from (_only_warns(path, spot) for spot in script.only_warns)


def _why_unread(path: str, content: bytes | Missing | None) -> str:
    if not isinstance(content, bytes):
        return content.message if content is not None else "it could not be read"
    if language_of(path, content) == "javascript":
        return "it is too large, or nested too deep, to be read"
    return f"it is hand-written, in a language that govcheck does not read: {_lower(_REPLACE)}"


def _paths(path: str, tree: Tree, script: DangerScript) -> Iterator[Gate]:
    """The gate for paths in a Dangerfile."""
    if script.changed is None:
        return
    left_out = tuple(
        Evidence(text=f"files with `{spot.text}` are not judged at all", location=_at(path, spot))
        for spot in script.left_out
    )
    found = list(judged(tree))
    yield from (_conversion(path, one, left_out) for one in found)
    if script.without_deletions is not None:
        why = (
            "it judges modified and created files only: a deletion, and the old name of a renamed file, goes past its "
            "list of paths"
        )
        fix = Fix(text=f"Add `danger.git.deleted_files` to the list. {_REPLACE}")
        yield _gate(path, "deletions", State.DEAD, why, script.without_deletions, fix=fix)
    elif not found and tree.damaged:
        yield _gate(
            path, "paths", State.UNTOLD, f"its gate for paths is hand-written: {_lower(_REPLACE)}", script.changed
        )


def _conversion(path: str, one: Judged, evidence: tuple[Evidence, ...]) -> Gate:
    spot = Spot(one.line, one.column)
    if one.unknown:
        why = f"its gate for paths is hand-written, and {one.unknown}: {_lower(_REPLACE)}"
        return _gate(path, "globs", State.UNTOLD, why, spot)
    if not one.wrong:
        return _gate(path, "globs", State.ALIVE, f"it turns globs into patterns rightly: `{one.shown}`", spot)
    why = f"its list of paths is misread: {'; '.join(one.wrong)}"
    fix = Fix(text=f"{_REPLACE} Or convert `**` to a mark first, `*` next, and the mark to `.*` last.")
    return _gate(path, "globs", State.DEAD, why, spot, fix=fix, evidence=evidence)


def _only_warns(path: str, spot: Spot) -> Gate:
    why = (
        "what is there is judged, and what is missing or cannot be read only gets a warning"
        f"{f', `{spot.text}`' if spot.text else ''}: who leaves it out goes past the gate"
    )
    fix = Fix(text="Call `fail` here as well.")
    return _gate(path, f"warn:{spot.text}", State.DEAD, why, spot, fix=fix)


def _not_run(path: str, tracked: TrackedFiles) -> Gate:
    other = next((name for name in tracked.modes if _OTHER_CI.fullmatch(name)), None)
    if other is not None:
        return _untold(path, f"no workflow runs it, and whether `{other}` does cannot be told here")
    fix = Fix(text="Run `danger ci --failOnErrors` in a workflow for pull requests, or remove the file.")
    return _gate(path, "", State.DEAD, "no workflow runs this Dangerfile", Spot(1, 1), fix=fix)


def _silent(path: str) -> Gate:
    why = "it never calls `fail`: whatever it finds, it only speaks"
    return _gate(path, "", State.DEAD, why, Spot(1, 1), fix=Fix(text="Call `fail` for what has to be stopped."))


def _untold(path: str, why: str) -> Gate:
    return _gate(path, "", State.UNTOLD, f"nobody can tell whether this Dangerfile stops anything: {why}", Spot(1, 1))


def _lower(text: str) -> str:
    return text[0].lower() + text[1:].rstrip(".")


def _at(path: str, spot: Spot) -> Location:
    return Location(path=path, line=spot.line, column=spot.column)


def _gate(
    path: str,
    aspect: str,
    state: State,
    why: str,
    spot: Spot,
    *,
    fix: Fix | None = None,
    severity: Severity | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Gate:
    return Gate(
        family="danger",
        subject=f"{path}:{aspect}" if aspect else path,
        state=state,
        why=why,
        location=_at(path, spot),
        plane="repo",
        fix=fix,
        severity=severity,
        evidence=evidence,
    )
